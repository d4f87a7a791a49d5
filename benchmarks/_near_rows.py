"""Writes invented people into the real tables."""

import json
from itertools import repeat

import numpy as np

from accounts.models import User
from benchmarks._bulk import begin, empty, end, write
from benchmarks._near_people import KINDS, SPEAK
from volunteering.models import Category, Reach, VolunteerProfile
from volunteering.models.volunteers import WEEK


def load(people):
    """Replaces everybody in the database by these people; returns the keys of the kinds of help."""
    begin()
    empty(Reach, VolunteerProfile.categories.through, VolunteerProfile, User, Category)
    kinds = range(1, KINDS + 1)
    write(Category, id=kinds, code=(f"kind-{kind}" for kind in kinds), name_pl=(f"Kind {kind}" for kind in kinds))
    keys = range(1, len(people) + 1)
    write(User, id=keys, email=(f"osoba{key}@example.org" for key in keys))
    spoken = {bits: json.dumps([code for bit, code in enumerate(SPEAK) if bits >> bit & 1]) for bits in range(8)}
    write(
        VolunteerProfile,
        id=keys,
        user_id=keys,
        home_cell=people.cells.tolist(),
        radius=people.radius.tolist(),
        languages=map(spoken.get, people.languages.tolist()),
        availability=map(json.dumps, zip(*(day.tolist() for day in people.days), strict=True)),
    )
    _write_pairs(people)
    end(Reach)
    return list(kinds)


def _write_pairs(people):
    """Who wants to help with what, and the read model, in the order of its index."""
    person, kind = np.nonzero(people.kinds[:, None] >> np.arange(KINDS) & 1)
    order = np.lexsort((people.cells[person], kind))
    person, kind = person[order], kind[order]
    keys, kinds = (person + 1).tolist(), (kind + 1).tolist()
    write(VolunteerProfile.categories.through, volunteerprofile_id=keys, category_id=kinds)
    write(
        Reach,
        category_id=kinds,
        cell=people.cells[person].tolist(),
        **{name: day[person].tolist() for name, day in zip(WEEK, people.days, strict=True)},
        radius=people.radius[person].tolist(),
        languages=people.languages[person].tolist(),
        skills=repeat(0, len(person)),
        volunteer=keys,
        profile_id=keys,
    )
