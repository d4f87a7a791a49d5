"""The public list of requests, which tells a burglar nothing, and one's own page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipationFactory,
    StandingFactory,
    VisitFactory,
)
from volunteering.domain import help_requests

pytestmark = pytest.mark.django_db

LIST = "/prosby/"
MINE = "/moje/"
WARSAW = ZoneInfo("Europe/Warsaw")
# A Wednesday; the Sunday of this week is the 25th.
NOW = datetime(2027, 4, 21, 12, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(client, municipality):
    """The client of a stranger on the centre's own host."""
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def helper(page, municipality):
    """An active helper, signed in."""
    user = UserFactory()
    StandingFactory(municipality=municipality, volunteer=user)
    page.force_login(user)
    return user


@pytest.fixture
def make_request(municipality):
    """Makes a listed request that needs somebody at `starts_at`."""

    def make(*, starts_at=NOW + timedelta(days=1), visit=(), **facts):
        help_request = HelpRequestFactory(municipality=municipality, **facts)
        VisitFactory(help_request=help_request, starts_at=starts_at, **dict(visit))
        return help_request

    return make


def listed(response):
    return [row["help_request"] for row in response.context["found"]["rows"]]


# --- For everybody ----------------------------------------------------------------------------------------------------


def test_strangers_read_category_neighbourhood_and_week_only(page, make_request):
    help_request = make_request(words="Tajne zakupy dla Zofii", starts_at=datetime(2027, 4, 22, 15, 40, tzinfo=WARSAW))

    text = page.get(LIST).content.decode()

    assert help_request.category.name in text
    assert help_request.neighbourhood.name in text
    for private in ("Tajne", help_request.reference, "15:40", "22 kwietnia", "2027-04-22", "Zmyślona", "601"):
        assert private not in text


def test_page_of_strangers_touches_no_session_and_is_the_same_for_all(page, make_request):
    make_request()

    first, second = page.get(LIST), page.get(LIST)

    assert not first.cookies
    assert not Session.objects.exists()
    assert first.content == second.content


def test_person_without_a_standing_reads_no_more_than_a_stranger(page, make_request):
    make_request(words="Tajne zakupy")
    page.force_login(UserFactory())

    assert "Tajne" not in page.get(LIST).content.decode()


@pytest.mark.parametrize("trait", ["applied", "met", "suspended", "ended"])
def test_person_who_is_no_active_helper_reads_no_words(page, municipality, make_request, trait):
    make_request(words="Tajne zakupy")
    user = UserFactory()
    StandingFactory(municipality=municipality, volunteer=user, **{trait: True})
    page.force_login(user)

    assert "Tajne" not in page.get(LIST).content.decode()


def test_helper_of_another_municipality_reads_no_words(page, make_request):
    make_request(words="Tajne zakupy")
    user = UserFactory()
    StandingFactory(volunteer=user)
    page.force_login(user)

    assert "Tajne" not in page.get(LIST).content.decode()


def test_helper_reads_words_day_and_hour(page, helper, make_request):
    help_request = make_request(words="Tajne zakupy", starts_at=datetime(2027, 4, 22, 15, 40, tzinfo=WARSAW))

    text = page.get(LIST).content.decode()

    for told in ("Tajne zakupy", "15:40", help_request.get_absolute_url()):
        assert told in text


def test_helper_does_not_read_words_that_are_held_back(page, helper, make_request):
    make_request(words="Tajne, tel. 512 345 678", words_held_back=True)

    assert "Tajne" not in page.get(LIST).content.decode()


@pytest.mark.parametrize("trait", ["draft", "awaiting_review", "filled", "done", "cancelled"])
def test_requests_that_are_not_open_are_not_listed(page, make_request, trait):
    make_request(**{trait: True})

    assert listed(page.get(LIST)) == []


def test_protected_request_is_not_listed(page, helper, make_request):
    make_request(protected=True)

    response = page.get(LIST)

    assert (listed(response), response.context["found"]["count"]) == ([], "0")


