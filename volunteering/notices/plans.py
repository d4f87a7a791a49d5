"""Word of plans of the week to the organisers who wait for them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain import people
from notifications.registry import Notice, register


class PlanNotice(Notice):
    """To whoever waits for the worker with a plan of the week."""

    mail = False
    call = False

    @staticmethod
    def recipients(event):
        return [event.data["by"]] if event.data.get("by") else []

    @staticmethod
    def url(event):
        return reverse("desk:plan")

    @staticmethod
    def concerns(user):
        return people.is_staff(user)


@register
class PlanFinished(PlanNotice):
    kind = "volunteering.plan_finish"
    label = _("The plan of the week is ready")
    template = "volunteering/notices/plan_finish.txt"


@register
class PlanFailed(PlanNotice):
    kind = "volunteering.plan_fail"
    label = _("The plan of the week was not computed to the end")
    template = "volunteering/notices/plan_fail.txt"


@register
class PlanSent(PlanNotice):
    kind = "volunteering.plan_complete"
    label = _("The invitations of the plan of the week are sent")
    template = "volunteering/notices/plan_complete.txt"

    @staticmethod
    def context(event):
        return {"invited": event.data["invited"], "refused": event.data["refused"]}
