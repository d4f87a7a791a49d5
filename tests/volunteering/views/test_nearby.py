"""Near me: what is listed around a helper's home, in bands, and what of it suits them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django_scopes import scope

from neighbourhoods.cells import ROW, cell_at
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    BlockFactory,
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering import keyset
from volunteering.domain import nearby
from volunteering.models import VolunteerProfile

pytestmark = pytest.mark.django_db

NEAR = "/pomagam/blisko/"
WARSAW = ZoneInfo("Europe/Warsaw")
# A Wednesday.
NOW = datetime(2027, 4, 21, 12, tzinfo=WARSAW)
HOME = cell_at(50.28, 18.86)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def wirek(municipality):
    return NeighbourhoodFactory(municipality=municipality, name="Wirek", slug="wirek", latitude=50.28, longitude=18.86)


@pytest.fixture
def shopping():
    return CategoryFactory(code="shopping", name_pl="Zakupy")


@pytest.fixture
def helper(municipality, wirek, shopping):
    """An active helper who lives in Wirek, goes 3 km, is always free and does shopping."""
    profile = VolunteerProfileFactory(
        home_neighbourhood=wirek, home_cell=HOME, radius=3000, categories=[shopping], tasks_per_week=20
    )
    StandingFactory(municipality=municipality, volunteer=profile.user)
    return profile


@pytest.fixture
def page(client, municipality, helper):
    """The helper, signed in on the centre's own host."""
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    client.force_login(helper.user)
    return client


@pytest.fixture
def make_request(municipality, wirek, shopping):
    """A listed request so many rows of the grid (500 m each) north of home."""

    def make(rows=0, *, starts_at=NOW + timedelta(days=1), visit=(), **facts):
        facts = {"neighbourhood": wirek, "category": shopping, "cell": HOME + rows * ROW, **facts}
        help_request = HelpRequestFactory(municipality=municipality, **facts)
        VisitFactory(help_request=help_request, starts_at=starts_at, **dict(visit))
        return help_request

    return make


def shown(response):
    """Requests on the page, and whether each suits the helper."""
    return [(near.help_request, near.fits) for _distance, rows in response.context["groups"] for near in rows]


def requests_on(response):
    return [help_request for help_request, _fits in shown(response)]


def labels(response, name):
    return {str(value): str(label) for value, label in response.context["filter"].form.fields[name].choices}


# --- For whom ---------------------------------------------------------------------------------------------------------


def test_strangers_are_asked_to_sign_in(client, municipality):
    response = client.get(NEAR, headers={"host": municipality.site.hostname})

    assert (response.status_code, response["Location"].startswith("/konto/")) == (302, True)


@pytest.mark.parametrize("trait", ["applied", "met", "suspended", "ended", None])
def test_who_is_no_active_helper_is_led_to_their_own_page(client, municipality, trait):
    user = UserFactory()
    if trait:
        StandingFactory(municipality=municipality, volunteer=user, **{trait: True})
    client.force_login(user)

    response = client.get(NEAR, headers={"host": municipality.site.hostname})

    assert (response.status_code, response["Location"]) == (302, "/pomagam/")


def test_helper_of_another_municipality_is_led_away(client, municipality):
    client.force_login(StandingFactory().volunteer)

    assert client.get(NEAR, headers={"host": municipality.site.hostname}).status_code == 302


def test_helper_who_has_not_said_where_they_live_is_asked(page, helper):
    VolunteerProfile.objects.update(home_cell=None)

    assert page.get(NEAR)["Location"] == "/pomagam/zgloszenie/gdzie/"


def test_page_is_never_stored(page):
    assert "no-store" in page.get(NEAR)["Cache-Control"]


# --- What is there ----------------------------------------------------------------------------------------------------


def test_nearest_bands_come_first_and_the_soonest_in_each(page, make_request):
    far = make_request(rows=4)
    late = make_request(starts_at=NOW + timedelta(days=3))
    soon = make_request(starts_at=NOW + timedelta(days=2))

    response = page.get(NEAR)

    assert requests_on(response) == [soon, late, far]
    assert [distance for distance, _rows in response.context["groups"]] == ["500 m", "2 km"]


