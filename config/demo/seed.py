"""The demonstration as a whole: three founding municipalities, the portal, and a network that spans them."""

import json
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django_scopes import scope, scopes_disabled

from cms.domain import sites
from cms.models import NewsIndexPage, NewsPage
from config.demo import (
    announcements,
    clock,
    content,
    events,
    front_desk,
    groups,
    legal,
    looks,
    newsletter,
    partners,
    people,
    proposals,
    services,
)
from config.demo.requests import Storyteller
from neighbourhoods.models import Municipality, Neighbourhood, Network
from volunteering.domain import standings, taxonomy, waves
from volunteering.folding import fold
from volunteering.models import Category, Search, Timing

SEED = 2026
GEOGRAPHY = json.loads((people.DATA / "geo.json").read_text(encoding="utf-8"))
# Facts of each centre; phones and mails are invented. `share`: how much of the demonstration it gets.
CENTRES = {
    "ruda-slaska": {
        "code": "RS",
        "centre_name": "Centrum Usług Społecznych w Rudzie Śląskiej",
        "address": "ul. Markowa 20, 41-700 Ruda Śląska",
        "opening_hours": "poniedziałek–piątek 7:30–15:30, środa do 17:30",
        "colour": "#0b5d4e",
        "share": 1.0,
        "helpers": 130,
    },
    "elblag": {
        "code": "EL",
        "centre_name": "Elbląskie Centrum Usług Społecznych",
        "address": "ul. Przykładowa 5, 82-300 Elbląg",
        "opening_hours": "poniedziałek–piątek 7:30–15:30",
        "colour": "#1d4f91",
        "share": 0.3,
        "helpers": 60,
    },
    "klucze": {
        "code": "KL",
        "centre_name": "Centrum Usług Społecznych w Kluczach",
        "address": "ul. Bajkowa 1, 32-310 Klucze",
        "opening_hours": "poniedziałek 8:00–17:00, wtorek–piątek 7:00–15:00",
        "colour": "#7a3b0f",
        "share": 0.3,
        "helpers": 50,
        "default_radius": 8000,
    },
}
NEWS_SHARE = {"ruda-slaska": 12, "elblag": 6, "klucze": 6}


@transaction.atomic
def seed(port):
    """Fills an empty installation and says what it made; returns "" where it is filled already."""
    if Municipality.objects.exists():
        return ""
    random = Random(SEED)
    taxonomy.load()
    portal = sites.build_portal(hostname="localhost", port=port, name="Ogniwo")
    legal.make_legal_pages(portal)
    municipalities = [_build(entry, port) for entry in GEOGRAPHY["municipalities"]]
    with clock.at(timezone.now()):
        staff = people.make_staff(municipalities)
        for municipality in municipalities:
            with scope(municipality=municipality):
                _fill(random, municipality, staff)
        events.make_portal(portal)
        front_desk.make_portal(portal)
    network = Network.objects.create(name="Pilotaż CUS", lead="Regionalny Ośrodek Polityki Społecznej")
    network.municipalities.set(municipalities)
    network.observers.add(staff[-1])
    return "Three municipalities, their people, requests, initiatives and news are ready."


def set_port(port):
    """Links carry the port on which the demonstration answers this time."""
    sites.use_port(port)


