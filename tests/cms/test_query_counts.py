"""What a page costs that is in no cache, for one thing on it and for fifty. The numbers are promises."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from cms.models import CallPage, DocumentsPage, EventPage, HomePage, NewsPage, ServicePage
from tests.factories.cms import (
    home_of,
    make_call_index,
    make_document,
    make_event_index,
    make_image,
    make_neighbourhood_page,
    make_news_index,
    make_page,
    make_people_page,
    make_words,
)
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from tests.factories.services import make_catalogue
from tests.factories.volunteering import AudienceFactory, InitiativeFactory, InitiativeKindFactory, MeetingFactory

pytestmark = [pytest.mark.django_db]

FEW, MANY = 1, 50


@pytest.fixture
def place(centre):
    return NeighbourhoodFactory(municipality=centre, name="Godula", slug="godula")


@pytest.fixture
def queries_of(browse, centre):
    """Function: how many queries an address costs, when photos are scaled and the frame of pages is known."""

    def queries_of(address):
        visitor = browse(centre)
        visitor.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = visitor.get(f"{address}{'&' if '?' in address else '?'}nie-z-pamieci=1")
        assert answer.status_code == 200
        return len(queries)

    return queries_of


def plant(index, page_type, number, **fields):
    """Adds published pages without the cost of revisions."""
    many_to_many = {name: fields.pop(name) for name in ("audiences", "neighbourhoods") if name in fields}
    for each in range(number):
        page = page_type(title=f"Poradnia {each}", slug=f"poradnia-{each}", lead="Krótko.", **fields)
        for name, values in many_to_many.items():
            setattr(page, name, values)
        index.add_child(instance=page)


def news(centre, place, number):
    photo = {"image": make_image(centre), "image_description": "Drzewo"}
    plant(make_news_index(centre), NewsPage, number, neighbourhood=place, **photo)


def events(centre, place, number):
    start = timezone.now() + timedelta(days=3)
    when = {"starts_at": start, "ends_at": start + timedelta(hours=2), "place": "Biblioteka"}
    plant(make_event_index(home_of(centre)), EventPage, number, neighbourhood=place, places=5, **when)


def services(centre, place, number):
    fields = {"audiences": [AudienceFactory()], "neighbourhoods": [place], "cost": "Bezpłatnie"}
    plant(make_catalogue(centre), ServicePage, number, **fields)


def calls(centre, _place, number):
    now = timezone.now()
    times = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
    plant(make_call_index(home_of(centre)), CallPage, number, **times)


def initiatives(centre, place, number):
    kind, audience = InitiativeKindFactory(), AudienceFactory()
    for _each in range(number):
        initiative = InitiativeFactory(municipality=centre, kind=kind, neighbourhoods=[place], title="Poradnia")
        initiative.audiences = [audience]
        initiative.save()
        MeetingFactory(initiative=initiative, neighbourhood=place, places=3)


def documents(centre, _place, number):
    rows = [{"document": make_document(centre), "text": f"Wniosek {each}"} for each in range(number)]
    page = DocumentsPage(title="Pisma", slug="pisma", groups=[("group", {"title": "Wnioski", "documents": rows})])
    make_page(page, below=home_of(centre))


def people(centre, place, number):
    photo = make_image(centre)
    hours = {"weekday": 3, "starts": time(15, 30), "ends": time(17), "neighbourhood": place}
    make_people_page(
        centre,
        people=[{"name": f"Osoba {each}", "role": "pomaga", "photo": photo} for each in range(number)],
        drop_ins=[{**hours, "place": f"Dom {each}"} for each in range(number)],
    )


def neighbourhood(centre, place, number):
    make_neighbourhood_page(place)
    for fill in (news, events, initiatives, people):
        fill(centre, place, number)


def found_by_search(centre, place, number):
    for each in range(number):
        make_words(centre, title=f"Poradnia {each}")
        with scope(municipality=centre):
            PublicPlaceFactory(municipality=centre, name=f"Poradnia za rogiem {each}", neighbourhood=place)
            PartnerProfileFactory(public=True, organisation__municipality=centre, summary="Poradnia.")


LISTS = [
    ("/aktualnosci/", 10, news),
    ("/wydarzenia/", 13, events),
    ("/uslugi/", 18, services),
    ("/nabory/", 9, calls),
    ("/inicjatywy/", 10, initiatives),
    ("/inicjatywy/kalendarz/", 9, initiatives),
    ("/pisma/", 8, documents),
    ("/ludzie/", 12, people),
    ("/godula/", 18, neighbourhood),
]


@pytest.mark.parametrize("number", [FEW, MANY])
@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed[0])
def test_list_costs_the_same_for_one_and_for_fifty(centre, place, queries_of, listed, number):
    address, queries, fill = listed
    with scope(municipality=centre):
        fill(centre, place, number)

    assert queries_of(address) == queries


@pytest.mark.parametrize("number", [FEW, 10])
def test_search_costs_the_same_for_one_and_for_ten(centre, place, queries_of, number):
    found_by_search(centre, place, number)

    assert queries_of("/szukaj/?q=poradnia") == 8


@pytest.mark.parametrize("number", [FEW, MANY])
def test_home_with_all_its_sections_costs_twelve(centre, place, queries_of, number):
    with scope(municipality=centre):
        neighbourhood(centre, place, number)
        chosen = make_words(centre, title="Wybrana")
        home = home_of(centre)
        home.sections = [
            *((name, None) for name in ("doors", "week", "events", "people", "news", "places")),
            ("links", [{"text": "Skrót", "page": chosen, "url": ""}]),
            ("pages", [chosen]),
            ("words", f'<p>Więcej <a linktype="page" id="{chosen.pk}">tutaj</a>.</p>'),
        ]
        home.save_revision().publish()

    assert queries_of("/") == 12


@pytest.mark.parametrize("language", ["en", "uk"])
def test_translated_home_with_the_polish_drop_ins_costs_no_more(centre, place, queries_of, language):
    with scope(municipality=centre):
        people(centre, place, FEW)
        polish = home_of(centre)
        home = HomePage(title="Centre", slug=f"centre-{language}", translation_key=polish.translation_key)
        make_page(home, below=polish.get_parent(), language=language)

    assert queries_of(f"/{language}/") == 9
