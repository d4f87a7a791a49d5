"""What the worker does for the CMS."""

from datetime import timedelta

from django.core.management import call_command

from cms.domain import reviews
from notifications.registry import duty


@duty(every=timedelta(minutes=1))
def publish_scheduled():
    """Publishes and takes down what editors gave a date."""
    call_command("publish_scheduled", verbosity=0)


@duty(every=timedelta(hours=6))
def remind_of_reviews():
    """Tells editors of reviews that the law wants, once for each."""
    reviews.remind_all()
