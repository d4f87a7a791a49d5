"""What the worker does for requests: give places free again, close what is over, tell of the next visits, erase."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from neighbourhoods.domain import whereabouts
from neighbourhoods.models import Municipality
from notifications.registry import duty
from volunteering.domain import (
    announcements,
    caps,
    commitments,
    conversations,
    digests,
    group_posts,
    groups,
    intake,
    listings,
    news,
    opinions,
    proposals,
    reminders,
    sign_ups,
    time_banks,
    visits,
    waves,
    week_plans,
)
from volunteering.models import ClosedWhy, HelpRequest, Lifecycle
from volunteering.states import UNFINISHED

# Longer than any step of computing a plan of the week takes.
SIGN_OF_LIFE = timedelta(minutes=10)
PLANS_KEPT = timedelta(days=90)
# A portion of an announcement takes far less than a second.
PORTION = timedelta(minutes=1)
ANNOUNCEMENTS_KEPT = timedelta(days=365)


def in_every_municipality(function):
    """Runs the function once for each municipality, in its scope."""

    def run():
        for municipality in Municipality.objects.select_related("site"):
            with scope(municipality=municipality):
                function(municipality)

    run.__name__, run.__module__ = function.__name__, function.__module__
    return run


@duty(every=timedelta(minutes=1))
@in_every_municipality
def release_places_without_consent(municipality):
    for commitment in commitments.awaiting_consent_too_long(timezone.now()):
        commitments.release(commitment, actor=None)


@duty(every=timedelta(minutes=5))
@in_every_municipality
def close_visits_that_are_over(municipality):
    for visit in visits.over():
        with transaction.atomic():
            commitments.close_visit(visit)


@duty(every=timedelta(minutes=5))
@in_every_municipality
def tell_of_coming_visits(municipality):
    for visit in visits.due_to_be_told():
        with transaction.atomic():
            waves.start(visit)


@duty(every=timedelta(minutes=1))
@in_every_municipality
def add_up_counts_of_the_list(municipality):
    listings.add_up(municipality)


@duty(every=timedelta(minutes=1))
@in_every_municipality
def remind_of_visits(municipality):
    reminders.remind_due()


@duty(every=timedelta(minutes=1))
def pass_on_places_at_meetings():
    """Places that nobody confirmed in time go to whoever waits next."""
    sign_ups.pass_on_due()


@duty(every=timedelta(seconds=5))
def send_waves():
    waves.take_due_steps()


@duty(every=timedelta(minutes=1))
@in_every_municipality
def tell_of_new_initiatives(municipality):
    """Whichever came last, publishing the words or starting it: both lead here."""
    for lifecycle in Lifecycle.objects.to_be_announced().select_related("initiative__municipality"):
        news.announce(lifecycle)


@duty(every=timedelta(minutes=5))
def send_digests():
    digests.send_due()


@duty(every=timedelta(hours=24))
@in_every_municipality
def forget_old_news(municipality):
    news.forget_old()


@duty(every=timedelta(hours=24))
@in_every_municipality
def forget_old_proposals(municipality):
    proposals.forget_old(municipality)


@duty(every=timedelta(hours=24))
def forget_counts_of_alerts():
    caps.forget_old()


@duty(every=timedelta(minutes=30))
@in_every_municipality
def erase_homes_after_visits(municipality):
    """The exact address goes a day after the last visit (a setting of the municipality)."""
    limit = timezone.now() - timedelta(hours=municipality.address_hours_after)
    over = (
        HelpRequest.objects.select_related("whereabouts")
        .exclude(state__in=UNFINISHED)
        .filter(finished_at__lt=limit, whereabouts__erased_at=None)
        .exclude(visits__ends_at__gt=limit, visits__state__in=["done", "missed"])
    )
    for help_request in over:
        whereabouts.erase(help_request.whereabouts)


@duty(every=timedelta(hours=6))
@in_every_municipality
def erase_words_of_old_requests(municipality):
    limit = timezone.now() - timedelta(days=municipality.words_days)
    HelpRequest.objects.filter(finished_at__lt=limit, words_erased_at=None).update(
        words="", search_text="", words_erased_at=timezone.now()
    )


@duty(every=timedelta(hours=6))
@in_every_municipality
def close_conversations_of_old_visits(municipality):
    for conversation in conversations.long_over(timezone.now()):
        conversations.close(conversation, why=ClosedWhy.OVER)


@duty(every=timedelta(hours=6))
@in_every_municipality
def erase_old_conversations(municipality):
    """Messages go when the words of requests go, counted from the visit."""
    for conversation in conversations.to_erase(timezone.now(), days=municipality.words_days):
        conversations.erase(conversation)


@duty(every=timedelta(hours=6))
@in_every_municipality
def erase_old_opinions(municipality):
    opinions.erase_old(timezone.now())


@duty(every=timedelta(hours=6))
def forget_intake_attempts():
    intake.forget_attempts()


@duty(every=timedelta(minutes=1))
@in_every_municipality
def take_up_plans_left_behind(municipality):
    """A worker that computes or sends shows a sign of life; who has shown none for so long is gone."""
    week_plans.take_up_again(timezone.now() - SIGN_OF_LIFE)


@duty(every=timedelta(hours=24))
@in_every_municipality
def forget_old_plans(municipality):
    week_plans.forget_old(timezone.now() - PLANS_KEPT)


@duty(every=timedelta(minutes=1))
@in_every_municipality
def take_up_announcements_left_behind(municipality):
    """Whoever was killed while sending has told whole portions: the next one follows."""
    announcements.take_up_again(timezone.now() - PORTION)


@duty(every=timedelta(hours=24))
@in_every_municipality
def forget_old_announcements(municipality):
    announcements.forget_old(timezone.now() - ANNOUNCEMENTS_KEPT)


@duty(every=timedelta(hours=24))
@in_every_municipality
def forget_what_is_old_in_groups(municipality):
    now = timezone.now()
    groups.forget_old(now)
    group_posts.forget_old(now)
    time_banks.forget_old(now)


@duty(every=timedelta(hours=24))
@in_every_municipality
def check_the_books_of_time_banks(municipality):
    time_banks.check_books()
