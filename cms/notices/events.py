"""What people are told of the events that they registered for."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from accounts.domain import people
from cms.models import EditorialTeam, EventPage, Registration
from cms.states import LIVE, RegistrationState
from notifications.registry import Notice, register
from volunteering.notices.who import case_workers, is_soon


class EventNotice(Notice):
    """To everybody who counts on an event; its subject is the register."""

    can_wait = False

    @staticmethod
    def register_of(event):
        return event.subject

    @classmethod
    def context(cls, event):
        register = cls.register_of(event)
        return {"page": EventPage.objects.in_language(register.page, get_language()), "register": register}

    @staticmethod
    def recipients(event):
        rows = Registration.objects.of_register(event.subject).live().exclude(user=None)
        return list(rows.values_list("user_id", flat=True))

    @classmethod
    def is_urgent(cls, event):
        return is_soon(cls.register_of(event).page.starts_at)

    @classmethod
    def url(cls, event):
        return reverse("cms:sign_up", args=[cls.register_of(event).pk])


class RegistrationNotice(EventNotice):
    """To one person about their own registration, which is its subject."""

    # States of the registration in which this is still worth telling.
    told_in = LIVE

    @staticmethod
    def register_of(event):
        return event.subject.register

    @staticmethod
    def recipients(event):
        return [event.subject.user_id] if event.subject.user_id else []

    @classmethod
    def context(cls, event):
        return {**super().context(event), "registration": event.subject}

    @classmethod
    def is_obsolete(cls, event):
        return event.subject is None or event.subject.state not in cls.told_in


@register
class Registered(RegistrationNotice):
    kind = "cms.registration_receipt"
    label = _("I have registered for an event")
    template = "cms/notices/receipt.txt"

    @classmethod
    def is_urgent(cls, event):
        return False


@register
class PlaceOffered(RegistrationNotice):
    kind = "cms.registration_offer"
    label = _("A place at an event is free for me")
    template = "cms/notices/offer.txt"
    told_in = (RegistrationState.OFFERED,)

    @staticmethod
    def is_urgent(event):
        return True


@register
class OfferLapsed(RegistrationNotice):
    kind = "cms.registration_lapse"
    label = _("A place that was free for me went to somebody else")
    template = "cms/notices/lapse.txt"
    told_in = (RegistrationState.LEFT,)

    @classmethod
    def is_urgent(cls, event):
        return False


@register
class TakenOff(RegistrationNotice):
    kind = "cms.registration_cancel"
    label = _("The centre took me off the list of an event")
    template = "cms/notices/cancel.txt"
    told_in = (RegistrationState.CANCELLED,)


@register
class EventMoved(EventNotice):
    kind = "cms.event_move"
    label = _("An event has another time or place")
    template = "cms/notices/move.txt"


@register
class EventCalledOff(EventNotice):
    kind = "cms.event_call_off"
    label = _("An event was called off")
    template = "cms/notices/call_off.txt"


@register
class EventBackOn(EventNotice):
    kind = "cms.event_back_on"
    label = _("An event takes place after all")
    template = "cms/notices/back_on.txt"


@register
class RingSomebody(RegistrationNotice):
    """A place is free for somebody who registered by phone: staff ring them."""

    kind = "cms.registration_ring"
    label = _("Somebody without an account has to be rung about an event")
    template = "cms/notices/ring.txt"
    told_in = (RegistrationState.OFFERED,)
    mail = False
    call = False

    @staticmethod
    def recipients(event):
        if event.municipality_id is not None:
            return case_workers(event)
        with scopes_disabled():
            team = EditorialTeam.objects.filter(site=event.subject.register.site_id)
            return list(team.values_list("group__user", flat=True))

    @staticmethod
    def concerns(user):
        return people.is_staff(user)

    @staticmethod
    def url(event):
        return reverse("cms:desk_event", args=[event.subject.register_id])
