"""About those who help, or would like to."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.registry import Notice, register
from volunteering.models import Standing
from volunteering.notices.who import DeskNotice


class StandingNotice(Notice):
    @staticmethod
    def recipients(event):
        return [event.data["helper"]]

    @staticmethod
    def url(event):
        return reverse("volunteering:help")


class DeskStandingNotice(DeskNotice):
    @staticmethod
    def url(event):
        return reverse("desk:volunteer", args=[event.data["helper"]])


@register
class VolunteerApplied(DeskStandingNotice):
    kind = "volunteering.standing_apply"
    label = _("Somebody would like to help")
    template = "volunteering/notices/standing_apply.txt"


@register
class VolunteerActivated(StandingNotice):
    kind = "volunteering.standing_activate"
    label = _("I can start helping")
    template = "volunteering/notices/standing_activate.txt"


@register
class VolunteerSuspended(StandingNotice):
    kind = "volunteering.standing_suspend"
    label = _("My tasks are paused by the centre")
    template = "volunteering/notices/standing_suspend.txt"


@register
class VolunteerEnded(StandingNotice):
    kind = "volunteering.standing_end"
    label = _("My helping has ended")
    template = "volunteering/notices/standing_end.txt"


@register
class FirstVisit(DeskStandingNotice):
    kind = "volunteering.standing_first_visit"
    label = _("A first visit waits for the centre’s word")
    template = "volunteering/notices/standing_first_visit.txt"

    @staticmethod
    def is_obsolete(event):
        return event.subject.first_visit_released_at is not None


@register
class FirstVisitReleased(StandingNotice):
    kind = "volunteering.standing_release_first_visit"
    label = _("My first visit can go ahead")
    template = "volunteering/notices/standing_release_first_visit.txt"


@register
class MailboxDied(DeskNotice):
    """To the desks of the centres that know the person; the subject is the account."""

    kind = "notifications.mailbox_died"
    label = _("E-mail no longer reaches somebody")
    template = "volunteering/notices/mailbox_died.txt"

    @staticmethod
    def url(event):
        helps = Standing.objects.filter(volunteer=event.subject_id).exists()
        return reverse("desk:volunteer", args=[event.subject_id]) if helps else reverse("desk:today")


@register
class ManyDrops(DeskStandingNotice):
    kind = "volunteering.standing_drops_many"
    label = _("A helper gives up many visits")
    template = "volunteering/notices/standing_drops_many.txt"
