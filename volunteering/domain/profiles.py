"""What a helper says about helping, and the read model `Reach` that is built from it in the same transaction.

A row of `Reach` says: this person wants to help with this category and lives in that block. Whoever looks for helpers
scans the blocks around (`suggestions`); the person's own radius decides afterwards.
"""

from django.db import transaction

from neighbourhoods.cells import block_of
from neighbourhoods.domain import places
from volunteering.models import Reach, VolunteerProfile

FIELDS = (
    "is_adult",
    "languages",
    "availability",
    "radius",
    "tasks_per_week",
    "about",
    "paused_until",
    "on_duty_until",
)
# So many profiles are compared at a time.
CHUNK = 500


@transaction.atomic
def save_profile(profile, *, categories=None, skills=None, home_neighbourhood=None, street="", **fields):
    """Writes a helper's profile, new or known, as far as something is said of it, and rebuilds what matching reads.

    `fields`: any of `FIELDS`. `home_neighbourhood` says where the person lives; with `street` more exactly, if it can
    be found at once. The street itself is thrown away: a home is kept as a cell. Raises TypeError for an unknown field,
    ValidationError for values that the model does not allow.
    """
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"A profile has no {', '.join(sorted(unknown))}.")
    if profile.pk:
        profile = VolunteerProfile.objects.select_for_update().get(pk=profile.pk)
    for name, value in fields.items():
        setattr(profile, name, value)
    if home_neighbourhood is not None:
        place = places.locate(street, neighbourhood=home_neighbourhood, municipality=home_neighbourhood.municipality)
        profile.home_cell, profile.home_neighbourhood = place.cell, place.neighbourhood
    profile.clean_fields(exclude=["user", "home_neighbourhood", "home_cell"])
    profile.save()
    if categories is not None:
        profile.categories.set(categories)
    if skills is not None:
        profile.skills.set(skills)
    write_reach([profile])
    return profile


def write_reach(profiles):
    """Makes the read model of these profiles what it should be; returns (rows added, rows removed)."""
    missing, superfluous = differences(profiles)
    Reach.objects.filter(pk__in=superfluous).delete()
    Reach.objects.bulk_create(missing, batch_size=CHUNK)
    return len(missing), len(superfluous)


def differences(profiles):
    """Rows that the read model lacks, unsaved, and keys of those that it should not have."""
    keys = [profile.pk for profile in profiles]
    wanted = VolunteerProfile.categories.through.objects.filter(volunteerprofile__in=keys)
    blocks = {profile.pk: block_of(profile.home_cell) for profile in profiles if profile.home_cell is not None}
    expected = {
        (category, blocks[profile], profile)
        for category, profile in wanted.values_list("category_id", "volunteerprofile_id")
        if profile in blocks
    }
    there = {(row.category_id, row.block, row.profile_id): row.pk for row in Reach.objects.filter(profile__in=keys)}
    missing = [
        Reach(category_id=category, block=block, profile_id=profile)
        for category, block, profile in sorted(expected - set(there))
    ]
    return missing, [pk for key, pk in there.items() if key not in expected]


def rebuild_reach():
    """Repairs the whole read model; returns (rows added, rows removed). Each chunk is a transaction of its own, so that
    nobody waits for all of it."""
    totals = [_repair(keys) for keys in _chunks()]
    return sum(added for added, _removed in totals), sum(removed for _added, removed in totals)


def check_reach():
    """How far the read model is off: (rows missing, rows too many). Both are 0 unless something wrote around
    `save_profile`."""
    counts = [differences(_profiles(keys)) for keys in _chunks()]
    return sum(len(missing) for missing, _many in counts), sum(len(many) for _missing, many in counts)


@transaction.atomic
def _repair(keys):
    return write_reach(list(_profiles(keys).select_for_update()))


def _profiles(keys):
    return VolunteerProfile.objects.filter(pk__in=keys).order_by("pk")


def _chunks():
    """Keys of all profiles, a chunk at a time."""
    last = 0
    while keys := list(
        VolunteerProfile.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        yield keys
        last = keys[-1]
