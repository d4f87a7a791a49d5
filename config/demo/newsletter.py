"""The newsletter of the demonstration: past issues, some readers, a draft. All addresses are invented."""

import json
from datetime import timedelta

from django.utils import timezone

from cms.domain import newsletter_gathering as gathering
from cms.domain import newsletter_sending as sending
from cms.domain import newsletters, subscribing
from cms.models import NewsletterLetter, Subscriber, Topic
from cms.models.newsletter import fingerprint_of
from cms.states import LetterState, SubscriberState
from config.demo import clock
from config.demo.people import DATA

CONTENT = json.loads((DATA / "newsletter.json").read_text(encoding="utf-8"))
# How many of each topic an issue tells.
TOLD = {Topic.NEWS: 2, Topic.INITIATIVES: 3, Topic.EVENTS: 2, Topic.SERVICES: 1, Topic.CALLS: 1}
LANGUAGES = ("pl", "pl", "pl", "uk", "pl", "en")


def make(municipality, organiser):
    centre = CONTENT[municipality.slug]
    now = timezone.now()
    _make_readers(municipality, centre["readers"], now - timedelta(days=60))
    candidates = gathering.candidates(municipality, since=now - timedelta(days=400), now=now)
    for place, entry in enumerate(centre["issues"]):
        with clock.at(now - timedelta(days=entry["days"])):
            _send(municipality, organiser, entry, _some(candidates, place))
    if draft := centre.get("draft"):
        chosen = _some(candidates, len(centre["issues"]))
        newsletters.write(municipality, actor=organiser, words=draft, chosen=chosen, since=now - timedelta(days=9))


def _make_readers(municipality, number, moment):
    """Rows as they are after somebody confirmed."""
    addresses = [f"czytelnik{place}@{municipality.slug}.example" for place in range(number)]
    words = subscribing.consent_words(municipality.centre_name)
    Subscriber.objects.bulk_create(
        Subscriber(
            municipality=municipality,
            address=address,
            fingerprint=fingerprint_of(address),
            language=LANGUAGES[place % len(LANGUAGES)],
            topics=Topic.values,
            state=SubscriberState.CONFIRMED,
            asked_at=moment,
            confirmed_at=moment,
            consent_words=words,
        )
        for place, address in enumerate(addresses)
    )


def _some(candidates, place):
    """Other things in each issue, as far as there are enough."""
    chosen = []
    for topic, number in TOLD.items():
        rows = [candidate for candidate in candidates if candidate.topic == topic]
        chosen += rows[place * number : (place + 1) * number] or rows[:number]
    return chosen


def _send(municipality, organiser, entry, chosen):
    words = {
        f"{kind}_{language}": entry.get(f"{kind}_{language}", "")
        for kind in ("title", "lead")
        for language in ("en", "uk")
    }
    words |= {"title_pl": entry["title"], "lead_pl": entry["lead"]}
    now = timezone.now()
    issue = newsletters.write(municipality, actor=organiser, words=words, chosen=chosen, since=now)
    issue = newsletters.send(issue, actor=organiser, version=issue.version)
    # The letters of the told past have left: a worker that starts now finds nothing to send.
    NewsletterLetter.objects.of_issue(issue.pk).update(state=LetterState.SENT, sent_at=now)
    sending.count(issue.pk)
