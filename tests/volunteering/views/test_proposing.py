"""Proposing an initiative: the short form, the code by e-mail, and where the idea stands."""

import re
import time
import uuid

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import ProposalFactory
from volunteering.domain import own_data, proposals
from volunteering.models import IntakeAttempt, Proposal
from volunteering.states import ProposalState

pytestmark = pytest.mark.django_db
FORM = "/inicjatywy/zaproponuj/"
CODE = "/konto/login/code/confirm/"


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(municipality):
    return Client(HTTP_HOST=municipality.site.hostname)


@pytest.fixture
def person(page):
    person = UserFactory()
    page.force_login(person)
    return person


def filled_in(**answers):
    return {"title": "Wieczory planszówek", "words": "Gry mamy.", "leading": "myself", **answers}


def by_stranger(**answers):
    return filled_in(name="Łucja Żak", email="lucja@example.com", **answers)


def code_in(letter):
    return re.search(r"\b\d{4}-?\d{4}\b", letter.body)[0]


def test_idea_of_a_stranger_is_filed_after_the_code(page, municipality, mailoutbox):
    place = NeighbourhoodFactory(municipality=municipality)

    asked = page.post(FORM, by_stranger(place="Biblioteka", neighbourhood=place.slug, time="w środy"))
    before = Proposal.objects.count()
    response = page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    proposal = Proposal.objects.get()
    assert (asked.status_code, before) == (302, 0)
    assert response.redirect_chain[-1][0] == f"/moje/pomysly/{proposal.pk}/"
    assert (proposal.proposer.email, proposal.neighbourhood, proposal.state) == (
        "lucja@example.com",
        place,
        ProposalState.WAITING,
    )
    assert User.objects.get(email="lucja@example.com").display_name == "Łucja Żak"


def test_idea_of_somebody_signed_in_needs_no_code(page, person, mailoutbox):
    page.post(FORM, filled_in())

    assert Proposal.objects.get().proposer == person
    assert mailoutbox == []


def test_draft_of_yesterday_is_not_sent(page, person):
    session = page.session
    session["proposing"] = {"key": str(uuid.uuid4()), "at": time.time() - 25 * 3600, "answers": filled_in()}
    session.save()

    page.get(f"{FORM}wyslij/")

    assert not Proposal.objects.exists()


def test_same_form_twice_at_one_moment_is_one_idea(person, municipality):
    idea = proposals.Idea("Szachy", "", "", None, "", "myself")
    key = uuid.uuid4()

    both = [proposals.send(idea, municipality=municipality, proposer=person, key=key) for _time in range(2)]

    assert both[0] == both[1]
    assert Proposal.objects.count() == 1


def test_code_page_twice_files_once(page, municipality, mailoutbox):
    page.post(FORM, by_stranger())
    page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    again = page.get(f"{FORM}wyslij/")

    assert again.url == FORM
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"words": "x" * 1501},
        {"leading": "kto-inny"},
        {"neighbourhood": "obca"},
        {"place": "x" * 161},
        {"title": "\u202e\x00"},
    ],
)
def test_form_says_what_is_missing(page, person, answers):
    response = page.post(FORM, filled_in(**answers))

    assert response.status_code == 200
    assert set(response.context["form"].errors) == set(answers)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("missing", ["name", "email"])
def test_stranger_leaves_name_and_address(page, municipality, missing):
    response = page.post(FORM, by_stranger() | {missing: ""})

    assert set(response.context["form"].errors) == {missing}


def test_neighbourhood_of_another_centre_cannot_be_chosen(page, person):
    foreign = NeighbourhoodFactory(municipality=MunicipalityFactory())

    response = page.post(FORM, filled_in(neighbourhood=foreign.slug))

    assert set(response.context["form"].errors) == {"neighbourhood"}


def test_sending_without_the_code_files_nothing(page, municipality):
    page.post(FORM, by_stranger())

    response = page.get(f"{FORM}wyslij/")

    assert response.url == FORM
    assert not Proposal.objects.exists()


