"""What those who edit a site are told."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain import people
from cms.domain import rechecks
from cms.models import ServiceCheck
from notifications.registry import Notice, register


@register
class ServicesDue(Notice):
    """It is time to look at services again. One notice for all that became due together: after a catalogue was filled
    in one go, they are due on one day."""

    kind = "cms.services_due"
    label = _("Services wait to be checked again")
    template = "cms/notices/services_due.txt"
    call = False

    @staticmethod
    def recipients(event):
        return rechecks.whom_to_remind(event.data["keeper"])

    @staticmethod
    def context(event):
        checks = ServiceCheck.objects.filter(pk__in=event.data["checks"])
        pages = rechecks.pages_by_service(checks.values("service"))
        titles = sorted(page.title for page in pages.values())
        return {"titles": titles, "count": len(titles)}

    @staticmethod
    def url(event):
        return reverse("cms_services_due")

    @staticmethod
    def is_obsolete(event):
        """Whether somebody has checked all of them since."""
        return not ServiceCheck.objects.filter(pk__in=event.data["checks"]).due(timezone.localdate()).exists()

    @staticmethod
    def concerns(user):
        return people.is_staff(user)
