"""Initiatives with their meetings, and news, of the demonstration."""

import json
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import slugify

from config.demo.people import DATA
from volunteering.domain import sign_ups
from volunteering.domain.visits import ZONE
from volunteering.domain.words import fold
from volunteering.errors import Refused
from volunteering.models import Audience, Initiative, InitiativeKind, Lifecycle, Meeting
from volunteering.states import LifecycleState, MeetingState

INITIATIVES = json.loads((DATA / "initiatives.json").read_text(encoding="utf-8"))
NEWS = json.loads((DATA / "news.json").read_text(encoding="utf-8"))
WEEKS_BACK, WEEKS_AHEAD = 2, 6


def paragraphs(texts):
    return format_html_join("", "<p>{}</p>", ((text,) for text in texts))


def make_initiatives(random, municipality, neighbourhoods, people, hosts):
    """Every initiative with its meetings of the last two and the coming six weeks, and some who signed up. `hosts`:
    title → the partner that runs it."""
    kinds = InitiativeKind.objects.in_bulk(field_name="code")
    audiences = Audience.objects.in_bulk(field_name="code")
    places = {neighbourhood.name: neighbourhood for neighbourhood in neighbourhoods}
    for entry in INITIATIVES:
        if entry["m"] == municipality.slug:
            initiative = _write(entry, municipality, kinds, audiences, places, organisation=hosts.get(entry["title"]))
            if "results" not in entry:
                _meet(random, initiative, entry, places, people)


def _write(entry, municipality, kinds, audiences, places, *, organisation):
    initiative = Initiative(
        municipality=municipality,
        title=entry["title"],
        slug=slugify(fold(entry["title"])),
        summary=entry["s"],
        body=paragraphs([entry["b"]]),
        results=paragraphs([entry["results"]] if "results" in entry else []),
        kind=kinds[entry["kind"]],
        joining=entry.get("joining", "open"),
        organisation=organisation,
        host="" if organisation else "Mieszkańcy i centrum",
    )
    initiative.save()
    initiative.audiences.set(audiences[code] for code in entry["a"])
    initiative.neighbourhoods.set(places[name] for name in entry["n"])
    initiative.save()
    state = LifecycleState.FINISHED if "results" in entry else LifecycleState.RUNNING
    Lifecycle.objects.get_or_create(initiative=initiative, defaults={"state": state})
    initiative.save_revision().publish()
    return initiative


def _meet(random, initiative, entry, places, people):
    today = timezone.now().astimezone(ZONE).date()
    monday = today - timedelta(days=today.weekday())
    hour, minute = map(int, entry["at"].split(":"))
    first_week = -WEEKS_BACK + random.randint(0, entry["every"] - 1)
    for week in range(first_week, WEEKS_AHEAD, entry["every"]):
        start = datetime.combine(monday + timedelta(weeks=week, days=entry["day"]), time(hour, minute), tzinfo=ZONE)
        meeting = Meeting.objects.create(
            initiative=initiative,
            starts_at=start,
            ends_at=start + timedelta(hours=entry["hours"]),
            place=entry["place"],
            neighbourhood=places[entry["n"][0]] if entry["n"] else None,
            places=entry["places"],
            state=MeetingState.DONE if start < timezone.now() else MeetingState.PLANNED,
        )
        if week in {0, 1}:
            _sign_up(random, meeting, people)


def _sign_up(random, meeting, people):
    wanted = random.randint(2, min(len(people), (meeting.places or 8) + 1))
    for person in random.sample(people, wanted):
        try:
            sign_ups.join(meeting, user=person, actor=person, waits=True)
        except Refused:
            return
