"""A centre as `create_municipality` makes it, with one of everything that residents can meet; and all its addresses."""

import io
from datetime import date, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django_scopes import scope

from cms.models import (
    CallIndexPage,
    CallPage,
    DocumentsPage,
    DropIn,
    EasyReadPage,
    EventIndexPage,
    EventPage,
    FaqPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PeoplePage,
    Person,
    ProgrammePage,
    ProtectionStandardsPage,
    ServiceIndexPage,
    SiteLook,
    StandardPage,
)
from cms.programme_points import POINTS
from cms.trees import pages_of
from neighbourhoods.models import Municipality, Neighbourhood
from tests.factories import cms as made
from tests.factories import services
from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupFactory, GroupMemberFactory, GroupPostFactory
from tests.factories.volunteering import HelpRequestFactory, InitiativeFactory, MeetingFactory, VisitFactory
from volunteering.domain import taxonomy
from volunteering.models import Audience, Category, InitiativeKind, ServiceArea

HOST = "kozienice.localhost"
LANGUAGES = ("pl", "en", "uk")
# Stands in all that editors and residents wrote: their words are in the language in which they wrote them.
OWN = "§"
MISSING = "/nie-ma-takiej-strony/"
WORDS = f"<p>{OWN}</p>"
PLACES = "nazwa;rodzaj;miejscownik;szerokosc;dlugosc\nWirek;dzielnica;w Wirku;50,2744;18,8644\n"
# Beginnings of addresses that no resident opens.
OF_OTHERS = (
    "cms/",
    "biurko/",
    "styl/",
    "dokumenty/",
    "poczta/",
    "konto/2fa",
    "konto/logout",
    "konto/demo",
    "readyz",
    "moje/obserwowane/nowa-prosba/",
)


def found(directory, *, port=443):
    """What a region's operator types, and the organiser's opening of the site."""
    taxonomy.load()
    places = Path(directory, "miejsca.csv")
    places.write_text(PLACES)
    call_command(
        "create_municipality", "kozienice", host=HOST, port=port, name="Kozienice", locative="w Kozienicach",
        code="KO", terc="1407053", centre="CUS w Kozienicach", phone="48 611 00 00", lat="50.28", lon="18.86",
        dpo_name="Anna Ochrona", dpo_email="iod@kozienice.example", neighbourhoods=str(places),
        stdout=io.StringIO(),
    )  # fmt: skip
    Municipality.objects.filter(slug="kozienice").update(opened_at=timezone.now())
    return Municipality.objects.with_site().get(slug="kozienice")


def fill(municipality):
    """One of everything that editors write, in each language, and that residents do. Returns who lives there, and
    values for addresses."""
    look = SiteLook.for_site(municipality.site)
    look.notice_text, look.eu_text, look.logo = OWN, OWN, made.make_image(municipality)
    look.save()
    with scope(municipality=municipality):
        place = Neighbourhood.objects.get()
        events = [
            fill_tree(municipality, home, place)
            for home in HomePage.objects.filter(slug__startswith="kozienice").select_related("locale")
        ]
        resident, values = fill_life(municipality, place)
    return resident, {**values, "event": made.register_of(events[0]).pk}


def fill_tree(municipality, home, place):
    """The kinds of pages that a new site does not begin with. Returns the event."""
    language, who = home.locale.language_code, list(Audience.objects.all()[:2])

    def put(kind, below=home, **fields):
        page = kind(title=f"{OWN} {kind.__name__}", slug=f"nasz-{kind.__name__.lower()}", **fields)
        return made.make_page(page, below=below, language=language)

    put(StandardPage, lead=OWN, body=[("paragraph", WORDS), ("heading", {"text": OWN, "level": "h2"})])
    photo = {"image": made.make_image(municipality), "image_description": OWN}
    put(NewsPage, below=NewsIndexPage.objects.child_of(home).get(), lead=OWN, neighbourhood=place, **photo)
    service = {"cost": OWN, "steps": [("step", OWN)], "audiences": who, "areas": list(ServiceArea.objects.all()[:1])}
    put(services.service, below=ServiceIndexPage.objects.child_of(home).get(), lead=OWN, **service)
    start, now = timezone.now() + timedelta(days=5), timezone.now()
    times = {"starts_at": start, "ends_at": start + timedelta(hours=2), "registration": "open", "places": 5}
    event = put(
        EventPage,
        below=EventIndexPage.objects.child_of(home).get(),
        lead=OWN,
        place=OWN,
        neighbourhood=place,
        audiences=who,
        **times,
    )
    put(
        CallPage,
        below=CallIndexPage.objects.child_of(home).get(),
        lead=OWN,
        opens_at=now - timedelta(days=1),
        closes_at=start,
    )
    put(DocumentsPage, groups=documents(municipality))
    put(FaqPage, groups=[("group", {"title": OWN, "questions": [{"question": OWN, "answer": WORDS}]})])
    put(PeoplePage, people=[Person(name=OWN, role=OWN)], drop_ins=drop_ins(place))
    put(EasyReadPage, easy_text=WORDS, text=WORDS)
    put(ProtectionStandardsPage, short=WORDS, full=WORDS, responsible=OWN, approved_on=date(2026, 3, 1))
    put(ProgrammePage, **{point.field: WORDS for point in POINTS})
    return event


