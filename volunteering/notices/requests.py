"""About requests and the search for helpers."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from notifications.registry import Notice, register
from volunteering.domain import alerts, schedule
from volunteering.models import Alert, Visit
from volunteering.notices.who import DeskNotice, RequestNotice, by_phone_only, case_workers, is_soon, requester
from volunteering.states import RequestState, VisitState


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


@register
class VisitMoved(RequestNotice):
    """To the resident and to the helpers who come at the new time too."""

    kind = "volunteering.visit_move"
    label = _("A visit has another time")
    template = "volunteering/notices/visit_move.txt"
    can_wait = False
    rings = staticmethod(by_phone_only)

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


class RequestEnded(RequestNotice):
    """To the resident and to those who had promised to help."""

    @staticmethod
    def recipients(event):
        return [*requester(event), *event.data["helpers"]]


@register
class RequestCancelled(RequestEnded):
    kind = "volunteering.request_cancel"
    label = _("A request was withdrawn")
    template = "volunteering/notices/request_cancel.txt"
    can_wait = False


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

    @staticmethod
    def personal(event, user_ids):
        # The centre is not told that the centre will get in touch.
        return {user_id: {"is_for_staff": True} for user_id in user_ids if user_id not in requester(event)}
