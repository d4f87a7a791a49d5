"""The pages of a time bank: reporting hours, saying yes, reading one’s own statement."""

import uuid

import pytest
from django.utils import timezone

from tests.factories.groups import TimeAccountFactory
from volunteering.domain import time_banks
from volunteering.models import (
    TimeAccount,
    TimeExchange,
    TimeNote,
)


def exchange(other, **values):
    return {
        "key": uuid.uuid4(),
        "side": "took",
        "other": other.pk,
        "hours": 1,
        "minutes": 0,
        "day": timezone.localdate().isoformat(),
        "what": "Szycie",
        **values,
    }


def test_hours_are_written_down_confirmed_and_put_right(at, enter, leader, member, holders):
    anna, jan = holders
    client, leading = enter(member.user), enter(leader.user)

    client.post(at("czas/wpis/"), exchange(anna))
    client.post(at("czas/wpis/"), exchange(anna, side="gave", minutes=30))
    waiting = TimeExchange.objects.proposed().get()
    leading.post(at(f"czas/wpis/{waiting.pk}/tak/"))
    statement = client.get(at("czas/")).text
    put_right = leading.post(at("czas/poprawka/"), {"number": str(waiting.pk)})

    assert "Szycie" in statement
    assert put_right.status_code == 302
    assert dict(TimeAccount.objects.values_list("number", "balance")) == {anna.number: 60, jan.number: -60}


def test_the_account_of_another_is_read_nowhere(at, enter, leader, member, holders):
    anna, _jan = holders
    enter(member.user).post(at("czas/wpis/"), exchange(anna, what="Tajne szycie"))
    third = TimeAccountFactory(bank=anna.bank)

    shown = enter(third.user).get(at("czas/")).text

    assert "Tajne szycie" not in shown
    assert "−1" not in shown


@pytest.mark.parametrize("verb", ["tak", "nie", "cofnij"])
def test_the_exchange_of_others_is_not_found(at, enter, holders, verb):
    anna, jan = holders
    waiting = time_banks.report(anna, receiver=jan, minutes=60, day=timezone.localdate(), key=uuid.uuid4())
    third = TimeAccountFactory(bank=anna.bank)
    # The giver does not confirm, the receiver does not take back.
    wrong_side = jan.user if verb == "cofnij" else anna.user

    for user in (third.user, wrong_side):
        assert enter(user).post(at(f"czas/wpis/{waiting.pk}/{verb}/")).status_code == 404


def test_below_the_limit_nothing_is_written(at, enter, member, holders):
    answer = enter(member.user).post(at("czas/wpis/"), exchange(holders[0], hours=11))

    assert (answer.status_code, TimeExchange.objects.count()) == (409, 0)


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"hours": 25}, {"other": 987654}, {"day": "jutro"}, {"key": "x"}])
def test_hours_that_cannot_be_are_refused(at, enter, member, holders, wrong):
    answer = enter(member.user).post(at("czas/wpis/"), exchange(holders[0]) | wrong)

    assert answer.status_code in {200, 409}
    assert not TimeExchange.objects.exists()


def test_offers_and_wishes_are_read_inside(at, enter, member, leader, holders):
    enter(member.user).post(at("czas/ogloszenie/"), {"kind": "offer", "words": "Naprawiam rowery"})
    note = TimeNote.objects.get()

    assert "Naprawiam rowery" in enter(leader.user).get(at("czas/")).text
    assert enter(leader.user).post(at(f"czas/ogloszenie/{note.pk}/kasuj/")).status_code == 404
    assert enter(member.user).post(at(f"czas/ogloszenie/{note.pk}/kasuj/")).status_code == 302


def test_without_a_bank_there_is_none(group, member, enter):
    assert enter(member.user).get(f"{group.get_absolute_url()}czas/").status_code == 404
