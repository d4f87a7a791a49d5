"""What the worker does for the CMS."""

from datetime import timedelta

from django.core.management import call_command
from django_scopes import scope

from cms.domain import rechecks, registrations, reviews
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
