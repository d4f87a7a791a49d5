"""The day a site opens to the public: what must be there before, and who said so."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from accounts.errors import Refused
from neighbourhoods import readiness
from neighbourhoods.domain.freshness import content_changed
from neighbourhoods.models import Confirmation, Municipality
from notifications.outbox import publish


@transaction.atomic
def confirm(municipality, code, *, actor):
    """Writes down that somebody has looked at what no program can judge. Raises Refused for any other check."""
    check = readiness.CHECKS.get(code)
    if check is None or check.missing is not None:
        raise Refused(_("This cannot be confirmed by hand."))
    with scope(municipality=municipality):
        confirmation, is_new = Confirmation.objects.get_or_create(
            municipality=municipality, code=code, defaults={"confirmed_by": actor}
        )
    if is_new:
        publish("neighbourhoods.readiness_confirm", municipality, actor=actor, municipality=municipality, code=code)
    return confirmation


@transaction.atomic
def withdraw(municipality, code, *, actor):
    """Takes a confirmation back. Nothing happens where there is none."""
    with scope(municipality=municipality):
        count, _rows = Confirmation.objects.filter(municipality=municipality, code=code).delete()
    if count:
        publish("neighbourhoods.readiness_withdraw", municipality, actor=actor, municipality=municipality, code=code)


@transaction.atomic
def open_site(municipality, *, actor):
    """Opens the site to everybody. Raises Refused, with one sentence for each, while something is missing that no site
    may be without. Opening an open site changes nothing."""
    locked = Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    if not locked.in_preparation:
        return locked
    with scope(municipality=locked):
        missing = readiness.obstacles(readiness.look(locked))
    if missing:
        raise Refused(*(f"{finding.check.title}: {finding.missing}" for finding in missing))
    locked.opened_at = timezone.now()
    locked.save(update_fields=["opened_at"])
    publish("neighbourhoods.site_open", locked, actor=actor, municipality=locked)
    content_changed(locked)
    return locked


@transaction.atomic
def close_site(municipality, *, actor):
    """Takes the site back into preparation: from the next page on only staff see it."""
    locked = Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    if locked.in_preparation:
        return locked
    locked.opened_at = None
    locked.save(update_fields=["opened_at"])
    publish("neighbourhoods.site_close", locked, actor=actor, municipality=locked)
    content_changed(locked)
    return locked
