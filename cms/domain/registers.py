"""The register of an event follows its published page: places, time, called off. Whoever registered is told."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.domain import registrations
from cms.models import EventPage, EventRegister, Registration
from cms.models.events import SHARED, in_utc
from notifications.outbox import publish


@transaction.atomic
def follow(page):
    """Takes over what is published: the page as it is now, also where two publish at once. Returns the register; None
    for a page that belongs to no site."""
    site = page.get_site()
    if site is None:
        return None
    register, is_new = EventRegister.objects.get_or_create(
        translation_key=page.translation_key,
        defaults={"site": site, "page": page, "places": places_of(page), **told_of(page)},
    )
    register = registrations.lock(register)
    if decides(page, register) and register.page_id != page.pk:
        register.page = EventPage.objects.get(pk=page.pk)
    _share(register.page)
    if not is_new:
        _catch_up(register)
    return register


def decides(page, register):
    """Whether time and places are those of this page: the Polish one's, or of the only one there is."""
    return page.locale.language_code == settings.LANGUAGE_CODE or page.pk == register.page_id


def places_of(page):
    return page.places if page.takes_registrations else None


def told_of(page):
    """What people who register are told of a page, as fields of its register."""
    return {
        "told_start": in_utc(page.starts_at),
        "told_end": in_utc(page.ends_at),
        "told_place": page.place,
        "told_url": page.online_url,
        "told_called_off": page.called_off,
    }


def _share(page):
    """The translations say the same of time and places, whatever was typed there."""
    others = EventPage.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    others.update(**{field: getattr(page, field) for field in SHARED})


def _catch_up(register):
    page = register.page
    news = _news_of(register, page)
    for field, value in told_of(page).items():
        setattr(register, field, value)
    if page.takes_registrations:
        # The form refuses fewer places than are taken; who registered since it was sent keeps the place all the same.
        register.places = None if page.places is None else max(page.places, register.taken)
    register.sequence += bool(news)
    register.save()
    Registration.objects.of_register(register).offered().filter(offered_until__gt=page.starts_at).update(
        offered_until=page.starts_at
    )
    if news and page.ends_at > timezone.now():
        publish(f"cms.event_{news}", register, municipality=register.municipality)
    registrations.offer_free_places(register)


def _news_of(register, page):
    """What has changed for those who registered, as the end of an event's kind; "" where nothing has."""
    if page.called_off != register.told_called_off:
        return "call_off" if page.called_off else "back_on"
    if any(getattr(register, field) != value for field, value in told_of(page).items()):
        return "" if page.called_off else "move"
    return ""