@pytest.mark.parametrize("visit", [{"full": True}, {"cancelled": True}, {"over": True}])
def test_request_without_an_open_visit_is_not_listed(page, municipality, visit):
    VisitFactory(help_request=HelpRequestFactory(municipality=municipality), **visit)

    assert listed(page.get(LIST)) == []


def test_request_with_many_visits_is_listed_once(page, municipality):
    help_request = HelpRequestFactory(municipality=municipality)
    VisitFactory.create_batch(3, help_request=help_request)

    response = page.get(LIST)

    assert (listed(response), response.context["found"]["count"]) == ([help_request], "1")


def test_other_municipality_is_not_listed(page):
    VisitFactory(help_request=HelpRequestFactory())

    assert listed(page.get(LIST)) == []


def test_newest_comes_first(page, make_request):
    old = make_request(published_at=NOW - timedelta(days=2))
    new = make_request(published_at=NOW - timedelta(hours=1))

    assert listed(page.get(LIST)) == [new, old]


# --- Filters ----------------------------------------------------------------------------------------------------------


def test_filter_by_category(page, make_request):
    wanted = make_request(category=CategoryFactory(code="snow"))
    make_request()

    assert listed(page.get(LIST, {"kategoria": "snow"})) == [wanted]


def test_filter_by_neighbourhood(page, municipality, make_request):
    wanted = make_request(neighbourhood=NeighbourhoodFactory(municipality=municipality, slug="wirek"))
    make_request()

    assert listed(page.get(LIST, {"gdzie": "wirek"})) == [wanted]


@pytest.mark.parametrize(
    ("week", "day"), [("ten", 22), ("ten", 25), ("nastepny", 26), ("nastepny", 30), ("pozniej", 3), ("pozniej", 20)]
)
def test_filter_by_week(page, make_request, week, day):
    month = 5 if week == "pozniej" else 4
    wanted = make_request(starts_at=datetime(2027, month, day, 10, tzinfo=WARSAW))
    others = {"ten", "nastepny", "pozniej"} - {week}

    assert listed(page.get(LIST, {"kiedy": week})) == [wanted]
    assert [listed(page.get(LIST, {"kiedy": other})) for other in others] == [[], []]


def test_week_of_a_request_stands_on_its_card(page, make_request):
    for day in (3, 9, 15):
        make_request(starts_at=NOW + timedelta(days=day), published_at=NOW - timedelta(days=day))

    weeks = [str(row["week"]) for row in page.get(LIST, headers={"cookie": "language=en"}).context["found"]["rows"]]

    assert weeks == ["this week", "next week", "later"]


def test_request_of_several_weeks_is_found_in_each(page, municipality):
    help_request = HelpRequestFactory(municipality=municipality)
    VisitFactory(
        help_request=help_request, starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=20), is_flexible=True
    )

    assert [listed(page.get(LIST, {"kiedy": week})) for week in ("ten", "nastepny", "pozniej")] == [[help_request]] * 3


def test_helper_searches_words_without_polish_letters(page, helper, make_request):
    wanted = make_request(words="Żółte światło", search_text="zolte swiatlo")
    make_request(words="Zakupy", search_text="zakupy")

    assert listed(page.get(LIST, {"slowa": "SWIATŁO żółte"})) == [wanted]


def test_strangers_cannot_search_words(page, make_request):
    first = make_request(search_text="zolte", published_at=NOW - timedelta(hours=2))
    second = make_request(search_text="zakupy", published_at=NOW - timedelta(hours=1))

    assert listed(page.get(LIST, {"slowa": "zolte"})) == [second, first]


@pytest.mark.parametrize(
    "value", ["\x00", "a" * 10_000, "-1", "[]", "\u202e", "9" * 400, "WzEsMl0", "WyJhIiwgImIiXQ", "%ff"]
)
def test_anything_in_the_address_is_answered(page, helper, make_request, value):
    make_request()

    for names in (["kategoria", "gdzie", "kiedy", "nieznane"], ["slowa"], ["after"], ["before"]):
        assert page.get(LIST, dict.fromkeys(names, value)).status_code == 200


