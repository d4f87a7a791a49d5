"""Who is told, and where a notice leads: what the notices have in common."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts.domain import people
from neighbourhoods.models import Membership
from notifications.registry import Notice
from volunteering.models import Commitment

# Within this time of a visit its news is urgent.
SOON = timedelta(hours=24)


def case_workers(event):
    with scopes_disabled():
        members = Membership.objects.of_case_workers().filter(municipality_id=event.municipality_id)
        return list(members.values_list("user_id", flat=True).distinct())


def requester(event):
    return [event.subject.requester_id] if event.subject.requester_id else []


def commitment_of(event):
    with scopes_disabled():
        return Commitment.objects.select_related("volunteer", "visit").filter(pk=event.data["commitment"]).first()


def by_phone_only(event):
    """Whether the resident has no account: staff ring her, unless they did just now."""
    return event.subject.requester_id is None and event.actor_id not in case_workers(event)


def is_soon(moment):
    """Whether it cannot wait for the morning: somebody may be about to set out."""
    return moment - timezone.now() <= SOON


def starts_soon(event):
    """Of a promise of help: whether the visit that it is for comes soon."""
    commitment = commitment_of(event)
    return commitment is not None and is_soon(commitment.starts_at)


class RequestNotice(Notice):
    """About a request; leads to its page."""

    @staticmethod
    def url(event):
        return reverse("volunteering:request", args=[event.subject.reference])


class DeskNotice(Notice):
    """To everybody who works with cases in the municipality; leads to the desk."""

    mail = False
    call = False

    @staticmethod
    def recipients(event):
        return case_workers(event)

    @staticmethod
    def concerns(user):
        return people.is_staff(user)
