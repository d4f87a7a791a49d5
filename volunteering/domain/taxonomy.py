"""The taxonomy that every installation starts with: written from the packaged file, then edited by people."""

import json
from pathlib import Path

from django.db import transaction

from volunteering.models import Audience, Category, InitiativeKind, ServiceArea, Skill

PACKAGED = Path(__file__).resolve().parent.parent / "data" / "taxonomy.json"


@transaction.atomic
def load():
    """Adds the terms that are missing; those that are there keep what people have made of them.

    Returns the number of terms added.
    """
    packaged = json.loads(PACKAGED.read_text(encoding="utf-8"))
    added = sum(
        _add(model, packaged[key])
        for model, key in ((Skill, "skills"), (InitiativeKind, "initiative_kinds"), (Audience, "audiences"))
    )
    return added + _add_areas(packaged["service_areas"]) + _add_categories(packaged["categories"])


def _names(entry):
    return {f"name_{language}": entry[language] for language in ("pl", "en", "uk")}


def _flags(model, entry):
    return {"has_members": entry.get("has_members", False)} if model is InitiativeKind else {}


def _add(model, entries):
    there = set(model.objects.values_list("code", flat=True))
    new = [
        model(code=entry["code"], position=place, **_names(entry), **_flags(model, entry))
        for place, entry in enumerate(entries)
        if entry["code"] not in there
    ]
    model.objects.bulk_create(new)
    return len(new)


def _add_areas(entries):
    """An area that somebody renumbered keeps its number: a packaged one that would take it is left out."""
    there = set(ServiceArea.objects.values_list("code", flat=True))
    taken = set(ServiceArea.objects.values_list("number", flat=True))
    new = [
        ServiceArea(code=entry["code"], number=entry["number"], **_names(entry))
        for entry in entries
        if entry["code"] not in there and entry["number"] not in taken
    ]
    ServiceArea.objects.bulk_create(new)
    return len(new)


def _add_categories(entries):
    skills = Skill.objects.in_bulk(field_name="code")
    kinds = InitiativeKind.objects.in_bulk(field_name="code")
    there = set(Category.objects.values_list("code", flat=True))
    new = [(place, entry) for place, entry in enumerate(entries) if entry["code"] not in there]
    for place, entry in new:
        category = Category.objects.create(
            code=entry["code"],
            position=place,
            group=entry["group"],
            check_kind=entry["check"],
            **_names(entry),
            **{name: entry[name] for name in ("hint_pl", "hint_en", "hint_uk")},
            **{name: entry[name] for name in ("at_home", "involves_minors", "needs_review", "is_open")},
        )
        category.required_skills.set(skills[code] for code in entry["required_skills"])
        category.helpful_skills.set(skills[code] for code in entry["helpful_skills"])
        category.answered_by.set(kinds[code] for code in entry["answered_by"])
    return len(new)
