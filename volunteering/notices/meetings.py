"""About meetings that people have signed up for, or wait for."""

from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from notifications.registry import Notice, register
from volunteering.models import Participation
from volunteering.notices.who import is_soon
from volunteering.states import ParticipationState


class MeetingNotice(Notice):
    """Leads to the meeting on the page of its initiative."""

    can_wait = False
    related = ("initiative",)

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
            return f"{event.subject.initiative.get_absolute_url()}#spotkanie-{event.subject_id}"


@register
class MeetingCalledOff(MeetingNotice):
    """To everybody who has a place or waits for one. Whoever has no account is on a list for the phone at the desk."""

    kind = "volunteering.meeting_call_off"
    label = _("A meeting was called off")
    template = "volunteering/notices/meeting_call_off.txt"

    @staticmethod
    def recipients(event):
        with scopes_disabled():
            people = Participation.objects.at([event.subject_id]).interested().exclude(user=None)
            return list(people.values_list("user_id", flat=True))


@register
class MeetingMoved(MeetingCalledOff):
    """To helpers too, as far as they do not hear of another time for their visit."""

    kind = "volunteering.meeting_move"
    label = _("A meeting has another time or place")
    template = "volunteering/notices/meeting_move.txt"

    @staticmethod
    def recipients(event):
        return list({*MeetingCalledOff.recipients(event), *event.data.get("helpers", ())})


class ToOnePerson(MeetingNotice):
    """To the person on one row of the list."""

    @staticmethod
    def recipients(event):
        participation = participation_of(event)
        return [participation.user_id] if participation and participation.user_id else []


@register
class PlaceOffered(ToOnePerson):
    """A place became free. Whoever has no account is rung by staff, who write down the answer on the list."""

    kind = "volunteering.meeting_offer"
    label = _("A place at a meeting became free for me")
    template = "volunteering/notices/meeting_offer.txt"

    @staticmethod
    def context(event):
        participation = participation_of(event)
        return {**MeetingNotice.context(event), "until": participation.offered_until if participation else None}

    @staticmethod
    def rings(event):
        participation = participation_of(event)
        return participation is not None and participation.user_id is None

    @staticmethod
    def is_obsolete(event):
        participation = participation_of(event)
        return participation is None or participation.state != ParticipationState.OFFERED

    @staticmethod
    def why(event, user):
        return _text("You wait for a place at this meeting.")


@register
class PlacePassedOn(ToOnePerson):
    kind = "volunteering.meeting_lapse"
    label = _("A place that I did not confirm went to somebody else")
    template = "volunteering/notices/meeting_lapse.txt"
    call = False

    @staticmethod
    def is_urgent(event):
        return False

    @staticmethod
    def is_obsolete(event):
        participation = participation_of(event)
        is_over = event.subject.starts_at <= timezone.now()
        return is_over or participation is None or participation.state != ParticipationState.LAPSED


def participation_of(event):
    with scopes_disabled():
        return Participation.objects.filter(pk=event.data["participation"]).first()