def test_neighbourhoods_of_other_municipalities_cannot_be_chosen(page, make_request):
    NeighbourhoodFactory(slug="obca")
    make_request()

    choices = dict(page.get(LIST).context["filter"].form.fields["gdzie"].choices)

    assert "obca" not in choices


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_pages_lead_on_and_back_and_keep_the_filters(page, make_request, municipality):
    neighbourhood = NeighbourhoodFactory(municipality=municipality, slug="wirek")
    made = [
        make_request(neighbourhood=neighbourhood, published_at=NOW - timedelta(hours=number)) for number in range(23)
    ]

    first = page.get(LIST, {"gdzie": "wirek"})
    second = page.get(LIST + first.context["found"]["links"]["next_url"])
    back = page.get(LIST + second.context["found"]["links"]["previous_url"])

    assert listed(first) + listed(second) == made
    assert listed(back) == made[:20]
    assert "gdzie=wirek" in first.context["found"]["links"]["next_url"]
    assert second.context["found"]["links"]["next_url"] == ""


def test_requests_published_at_one_moment_are_neither_lost_nor_doubled(page, make_request):
    made = {make_request(published_at=NOW - timedelta(hours=1)) for _number in range(25)}

    first = page.get(LIST)
    second = page.get(LIST + first.context["found"]["links"]["next_url"])

    assert len(listed(first)) + len(listed(second)) == 25
    assert {*listed(first), *listed(second)} == made


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_a_stranger_costs_the_same_for_any_number_of_rows(page, make_request, queries_of, rows):
    for _number in range(rows):
        make_request()

    assert queries_of(page, LIST) == 5


def test_numbers_beside_the_filters_cost_nothing_once_they_are_kept(page, make_request):
    """Rows that are in no cache: an address that nobody has asked for yet."""
    make_request()
    page.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        page.get(LIST, {"n": "1"})

    assert sum('"volunteering_' in query["sql"] for query in queries) == 3


def test_choices_say_how_many_requests_are_listed(page, municipality, make_request):
    snow, wirek = CategoryFactory(code="snow", name_pl="Śnieg"), NeighbourhoodFactory(municipality=municipality)
    make_request(category=snow, neighbourhood=wirek)
    make_request(category=snow)
    make_request(category=snow, protected=True)
    HelpRequestFactory(category=snow)

    def label(response, name, value):
        return dict(response.context["filter"].form.fields[name].choices)[value]

    assert label(page.get(LIST), "kategoria", "snow") == "Śnieg (2)"
    assert label(page.get(LIST, {"gdzie": wirek.slug}), "kategoria", "snow") == "Śnieg (1)"
    assert label(page.get(LIST, {"kategoria": "snow"}), "gdzie", wirek.slug) == f"{wirek.name} (1)"
    assert label(page.get(LIST, {"kiedy": "ten"}), "kategoria", "snow") == "Śnieg"


def test_numbers_change_with_the_list(page, municipality, make_request, django_capture_on_commit_callbacks):
    help_request = make_request(category=CategoryFactory(code="snow", name_pl="Śnieg"))
    before = page.get(LIST).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        help_requests.cancel(help_request, actor=None)

    assert "Śnieg (1)" in before
    assert "Śnieg (0)" in page.get(LIST).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_a_helper_costs_the_same_for_any_number_of_rows(page, helper, make_request, queries_of, rows):
    for _number in range(rows):
        make_request()

    assert queries_of(page, LIST) == 6


def test_words_that_staff_have_cut_are_gone_at_once(
    page, helper, make_request, municipality, django_capture_on_commit_callbacks
):
    help_request = make_request(words="Proszę pukać do Zielińskiej.")
    before = page.get(LIST).content.decode()
    coordinator = MembershipFactory(municipality=municipality).user

    with django_capture_on_commit_callbacks(execute=True):
        help_requests.rewrite_words(help_request, actor=coordinator, text="Proszę pukać.")

    assert "Zielińskiej" in before
    assert "Zielińskiej" not in page.get(LIST).content.decode()


