"""Registering for events: places, the waiting list, and who is told."""

from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.domain.versions import site_changed
from cms.models import EventRegister, Registration
from cms.states import HOLDING, LIVE, RegistrationState, SignUp
from notifications.outbox import publish
from volunteering.domain import waiting
from volunteering.errors import Refused

# What somebody needs to take part may tell of their health: it goes as soon as nobody has to prepare anything.
NEEDS_KEPT = timedelta(days=7)
KEPT = timedelta(days=90)


@transaction.atomic
def join(register, *, actor, user=None, name="", phone="", needs=""):
    """Registers a person: one with an account, or (by staff) one known by name and phone only. As many get a place as
    there are, however many press at once; then the waiting list, where there is one. Registering twice changes
    nothing. Raises Refused with a sentence."""
    register = lock(register)
    registration = _known(register, user=user, name=name, phone=phone)
    if registration is not None and registration.state in LIVE:
        return registration
    if reasons := reasons_against_joining(register, by_staff=user is None or user != actor):
        raise Refused(*reasons)
    registration = registration or Registration(register=register, user=user, name=name, phone=phone)
    registration.needs = needs
    registration.state = RegistrationState.JOINED if claim_place(register) else RegistrationState.WAITING
    if registration.state == RegistrationState.WAITING and not register.page.waiting_list:
        raise Refused(_("All places are taken now."))
    registration.queued_at = registration.changed_at = timezone.now()
    registration.save()
    _tell("join", registration, actor=actor)
    # Nobody is told of their own act, but of this everybody wants a letter to keep.
    _tell("receipt", registration, actor=None)
    return registration


@transaction.atomic
def leave(registration, *, actor):
    """Signs a person off, or (by staff) takes them off the list; a free place goes to the first who waits."""
    register, registration = _lock_both(registration)
    if registration.state not in LIVE:
        return registration
    is_own = registration.user_id is not None and registration.user_id == actor.pk
    _give_up(register, registration, RegistrationState.LEFT if is_own else RegistrationState.CANCELLED)
    _tell("leave" if is_own else "cancel", registration, actor=actor)
    offer_free_places(register)
    return registration


@transaction.atomic
def confirm(registration, *, actor):
    """The person who was offered a place takes it. Raises Refused where the offer is over."""
    _register, registration = _lock_both(registration)
    if registration.state == RegistrationState.JOINED:
        return registration
    if registration.state != RegistrationState.OFFERED or registration.offered_until <= timezone.now():
        raise Refused(_("The time to say yes has passed, and the place was offered to the next person."))
    registration.state, registration.offered_until = RegistrationState.JOINED, None
    registration.changed_at = timezone.now()
    registration.save()
    _tell("confirm", registration, actor=actor)
    return registration


def lapse_due():
    """Passes on the places of all who did not say yes in time; what another worker has done is left alone."""
    for registration in Registration.objects.lapsed(timezone.now()).with_events():
        _lapse(registration)


@transaction.atomic
def _lapse(registration):
    try:
        register, registration = _lock_both(registration)
    except ObjectDoesNotExist:
        return  # An account was erased, or an event deleted, a moment ago.
    if registration.state != RegistrationState.OFFERED or registration.offered_until > timezone.now():
        return
    _give_up(register, registration, RegistrationState.LEFT)
    _tell("lapse", registration, actor=None)
    offer_free_places(register)


def offer_free_places(register):
    """Offers what is free to those who wait, in order. Called with the register locked."""
    now, page = timezone.now(), register.page
    if page.called_off or page.starts_at <= now:
        return
    queue = Registration.objects.of_register(register).waiting()
    register.refresh_from_db(fields=["taken", "places"])
    number = waiting.to_offer(register.places, register.taken, queue.count())
    rules = rules_of(register)
    for registration in queue[:number]:
        if not claim_place(register):
            return
        registration.state, registration.changed_at = RegistrationState.OFFERED, now
        by_phone = registration.user_id is None
        registration.offered_until = waiting.confirm_until(now, page.starts_at, rules, by_phone=by_phone)
        registration.save()
        # Whom no notice reaches is rung by staff.
        _tell("ring" if by_phone else "offer", registration, actor=None)


