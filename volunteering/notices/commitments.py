"""About promises of help."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.registry import register
from volunteering.notices.who import (
    RequestNotice,
    by_phone_only,
    case_workers,
    commitment_of,
    requester,
    starts_soon,
)
from volunteering.states import CommitmentState


class CommitmentNotice(RequestNotice):
    """About a promise of help. The subject is the request, so that its timeline tells the whole story."""

    @staticmethod
    def context(event):
        return {"commitment": commitment_of(event)}


class ToRequester(CommitmentNotice):
    @staticmethod
    def recipients(event):
        return requester(event)


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
    is_urgent = staticmethod(starts_soon)

    @staticmethod
    def is_obsolete(event):
        commitment = commitment_of(event)
        return commitment is None or commitment.state not in {CommitmentState.PROPOSED, CommitmentState.ACCEPTED}


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
    template = "volunteering/notices/commitment_assign.txt"
    can_wait = False
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
    can_wait = False
    rings = staticmethod(by_phone_only)
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
