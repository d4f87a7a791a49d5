"""Who is told what. The words stand in templates/volunteering/notices and are rendered late, in the reader's language.

No notice holds an address, a phone or a surname: it leads to a page that knows who is reading.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from accounts.domain import people
from neighbourhoods.models import Membership
from notifications.registry import Notice, register
from volunteering.domain import alerts, schedule
from volunteering.models import Alert, Commitment, Participation, Standing, Visit
from volunteering.states import CommitmentState, RequestState, VisitState

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


class DeskRequestNotice(DeskNotice):
    @staticmethod
    def url(event):
        return reverse("desk:request", args=[event.subject.reference])


@register
class RequestSubmitted(DeskRequestNotice):
    kind = "volunteering.request_submit"
    label = _("A new request has come in")
    template = "volunteering/notices/request_submit.txt"

    @staticmethod
    def is_obsolete(event):
        return event.subject.state != RequestState.AWAITING_REVIEW


@register
class RequestPublished(RequestNotice):
    kind = "volunteering.request_publish"
    label = _("My request is published")
    template = "volunteering/notices/request_publish.txt"

    @staticmethod
    def recipients(event):
        return requester(event)


@register
class VisitAlert(Notice):
    """A request near by that fits: with the reasons why, and how far at most. Never where exactly, never whose."""

    kind = "volunteering.visit_alert"
    label = _("Somebody near me needs help")
    template = "volunteering/notices/visit_alert.txt"
    can_wait = False

    @staticmethod
    def recipients(event):
        with scopes_disabled():
            return list(Alert.objects.filter(pk__in=event.data["alerts"]).values_list("volunteer_id", flat=True))

    @staticmethod
    def personal(event, user_ids):
        with scopes_disabled():
            found = Alert.objects.select_related("visit__help_request__category").filter(
                pk__in=event.data["alerts"], volunteer__in=user_ids
            )
            return {alert.volunteer_id: {"reasons": alerts.reasons_of(alert)} for alert in found}

    @staticmethod
    def context(event):
        with scopes_disabled():
            visit = event.subject
            help_request = visit.help_request
            return {
                "visit": visit,
                "category": help_request.category,
                "neighbourhood": help_request.neighbourhood,
                "reasons": [],
                "is_invited": event.data.get("invited", False),
            }

    @staticmethod
    def url(event):
        with scopes_disabled():
            return reverse("volunteering:request", args=[event.subject.help_request.reference])

    @staticmethod
    def is_obsolete(event):
        return event.subject.state != VisitState.OPEN

    @staticmethod
    def is_urgent(event):
        # In quiet hours waves ask only people on duty, and only for what is needed that day.
        return schedule.urgency_of(schedule.latest_start(event.subject), timezone.now()) == schedule.Urgency.TODAY

    @staticmethod
    def why(event, user):
        return _("You told us that you can help with this, and it is near enough for you and at a time that you named.")


@register
class SearchThanks(Notice):
    """To those who were asked and had not answered when somebody was found. Only in the inbox: a thank-you is no reason
    for a letter."""

    kind = "volunteering.search_thank"
    template = "volunteering/notices/search_thank.txt"
    mail = False

    @staticmethod
    def recipients(event):
        return VisitAlert.recipients(event)

    @staticmethod
    def context(event):
        with scopes_disabled():
            help_request = event.subject.help_request
            return {"category": help_request.category, "neighbourhood": help_request.neighbourhood}

    @staticmethod
    def url(event):
        return reverse("volunteering:help")


class CommitmentNotice(RequestNotice):
    """About a promise of help. The subject is the request, so that its timeline tells the whole story."""

    @staticmethod
    def context(event):
        return {"commitment": commitment_of(event)}


class ToRequester(CommitmentNotice):
    @staticmethod
    def recipients(event):
        return requester(event)


def is_soon(moment):
    """Whether it cannot wait for the morning: somebody may be about to set out."""
    return moment - timezone.now() <= SOON


def starts_soon(event):
    """Of a promise of help: whether the visit that it is for comes soon."""
    commitment = commitment_of(event)
    return commitment is not None and is_soon(commitment.starts_at)


class ToHelper(CommitmentNotice):
    @staticmethod
    def recipients(event):
        return [event.data["helper"]]


class ToRequesterOrDesk(CommitmentNotice):
    """To the resident; where she has no account, to staff, who ring her."""

    @staticmethod
    def recipients(event):
        return requester(event) or case_workers(event)


@register
class HelperFound(ToRequesterOrDesk):
    kind = "volunteering.commitment_take"
    label = _("Somebody would like to help me")
    template = "volunteering/notices/commitment_take.txt"
    can_wait = False

    @staticmethod
    def is_obsolete(event):
        commitment = commitment_of(event)
        return commitment is None or commitment.state not in {CommitmentState.PROPOSED, CommitmentState.ACCEPTED}

    is_urgent = staticmethod(starts_soon)


@register
class VisitComing(CommitmentNotice):
    """The reminder, at the time that each person chose."""

    kind = "volunteering.commitment_remind"
    label = _("A visit is coming")
    template = "volunteering/notices/commitment_remind.txt"
    can_wait = False

    @staticmethod
    def recipients(event):
        return event.data["people"]

    @staticmethod
    def personal(event, user_ids):
        return {event.data["helper"]: {"is_helper": True}} if event.data["helper"] in user_ids else {}

    @staticmethod
    def context(event):
        return {"commitment": commitment_of(event), "is_helper": False}

    @staticmethod
    def is_obsolete(event):
        commitment = commitment_of(event)
        return (
            commitment is None
            or commitment.state != CommitmentState.ACCEPTED
            or commitment.starts_at.isoformat() != event.data["starts_at"]
            or commitment.starts_at <= timezone.now()
        )

    @staticmethod
    def why(event, user):
        return _("You asked to be reminded before a visit. You can choose how early.")


@register
class HelperAssigned(CommitmentNotice):
    kind = "volunteering.commitment_assign"
    label = _("The centre has arranged a visit")
    can_wait = False
    template = "volunteering/notices/commitment_assign.txt"
    rings = staticmethod(by_phone_only)

    @staticmethod
    def recipients(event):
        return [event.data["helper"], *requester(event)]


@register
class HelperAccepted(ToHelper):
    kind = "volunteering.commitment_accept"
    label = _("My help was accepted")
    template = "volunteering/notices/commitment_accept.txt"


@register
class HelperDeclined(ToHelper):
    kind = "volunteering.commitment_decline"
    label = _("My help is not needed this time")
    template = "volunteering/notices/commitment_decline.txt"


@register
class HelperWithdrew(CommitmentNotice):
    kind = "volunteering.commitment_withdraw"
    label = _("The helper cannot come")
    template = "volunteering/notices/commitment_withdraw.txt"
    rings = staticmethod(by_phone_only)
    can_wait = False
    is_urgent = staticmethod(starts_soon)

    @staticmethod
    def recipients(event):
        return list({*requester(event), *case_workers(event)})


@register
class PlaceReleased(ToHelper):
    kind = "volunteering.commitment_release"
    label = _("A visit of mine was given to others")
    template = "volunteering/notices/commitment_release.txt"
    can_wait = False
    is_urgent = staticmethod(starts_soon)

    @staticmethod
    def recipients(event):
        # Of a moved visit the resident hears in words of its own (`VisitMoved`).
        return [event.data["helper"]] if event.data.get("moved") else [event.data["helper"], *requester(event)]

    @staticmethod
    def context(event):
        commitment = commitment_of(event)
        visit = commitment.visit if commitment else None
        return {"commitment": commitment, "visit": visit, "is_moved": event.data.get("moved", False)}


@register
class VisitMoved(RequestNotice):
    """To the resident and to the helpers who come at the new time too."""

    kind = "volunteering.visit_move"
    label = _("A visit has another time")
    template = "volunteering/notices/visit_move.txt"
    rings = staticmethod(by_phone_only)
    can_wait = False

    @staticmethod
    def recipients(event):
        return [*requester(event), *event.data["helpers"]]

    @staticmethod
    def context(event):
        with scopes_disabled():
            return {"visit": Visit.objects.get(pk=event.data["visit"]), "is_asked_again": bool(event.data["released"])}

    @staticmethod
    def is_obsolete(event):
        with scopes_disabled():
            return not Visit.objects.unfinished().filter(pk=event.data["visit"]).exists()

    @staticmethod
    def is_urgent(event):
        with scopes_disabled():
            visit = Visit.objects.filter(pk=event.data["visit"]).first()
        return visit is not None and is_soon(visit.starts_at)


@register
class HelperArrived(ToRequester):
    kind = "volunteering.commitment_arrive"
    label = _("The helper is at the door")
    template = "volunteering/notices/commitment_arrive.txt"
    mail = False


@register
class HelperConfirmed(ToRequesterOrDesk):
    kind = "volunteering.commitment_confirm_helper"
    label = _("The helper says that the visit took place")
    template = "volunteering/notices/commitment_confirm_helper.txt"

    @staticmethod
    def is_obsolete(event):
        commitment = commitment_of(event)
        return commitment is None or commitment.state == CommitmentState.DONE


@register
class ResidentConfirmed(ToHelper):
    kind = "volunteering.commitment_confirm_resident"
    label = _("The resident says that the visit took place")
    template = "volunteering/notices/commitment_confirm_resident.txt"

    @staticmethod
    def is_obsolete(event):
        commitment = commitment_of(event)
        return commitment is None or commitment.state == CommitmentState.DONE


@register
class VisitDone(CommitmentNotice):
    kind = "volunteering.commitment_complete"
    label = _("A visit is done")
    template = "volunteering/notices/commitment_complete.txt"

    @staticmethod
    def recipients(event):
        return [event.data["helper"], *requester(event)]


@register
class HelperDidNotCome(CommitmentNotice):
    kind = "volunteering.commitment_no_show"
    label = _("A helper did not come")
    template = "volunteering/notices/commitment_no_show.txt"

    @staticmethod
    def recipients(event):
        return list({event.data["helper"], *case_workers(event)})


class RequestEnded(RequestNotice):
    """To the resident and to those who had promised to help."""

    @staticmethod
    def recipients(event):
        return [*requester(event), *event.data["helpers"]]


@register
class RequestCancelled(RequestEnded):
    kind = "volunteering.request_cancel"
    label = _("A request was withdrawn")
    can_wait = False
    template = "volunteering/notices/request_cancel.txt"


@register
class RequestClosed(RequestEnded):
    kind = "volunteering.request_close"
    label = _("A request was closed by the centre")
    template = "volunteering/notices/request_close.txt"


@register
class RequestReferred(RequestEnded):
    kind = "volunteering.request_refer"
    label = _("A request was passed on to the centre’s services")
    template = "volunteering/notices/request_refer.txt"


@register
class RequestExpired(RequestEnded):
    kind = "volunteering.request_expire"
    label = _("Nobody was found in time")
    template = "volunteering/notices/request_expire.txt"

    @staticmethod
    def recipients(event):
        return list({*requester(event), *case_workers(event)})


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
