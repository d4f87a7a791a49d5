"""Requests at the desk: the list with its filters, the page of one, what staff do, and the look at an address."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neighbourhoods.domain.places import cell_of
from notifications.models import Event
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.volunteering import (
    AlertFactory,
    CategoryFactory,
    CommitmentFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
    WhereaboutsFactory,
)
from tests.volunteering.desk.conftest import NASTY
from volunteering.states import CommitmentState, RequestState

pytestmark = pytest.mark.django_db

SECRETS = ("Zmyślona 7/3", "601000001", "601 000 001", "Zofia Wymyślona", "domofon 3")


def page_of(help_request):
    return reverse("desk:request", args=[help_request.reference])


def act(client, name, help_request, **answers):
    return client.post(reverse(f"desk:request_{name}", args=[help_request.reference]), answers)


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


# The list -------------------------------------------------------------------------------------------------------------


def listed(client, query=""):
    return list(client.get(f"/biurko/prosby/?{query}").context["page"].rows)


def test_the_list_begins_with_what_is_under_way(organiser, make_request):
    waiting, opened, filled = make_request(awaiting_review=True), make_request(), make_request(filled=True)
    make_request(done=True)
    make_request(cancelled=True)

    assert listed(organiser) == [filled, opened, waiting]


@pytest.mark.parametrize("state", [RequestState.DONE, RequestState.CANCELLED, RequestState.OPEN])
def test_the_list_is_narrowed_by_state(organiser, make_request, state):
    wanted = make_request(state=state)
    make_request(awaiting_review=True)

    assert listed(organiser, f"stan={state}") == [wanted]
    assert len(listed(organiser, "stan=wszystkie")) == 2


def test_the_list_is_narrowed_by_category_and_place(organiser, make_request, municipality):
    garden = make_request(category=CategoryFactory(code="garden"))
    away = make_request(neighbourhood=NeighbourhoodFactory(municipality=municipality, slug="wirek"))

    assert listed(organiser, "kategoria=garden") == [garden]
    assert listed(organiser, "gdzie=wirek") == [away]


@pytest.mark.parametrize("words", ["żarówki", "ZAROWKI", "zarow wymia", "RS-7K4M", "rs 7k4m", "7k4m"])
def test_the_list_is_searched_by_words_and_reference(organiser, make_request, words):
    wanted = make_request(reference="RS-7K4M", search_text="wymiana zarowki w kuchni")
    make_request(search_text="zakupy")

    assert listed(organiser, f"slowa={words}") == [wanted]


@pytest.mark.parametrize("value", NASTY)
def test_no_filter_breaks_the_list(organiser, make_request, value):
    make_request()

    for fields in (["slowa"], ["stan", "kategoria", "gdzie"], ["after"], ["before"]):
        assert organiser.get("/biurko/prosby/", dict.fromkeys(fields, value)).status_code == 200


def test_the_list_goes_on_by_key(organiser, make_request):
    requests = [make_request() for _ in range(23)]

    first = organiser.get("/biurko/prosby/?stan=open")
    second = organiser.get(f"/biurko/prosby/{first.context['links']['next_url']}")

    assert [len(it.context["page"].rows) for it in (first, second)] == [20, 3]
    assert {*first.context["page"].rows, *second.context["page"].rows} == set(requests)
    assert "stan=open" in second.context["links"]["previous_url"]


def test_an_empty_list_says_so(organiser):
    assert 'class="empty"' in organiser.get("/biurko/prosby/?stan=done").text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_list(organiser, make_request, frame, django_assert_num_queries, count):
    for _ in range(count):
        make_request(category=CategoryFactory())

    with django_assert_num_queries(frame + 5):
        organiser.get("/biurko/prosby/")


# The page -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.DRAFT])
def test_the_page_shows_no_home_in_any_state(organiser, make_request, state):
    facts = {"case_number": "CUS/1"} if state == RequestState.REFERRED else {}
    help_request = make_request(state=state, by_phone=True, **facts)
    VisitFactory(help_request=help_request)

    response = organiser.get(page_of(help_request))

    assert response.status_code == 200
    assert [secret for secret in SECRETS if secret in response.text] == []
    assert kinds() == []


def test_the_page_tells_the_whole_story(organiser, make_request, category, municipality):
    kind = InitiativeKindFactory()
    category.answered_by.set([kind])
    initiative = InitiativeFactory(municipality=municipality, kind=kind)
    help_request = make_request(awaiting_review=True, words="Wymiana żarówki.")
    commitment = CommitmentFactory(visit=VisitFactory(help_request=help_request), note="Przyjadę autem.")
    alert = AlertFactory(visit=commitment.visit)
    act(organiser, "publish", help_request)

    text = organiser.get(page_of(help_request)).text

    people = (str(commitment.volunteer), str(alert.volunteer), str(organiser.user))
    for words in ("Wymiana żarówki.", "Przyjadę autem.", initiative.title, *people):
        assert words in text


def test_references_are_read_in_any_letters(organiser, make_request):
    help_request = make_request(reference="RS-7K4M")

    assert organiser.get("/biurko/prosby/rs-7k4m/").context["help_request"] == help_request


def helper_here(municipality, neighbourhood, category, **person):
    profile = VolunteerProfileFactory(
        home_neighbourhood=neighbourhood, categories=[category], **{f"user__{name}": it for name, it in person.items()}
    )
    StandingFactory(municipality=municipality, volunteer=profile.user)
    return profile.user


def test_who_could_help_is_proposed_with_reasons(organiser, make_request, municipality, neighbourhood, category):
    helper = helper_here(municipality, neighbourhood, category)
    visit = VisitFactory(help_request=make_request())

    context = organiser.get(page_of(visit.help_request)).context

    [candidate] = context["suggested"]
    assert candidate.person == helper
    assert candidate.reasons
    assert context["chosen"] == visit


def test_nobody_is_proposed_for_a_protected_request(organiser, make_request, municipality, neighbourhood, category):
    helper_here(municipality, neighbourhood, category)
    visit = VisitFactory(help_request=make_request(protected=True))

    assert organiser.get(page_of(visit.help_request)).context["suggested"] == []


@pytest.mark.parametrize("state", [RequestState.AWAITING_REVIEW, RequestState.FILLED, RequestState.DONE])
def test_helpers_are_looked_for_while_the_request_is_open(organiser, make_request, state):
    visit = VisitFactory(help_request=make_request(state=state))

    assert organiser.get(page_of(visit.help_request)).context["chosen"] is None


@pytest.mark.parametrize("name", ["Łucja", "lucja", "zoltak LUC", "Żółtak"])
def test_a_helper_looked_for_by_name_is_shown_with_what_speaks_against(organiser, make_request, municipality, name):
    standing = StandingFactory(municipality=municipality, volunteer__display_name="Łucja Żółtak")
    visit = VisitFactory(help_request=make_request())

    context = organiser.get(page_of(visit.help_request), {"osoba": name}).context

    [candidate] = context["found"]
    assert candidate.person == standing.volunteer
    assert candidate.against


@pytest.mark.parametrize("value", NASTY)
def test_no_name_breaks_the_page(organiser, make_request, value):
    visit = VisitFactory(help_request=make_request())

    assert organiser.get(page_of(visit.help_request), {"osoba": value, "wizyta": value}).status_code == 200


@pytest.fixture(params=[1, 3])
def long_story(request, organiser, make_request, municipality):
    """A request with one and with three of everything."""
    help_request = make_request()
    for number in range(request.param):
        visit = VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(days=2 + number))
        CommitmentFactory(visit=visit, released=True)
        AlertFactory(visit=visit)
        StandingFactory(municipality=municipality, volunteer__display_name="Łucja Żółtak")
        act(organiser, "reveal", help_request, reason="ring")
    return help_request


def test_queries_do_not_grow_with_the_story(organiser, long_story, frame, django_assert_num_queries):
    with django_assert_num_queries(frame + 21):
        organiser.get(page_of(long_story), {"osoba": "Łucja"})


# What staff do --------------------------------------------------------------------------------------------------------

ANSWERS = {
    "publish": {},
    "rewrite": {"text": "Drobne zakupy."},
    "cancel": {"reason": "Wnuk przyjechał."},
    "close": {"why": "solved"},
    "refer": {"case_number": "CUS/12/2027"},
}
TARGETS = {
    "publish": RequestState.OPEN,
    "rewrite": RequestState.AWAITING_REVIEW,
    "cancel": RequestState.CANCELLED,
    "close": RequestState.CLOSED,
    "refer": RequestState.REFERRED,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_staff_decide(organiser, make_request, name):
    help_request = make_request(awaiting_review=True)

    response = act(organiser, name, help_request, **ANSWERS[name])

    help_request.refresh_from_db()
    assert response.url == page_of(help_request)
    assert help_request.state == TARGETS[name]
    event = Event.objects.exclude(kind="volunteering.news_request").get()
    assert (event.kind, event.actor) == (f"volunteering.request_{name}", organiser.user)


@pytest.mark.parametrize("name", ["publish", "protect", "unprotect", "cancel", "close", "refer"])
def test_what_cannot_be_done_is_said_and_nothing_typed_is_lost(organiser, make_request, name):
    help_request = make_request(done=True)
    typed = ANSWERS.get(name, {})

    response = act(organiser, name, help_request, **typed)

    help_request.refresh_from_db()
    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert response.context["form"].data.dict() == typed
    assert help_request.state == RequestState.DONE
    assert kinds() == []


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("close", {}),
        ("close", {"why": "anger"}),
        ("close", {"why": "other"}),
        ("close", {"why": "other", "more": "\x00"}),
        ("refer", {}),
        ("refer", {"case_number": "x" * 61}),
        ("rewrite", {"text": "x" * 1001}),
        ("cancel", {"reason": "x" * 301}),
        ("reveal", {}),
        ("reveal", {"reason": "curiosity"}),
    ],
)
def test_answers_that_are_none_are_asked_again(organiser, make_request, name, answers):
    help_request = make_request(awaiting_review=True)

    response = act(organiser, name, help_request, **answers)

    help_request.refresh_from_db()
    assert response.status_code == 200
    assert "data-error-summary" in response.text
    assert help_request.state == RequestState.AWAITING_REVIEW
    assert kinds() == []


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    ("name", "field"),
    [("rewrite", "text"), ("cancel", "reason"), ("close", "why"), ("close", "more"), ("refer", "case_number")],
)
def test_no_answer_breaks_an_act(organiser, make_request, name, field, value):
    response = act(organiser, name, make_request(awaiting_review=True), **{**ANSWERS[name], field: value})

    assert response.status_code in {200, 302}


def test_the_reason_of_closing_is_a_whole_sentence(organiser, make_request):
    help_request = make_request()

    act(organiser, "close", help_request, why="solved", more="Dziękujemy sąsiadce.")

    help_request.refresh_from_db()
    assert help_request.reason.endswith("Dziękujemy sąsiadce.")
    assert len(help_request.reason) > len("Dziękujemy sąsiadce.")


def test_a_hidden_person_is_protected_before_publishing(organiser, make_request):
    help_request = make_request(awaiting_review=True)
    VisitFactory(help_request=help_request)

    act(organiser, "protect", help_request)
    act(organiser, "publish", help_request)

    help_request.refresh_from_db()
    assert (help_request.protected, help_request.state) == (True, RequestState.OPEN)


def test_who_was_rung_leaves_the_queue(organiser, make_request):
    help_request = make_request(state=RequestState.EXPIRED, needs_call=True)

    act(organiser, "rang", help_request)

    help_request.refresh_from_db()
    assert help_request.needs_call is False


# The look at the home -------------------------------------------------------------------------------------------------


def test_the_home_is_shown_once_with_a_reason(organiser, make_request):
    help_request = make_request()

    shown = act(organiser, "reveal", help_request, reason="ring")
    afterwards = organiser.get(page_of(help_request))

    assert "Zmyślona 7/3" in shown.text
    assert "tel:+48601000001" in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert [secret for secret in SECRETS if secret in afterwards.text] == []
    event = Event.objects.get()
    assert (event.kind, event.actor, event.data["reason"]) == (
        "neighbourhoods.whereabouts_revealed",
        organiser.user,
        "ring",
    )
    assert [entry.is_reveal for entry in afterwards.context["entries"]] == [True]


def test_every_look_is_written_down(organiser, make_request):
    help_request = make_request()

    for _ in range(3):
        act(organiser, "reveal", help_request, reason="check")

    assert kinds() == ["neighbourhoods.whereabouts_revealed"] * 3


def test_what_is_erased_cannot_be_shown(organiser, make_request, municipality):
    home = WhereaboutsFactory(municipality=municipality, erased=True)
    help_request = make_request(done=True, whereabouts=home)

    response = act(organiser, "reveal", help_request, reason="ring")

    assert response.status_code == 409
    assert kinds() == []


def test_what_was_taken_down_wrongly_is_put_right(organiser, make_request):
    help_request = make_request()
    shown = act(organiser, "reveal", help_request, reason="check")
    answers = {name: str(value) for name, value in shown.context["correction"].initial.items()}

    response = act(organiser, "correct", help_request, **answers | {"phone": "601 000 009"})

    shown = act(organiser, "reveal", help_request, reason="check").context
    assert response.url == page_of(help_request)
    assert (shown["home"].phone, shown["home"].address) == ("+48601000009", "Zmyślona 7/3")
    assert Event.objects.get(kind="neighbourhoods.whereabouts_corrected").data["fields"] == ["phone"]


def test_a_new_address_moves_the_request(organiser, make_request, neighbourhood):
    help_request = make_request(cell=1)

    act(organiser, "correct", help_request, person_name="Zofia", address="Inna 1")

    help_request.refresh_from_db()
    assert help_request.cell == cell_of(neighbourhood)


@pytest.mark.parametrize("wrong", [{"person_name": ""}, {"phone": "112"}, {"address": "x" * 201}])
def test_a_wrong_correction_is_asked_again(organiser, make_request, wrong):
    answers = {"person_name": "Zofia", "phone": "601 000 009", "address": "Inna 1", "directions": ""}

    response = act(organiser, "correct", make_request(), **answers | wrong)

    assert response.status_code == 200
    assert "data-error-summary" in response.text
    assert kinds() == []


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("fields", [["person_name", "phone", "address"], ["directions"]], ids=["all", "directions"])
def test_no_correction_breaks_the_page(organiser, make_request, fields, value):
    response = act(organiser, "correct", make_request(), **{"person_name": "Zofia"} | dict.fromkeys(fields, value))

    assert response.status_code in {200, 302}


def test_what_is_erased_is_not_corrected(organiser, make_request, municipality):
    home = WhereaboutsFactory(municipality=municipality, erased=True)

    response = act(organiser, "correct", make_request(done=True, whereabouts=home), person_name="Zofia")

    assert response.status_code == 409
    assert "Zofia" in response.text


def test_a_refused_act_shows_no_home(organiser, make_request):
    response = act(organiser, "publish", make_request())

    assert response.status_code == 409
    assert [secret for secret in SECRETS if secret in response.text] == []


def test_states_of_promises_are_told_apart(organiser, make_request):
    visit = VisitFactory(help_request=make_request(), places=8)
    done = {"helper_confirmed_at": timezone.now(), "resident_confirmed_at": timezone.now(), "minutes": 60}
    for state in CommitmentState:
        CommitmentFactory(visit=visit, state=state, **(done if state == CommitmentState.DONE else {}))

    text = organiser.get(page_of(visit.help_request)).text

    assert [state for state in CommitmentState if str(state.label) not in text.replace("&#x27;", "'")] == []
