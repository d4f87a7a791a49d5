"""Following by a button, the page of what I follow, and what strangers cannot do."""

import json

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from accounts.domain import people
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    FollowFactory,
    HelpRequestFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    StandingFactory,
    VisitFactory,
    WatchFactory,
)
from volunteering.domain import follows
from volunteering.models import Digest, Follow, Rhythm, Watch

pytestmark = pytest.mark.django_db

PAGE = "/moje/obserwowane/"
NEW_WATCH = f"{PAGE}nowa-prosba/"


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def page(client, municipality, person):
    """The client of a signed-in person, on the centre's own host."""
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    client.force_login(person)
    return client


@pytest.fixture
def stranger(municipality):
    return Client(HTTP_HOST=municipality.site.hostname)


@pytest.fixture
def helper(municipality, person):
    StandingFactory(municipality=municipality, volunteer=person)
    return person


@pytest.fixture
def initiative(municipality):
    return InitiativeFactory(municipality=municipality)


@pytest.fixture
def things(municipality, initiative):
    """Addresses of things that can be followed."""
    place = NeighbourhoodFactory(municipality=municipality)
    return {
        "okolica": (f"{PAGE}nowe/okolica/{place.slug}/", place),
        "rodzaj": (f"{PAGE}nowe/rodzaj/{initiative.kind.code}/", initiative.kind),
        "inicjatywa": (f"{PAGE}nowe/inicjatywa/{initiative.slug}/", initiative),
    }


@pytest.fixture
def help_request(municipality):
    return VisitFactory(help_request=HelpRequestFactory(municipality=municipality)).help_request


# Following ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["okolica", "rodzaj", "inicjatywa"])
def test_a_press_follows_and_leads_back(page, things, what):
    address, thing = things[what]

    response = page.post(address, {"wroc": "/inicjatywy/"})

    assert response["Location"] == "/inicjatywy/"
    assert Follow.objects.get().thing == thing


def test_by_get_there_is_a_page_with_the_button_and_nothing_is_written(page, things):
    response = page.get(things["inicjatywa"][0])

    assert response.status_code == 200
    assert not Follow.objects.exists()


def test_the_rhythm_can_be_chosen_there(page, things):
    page.post(things["rodzaj"][0], {"czesto": "weekly"})

    assert Follow.objects.get().rhythm == Rhythm.WEEKLY
    assert Digest.objects.exists()


@pytest.mark.parametrize("path", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(page, things, path):
    assert page.post(things["rodzaj"][0], {"wroc": path})["Location"] == PAGE


def test_a_rhythm_that_is_none_is_refused(page, things):
    assert page.post(things["rodzaj"][0], {"czesto": "hourly"}).status_code == 200
    assert not Follow.objects.exists()


@pytest.mark.parametrize("path", ["okolica/nigdzie/", "rodzaj/nic/", "inicjatywa/nic/", "gmina/nic/"])
def test_what_is_not_there_is_not_followed(page, path):
    assert page.post(f"{PAGE}nowe/{path}").status_code == 404


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}, {"closed": True}])
def test_what_cannot_be_read_or_joined_is_not_followed(page, municipality, facts):
    initiative = InitiativeFactory(municipality=municipality, **facts)

    assert page.post(f"{PAGE}nowe/inicjatywa/{initiative.slug}/").status_code == 404


def test_an_initiative_elsewhere_is_not_followed(page):
    with scopes_disabled():
        initiative = InitiativeFactory()

    assert page.post(f"{PAGE}nowe/inicjatywa/{initiative.slug}/").status_code == 404


def test_beyond_the_cap_the_page_says_so(page, person, municipality, things, monkeypatch):
    monkeypatch.setattr(follows, "MOST_FOLLOWS", 1)
    follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())

    assert page.post(things["rodzaj"][0]).status_code == 409


def test_strangers_sign_in_and_come_back_to_the_button(stranger, things, initiative):
    address = things["inicjatywa"][0]

    shown = stranger.get(initiative.get_absolute_url()).text
    sent = stranger.post(address)

    assert f"?next={address}%3Fwroc%3D" in shown or f"?next={address}%3Fwroc=" in shown
    assert "csrfmiddlewaretoken" not in shown
    assert sent.status_code == 302
    assert f"next={address}" in sent["Location"]


def test_the_page_of_an_initiative_shows_whether_it_is_followed(page, person, municipality, initiative):
    before = page.get(initiative.get_absolute_url()).text
    wish = follows.follow(person, municipality=municipality, initiative=initiative)
    after = page.get(initiative.get_absolute_url()).text

    assert f"{PAGE}okolica/{wish.pk}/koniec/" not in before
    assert f"{PAGE}okolica/{wish.pk}/koniec/" in after


def test_the_list_offers_what_was_chosen(page, initiative, things):
    assert things["rodzaj"][0] not in page.get("/inicjatywy/").text
    assert things["rodzaj"][0] in page.get(f"/inicjatywy/?rodzaj={initiative.kind.code}").text


def test_a_broken_filter_offers_nothing(page):
    assert page.get("/inicjatywy/?rodzaj=nic").status_code == 200


def test_a_closed_group_has_no_button(page, municipality):
    initiative = InitiativeFactory(municipality=municipality, closed=True)

    assert "/nowe/inicjatywa/" not in page.get(initiative.get_absolute_url()).text


# Watching -------------------------------------------------------------------------------------------------------------


