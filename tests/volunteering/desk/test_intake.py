"""The phone rings: the whole request on one page, and what somebody rings about."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neighbourhoods.domain import whereabouts
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    CategoryFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    StandingFactory,
    VisitFactory,
    WhereaboutsFactory,
)
from tests.volunteering.desk.conftest import NASTY
from volunteering.models import HelpRequest, Visit
from volunteering.states import RequestState

pytestmark = pytest.mark.django_db

URL = "/biurko/telefon/"


@pytest.fixture
def told(category, neighbourhood):
    """What a caller tells: help within three days, at any hour."""
    today = timezone.localdate()
    return {
        "asker": "Zofia Wymyślona",
        "phone": "601 000 001",
        "whom": "me",
        "category": category.code,
        "words": "Drobne zakupy.",
        "neighbourhood": neighbourhood.slug,
        "street": "Zmyślona",
        "house": "7",
        "flat": "3",
        "timing": "flexible",
        "day": (today + timedelta(days=1)).isoformat(),
        "until": (today + timedelta(days=3)).isoformat(),
        "minutes": "60",
        "people": "1",
        "language": "pl",
        "intake_key": str(uuid.uuid4()),
    }


def home_of(help_request, staff):
    return whereabouts.reveal(help_request.whereabouts, to=staff, why="check", subject=help_request)


def test_the_page_asks_everything_at_once(organiser, told):
    text = organiser.get(URL).text

    assert [name for name in told if f'name="{name}"' not in text] == []


def test_a_call_becomes_a_request(organiser, told, category, neighbourhood):
    response = organiser.post(URL, told)

    help_request = HelpRequest.objects.get()
    assert response.url == reverse("desk:request_taken", args=[help_request.reference])
    assert (help_request.category, help_request.neighbourhood) == (category, neighbourhood)
    assert (help_request.requester, help_request.taken_down_by) == (None, organiser.user)
    assert (help_request.state, help_request.needs_call) == (RequestState.AWAITING_REVIEW, False)
    home = home_of(help_request, organiser.user)
    assert (home.person_name, home.phone, home.address) == ("Zofia Wymyślona", "+48601000001", "Zmyślona 7/3")


def test_staff_have_read_it_already(organiser, told):
    organiser.post(URL, told | {"publish": "on"})

    kinds = list(Event.objects.order_by("pk").values_list("kind", "actor"))
    assert HelpRequest.objects.get().state == RequestState.OPEN
    verbs = ("request_submit", "request_publish", "news_request")
    assert kinds == [(f"volunteering.{verb}", organiser.user.pk) for verb in verbs]


def test_for_somebody_else_that_person_is_rung_first(organiser, told):
    organiser.post(URL, told | {"whom": "other", "person": "Józef Wymyślony", "publish": "on"})

    help_request = HelpRequest.objects.get()
    assert (help_request.state, help_request.needs_call) == (RequestState.AWAITING_REVIEW, True)
    name = home_of(help_request, organiser.user).person_name
    assert "Józef Wymyślony" in name
    assert "Zofia Wymyślona" in name


def test_a_hidden_person_is_protected_from_the_first_minute(organiser, told):
    organiser.post(URL, told | {"protected": "on", "publish": "on"})

    help_request = HelpRequest.objects.get()
    assert (help_request.protected, help_request.state) == (True, RequestState.OPEN)
    assert not HelpRequest.objects.listed().exists()


def test_the_same_page_sent_twice_is_one_request(organiser, told):
    first, again = organiser.post(URL, told | {"publish": "on"}), organiser.post(URL, told | {"publish": "on"})

    assert first.url == again.url
    assert HelpRequest.objects.count() == 1


def test_two_calls_are_two_requests(organiser, told):
    keys = [organiser.get(URL).context["intake"].options["intake_key"].value() for _ in range(2)]

    for key in keys:
        organiser.post(URL, told | {"intake_key": str(key)})

    assert HelpRequest.objects.count() == 2


def test_a_known_account_is_linked_only_where_the_caller_agrees(organiser, told):
    caller = UserFactory(email="zofia@example.org")

    organiser.post(URL, told | {"email": "Zofia@example.org"})
    organiser.post(URL, told | {"email": "Zofia@example.org", "link": "on", "intake_key": str(uuid.uuid4())})

    assert [it.requester for it in HelpRequest.objects.order_by("pk")] == [None, caller]


@pytest.mark.parametrize("account", [{}, {"closed": True}], ids=["none", "closed"])
def test_an_account_that_is_not_there_is_said(organiser, told, account):
    if account:
        UserFactory(email="zofia@example.org", **account)

    response = organiser.post(URL, told | {"email": "zofia@example.org", "link": "on"})

    assert response.status_code == 200
    assert set(response.context["intake"].errors) == {"email"}
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(
    ("times", "span"),
    [
        ({"timing": "fixed", "at": "15:30"}, "15:30–16:30"),
        ({"timing": "fixed", "at": "15:30", "until": "kiedyś"}, "15:30–16:30"),
        ({"timing": "flexible", "at": "nigdy"}, "07:00–21:00"),
        ({"timing": "recurring", "at": "9"}, "09:00–10:00"),
    ],
)
def test_what_does_not_belong_to_the_kind_of_time_is_not_looked_at(organiser, told, times, span):
    organiser.post(URL, told | times)

    visit = Visit.objects.order_by("starts_at").first()
    ends = [timezone.localtime(moment).strftime("%H:%M") for moment in (visit.starts_at, visit.ends_at)]
    assert "–".join(ends) == span


REQUIRED = (
    "asker",
    "phone",
    "whom",
    "category",
    "words",
    "neighbourhood",
    "timing",
    "day",
    "until",
    "minutes",
    "people",
)


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_asked_and_the_rest_stays(organiser, told, name):
    response = organiser.post(URL, told | {name: ""})

    assert response.status_code == 200
    assert set(response.context["intake"].errors) == {name}
    assert "data-error-summary" in response.text
    assert [value for field, value in told.items() if field != name and value not in response.text] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2020-01-01"},
        {"day": "9999-12-31", "until": "9999-12-31"},
        {"day": "0001-01-01"},
        {"until": "2020-01-01"},
        {"timing": "fixed", "at": "2:30", "day": "2028-03-26"},
        {"timing": "sometime"},
        {"phone": "112"},
        {"category": "minors"},
        {"neighbourhood": "atlantis"},
        {"people": "21"},
        {"minutes": "61"},
        {"whom": "other"},
        {"house": ""},
    ],
)
def test_what_cannot_be_is_asked_again(organiser, told, wrong):
    CategoryFactory(code="minors", with_minors=True)

    response = organiser.post(URL, told | wrong)

    assert response.status_code == 200
    assert response.context["intake"].errors
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    "names",
    [[*REQUIRED, "email", "street", "house", "flat", "at", "intake_key"], ["words"], ["directions"]],
    ids=["all", "words", "directions"],
)
def test_no_answer_breaks_the_page(organiser, told, names, value):
    response = organiser.post(URL, told | dict.fromkeys(names, value))

    assert response.status_code in {200, 302}


def test_an_address_in_the_words_is_pointed_out_once(organiser, told):
    told |= {"words": "Zakupy, ul. Ogrodowa 7, tel. 512 345 678.", "publish": "on"}

    pointed_out = organiser.post(URL, told)
    kept = organiser.post(URL, told | {"keep": "on"})

    assert set(pointed_out.context["intake"].errors) == {"words"}
    assert 'name="keep"' in pointed_out.text
    assert kept.status_code == 302
    assert HelpRequest.objects.get().words_held_back


def test_the_errors_stand_in_the_order_of_the_page(organiser):
    intake = organiser.post(URL, {}).context["intake"]

    names = [field.name for field in intake.visible_fields() if field.errors]

    assert names[:4] == ["asker", "phone", "whom", "category"]


# The receipt ----------------------------------------------------------------------------------------------------------


def test_the_reference_is_read_out_with_initiatives(organiser, make_request, category, municipality):
    kind = InitiativeKindFactory()
    category.answered_by.set([kind])
    initiative = InitiativeFactory(municipality=municipality, kind=kind)
    help_request = make_request(awaiting_review=True)

    text = organiser.get(reverse("desk:request_taken", args=[help_request.reference])).text

    assert f'class="reference">{help_request.reference}<' in text
    assert initiative.title in text


# Who rings ------------------------------------------------------------------------------------------------------------


def ring(client, **answers):
    return client.post(reverse("desk:caller"), answers)


@pytest.mark.parametrize("typed", ["{code}-7K4M", "{code}7k4m", " 7k4m ", "{code} 7 k 4 m"])
def test_a_reference_leads_to_its_request(organiser, make_request, municipality, typed):
    help_request = make_request(reference=f"{municipality.code}-7K4M")

    response = ring(organiser, reference=typed.format(code=municipality.code))

    assert response.url == reverse("desk:request", args=[help_request.reference])


def test_a_phone_finds_requests_and_helpers(organiser, make_request, municipality):
    home = WhereaboutsFactory(municipality=municipality, phone="+48601000009")
    mine, _other = make_request(whereabouts=home), make_request()
    standing = StandingFactory(municipality=municipality, volunteer__phone="+48601000009")

    response = ring(organiser, phone="601 000 009")

    assert response.context["requests"] == [mine]
    assert response.context["standings"] == [standing]
    assert "Zmyślona" not in response.text
    assert not Event.objects.exists()


def test_a_phone_of_elsewhere_is_unknown_here(organiser):
    elsewhere = MunicipalityFactory()
    WhereaboutsFactory(municipality=elsewhere, phone="+48601000009")
    StandingFactory(municipality=elsewhere, volunteer__phone="+48601000009")

    response = ring(organiser, phone="601 000 009")

    assert 'class="empty"' in response.text


@pytest.mark.parametrize("answers", [{}, {"reference": "ZZ-9999"}, {"phone": "112"}])
def test_nothing_is_found_for_nothing(organiser, answers):
    response = ring(organiser, **answers)

    assert response.status_code == 200
    assert "data-error-summary" in response.text


@pytest.mark.parametrize("value", NASTY)
def test_no_caller_breaks_the_page(organiser, value):
    assert ring(organiser, reference=value).status_code == 200
    assert ring(organiser, phone=value).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_calls(organiser, make_request, frame, django_assert_num_queries, count):
    for _ in range(count):
        visit = VisitFactory(help_request=make_request(category=CategoryFactory()))
        StandingFactory(municipality=visit.help_request.municipality, volunteer__phone="+48601000001")

    with django_assert_num_queries(frame + 3):
        ring(organiser, phone="601 000 001")
