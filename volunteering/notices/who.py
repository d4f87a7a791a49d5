"""Who is told, and where a notice leads: what the notices have in common."""

from django.urls import reverse
from django_scopes import scopes_disabled

from accounts.domain import people
from neighbourhoods.models import Membership
from notifications.registry import Notice
from volunteering.models import Commitment


def case_workers(event):
    with scopes_disabled():
        members = Membership.objects.of_case_workers().filter(municipality_id=event.municipality_id)
        return list(members.values_list("user_id", flat=True).distinct())


def requester(event):
    return [event.subject.requester_id] if event.subject.requester_id else []


def commitment_of(event):
    with scopes_disabled():
        return Commitment.objects.select_related("volunteer", "visit").filter(pk=event.data["commitment"]).first()


class RequestNotice(Notice):
    """About a request; leads to its page."""

    @staticmethod
    def url(event):
        return reverse("volunteering:request", args=[event.subject.reference])


class DeskNotice(Notice):
    """To everybody who works with cases in the municipality; leads to the desk."""

    mail = False

    @staticmethod
    def recipients(event):
        return case_workers(event)

    @staticmethod
    def concerns(user):
        return people.is_staff(user)