def documents(municipality):
    document = {"document": made.make_document(municipality, title=OWN), "text": OWN}
    return [("group", {"title": OWN, "documents": [document]})]


def drop_ins(place):
    return [DropIn(weekday=3, starts=time(15, 30), ends=time(17), place=OWN, neighbourhood=place)]


def fill_life(municipality, place):
    """What residents do. Returns one of them, and values for addresses."""
    resident = UserFactory(display_name=OWN, accepted=True)
    here = {"municipality": municipality}
    facts = {"kind": InitiativeKind.objects.all()[0], "neighbourhoods": [place], "title": OWN, "summary": OWN, **here}
    initiative = InitiativeFactory(slug="klub", **facts)
    meeting = MeetingFactory(initiative=initiative, place=OWN, neighbourhood=place, places=3)
    InitiativeFactory(slug="koniec", finished=True, results=WORDS, **{**facts, "title": f"{OWN} koniec"})
    group = GroupFactory(initiative=initiative)
    GroupMemberFactory(group=group, user=resident)
    GroupPostFactory(group=group, author=resident, text=OWN)
    request = HelpRequestFactory(
        neighbourhood=place,
        category=Category.objects.open()[0],
        words=OWN,
        requester=resident,
        reference="KO-ABCD",
        **here,
    )
    VisitFactory(help_request=request)
    return resident, {"slug": "klub", "meeting": meeting.pk, "group": group.pk, "reference": request.reference}


def crowd(municipality):
    """As much as a front page shows at once: three news with photos and three events, six meetings, the drop-ins."""
    home = municipality.site.root_page.specific
    news, events = NewsIndexPage.objects.child_of(home).get(), EventIndexPage.objects.child_of(home).get()
    words = {"title": "Sąsiedzkie śniadanie na podwórku", "lead": "Przynieś, co lubisz, i przyjdź z kimś, kogo znasz."}
    with scope(municipality=municipality):
        for number in range(2):
            photo = {"image": made.make_image(municipality), "image_description": "Ludzie przy stole"}
            made.make_news(news, slug=f"sniadanie-{number}", **photo, **words)
            made.make_event(events, slug=f"sniadanie-{number}", days=2, **words)
        kind = InitiativeKind.objects.all()[0]
        for _number in range(5):
            initiative = InitiativeFactory(municipality=municipality, kind=kind, title=words["title"])
            MeetingFactory(initiative=initiative, places=8)


# --- Addresses --------------------------------------------------------------------------------------------------------


def paths(municipality):
    """Paths of the published pages, by language."""
    pages = pages_of(municipality.site).live().select_related("locale").order_by("path")
    by_language = {language: [] for language in LANGUAGES}
    for page in pages:
        by_language[page.locale.language_code].append(urlsplit(page.full_url).path)
    return by_language


def plain_addresses():
    """Addresses of the application that name nothing; those of features to come are among them by themselves."""
    routes = sorted(_below(get_resolver().url_patterns))
    return [f"/{route}" for route in routes if not route.startswith(OF_OTHERS) and route.endswith("/")]


def _below(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, route)
        elif not set("<^(") & set(route):
            yield route


def addresses(values):
    """Those that name something, and what forms and lists say when they find nothing."""
    slug, meeting, group = values["slug"], values["meeting"], values["group"]
    return [
        MISSING,
        f"/inicjatywy/{slug}/",
        "/inicjatywy/koniec/",
        f"/inicjatywy/{slug}/spotkania/{meeting}/zapisy/",
        "/inicjatywy/?slowa=nicnicnic",
        "/inicjatywy/kalendarz/?miesiac=2031-01",
        f"/grupy/{group}/",
        f"/grupy/{group}/osoby/",
        f"/zapisy/{values['event']}/",
        f"/prosby/{values['reference']}/",
        "/prosby/?slowa=nicnicnic",
        "/szukaj/?q=klub",
        "/szukaj/?q=nicnicnic",
        "/szukaj/?q=a",
    ]


# Sent without an answer to anything, these forms say what is missing.
def forms(values):
    return [
        "/opinia/",
        "/inicjatywy/zaproponuj/",
        "/konto/login/code/",
        f"/zapisy/{values['event']}/",
        f"/inicjatywy/{values['slug']}/spotkania/{values['meeting']}/zapisy/",
    ]