def _build(entry, port):
    facts = {
        name: value for name, value in CENTRES[entry["slug"]].items() if name not in {"share", "helpers", "colour"}
    }
    municipality = sites.build_site(
        hostname=f"{entry['slug']}.localhost",
        port=port,
        colour=CENTRES[entry["slug"]]["colour"],
        slug=entry["slug"],
        name=entry["name"],
        locative=entry["locative"],
        terc=entry["terc"],
        latitude=entry["lat"],
        longitude=entry["lon"],
        phone=people.phone(int(entry["terc"]) % 90),
        email=f"cus@{entry['slug']}.example",
        # A demonstration is tried at any hour, and shall be seen to tell people.
        quiet_from=0,
        quiet_until=0,
        alerts_per_day=30,
        # A centre of the demonstration has fewer helpers than a real one.
        approval_above=50,
        **facts,
    )
    with scope(municipality=municipality):
        Neighbourhood.objects.bulk_create(
            Neighbourhood(
                municipality=municipality,
                kind=place["kind"],
                name=place["name"],
                slug=slugify(fold(place["name"])),
                locative=place["locative"],
                latitude=place["lat"],
                longitude=place["lon"],
                precision=place["precision"],
            )
            for place in GEOGRAPHY["neighbourhoods"]
            if place["municipality"] == entry["slug"]
        )
    sites.build_neighbourhood_pages(municipality, languages=["pl"])
    with scope(municipality=municipality):
        legal.make_legal_pages(municipality.site)
    looks.dress(municipality)
    return municipality


def _fill(random, municipality, staff):
    organiser = staff[0]
    centre = CENTRES[municipality.slug]
    neighbourhoods = list(Neighbourhood.objects.all())
    residents = _make_residents(random, municipality)
    helpers = people.make_helpers(random, municipality, neighbourhoods, organiser, centre["helpers"])
    teller = Storyteller(random, municipality, neighbourhoods, residents, organiser)
    teller.tell_all(centre["share"])
    if municipality.slug == "ruda-slaska":
        _tell_of_the_demo_resident(teller)
        standings.apply(residents[1], municipality=municipality)
    _send_past_waves()
    hosts = partners.make_partners(municipality, organiser)
    content.make_initiatives(random, municipality, neighbourhoods, residents + helpers, hosts)
    events.make(municipality, neighbourhoods, residents + helpers)
    proposals.make_proposals(municipality, residents, organiser)
    if municipality.slug == "ruda-slaska":
        # A random of its own: what comes after it stays as it was.
        groups.make(Random(SEED), organiser, residents + helpers)
        announcements.make(municipality, organiser, people.make_coordinator(municipality))
    services.make_services(municipality, neighbourhoods, organiser)
    _write_news(municipality, organiser)
    front_desk.make(municipality, neighbourhoods)
    newsletter.make(municipality, organiser)


def _send_past_waves():
    """Waves that came due in the told past went out then: the first worker has nothing to catch up with. Searches that
    found nobody look again once, now: who helps has not changed in between, so each look before would say the same."""
    now = timezone.now()
    while moment := Search.objects.due(now).values_list("next_at", flat=True).first():
        with clock.at(moment):
            waves.take_due_steps()
        Search.objects.looking_again().due(now).update(next_at=now)


def _make_residents(random, municipality):
    residents = [
        people.person(f"mieszka{number}@{municipality.slug}.example", people.name(random), 5000 + number)
        for number in range(1, 16)
    ]
    if municipality.slug == "ruda-slaska":
        residents.insert(0, people.person(people.RESIDENT, "Grażyna Przykład", 5000))
    return residents


def _tell_of_the_demo_resident(teller):
    """The demo's resident has one request in each interesting state."""
    resident = people.User.objects.get(email=people.RESIDENT)
    category = {code: Category.objects.get(code=code) for code in ("shopping", "conversation", "snow")}
    teller.tell("proposed", requester=resident, category=category["conversation"], timing=Timing.FIXED)
    teller.tell("accepted", requester=resident, category=category["shopping"], timing=Timing.FIXED)
    teller.tell("done", requester=resident, category=category["snow"], timing=Timing.FIXED)


def _write_news(municipality, organiser):
    with scopes_disabled():
        index = NewsIndexPage.objects.descendant_of(municipality.site.root_page).get()
        for number, entry in enumerate(content.NEWS[: NEWS_SHARE[municipality.slug]]):
            page = NewsPage(
                title=entry["title"],
                slug=slugify(fold(entry["title"])),
                lead=entry["lead"],
                date=timezone.localdate() - timedelta(days=3 + 5 * number),
                body=[("paragraph", str(content.paragraphs(entry["body"])))],
                owner=organiser,
            )
            sites.publish(page, below=index)
