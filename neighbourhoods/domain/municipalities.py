"""The rules of a municipality: numbers and choices its organiser may change."""

from django.db import transaction

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


@transaction.atomic
def change_rules(municipality, *, actor, **rules):
    """Sets any of RULES. The event says which ones changed, from what and to what; where none did, nothing happens.
    Raises TypeError for a field that is no rule."""
    if unknown := set(rules) - set(RULES):
        raise TypeError(f"A municipality has no rule {', '.join(sorted(unknown))}.")
    locked = Municipality.objects.select_for_update().get(pk=municipality.pk)
    changed = {name: [getattr(locked, name), value] for name, value in rules.items() if getattr(locked, name) != value}
    for name, (_before, after) in changed.items():
        setattr(locked, name, after)
    if changed:
        locked.save(update_fields=list(changed))
        publish("neighbourhoods.rules_change", locked, actor=actor, municipality=locked, changed=changed)
    return locked