def test_what_is_farther_than_the_helper_goes_is_not_shown(page, make_request):
    make_request(rows=9)

    assert shown(page.get(NEAR)) == []


def test_who_looks_farther_sees_it_and_why_it_is_not_for_them(page, make_request):
    far = make_request(rows=9)

    response = page.get(NEAR, {"daleko": "5000"})

    assert shown(response) == [(far, False)]
    assert str(nearby.WHY_NOT["too_far"]) in response.content.decode()


@pytest.mark.parametrize("trait", ["draft", "awaiting_review", "filled", "done", "cancelled"])
def test_requests_that_are_not_open_are_not_shown(page, make_request, trait):
    make_request(**{trait: True})

    assert shown(page.get(NEAR)) == []


def test_protected_request_is_neither_shown_nor_counted(page, make_request):
    make_request(protected=True)

    response = page.get(NEAR)

    assert (shown(response), labels(response, "kategoria")["shopping"]) == ([], "Zakupy (0)")


def test_own_request_is_not_shown(page, helper, make_request):
    make_request(requester=helper.user)

    assert shown(page.get(NEAR)) == []


def test_other_municipality_is_neither_shown_nor_counted(page):
    VisitFactory(help_request=HelpRequestFactory(cell=HOME))

    response = page.get(NEAR)

    assert (shown(response), labels(response, "daleko")["500"][-3:]) == ([], "(0)")


@pytest.mark.parametrize("blocks", ["by", "against"])
def test_request_of_somebody_whom_the_helper_is_not_to_meet_is_not_shown(
    page, helper, make_request, municipality, blocks
):
    requester = UserFactory()
    make_request(requester=requester)
    pair = {"by": helper.user, "against": requester}
    other = {"by": "against", "against": "by"}
    pair = pair if blocks == "by" else {other[name]: person for name, person in pair.items()}
    BlockFactory(municipality=municipality, **pair)

    assert shown(page.get(NEAR)) == []


@pytest.mark.parametrize("visit", [{"full": True}, {"cancelled": True}, {"over": True}])
def test_request_without_an_open_visit_is_not_shown(page, municipality, wirek, shopping, visit):
    help_request = HelpRequestFactory(municipality=municipality, neighbourhood=wirek, category=shopping, cell=HOME)
    VisitFactory(help_request=help_request, **visit)

    assert shown(page.get(NEAR)) == []


def test_visit_that_has_begun_is_not_shown(page, make_request):
    make_request(starts_at=NOW - timedelta(minutes=5))

    assert shown(page.get(NEAR)) == []


def test_weekly_request_is_shown_once_with_its_next_time(page, make_request):
    help_request = make_request()
    for week in (1, 2):
        VisitFactory(help_request=help_request, starts_at=NOW + timedelta(days=1, weeks=week))

    [(_distance, [near])] = page.get(NEAR).context["groups"]

    assert (near.visit.starts_at, near.others) == (NOW + timedelta(days=1), 2)


def test_of_several_times_the_first_that_suits_is_shown(page, helper, make_request):
    help_request = make_request()
    fitting = VisitFactory(help_request=help_request, starts_at=NOW + timedelta(days=2))
    CommitmentFactory(visit=VisitFactory(starts_at=NOW + timedelta(days=1)), volunteer=helper.user)

    [(_distance, [near])] = page.get(NEAR).context["groups"]

    assert (near.visit, near.fits) == (fitting, True)


def test_words_that_are_held_back_are_not_shown(page, make_request):
    make_request(words="Tajne, tel. 512 345 678", words_held_back=True)

    assert "Tajne" not in page.get(NEAR).content.decode()


def test_nothing_exact_is_shown(page, make_request):
    make_request(rows=1)

    text = page.get(NEAR).content.decode()

    for private in ("Zofia", "601", "Zmyślona", str(HOME), "50.28", "18.86"):
        assert private not in text