def test_flood_of_strangers_is_stopped_kindly(page, municipality, settings):
    settings.REQUESTS_PER_SOURCE_AND_HOUR = 1
    page.post(FORM, by_stranger())

    response = page.post(FORM, by_stranger(), headers={"x-forwarded-for": ""})

    assert response.status_code == 429
    assert IntakeAttempt.objects.count() == 1


def test_person_with_many_ideas_waits_for_answers(page, person, municipality):
    ProposalFactory.create_batch(proposals.MOST_WAITING, municipality=municipality, proposer=person)

    response = page.post(FORM, filled_in())

    assert response.status_code == 409
    assert Proposal.objects.count() == proposals.MOST_WAITING


# --- Where it stands --------------------------------------------------------------------------------------------------


def test_idea_is_seen_by_its_proposer_alone(page, person, municipality):
    own = ProposalFactory(municipality=municipality, proposer=person)
    foreign = ProposalFactory(municipality=municipality)

    assert page.get(own.get_absolute_url()).status_code == 200
    assert page.get(foreign.get_absolute_url()).status_code == 404
    assert page.post(f"{foreign.get_absolute_url()}wycofaj/").status_code == 404
    assert page.post(f"{foreign.get_absolute_url()}odpowiedz/", {"text": "ja"}).status_code == 404


def test_idea_of_another_centre_does_not_exist_here(page, person):
    foreign = ProposalFactory(municipality=MunicipalityFactory(), proposer=person)

    assert page.get(foreign.get_absolute_url()).status_code == 404


def test_question_is_answered(page, person, municipality):
    proposal = ProposalFactory(municipality=municipality, proposer=person)
    proposals.ask(proposal, actor=UserFactory(), text="Ile osób się zmieści?")

    shown = page.get(proposal.get_absolute_url())
    page.post(f"{proposal.get_absolute_url()}odpowiedz/", {"text": "Dwanaście."})

    proposal.refresh_from_db()
    assert "Ile osób się zmieści?" in shown.text
    assert proposal.state == ProposalState.WAITING
    assert [message.text for message in proposal.messages.all()] == ["Ile osób się zmieści?", "Dwanaście."]


def test_answer_without_a_question_is_refused(page, person, municipality):
    proposal = ProposalFactory(municipality=municipality, proposer=person)

    response = page.post(f"{proposal.get_absolute_url()}odpowiedz/", {"text": "Dwanaście."})

    assert response.status_code == 409
    assert not proposal.messages.exists()


def test_withdrawn_idea_stays_withdrawn(page, person, municipality):
    proposal = ProposalFactory(municipality=municipality, proposer=person)

    page.post(f"{proposal.get_absolute_url()}wycofaj/")
    again = page.post(f"{proposal.get_absolute_url()}wycofaj/")

    proposal.refresh_from_db()
    assert (proposal.state, again.status_code) == (ProposalState.WITHDRAWN, 409)


@pytest.mark.parametrize("count", [1, 3])
def test_own_page_lists_ideas_with_the_same_queries(page, person, municipality, count, django_assert_num_queries):
    ProposalFactory.create_batch(count, municipality=municipality, proposer=person)
    page.get("/moje/")

    with django_assert_num_queries(11):
        response = page.get("/moje/")

    assert response.text.count("Wieczory planszówek") == count


def test_ideas_are_on_no_public_page(page, municipality):
    ProposalFactory(municipality=municipality, title="Tajny pomysł")

    for address in ("/inicjatywy/", "/inicjatywy/kalendarz/", "/inicjatywy/kanal.atom", "/"):
        assert "Tajny pomysł" not in page.get(address).text


def test_erased_account_takes_its_ideas_along(person, municipality):
    ProposalFactory(municipality=municipality, proposer=person)

    own_data.erase(person)

    with scopes_disabled():
        assert not Proposal.objects.exists()
