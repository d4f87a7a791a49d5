"""Opinions of residents: sent without an account, read at the desk alone, answered, erased."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from neighbourhoods.models import Role
from notifications import outbox
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.volunteering.desk.conftest import NASTY
from volunteering.domain import opinions
from volunteering.errors import Refused
from volunteering.models import Opinion
from volunteering.notices.opinions import OpinionSent
from volunteering.states import OpinionState

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:allauth")]


@pytest.fixture
def passer_by(municipality):
    return Client(HTTP_HOST=municipality.site.hostname)


@pytest.fixture
def opinion(municipality):
    return opinions.send(municipality, words="Brakuje ławki przy przystanku.", email="ja@example.org", source="a")


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_opinion_is_sent_without_an_account(passer_by):
    answer = passer_by.post("/opinia/", {"words": "  Brakuje ławki. ", "email": "ja@example.org"})

    sent = Opinion.objects.get()
    assert (answer.status_code, answer.url) == (302, "/opinia/dziekujemy/")
    assert (sent.words, sent.email, sent.state) == ("Brakuje ławki.", "ja@example.org", OpinionState.NEW)
    assert passer_by.get("/opinia/dziekujemy/").status_code == 200


def test_opinion_form_is_kept_by_nobody(passer_by):
    answer = passer_by.get("/opinia/")

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "sent",
    [{}, {"words": ""}, {"words": "   "}, {"words": "\u200b"}, {"words": "x" * 3001}, {"words": "a", "email": "b"}],
)
def test_opinion_without_words_is_handed_back(passer_by, sent):
    answer = passer_by.post("/opinia/", sent)

    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("words", NASTY)
def test_opinion_form_answers_whatever_is_sent(passer_by, words):
    assert passer_by.post("/opinia/", {"words": words, "email": words}).status_code == 200


def test_opinion_of_a_program_is_thanked_for_and_thrown_away(passer_by):
    answer = passer_by.post("/opinia/", {"words": "Buy", "website": "https://spam.example"})

    assert answer.url == "/opinia/dziekujemy/"
    assert not Opinion.objects.exists()


def test_many_opinions_from_one_place_are_refused_kindly(passer_by):
    answers = [passer_by.post("/opinia/", {"words": f"Opinia {number}"}) for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert Opinion.objects.count() == 5


def test_opinions_from_another_place_are_not_held_back(municipality):
    for _number in range(5):
        opinions.send(municipality, words="Tak.", source="a")

    assert opinions.send(municipality, words="Nie.", source="b").pk
    with pytest.raises(Refused):
        opinions.send(municipality, words="Tak.", source="a")


def test_opinions_from_everywhere_have_a_limit(municipality):
    for number in range(opinions.PER_HOUR):
        opinions.send(municipality, words="Tak.", source=str(number))

    with pytest.raises(Refused):
        opinions.send(municipality, words="Tak.", source="x")


@pytest.mark.parametrize("address", ["/opinia/", "/opinia/dziekujemy/"])
def test_portal_takes_no_opinions(address):
    assert Client(HTTP_HOST="localhost").get(address).status_code == 404


def test_people_at_the_desk_are_told(organiser, opinion):
    (event,) = outbox.history(opinion)

    assert OpinionSent.recipients(event) == [organiser.user.pk]
    assert "ławki" not in str(event.data)


# --- At the desk ------------------------------------------------------------------------------------------------------


def test_organiser_reads_and_ticks_off_an_opinion(organiser, opinion):
    assert "Brakuje ławki" in organiser.get("/biurko/opinie/").content.decode()
    assert "ja@example.org" in organiser.get(f"/biurko/opinie/{opinion.pk}/").content.decode()
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.READ

    organiser.post(f"/biurko/opinie/{opinion.pk}/odpowiedziano/")

    opinion.refresh_from_db()
    assert (opinion.state, opinion.answered_by) == (OpinionState.ANSWERED, organiser.user)


def test_opinion_is_answered_once(organiser, opinion):
    opinions.answer(opinion, actor=organiser.user)

    with pytest.raises(Refused):
        opinions.answer(opinion, actor=organiser.user)
    assert organiser.post(f"/biurko/opinie/{opinion.pk}/odpowiedziano/").status_code == 302


def test_list_of_opinions_is_narrowed_by_state(organiser, municipality, opinion):
    opinions.read(opinion, actor=organiser.user)

    assert "Brakuje" not in organiser.get("/biurko/opinie/?stan=new").content.decode()
    assert "Brakuje" in organiser.get("/biurko/opinie/?stan=read").content.decode()
    assert "Brakuje" in organiser.get("/biurko/opinie/?stan=nonsens").content.decode()


@pytest.mark.parametrize("path", ["/biurko/opinie/", "/biurko/opinie/{pk}/"])
@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.DIRECTOR])
def test_opinions_are_for_the_desk_alone(enter, opinion, path, role):
    client = enter({"role": role} if role else None)

    assert client.get(path.format(pk=opinion.pk)).status_code == 404


def test_opinions_of_another_centre_do_not_exist(organiser):
    other = MunicipalityFactory()
    with scope(municipality=other):
        foreign = opinions.send(other, words="Cudzoziemska opinia.")

    assert "Cudzoziemska" not in organiser.get("/biurko/opinie/").content.decode()
    assert organiser.get(f"/biurko/opinie/{foreign.pk}/").status_code == 404
    assert organiser.post(f"/biurko/opinie/{foreign.pk}/odpowiedziano/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_opinions_asks_once_for_all_rows(organiser, municipality, django_assert_num_queries, number):
    for each in range(number):
        opinions.send(municipality, words=f"Opinia {each}")

    with django_assert_num_queries(1):
        list(Opinion.objects.all().order_by("-pk")[:20])


# --- Retention --------------------------------------------------------------------------------------------------------


def aged(opinion, days, **fields):
    Opinion.objects.filter(pk=opinion.pk).update(created_at=timezone.now() - timedelta(days=days), **fields)


def test_old_opinions_are_erased(opinion):
    aged(opinion, 366)
    opinions.erase_old(timezone.now())

    assert not Opinion.objects.exists()


@pytest.mark.parametrize(("days", "email"), [(29, "ja@example.org"), (31, "")])
def test_address_goes_a_month_after_the_answer(organiser, opinion, days, email):
    opinions.answer(opinion, actor=organiser.user)
    Opinion.objects.update(answered_at=timezone.now() - timedelta(days=days))
    opinions.erase_old(timezone.now())

    opinion.refresh_from_db()
    assert opinion.email == email


@pytest.mark.parametrize(("days", "source"), [(0, "a"), (2, "")])
def test_where_it_came_from_is_forgotten_after_a_day(opinion, days, source):
    aged(opinion, days)
    opinions.erase_old(timezone.now())

    opinion.refresh_from_db()
    assert opinion.source == source


@pytest.mark.postgres
@pytest.mark.parametrize(
    "fields", [{"state": "loved"}, {"words": ""}, {"state": "answered"}, {"answered_at": "2026-01-01T00:00Z"}]
)
def test_database_refuses_impossible_opinions(opinion, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(**fields)