def test_a_helper_watches_from_the_page_of_a_request(page, helper, help_request):
    shown = page.get(help_request.get_absolute_url()).text
    answers = {"kategoria": help_request.category.code, "gdzie": help_request.neighbourhood.slug, "slowa": ""}
    response = page.post(NEW_WATCH, answers)

    watch = Watch.objects.get()
    assert NEW_WATCH in shown
    assert response["Location"] == PAGE
    assert (watch.category, watch.neighbourhood) == (help_request.category, help_request.neighbourhood)


def test_the_list_keeps_what_was_chosen(page, helper, help_request):
    assert 'name="kategoria" value=' not in page.get("/prosby/").text.replace("select", "")
    chosen = page.get(f"/prosby/?kategoria={help_request.category.code}&slowa=leki").text

    assert f'name="kategoria" value="{help_request.category.code}"' in chosen
    assert 'name="slowa" value="leki"' in chosen


def test_the_form_takes_everything(page, helper, help_request):
    page.get(f"{NEW_WATCH}?kategoria={help_request.category.code}")
    page.post(
        NEW_WATCH,
        {
            "gdzie": help_request.neighbourhood.slug,
            "dookola": "2000",
            "dni": "weekends",
            "slowa": "żółw",
            "czesto": "daily",
        },
    )

    watch = Watch.objects.get()
    assert (watch.around, watch.times, watch.words, watch.rhythm) == (2000, "weekends", "zolw", "daily")


@pytest.mark.parametrize(
    "answers",
    [
        {"kategoria": "nic"},
        {"gdzie": "nigdzie"},
        {"dookola": "7"},
        {"dni": "never"},
        {"slowa": "x" * 61},
        {"kategoria": "\x00"},
    ],
)
def test_answers_that_are_none_are_shown_again(page, helper, answers):
    assert page.post(NEW_WATCH, answers).status_code == 200
    assert not Watch.objects.exists()


def test_without_kind_and_place_the_form_says_why(page, helper):
    assert page.post(NEW_WATCH, {"slowa": "leki"}).status_code == 409


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_does_not_help_here_cannot_watch(page, help_request, method):
    assert getattr(page, method)(NEW_WATCH, {"kategoria": help_request.category.code}).status_code == 404


def test_strangers_have_no_such_button(stranger, help_request):
    assert NEW_WATCH not in stranger.get("/prosby/").text


# What I follow --------------------------------------------------------------------------------------------------------


def test_the_page_of_who_follows_nothing(page):
    shown = page.get(PAGE).text

    assert 'class="empty"' in shown
    assert NEW_WATCH not in shown


def test_the_page_of_a_helper_leads_to_watching(page, helper):
    assert NEW_WATCH in page.get(PAGE).text


def test_the_page_asks_strangers_to_sign_in(stranger):
    assert stranger.get(PAGE).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number(page, helper, municipality, django_assert_num_queries, count):
    for _number in range(count):
        WatchFactory(user=helper, municipality=municipality, category=CategoryFactory())
        FollowFactory(user=helper, municipality=municipality, kind=InitiativeKindFactory())
        FollowFactory(user=helper, municipality=municipality, initiative=InitiativeFactory(municipality=municipality))
    page.get(PAGE)

    with django_assert_num_queries(9):
        page.get(PAGE)


def test_rhythm_hour_and_end(page, person, municipality):
    wish = follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())

    page.post(f"{PAGE}okolica/{wish.pk}/", {"czesto": "daily"})
    page.post(f"{PAGE}godzina/", {"godzina": "7"})
    assert Follow.objects.get().rhythm == Rhythm.DAILY
    assert Digest.objects.get().hour == 7

    assert page.post(f"{PAGE}okolica/{wish.pk}/koniec/")["Location"] == PAGE
    assert page.post(f"{PAGE}okolica/{wish.pk}/koniec/")["Location"] == PAGE
    assert not Follow.objects.exists()


@pytest.mark.parametrize("hour", ["2", "22", "x", ""])
def test_hours_at_night_are_not_taken(page, person, municipality, hour):
    follows.follow(person, municipality=municipality, kind=InitiativeKindFactory(), rhythm=Rhythm.DAILY)

    page.post(f"{PAGE}godzina/", {"godzina": hour})

    assert Digest.objects.get().hour == 18


def test_nobody_changes_what_others_wish(page, municipality):
    other = FollowFactory(municipality=municipality, kind=InitiativeKindFactory())

    assert page.post(f"{PAGE}okolica/{other.pk}/", {"czesto": "weekly"}).status_code == 404
    assert page.post(f"{PAGE}prosby/{other.pk}/", {"czesto": "weekly"}).status_code == 404
    page.post(f"{PAGE}okolica/{other.pk}/koniec/")

    assert Follow.objects.get().rhythm == Rhythm.LIVE


@pytest.mark.parametrize("path", ["okolica/1/", "okolica/1/koniec/", "godzina/"])
def test_looking_changes_nothing(page, path):
    assert page.get(f"{PAGE}{path}").status_code == 405


# Own data -------------------------------------------------------------------------------------------------------------


def test_my_data_holds_what_i_follow_and_an_erased_account_follows_nothing(helper, municipality):
    watch = WatchFactory(user=helper, municipality=municipality, category=CategoryFactory(), words="zolw")
    follow = follows.follow(
        helper, municipality=municipality, initiative=InitiativeFactory(municipality=municipality), rhythm=Rhythm.DAILY
    )

    exported = json.dumps(people.export(helper), default=str)
    people.erase_person(helper, actor=helper)

    assert watch.category.name_pl in exported
    assert follow.initiative.title in exported
    assert [model.objects.count() for model in (Watch, Follow, Digest)] == [0, 0, 0]
