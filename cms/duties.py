"""What the worker does for the CMS."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from cms.domain import newsletters, rechecks, registrations, reviews, subscriptions
from neighbourhoods.models import Municipality
from notifications.registry import duty


@duty(every=timedelta(minutes=1))
def publish_scheduled():
    """Publishes and takes down what editors gave a date."""
    call_command("publish_scheduled", verbosity=0)


@duty(every=timedelta(hours=1))
def remind_of_services():
    """Whoever keeps a service is told once that it is time to check it."""
    for municipality in Municipality.objects.with_site():
        with scope(municipality=municipality):
            rechecks.forget_deleted()
            rechecks.remind(municipality)


@duty(every=timedelta(minutes=1))
def pass_on_places_of_events():
    """Places that nobody said yes to in time go to the next who wait."""
    registrations.lapse_due()


@duty(every=timedelta(hours=24))
def forget_people_of_old_events():
    registrations.forget_old()


@duty(every=timedelta(hours=6))
def remind_of_reviews():
    """Tells editors of reviews that the law wants, once for each."""
    reviews.remind_all()


@duty(every=timedelta(minutes=1))
def take_up_newsletters_left_behind():
    """Whoever was killed while sending has written down each letter: the next one follows."""
    for municipality in Municipality.objects.with_site():
        with scope(municipality=municipality):
            newsletters.take_up_again(timezone.now() - timedelta(minutes=2))


@duty(every=timedelta(hours=12))
def forget_readers_of_newsletters():
    """Addresses that were never confirmed, or have left; who got which issue."""
    now = timezone.now()
    for municipality in Municipality.objects.with_site():
        with scope(municipality=municipality):
            subscriptions.erase_old(now)
            newsletters.forget_letters(now - newsletters.LETTERS_KEPT)