def test_two_homes_in_one_cell_look_the_same(page, make_request):
    """The cell is all that either side's home is known by."""
    make_request(rows=1)
    before = page.get(NEAR).context["groups"]

    VolunteerProfile.objects.update(home_cell=cell_at(50.2801, 18.8601))

    assert page.get(NEAR).context["groups"] == before


# --- What suits -------------------------------------------------------------------------------------------------------


def test_what_suits_says_why(page, make_request):
    help_request = make_request()

    response = page.get(NEAR)

    assert shown(response) == [(help_request, True)]
    assert response.context["groups"][0][1][0].reasons


@pytest.mark.parametrize("reason", ["wrong_category", "not_free", "overlap", "paused"])
def test_what_does_not_suit_says_why_not(page, helper, make_request, reason):
    facts = {}
    if reason == "wrong_category":
        facts["category"] = CategoryFactory()
    elif reason == "not_free":
        VolunteerProfile.objects.update(availability=[0] * 7)
    elif reason == "paused":
        VolunteerProfile.objects.update(paused_until=NOW.date() + timedelta(days=3))
    else:
        CommitmentFactory(visit=VisitFactory(starts_at=NOW + timedelta(days=1)), volunteer=helper.user)
    help_request = make_request(**facts)

    response = page.get(NEAR)

    assert shown(response) == [(help_request, False)]
    assert str(nearby.WHY_NOT[reason]) in response.content.decode()
    assert shown(page.get(NEAR, {"pasuje": "1"})) == []


# --- Filters ----------------------------------------------------------------------------------------------------------


def test_filters_of_kind_and_neighbourhood(page, make_request, municipality):
    bykowina = NeighbourhoodFactory(municipality=municipality, slug="bykowina")
    walk = CategoryFactory(code="walk")
    one, other = make_request(neighbourhood=bykowina), make_request(category=walk)

    assert requests_on(page.get(NEAR, {"gdzie": "bykowina"})) == [one]
    assert requests_on(page.get(NEAR, {"kategoria": "walk"})) == [other]
    assert requests_on(page.get(NEAR, {"kategoria": "walk", "gdzie": "bykowina"})) == []


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("dzis", [21]),
        ("jutro", [22]),
        ("weekend", [24, 25]),
        ("tydzien", [21, 22, 24, 25]),
        ("pozniej", [28]),
        ("", [21, 22, 24, 25, 28]),
    ],
)
def test_filter_by_day(page, make_request, day, found):
    for number in (21, 22, 24, 25, 28):
        make_request(starts_at=datetime(2027, 4, number, 18, tzinfo=WARSAW))

    response = page.get(NEAR, {"dzien": day})

    assert [it.open_visits[0].starts_at.astimezone(WARSAW).day for it in requests_on(response)] == found


@pytest.mark.parametrize(("part", "found"), [("rano", [8, 11]), ("popoludnie", [12, 16]), ("wieczor", [17, 20])])
def test_filter_by_part_of_the_day(page, make_request, part, found):
    for hour in (8, 11, 12, 16, 17, 20):
        make_request(starts_at=datetime(2027, 4, 23, hour, tzinfo=WARSAW))

    response = page.get(NEAR, {"pora": part})

    assert [it.open_visits[0].starts_at.astimezone(WARSAW).hour for it in requests_on(response)] == found


@pytest.mark.parametrize(
    ("day", "part", "is_found"),
    [
        # It is noon: the morning of today is over, that of the last day is not.
        ("dzis", "rano", False),
        ("dzis", "wieczor", True),
        ("jutro", "rano", True),
        ("weekend", "", False),
        ("", "rano", True),
    ],
)
def test_visit_whose_hour_is_free_is_found_when_it_can_be_made(page, make_request, day, part, is_found):
    until = datetime(2027, 4, 23, 21, tzinfo=WARSAW)
    make_request(starts_at=NOW - timedelta(hours=5), visit={"is_flexible": True, "ends_at": until})

    assert bool(shown(page.get(NEAR, {"dzien": day, "pora": part}))) == is_found


