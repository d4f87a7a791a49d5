"""What tests of the search for helpers look at and turn."""

from datetime import timedelta

from django.utils import timezone

from notifications.models import Event
from volunteering.domain import waves
from volunteering.models import Alert, Search


def tell_only(municipality, count):
    municipality.alert_count = count
    municipality.save(update_fields=["alert_count"])


def told():
    return list(Alert.objects.order_by("pk").values_list("volunteer", flat=True))


def events(kind="volunteering.visit_alert"):
    return list(Event.objects.filter(kind=kind))


def search():
    return Search.objects.get()


def minutes_until_next():
    return (search().next_at - timezone.now()).total_seconds() / 60


def pass_time(clock, **delta):
    """So much time goes by, and the worker looks what is due. How many steps it took."""
    clock.shift(timedelta(**delta))
    return waves.take_due_steps()
