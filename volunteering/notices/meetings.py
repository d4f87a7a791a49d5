"""About meetings that people have signed up for."""

from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from notifications.registry import Notice, register
from volunteering.models import Participation
from volunteering.notices.who import is_soon


@register
class MeetingCalledOff(Notice):
    kind = "volunteering.meeting_call_off"
    label = _("A meeting was called off")
    template = "volunteering/notices/meeting_call_off.txt"
    can_wait = False

    @staticmethod
    def recipients(event):
        with scopes_disabled():
            people = Participation.objects.filter(meeting_id=event.subject_id, state="joined", user__isnull=False)
            return list(people.values_list("user_id", flat=True))

    @staticmethod
    def context(event):
        with scopes_disabled():
            return {"meeting": event.subject, "initiative": event.subject.initiative}

    @staticmethod
    def is_urgent(event):
        return is_soon(event.subject.starts_at)

    @staticmethod
    def url(event):
        with scopes_disabled():
            return event.subject.initiative.get_absolute_url()


@register
class MeetingMoved(MeetingCalledOff):
    kind = "volunteering.meeting_move"
    label = _("A meeting has another time or place")
    template = "volunteering/notices/meeting_move.txt"
