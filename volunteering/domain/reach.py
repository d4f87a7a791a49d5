"""The read model `Reach`: what is written of each profile, how it is repaired and how it is checked.

A row says: this person wants to help with this category, lives in that cell, and is free, willing to go, able to speak
and to do so and so. Numbers only, so that one index answers who is near (`candidates`).
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from volunteering.models import Reach, VolunteerProfile
from volunteering.models.volunteers import WEEK

# Who named no language speaks the language of the country; and everybody can be helped in it, if in no better one.
COMMON_LANGUAGE = "pl"
# The languages in which help can be asked for; the place is the bit. Others have none, since nobody asks for them. Add
# at the end, and run rebuild_reach.
LANGUAGES = ("pl", "uk", "en")
# The last bit of a signed integer of 64 is its sign.
SKILL_BITS = 63
# Everything that a row says of a pair of a profile and a category.
COLUMNS = ("cell", *WEEK, "radius", "languages", "skills", "paused_until", "volunteer")
# So many profiles are compared at a time.
CHUNK = 500


def language_bits(languages):
    """Those languages in which help can be asked for."""
    return sum(1 << bit for bit, language in enumerate(LANGUAGES) if language in languages)


def skill_bits(skills):
    """Keys of skills as bits. Two skills may share one when there are more than 63: whoever lacks a bit lacks the
    skill, who has it may still lack the skill."""
    bits = 0
    for skill in skills:
        bits |= 1 << skill % SKILL_BITS
    return bits


@dataclass(frozen=True)
class Differences:
    """Between the read model and the profiles: rows it lacks and rows that say something wrong, both as they should be,
    and keys of rows that should not be there."""

    missing: list
    wrong: list
    superfluous: list


def write(profiles):
    """Makes the read model of these profiles what it should be. For verbs: runs in the caller's transaction. Returns
    how many rows were missing, wrong and too many."""
    found = differences(profiles)
    Reach.objects.filter(pk__in=found.superfluous).delete()
    Reach.objects.bulk_create(found.missing, batch_size=CHUNK)
    if found.wrong:
        Reach.objects.bulk_update(found.wrong, COLUMNS, batch_size=CHUNK)
    return len(found.missing), len(found.wrong), len(found.superfluous)


def differences(profiles):
    """What is wrong with the rows of these profiles. Four queries."""
    expected = _expected(profiles)
    missing, wrong, superfluous = dict(expected), [], []
    for row in Reach.objects.filter(profile__in=[profile.pk for profile in profiles]).order_by("pk"):
        should_be = missing.pop((row.profile_id, row.category_id), None)
        if should_be is None:
            superfluous.append(row.pk)
        elif any(getattr(row, column) != getattr(should_be, column) for column in COLUMNS):
            should_be.pk = row.pk
            wrong.append(should_be)
    return Differences(list(missing.values()), wrong, superfluous)


def _expected(profiles):
    """The rows that should be there, unsaved, by keys of profile and category."""
    at_home = {profile.pk: profile for profile in profiles if profile.home_cell is not None}
    skills = defaultdict(list)
    for profile, skill in _pairs(VolunteerProfile.skills.through, "skill_id", at_home):
        skills[profile].append(skill)
    said = {key: _said(profile, skills[key]) for key, profile in at_home.items()}
    return {
        (profile, category): Reach(profile_id=profile, category_id=category, **said[profile])
        for profile, category in _pairs(VolunteerProfile.categories.through, "category_id", at_home)
    }


def _pairs(through, value, profiles):
    rows = through.objects.filter(volunteerprofile__in=list(profiles))
    return sorted(rows.values_list("volunteerprofile_id", value))


def _said(profile, skills):
    return {
        "cell": profile.home_cell,
        **dict(zip(WEEK, profile.availability, strict=True)),
        "radius": profile.radius,
        "languages": language_bits(profile.languages or [COMMON_LANGUAGE]),
        "skills": skill_bits(skills),
        "paused_until": profile.paused_until,
        "volunteer": profile.user_id,
    }


def rebuild():
    """Repairs the whole read model; returns how many rows were missing, wrong and too many. Each chunk is a transaction
    of its own, so that nobody waits for all of it."""
    return _total(_repair(keys) for keys in _chunks())


def check():
    """How many rows of the read model are missing, wrong and too many. All are 0 unless something wrote around
    `profiles.save_profile`."""
    found = (differences(_profiles(keys)) for keys in _chunks())
    return _total((len(it.missing), len(it.wrong), len(it.superfluous)) for it in found)


def _total(counts):
    return tuple(map(sum, zip(*counts, strict=True))) or (0, 0, 0)


@transaction.atomic
def _repair(keys):
    return write(list(_profiles(keys).select_for_update()))


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
