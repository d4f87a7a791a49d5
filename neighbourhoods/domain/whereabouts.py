"""The single door to the exact homes of people. Whoever reads one through it leaves a trace in the audit trail.

Who may look is decided by the caller. Nothing here goes into events but ids, codes and names of fields.
"""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from neighbourhoods.errors import Erased
from neighbourhoods.models.whereabouts import Whereabouts
from notifications.outbox import publish

REASON_CODE = re.compile(r"[a-z][a-z_]{0,39}")
WORDS = ("person_name", "phone", "address", "directions")


@dataclass(frozen=True)
class Revealed:
    """What one person may now read. Its values stay out of reprs, and so out of logs and error pages."""

    person_name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    directions: str = field(repr=False)


def keep(municipality, *, person_name, phone="", address="", directions="", point=None):
    """Writes down whose home it is, where, and how to get in and ring. `point`: a `places.Point`, if one is known."""
    return Whereabouts.objects.create(
        municipality=municipality,
        person_name=person_name,
        phone=phone,
        address=address,
        directions=directions,
        **_coordinates(point),
    )


@transaction.atomic
def reveal(whereabouts, *, to, why, subject):
    """Shows a home to the person `to`, and writes that down on `subject` (the thing whose timeline tells of it).

    `why`: a reason code such as "helper", never words. Raises Erased when there is nothing left to show, ValueError
    for a reason that is no code.
    """
    if not REASON_CODE.fullmatch(why):
        raise ValueError("The reason of a reveal is a code: lower case letters and underscores.")
    home = _unerased(Whereabouts.objects.select_related("municipality").get(pk=whereabouts.pk))
    publish(
        "neighbourhoods.whereabouts_revealed",
        subject,
        actor=to,
        municipality=home.municipality,
        reason=why,
        whereabouts=home.pk,
    )
    return Revealed(home.person_name, str(home.phone), home.address, home.directions)


def with_phone(municipality, phone):
    """Keys of the homes here with this phone, for staff whom somebody rings. Whoever asks knows the number already, and
    nothing else of the homes is told."""
    homes = Whereabouts.objects.filter(municipality=municipality, phone=phone, erased_at=None)
    return list(homes.values_list("pk", flat=True))


@transaction.atomic
def correct(whereabouts, *, actor, subject, point=None, **changes):
    """Staff put right what was taken down wrongly: `changes` are any of `WORDS`, `point` a `places.Point`.

    A new address without a new point forgets the old point. The event names the fields, never what stands in them.
    Raises Erased, and TypeError for an unknown field.
    """
    if unknown := set(changes) - set(WORDS):
        raise TypeError(f"Whereabouts have no {', '.join(sorted(unknown))}.")
    home = _unerased(_lock(whereabouts))
    changed = sorted(name for name, value in changes.items() if str(getattr(home, name)) != str(value))
    for name in changed:
        setattr(home, name, changes[name])
    coordinates = _coordinates(point) if point or "address" in changed else {}
    for name, value in coordinates.items():
        setattr(home, name, value)
    if changed or coordinates:
        home.save(update_fields=[*changed, *coordinates])
        publish(
            "neighbourhoods.whereabouts_corrected",
            subject,
            actor=actor,
            municipality=home.municipality,
            whereabouts=home.pk,
            fields=changed + (["point"] if coordinates else []),
        )
    return home


@transaction.atomic
def erase(whereabouts, *, subject=None):
    """Forgets the home for good. Erasing twice changes nothing and tells nothing."""
    home = _lock(whereabouts)
    if home.erased_at is not None:
        return home
    for name in WORDS:
        setattr(home, name, "")
    home.latitude = home.longitude = home.precision = None
    home.erased_at = timezone.now()
    home.save(update_fields=[*WORDS, "latitude", "longitude", "precision", "erased_at"])
    publish("neighbourhoods.whereabouts_erased", subject or home, municipality=home.municipality, whereabouts=home.pk)
    return home


def ask(whereabouts_id, question, *, found):
    """Puts `question` to the address without anybody reading it: how a geocoder is asked. For tasks: the question may
    take seconds.

    A point that comes back is written down, and `found(point)` called in the same transaction, unless the address was
    changed or erased meanwhile. Without an address, or with a point known already, nothing is asked.
    """
    home = Whereabouts.objects.filter(pk=whereabouts_id, erased_at=None, latitude=None).exclude(address="").first()
    point = question(home.address) if home else None
    if point is None:
        return
    with transaction.atomic():
        unchanged = Whereabouts.objects.filter(pk=home.pk, address=home.address, erased_at=None, latitude=None)
        if unchanged.update(**_coordinates(point)):
            found(point)


def _coordinates(point):
    if point is None:
        return {"latitude": None, "longitude": None, "precision": None}
    return {"latitude": point.latitude, "longitude": point.longitude, "precision": point.precision}


def _lock(whereabouts):
    return Whereabouts.objects.select_related("municipality").select_for_update(of=("self",)).get(pk=whereabouts.pk)


def _unerased(home):
    if home.erased_at is not None:
        raise Erased
    return home