def test_free_hour_of_today_only_is_not_found_in_the_morning(page, make_request):
    make_request(
        starts_at=NOW - timedelta(hours=1),
        visit={"is_flexible": True, "ends_at": datetime(2027, 4, 21, 21, tzinfo=WARSAW)},
    )

    assert shown(page.get(NEAR, {"pora": "rano"})) == []


@pytest.mark.parametrize(
    "moment", [datetime(2027, 3, 27, 12, tzinfo=WARSAW), datetime(2027, 10, 30, 12, tzinfo=WARSAW)]
)
def test_tomorrow_holds_on_the_nights_when_clocks_change(page, helper, clock, make_request, moment):
    clock.move_to(moment)
    page.force_login(helper.user)
    hours = [(1, 6), (1, 20), (2, 6)]
    for days, hour in hours:
        make_request(starts_at=(moment + timedelta(days=days)).replace(hour=hour))

    response = page.get(NEAR, {"dzien": "jutro"})

    assert [it.open_visits[0].starts_at.astimezone(WARSAW).hour for it in requests_on(response)] == [6, 20]


@pytest.mark.parametrize(
    "value", ["\x00", "a" * 5000, "-1", "501", "[]", "\u202e", "9" * 400, "WzEsMl0", "WyJhIiwgImIiLCAiYyJd", "%ff"]
)
def test_anything_in_the_address_is_answered(page, make_request, value):
    help_request = make_request()

    for names in (["kategoria", "gdzie", "daleko"], ["dzien", "pora", "pasuje", "inne"], ["after"], ["before"]):
        response = page.get(NEAR, dict.fromkeys(names, value))

        assert (response.status_code, requests_on(response)) == (200, [help_request])


def test_unknown_choice_is_told_and_shows_everything(page, make_request):
    help_request = make_request()

    response = page.get(NEAR, {"kategoria": "nieznana"})

    assert requests_on(response) == [help_request]
    assert "kategoria" in response.context["filter"].form.errors


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_choices_say_how_many_requests_there_are(page, make_request, municipality):
    NeighbourhoodFactory(municipality=municipality, name="Bykowina", slug="bykowina")
    walk = CategoryFactory(code="walk", name_pl="Spacer")
    make_request()
    make_request(rows=3, category=walk)
    make_request(rows=9)

    response = page.get(NEAR)

    assert (labels(response, "kategoria")["shopping"], labels(response, "kategoria")["walk"]) == (
        "Zakupy (1)", "Spacer (1)",
    )  # fmt: skip
    assert (labels(response, "gdzie")["wirek"], labels(response, "gdzie")["bykowina"]) == ("Wirek (2)", "Bykowina (0)")
    assert [labels(response, "daleko")[band][-3:] for band in ("500", "2000", "5000")] == ["(1)", "(2)", "(3)"]


def test_numbers_go_with_what_is_chosen(page, make_request):
    walk = CategoryFactory(code="walk", name_pl="Spacer")
    make_request()
    make_request(rows=9, category=walk)

    response = page.get(NEAR, {"kategoria": "walk", "daleko": "500"})

    assert labels(response, "kategoria")["walk"] == "Spacer (0)"
    assert labels(response, "gdzie")["wirek"] == "Wirek (0)"
    assert [labels(response, "daleko")[band][-3:] for band in ("500", "5000")] == ["(0)", "(1)"]