def test_kept_list_of_a_helper_is_not_shown_to_strangers(page, helper, make_request):
    make_request(words="Proszę pukać do Zielińskiej.")
    as_helper = page.get(LIST).content.decode()

    page.logout()

    assert "Zielińskiej" in as_helper
    assert "Zielińskiej" not in page.get(LIST).content.decode()


# --- Nothing there ----------------------------------------------------------------------------------------------------


def test_empty_list_offers_both_doors(page):
    text = page.get(LIST).content.decode()

    assert 'href="/prosby/nowa/"' in text
    assert 'href="/pomagam/"' in text


def test_filter_without_a_find_offers_all(page, make_request):
    make_request()
    CategoryFactory(code="snow")

    response = page.get(LIST, {"kategoria": "snow"})

    assert listed(response) == []
    assert f'href="{LIST}"' in response.content.decode()


# --- My page ----------------------------------------------------------------------------------------------------------


def test_my_page_asks_strangers_to_sign_in(page):
    assert page.get(MINE).status_code == 302


def test_my_page_shows_my_requests_and_nobody_elses(page, municipality):
    user = UserFactory()
    page.force_login(user)
    current = HelpRequestFactory(municipality=municipality, requester=user)
    past = HelpRequestFactory(municipality=municipality, requester=user, cancelled=True)
    HelpRequestFactory(municipality=municipality)
    HelpRequestFactory(municipality=municipality, cancelled=True)

    context = page.get(MINE).context

    assert (context["current"], context["past"]) == ([current], [past])


def test_my_page_shows_only_this_municipality(page):
    user = UserFactory()
    page.force_login(user)
    HelpRequestFactory(requester=user)

    assert page.get(MINE).context["current"] == []


def test_my_page_counts_promises_and_lists_meetings(page, municipality, make_request):
    user = UserFactory()
    page.force_login(user)
    StandingFactory(municipality=municipality, volunteer=user)
    visit = make_request().visits.get()
    CommitmentFactory(visit=visit, volunteer=user)
    CommitmentFactory(visit=make_request().visits.get(), volunteer=user, withdrawn=True)
    initiative = InitiativeFactory(municipality=municipality)
    own = ParticipationFactory(meeting=MeetingFactory(initiative=initiative), user=user)
    ParticipationFactory(meeting=MeetingFactory(initiative=initiative), user=user, left=True)
    ParticipationFactory(meeting=MeetingFactory(initiative=initiative, cancelled=True), user=user)
    ParticipationFactory(meeting=MeetingFactory(initiative=initiative))

    context = page.get(MINE).context

    assert (context["promises"], context["sign_ups"]) == (1, [own])


def test_my_empty_page_offers_what_one_can_do(page):
    page.force_login(UserFactory())

    text = page.get(MINE).content.decode()

    for door in ("/prosby/nowa/", "/pomagam/", "/inicjatywy/"):
        assert f'href="{door}"' in text


def test_my_page_reminds_of_a_request_that_was_begun(page):
    CategoryFactory(code="shopping")
    page.force_login(UserFactory())
    page.post("/prosby/nowa/", {"category": "shopping"})

    assert page.get(MINE).context["has_draft"]


def test_my_page_is_never_stored(page):
    page.force_login(UserFactory())

    assert "no-store" in page.get(MINE)["Cache-Control"]


@pytest.mark.parametrize("rows", [1, 3])
def test_my_page_costs_the_same_for_any_number_of_rows(page, municipality, make_request, queries_of, rows):
    user = UserFactory()
    page.force_login(user)
    initiative = InitiativeFactory(municipality=municipality)
    for _number in range(rows):
        make_request(requester=user)
        HelpRequestFactory(municipality=municipality, requester=user, done=True)
        ParticipationFactory(meeting=MeetingFactory(initiative=initiative), user=user)

    assert queries_of(page, MINE) == 8


def test_organiser_finds_no_words_on_the_public_list(page, municipality, make_request):
    """Staff read requests at the desk, behind their second factor."""
    make_request(words="Tajne zakupy")
    user = UserFactory()
    MembershipFactory(user=user, municipality=municipality)
    page.force_login(user)

    assert "Tajne" not in page.get(LIST).content.decode()
