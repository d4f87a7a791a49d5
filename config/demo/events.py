"""Events with their registrations, and calls for partners, of the demonstration."""

import json
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone
from django.utils.text import slugify

from cms.domain import sites
from cms.models import (
    CallIndexPage,
    CallPage,
    EventIndexPage,
    EventPage,
    EventRegister,
    Registering,
    Registration,
)
from cms.states import HOLDING, RegistrationState
from config.demo.content import paragraphs
from config.demo.people import DATA, name, person, phone
from volunteering.domain.calendar import ZONE
from volunteering.folding import fold
from volunteering.models import Audience

CONTENT = json.loads((DATA / "events.json").read_text(encoding="utf-8"))
PORTAL = "portal"
HOURS_LEFT = 20
# One in so many registers by phone.
CALLERS = 7
NEEDS = ("tłumacz języka migowego", "miejsce dla wózka", "duży druk", "proszę o miejsce z przodu, słabo słyszę")


def make(municipality, neighbourhoods, people):
    places = {neighbourhood.name: neighbourhood for neighbourhood in neighbourhoods}
    home = municipality.site.root_page
    _make_below(home, municipality.slug, places=places, people=people, contact={})


def make_portal(portal):
    """The region's own: nobody belongs to it, so people from all over come."""
    random = Random(PORTAL)
    people = [person(f"gmina{number}@region.example", name(random), 8000 + number) for number in range(1, 13)]
    contact = {"contact_phone": phone(77), "contact_email": "rops@region.example"}
    _make_below(portal.root_page, PORTAL, places={}, people=people, contact=contact)


def _make_below(home, owner, *, places, people, contact):
    # Of their own, so that the rest of the demonstration stays as it is whatever is added here.
    random = Random(owner)
    audiences = Audience.objects.in_bulk(field_name="code")
    index = EventIndexPage.objects.child_of(home).get()
    for entry in CONTENT["events"]:
        if entry["m"] == owner:
            event = _write(entry, index, places, audiences, contact)
            _register(random, event, entry, people)
    if calls := [entry for entry in CONTENT["calls"] if entry["m"] == owner]:
        _write_calls(calls, home, contact)


def _write(entry, index, places, audiences, contact):
    starts_at = _moment(entry)
    event = EventPage(
        title=entry["title"],
        slug=slugify(fold(entry["title"])),
        lead=entry["lead"],
        body=[("paragraph", str(paragraphs(entry["body"])))],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=entry["hours"]),
        place=entry["place"],
        neighbourhood=places.get(entry.get("n")),
        online_url=entry.get("online_url", ""),
        for_whom=entry.get("for_whom", ""),
        registration=entry.get("registration", Registering.OPEN),
        deadline=starts_at - timedelta(days=entry["deadline_days"]) if "deadline_days" in entry else None,
        places=entry.get("places"),
        waiting_list=entry.get("waiting_list", True),
        hours_to_confirm=entry.get("hours_to_confirm", 24),
        called_off=entry.get("called_off", False),
        called_off_note=entry.get("called_off_note", ""),
        **contact,
    )
    event.audiences = [audiences[code] for code in entry["a"]]
    return sites.publish(event, below=index)


def _moment(entry):
    today = timezone.now().astimezone(ZONE).date()
    day = today - timedelta(days=today.weekday()) + timedelta(weeks=entry["w"], days=entry["d"])
    hour, minute = map(int, entry["at"].split(":"))
    # The first week begins tomorrow at the soonest: an event of last Monday would not be "to come".
    if entry["w"] == 0 and day <= today:
        day += timedelta(weeks=1)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def _register(random, event, entry, people):
    """Written as rows: the verbs would tell everybody, one by one. The order is that of the verbs all the same."""
    wanted = entry.get("people", 0)
    if not wanted:
        return
    register = EventRegister.objects.of_event(event).get()
    now = timezone.now()
    crowd = random.sample(people, min(wanted, len(people)))
    rows = []
    for number in range(wanted):
        by_phone = number >= len(crowd) or number % CALLERS == CALLERS - 1
        rows.append(
            Registration(
                register=register,
                user=None if by_phone else crowd[number],
                name=name(random) if by_phone else "",
                phone=phone(6000 + number) if by_phone else "",
                needs=random.choice(NEEDS) if number % 5 == 2 else "",
                state=RegistrationState.WAITING,
                queued_at=now - timedelta(hours=3 * (wanted - number)),
            )
        )
    places = wanted if register.places is None else register.places
    offered = entry.get("offered", 0)
    for number, row in enumerate(rows[:places]):
        row.state = RegistrationState.JOINED
        if number >= places - offered:
            row.state, row.offered_until = RegistrationState.OFFERED, now + timedelta(hours=HOURS_LEFT)
    Registration.objects.bulk_create(rows)
    register.taken = sum(row.state in HOLDING for row in rows)
    register.save(update_fields=["taken"])


def _write_calls(calls, home, contact):
    index = CallIndexPage.objects.child_of(home).get()
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for entry in calls:
        call = CallPage(
            title=entry["title"],
            slug=slugify(fold(entry["title"])),
            lead=entry["lead"],
            body=[("paragraph", str(paragraphs(entry["body"])))],
            opens_at=now + timedelta(days=entry["opens"]),
            closes_at=now + timedelta(days=entry["closes"]),
            for_whom=entry["for_whom"],
            result=str(paragraphs([entry["result"]])) if "result" in entry else "",
            **contact,
        )
        sites.publish(call, below=index)