@pytest.mark.parametrize("choice", [{"dzien": "dzis"}, {"pora": "rano"}, {"pasuje": "1"}])
def test_no_number_stands_where_none_is_known(page, make_request, choice):
    make_request()

    response = page.get(NEAR, choice)

    assert labels(response, "kategoria")["shopping"] == "Zakupy"


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_pages_lead_on_and_back_and_keep_the_choice(page, make_request):
    made = [make_request(rows=number // 9, starts_at=NOW + timedelta(hours=number + 1)) for number in range(23)]

    first = page.get(NEAR, {"gdzie": "wirek"})
    second = page.get(NEAR + first.context["links"]["next_url"])
    back = page.get(NEAR + second.context["links"]["previous_url"])

    assert requests_on(first) + requests_on(second) == made
    assert requests_on(back) == made[:20]
    assert "gdzie=wirek" in first.context["links"]["next_url"]
    assert (second.context["links"]["next_url"], first.context["links"]["previous_url"]) == ("", "")


def test_pages_of_what_suits_leave_nothing_out(page, make_request, monkeypatch):
    monkeypatch.setattr(keyset, "SIFTED", 10)
    walk = CategoryFactory()
    made = [
        make_request(starts_at=NOW + timedelta(hours=number + 1), **({} if number % 3 == 0 else {"category": walk}))
        for number in range(25)
    ]

    found, address, pages = [], "?pasuje=1", 0
    while address:
        response = page.get(NEAR + address)
        found += requests_on(response)
        address, pages = response.context["links"]["next_url"], pages + 1

    assert (found, pages) == (made[::3], 3)


def test_page_of_what_suits_may_be_empty_and_go_on(page, make_request, monkeypatch):
    monkeypatch.setattr(keyset, "SIFTED", 5)
    walk = CategoryFactory()
    for number in range(5):
        make_request(starts_at=NOW + timedelta(hours=number + 1), category=walk)
    fitting = make_request(starts_at=NOW + timedelta(hours=9))

    first = page.get(NEAR, {"pasuje": "1"})
    second = page.get(NEAR + first.context["links"]["next_url"])
    back = page.get(NEAR + second.context["links"]["previous_url"])

    assert (requests_on(first), requests_on(second), requests_on(back)) == ([], [fitting], [])
    assert back.context["links"]["next_url"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", ["", "?pasuje=1", "?kategoria=shopping&gdzie=wirek&dzien=tydzien&pora=rano"])
def test_page_costs_the_same_for_any_number_of_rows(page, make_request, queries_of, rows, address):
    for number in range(rows):
        make_request(rows=number, starts_at=datetime(2027, 4, 23, 9, tzinfo=WARSAW))

    assert queries_of(page, NEAR + address) == 17


# --- The map ----------------------------------------------------------------------------------------------------------


def test_map_says_what_its_list_says(page, make_request, municipality):
    NeighbourhoodFactory(municipality=municipality, name="Bykowina", latitude=50.29, longitude=18.87)
    make_request()

    drawn = page.get(NEAR).context["map"]

    assert {(it.place["neighbourhood"].name, it.place["number"]) for it in drawn.circles} == {
        ("Bykowina", 0), ("Wirek", 1),
    }  # fmt: skip
    assert [place["number"] for place in drawn.places] == [0, 1]
    assert all(0 <= circle.x <= drawn.width and 0 <= circle.y <= drawn.height for circle in drawn.circles)


def test_neighbourhood_of_the_list_leads_to_its_requests(page, make_request):
    make_request()

    [place] = page.get(NEAR, {"kategoria": "shopping", "after": "x"}).context["map"].places

    assert place["address"] == "?kategoria=shopping&gdzie=wirek"


@pytest.mark.parametrize("count", [1, 2, 12])
def test_neighbourhoods_at_one_point_are_drawn_all_the_same(page, municipality, count):
    for number in range(count):
        NeighbourhoodFactory(municipality=municipality, slug=f"n{number}", latitude=50.28, longitude=18.86)

    assert len(page.get(NEAR).context["map"].circles) == count + 1


def test_map_without_neighbourhoods_is_no_map(page, municipality, wirek, helper):
    VolunteerProfile.objects.update(home_neighbourhood=None)
    wirek.delete()

    response = page.get(NEAR)

    assert (response.status_code, '<svg class="map"' in response.content.decode()) == (200, False)


# --- Nothing there ----------------------------------------------------------------------------------------------------


def test_empty_page_says_how_far_was_looked(page):
    response = page.get(NEAR)

    assert (response.status_code, response.context["groups"]) == (200, [])


def test_choice_without_a_find_offers_everything(page, make_request):
    make_request()
    CategoryFactory(code="snow")

    response = page.get(NEAR, {"kategoria": "snow"})

    assert requests_on(response) == []
    assert f'href="{NEAR}"' in response.content.decode()


def test_own_page_leads_here(page):
    assert f'href="{NEAR}"' in page.get("/pomagam/").content.decode()
