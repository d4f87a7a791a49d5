"""What a helper says about helping. What matching reads of it, `Reach`, is written in the same transaction."""

from django.db import transaction

from neighbourhoods.domain import places
from volunteering.domain import reach, waves
from volunteering.models import VolunteerProfile

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
    reach.write([profile])
    waves.look_again_for(profile.user_id)
    return profile
