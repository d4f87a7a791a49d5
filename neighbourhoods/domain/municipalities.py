"""The rules of a municipality, and how its centre is reached: what its organiser may change."""

from django.db import transaction

from neighbourhoods.domain.freshness import content_changed
from neighbourhoods.models import WEIGHTS, Municipality
from notifications.outbox import publish

RULES = (
    "moderation",
    "consent_for_all",
    "consent_hours",
    "alert_count",
    "default_radius",
    "wave_minutes_today",
    "wave_minutes_soon",
    "wave_minutes_later",
    "alerts_per_day",
    "quiet_from",
    "quiet_until",
    *WEIGHTS,
    "sms_per_month",
    "takes_per_week",
    "address_hours_before",
    "address_hours_after",
    "words_days",
    "approval_above",
    "announcements_per_day",
    "offer_hours",
)

CONTACT = ("centre_name", "phone", "email", "address", "opening_hours")


@transaction.atomic
def change_rules(municipality, *, actor, **rules):
    """Sets any of RULES. The event says which ones changed, from what and to what; where none did, nothing happens.
    Raises TypeError for a field that is no rule."""
    if unknown := set(rules) - set(RULES):
        raise TypeError(f"A municipality has no rule {', '.join(sorted(unknown))}.")
    locked, changed = _set(municipality, rules)
    if changed:
        publish("neighbourhoods.rules_change", locked, actor=actor, municipality=locked, changed=changed)
    return locked


@transaction.atomic
def change_contact(municipality, *, actor, **facts):
    """Sets any of CONTACT: every page shows it at once. Raises TypeError for a field that is none of them."""
    if unknown := set(facts) - set(CONTACT):
        raise TypeError(f"The contact of a centre has no {', '.join(sorted(unknown))}.")
    locked, changed = _set(municipality, facts)
    if changed:
        publish("neighbourhoods.contact_change", locked, actor=actor, municipality=locked, changed=sorted(changed))
        content_changed(locked)
    return locked


def _set(municipality, values):
    """The locked municipality, and what was changed: name → [before, after]."""
    locked = Municipality.objects.select_for_update().get(pk=municipality.pk)
    changed = {name: [getattr(locked, name), value] for name, value in values.items() if getattr(locked, name) != value}
    for name, (_before, after) in changed.items():
        setattr(locked, name, after)
    if changed:
        locked.save(update_fields=list(changed))
    return locked, changed