def rules_of(register):
    """The rules of the waiting list: the hours that the editors gave, and the night of the gmina; of the portal, the
    usual one."""
    hours, municipality = register.page.hours_to_confirm, register.municipality
    if municipality is None:
        return waiting.Rules(hours=hours)
    return waiting.Rules(hours, municipality.quiet_from, municipality.quiet_until)


def reasons_against_joining(register, *, by_staff=False):
    """Why nobody can register now: the weightiest reason as a sentence; empty when one can. Staff may add people after
    the deadline, too, and those who are at the door."""
    status, page = register.status, register.page
    has_begun = page.starts_at <= timezone.now()
    obstacles = (
        (not page.live, _("The page of this event is not published now. Please ring us.")),
        (status == SignUp.CALLED_OFF, _("This event was called off.")),
        (status == SignUp.PAST, _("This event is over.")),
        (status == SignUp.NONE, _("Nobody has to register for this event: just come.")),
        (status == SignUp.CLOSED and has_begun and not by_staff, _("This event has already begun.")),
        (status == SignUp.CLOSED and not by_staff, _("Registration is over. Please ring us: perhaps we can help.")),
        (status == SignUp.FULL, _("All places are taken now.")),
    )
    return [sentence for stands_in_the_way, sentence in obstacles if stands_in_the_way][:1]


def claim_place(register):
    """Compare and set: one more than there are places is never taken. Nobody passes those who wait."""
    free = Q(places=None) | Q(taken__lt=F("places"))
    return bool(EventRegister.objects.filter(free, pk=register.pk).update(taken=F("taken") + 1))


@transaction.atomic
def record_export(register, *, actor, kind):
    """Writes down who took a list of people out of the system."""
    number = Registration.objects.of_register(register).live().count()
    publish(
        "cms.registrations_export", register, actor=actor, municipality=register.municipality, format=kind, n=number
    )


def people_of(pages):
    """How many people count on the coming events among these pages and those below them. A translation that does not
    decide anything counts nobody: the event stays without it."""
    return Registration.objects.live().for_pages(pages).count()


def forget_old():
    """Removes what is no longer needed of events that are long over. The count of places stays."""
    now = timezone.now()
    Registration.objects.ended_before(now - NEEDS_KEPT).exclude(needs="").update(needs="")
    Registration.objects.ended_before(now - KEPT).delete()


def lock(register):
    """The register, locked, and its page as it is now. In one statement the page would be as it was before the wait."""
    locked = EventRegister.objects.select_for_update().get(pk=register.pk)
    return EventRegister.objects.with_page().get(pk=locked.pk)


def _lock_both(registration):
    """The register first, as everywhere; then the row as it is now."""
    register = lock(registration.register)
    registration = Registration.objects.with_people().get(pk=registration.pk)
    registration.register = register
    return register, registration


def _known(register, *, user, name, phone):
    """The row of somebody who is on the list already, or was. Without an account, name and phone tell who it is: the
    same form sent twice registers one person."""
    same = {"user": user} if user is not None else {"user": None, "name": name, "phone": phone}
    return Registration.objects.of_register(register).filter(**same).first()


def _give_up(register, registration, state):
    if registration.state in HOLDING:
        EventRegister.objects.filter(pk=register.pk, taken__gt=0).update(taken=F("taken") - 1)
    registration.state, registration.offered_until = state, None
    registration.changed_at = timezone.now()
    registration.save()


def _tell(verb, registration, *, actor):
    register = registration.register
    publish(f"cms.registration_{verb}", registration, actor=actor, municipality=register.municipality)
    site_changed(register.site)
