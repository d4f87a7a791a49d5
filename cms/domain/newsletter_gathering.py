"""What an issue of the newsletter could tell: live content of one site, in the order of its topics."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from wagtail.models import Page

from cms.models import (
    CallPage,
    EventPage,
    NewsletterItem,
    NewsPage,
    Rhythm,
    ServicePage,
    SiteLook,
    Topic,
)
from cms.trees import home_in
from volunteering.models import Initiative, Meeting

# What is new since the issue before; where there was none, of the last days.
DAYS = {Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31}
# What is to come: a little further than the next issue.
AHEAD = {Rhythm.WEEKLY: timedelta(days=14), Rhythm.MONTHLY: timedelta(days=40)}
MOST_OF_A_TOPIC = 30
SUMMARY_LIMIT = 250


@dataclass
class Candidate:
    """One thing that an issue can tell. `words`: language → title and summary."""

    topic: str
    key: str
    words: dict
    page: Page | None = None
    initiative: Initiative | None = None
    starts_at: datetime | None = None
    place: str = ""
    places: list = field(default_factory=list)

    @property
    def title(self):
        return self.words[settings.LANGUAGE_CODE]["title"]

    def as_item(self, issue, position):
        return NewsletterItem(
            issue=issue,
            position=position,
            topic=self.topic,
            page_id=self.page.pk if self.page else None,
            initiative=self.initiative,
            words=self.words,
            starts_at=self.starts_at,
            place=self.place,
            places=self.places,
        )


def rhythm_of(municipality):
    """How often the newsletter comes; "" where the centre writes none."""
    look = SiteLook.objects.filter(site=municipality.site).first()
    return look.newsletter_rhythm if look else Rhythm.MONTHLY.value


def candidates(municipality, *, since, now):
    """Everything that an issue could tell, by topic. `since`: from when on published things are new."""
    home = home_in(settings.LANGUAGE_CODE, municipality.site)
    until = now + AHEAD.get(rhythm_of(municipality), AHEAD[Rhythm.MONTHLY])
    found = [*_meetings(now, until)]
    if home is not None:
        found += _pages(home, since, until)
    _translate(found)
    order = list(Topic.values)
    return sorted(found, key=lambda candidate: order.index(candidate.topic))


def _pages(home, since, until):
    news = NewsPage.objects.latest_below(home).filter(first_published_at__gte=since)
    events = EventPage.objects.coming_below(home).filter(starts_at__lt=until, called_off=False)
    services = ServicePage.objects.listed_below(home).filter(first_published_at__gte=since).for_list()
    calls = CallPage.objects.below(home).open()
    for page in news[:MOST_OF_A_TOPIC]:
        yield _of_page(Topic.NEWS, page, places=[page.neighbourhood_id])
    for page in events[:MOST_OF_A_TOPIC]:
        yield _of_page(Topic.EVENTS, page, starts_at=page.starts_at, place=page.place, places=[page.neighbourhood_id])
    for page in services[:MOST_OF_A_TOPIC]:
        yield _of_page(Topic.SERVICES, page, places=[place.pk for place in page.neighbourhoods.all()])
    for page in calls[:MOST_OF_A_TOPIC]:
        yield _of_page(Topic.CALLS, page)


def _of_page(topic, page, *, places=(), **facts):
    return Candidate(
        topic=topic,
        key=f"page-{page.pk}",
        words={settings.LANGUAGE_CODE: said(page.title, page.lead)},
        page=page,
        places=[pk for pk in places if pk],
        **facts,
    )


def _meetings(now, until):
    """Initiatives by their next meeting. Closed groups are not among them: nobody is told when they meet."""
    meetings = Meeting.objects.public().between(now, until).with_details()
    meetings = meetings.prefetch_related("initiative__neighbourhoods").order_by("starts_at", "pk")
    told = {}
    for meeting in meetings:
        if meeting.initiative_id not in told and len(told) < MOST_OF_A_TOPIC:
            told[meeting.initiative_id] = _of_initiative(meeting.initiative, meeting)
    return told.values()


def _of_initiative(initiative, meeting):
    return Candidate(
        topic=Topic.INITIATIVES,
        key=f"initiative-{initiative.pk}",
        words={settings.LANGUAGE_CODE: said(initiative.title, initiative.summary)},
        initiative=initiative,
        starts_at=meeting.starts_at,
        place=meeting.place,
        places=[place.pk for place in initiative.neighbourhoods.all()],
    )


def said(title, summary):
    return {"title": title, "summary": summary[:SUMMARY_LIMIT]}


def _translate(found):
    """Adds the words of published translations, in one query for each type of page."""
    by_key = defaultdict(list)
    for candidate in found:
        if candidate.page is not None:
            by_key[candidate.page.translation_key].append(candidate)
    others = Page.objects.live().filter(translation_key__in=by_key)
    others = others.exclude(locale__language_code=settings.LANGUAGE_CODE)
    for page in others.select_related("locale").specific():
        for candidate in by_key[page.translation_key]:
            candidate.words[page.locale.language_code] = said(page.title, getattr(page, "lead", ""))


def refreshed(items):
    """The items of an issue as candidates, in the words of today, without what is no longer published."""
    pages = Page.objects.live().in_bulk({item.page_id for item in items if item.page_id})
    specific = {page.pk: page for page in Page.objects.filter(pk__in=pages).specific()}
    shown = Initiative.objects.open_to_passers_by().in_bulk({item.initiative_id for item in items} - {None})
    found = []
    for item in items:
        if item.page_id in specific:
            page = specific[item.page_id]
            facts = {"starts_at": getattr(page, "starts_at", None), "place": getattr(page, "place", "")}
            found.append(_of_page(item.topic, page, places=item.places, **facts))
        elif item.initiative_id in shown:
            found.append(_again(item, shown[item.initiative_id]))
    _translate(found)
    return found


def _again(item, initiative):
    return Candidate(
        topic=item.topic,
        key=f"initiative-{initiative.pk}",
        words={settings.LANGUAGE_CODE: said(initiative.title, initiative.summary)},
        initiative=initiative,
        starts_at=item.starts_at,
        place=item.place,
        places=item.places,
    )


def key_of(item):
    """The same name for an item as for the candidate that it was."""
    return f"page-{item.page_id}" if item.page_id else f"initiative-{item.initiative_id}"
