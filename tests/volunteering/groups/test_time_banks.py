"""An hour is an hour: two entries that sum to zero, a limit that holds, mistakes put right the other way round."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.domain import people
from tests.factories.groups import (
    GroupFactory,
    GroupMemberFactory,
    TimeAccountFactory,
    TimeBankFactory,
    TimeExchangeFactory,
)
from volunteering.domain import groups, time_banks
from volunteering.errors import Refused
from volunteering.models import EntrySide, ExchangeState, TimeAccount, TimeEntry, TimeExchange, TimeNote


@pytest.fixture
def bank(municipality):
    return TimeBankFactory(group__initiative__municipality=municipality, limit=120)


@pytest.fixture
def jan(bank):
    return TimeAccountFactory(bank=bank, user__display_name="Jan Wymyślony")


@pytest.fixture
def zofia(bank):
    return TimeAccountFactory(bank=bank, user__display_name="Zofia Wymyślona")


def balances(*accounts):
    return [TimeAccount.objects.get(pk=account.pk).balance for account in accounts]


def give(giver, receiver, minutes=60, **more):
    details = {"day": timezone.localdate(), "key": uuid.uuid4(), "what": "Szycie", **more}
    return time_banks.report(giver, receiver=receiver, minutes=minutes, **details)


# --- Accounts ---------------------------------------------------------------------------------------------------------


def test_a_member_opens_one_account_with_a_number(bank):
    members = [GroupMemberFactory(group=bank.group, named=True) for _number in range(2)]

    opened = [time_banks.open_account(bank, membership=member) for member in [*members, *members]]

    assert [account.number for account in opened] == [1, 2, 1, 2]
    assert {account.limit for account in opened} == {120}


def test_who_shows_no_name_opens_no_account(bank):
    with pytest.raises(Refused, match="first name"):
        time_banks.open_account(bank, membership=GroupMemberFactory(group=bank.group))


def test_who_does_not_belong_opens_no_account(bank, municipality):
    elsewhere = GroupMemberFactory(group=GroupFactory(initiative__municipality=municipality), named=True)

    with pytest.raises(Refused, match="belong"):
        time_banks.open_account(bank, membership=elsewhere)


# --- Exchanges --------------------------------------------------------------------------------------------------------


def test_nothing_is_booked_before_the_receiver_says_so(jan, zofia):
    exchange = give(jan, zofia)

    assert (exchange.state, balances(jan, zofia)) == (ExchangeState.PROPOSED, [0, 0])

    time_banks.confirm(exchange)

    assert balances(jan, zofia) == [60, -60]
    entries = set(TimeEntry.objects.values_list("account", "side", "minutes"))
    assert entries == {(jan.pk, EntrySide.GAVE, 60), (zofia.pk, EntrySide.TOOK, -60)}
    assert time_banks.faults() == ([], [])


def test_the_receiver_books_by_saying_so(jan, zofia):
    key = uuid.uuid4()
    details = {"giver": jan, "minutes": 45, "day": timezone.localdate(), "key": key}

    first, second = (time_banks.thank(zofia, **details) for _press in range(2))

    assert first == second
    assert balances(jan, zofia) == [45, -45]


def test_the_same_form_twice_is_one_exchange(jan, zofia):
    key = uuid.uuid4()

    assert give(jan, zofia, key=key) == give(jan, zofia, key=key)


@pytest.mark.parametrize("verb", [time_banks.confirm, time_banks.decline, time_banks.withdraw])
@pytest.mark.parametrize("state", [ExchangeState.BOOKED, ExchangeState.DECLINED, ExchangeState.WITHDRAWN])
def test_what_is_settled_is_not_settled_again(jan, zofia, verb, state):
    verbs = {"booked": time_banks.confirm, "declined": time_banks.decline, "withdrawn": time_banks.withdraw}
    exchange = verbs[state](give(jan, zofia))

    with pytest.raises(Refused, match="already"):
        verb(exchange)

    assert balances(jan, zofia) == ([60, -60] if state == ExchangeState.BOOKED else [0, 0])


def test_nobody_goes_below_the_limit(jan, zofia):
    time_banks.confirm(give(jan, zofia, 120))

    one_more = give(jan, zofia, 1)
    with pytest.raises(Refused, match="limit"):
        time_banks.confirm(one_more)

    one_more.refresh_from_db()
    assert (one_more.state, balances(jan, zofia)) == (ExchangeState.PROPOSED, [120, -120])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"minutes": 0}, "minute"),
        ({"minutes": -60}, "minute"),
        ({"minutes": 1441}, "minute"),
        ({"day": timezone.localdate() + timedelta(days=2)}, "after it has happened"),
        ({"day": timezone.localdate() - timedelta(days=92)}, "long ago"),
    ],
)
def test_what_cannot_be_is_refused(jan, zofia, change, words):
    with pytest.raises(Refused, match=words):
        give(jan, zofia, **{"minutes": 60, **change})


def test_time_goes_to_nobody_outside_the_bank(jan, municipality):
    elsewhere = TimeAccountFactory(bank=TimeBankFactory(group__initiative__municipality=municipality))

    for other, words in [(jan, "themselves"), (elsewhere, "not in this time bank")]:
        with pytest.raises(Refused, match=words):
            give(jan, other)


# --- Putting right ----------------------------------------------------------------------------------------------------


def test_a_mistake_is_put_right_by_an_entry_the_other_way(jan, zofia):
    booked = time_banks.confirm(give(jan, zofia))

    counter = time_banks.correct(booked)

    assert (counter.corrects, counter.minutes, balances(jan, zofia)) == (booked, 60, [0, 0])
    assert TimeEntry.objects.count() == 4
    for wrong in (booked, counter):
        with pytest.raises(Refused, match="put right"):
            time_banks.correct(wrong)


def test_a_mistake_does_not_stand_because_it_was_spent(bank, jan, zofia):
    third = TimeAccountFactory(bank=bank)
    booked = time_banks.confirm(give(jan, zofia, 120))
    time_banks.confirm(give(third, jan, 180))

    time_banks.correct(booked)

    assert balances(jan, zofia, third) == [-180, 0, 180]
    assert TimeAccount.objects.get(pk=jan.pk).limit == 180
    assert time_banks.faults() == ([], [])


def test_what_is_not_booked_is_not_put_right(jan, zofia):
    with pytest.raises(Refused, match="put right"):
        time_banks.correct(give(jan, zofia))


# --- Limits, leaving, sums --------------------------------------------------------------------------------------------


def test_a_new_limit_leaves_who_is_below_it_where_they_are(bank, jan, zofia):
    time_banks.confirm(give(jan, zofia, 100))

    time_banks.set_limit(bank, minutes=60)

    limits = dict(TimeAccount.objects.values_list("pk", "limit"))
    assert limits == {jan.pk: 60, zofia.pk: 100}
    with pytest.raises(Refused, match="0 to 100"):
        time_banks.set_limit(bank, minutes=-1)


def test_who_leaves_takes_the_name_and_the_notes_along(bank, jan, zofia):
    time_banks.confirm(give(jan, zofia))
    waiting = give(zofia, jan)
    time_banks.note(jan, kind="offer", text="Naprawiam rowery")

    groups.leave(groups.membership_of(bank.group, jan.user))

    account = TimeAccount.objects.get(pk=jan.pk)
    waiting.refresh_from_db()
    assert (account.user, account.balance, waiting.state) == (None, 60, ExchangeState.WITHDRAWN)
    assert not TimeNote.objects.exists()
    assert not TimeExchange.objects.exclude(what="").exists()
    assert time_banks.faults() == ([], [])
    assert "Jan" not in time_banks.name_of(account)


def test_an_erased_account_leaves_balanced_books(jan, zofia):
    time_banks.confirm(give(jan, zofia))

    people.erase_person(zofia.user, actor=zofia.user)

    assert TimeAccount.objects.get(pk=zofia.pk).user is None
    assert time_banks.faults() == ([], [])


def test_the_facilitator_reads_sums(bank, jan, zofia):
    time_banks.confirm(give(jan, zofia, 90))
    time_banks.correct(time_banks.confirm(give(zofia, jan, 30)))
    give(jan, zofia)

    assert time_banks.sums(bank) == {"number": 1, "together": 90, "this_month": 90}


def test_statement_runs_through_all_entries(jan, zofia):
    for minutes in (60, 30):
        time_banks.confirm(give(jan, zofia, minutes))

    lines = TimeEntry.objects.statement(zofia).values_list("minutes", "balance_after")

    assert list(lines) == [(-30, -90), (-60, -60)]


@pytest.mark.parametrize("text", ["", " \u202e "])
def test_an_empty_note_is_refused(jan, text):
    with pytest.raises(Refused, match="few words"):
        time_banks.note(jan, kind="offer", text=text)


def test_notes_have_an_end(jan):
    for number in range(time_banks.MOST_NOTES):
        time_banks.note(jan, kind="wish", text=str(number))

    with pytest.raises(Refused, match="ten"):
        time_banks.note(jan, kind="wish", text="jeszcze")


def test_own_data_hold_the_account_without_names(jan, zofia):
    time_banks.confirm(give(jan, zofia))

    exported = people.export(jan.user)

    assert [entry["minutes"] for entry in exported["time_entries"]] == [60]
    assert "Zofia" not in str(exported)


# --- What the database holds by itself --------------------------------------------------------------------------------


@pytest.mark.postgres
def test_no_balance_below_the_limit(jan):
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeAccount.objects.filter(pk=jan.pk).update(balance=-121)


@pytest.mark.postgres
def test_entries_are_never_changed(jan, zofia):
    time_banks.confirm(give(jan, zofia))

    with pytest.raises(IntegrityError), transaction.atomic():
        TimeEntry.objects.filter(account=jan).update(minutes=120)


@pytest.mark.postgres
def test_entries_sum_to_zero(jan, zofia):
    exchange = give(jan, zofia)

    def book_wrongly():
        TimeExchange.objects.filter(pk=exchange.pk).update(state=ExchangeState.BOOKED)
        TimeEntry.objects.create(exchange=exchange, account=jan, side=EntrySide.GAVE, minutes=60)
        TimeEntry.objects.create(exchange=exchange, account=zofia, side=EntrySide.TOOK, minutes=-59)
        at_commit()

    with pytest.raises(IntegrityError), transaction.atomic():
        book_wrongly()


@pytest.mark.postgres
@pytest.mark.parametrize(("side", "minutes"), [("gave", -60), ("took", 60), ("gave", 0), ("else", 60)])
def test_an_entry_has_the_sign_of_its_side(jan, zofia, side, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeEntry.objects.create(exchange=give(jan, zofia), account=jan, side=side, minutes=minutes)


@pytest.mark.postgres
def test_an_exchange_has_one_entry_for_each_side(bank, jan, zofia):
    exchange = time_banks.confirm(give(jan, zofia))
    third = TimeAccountFactory(bank=bank)

    for account, side, minutes in [(third, "gave", 60), (third, "took", -60)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            TimeEntry.objects.create(exchange=exchange, account=account, side=side, minutes=minutes)


@pytest.mark.postgres
def test_a_booked_exchange_has_its_entries(jan, zofia):
    """At the commit on PostgreSQL; SQLite has the daily look into the books."""
    exchange = give(jan, zofia)

    def book_without_entries():
        TimeExchange.objects.filter(pk=exchange.pk).update(state=ExchangeState.BOOKED)
        at_commit()

    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            book_without_entries()
    else:
        book_without_entries()
        assert time_banks.faults() == ([], [exchange.pk])


def test_books_that_do_not_agree_are_said_aloud(jan, logged_errors):
    TimeAccount.objects.filter(pk=jan.pk).update(balance=5)

    time_banks.check_books()

    assert [str(jan.pk) in record.getMessage() for record in logged_errors] == [True]


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 1441}, {"state": "lost"}])
def test_exchanges_that_cannot_be_are_refused(wrong, municipality):
    exchange = TimeExchangeFactory(giver__bank__group__initiative__municipality=municipality)

    with pytest.raises(IntegrityError), transaction.atomic():
        TimeExchange.objects.filter(pk=exchange.pk).update(**wrong)


@pytest.mark.postgres
def test_nobody_gives_time_to_themselves(jan):
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeExchangeFactory(giver=jan, receiver=jan)


def at_commit():
    """What PostgreSQL would check at the end of the transaction, now."""
    if connection.vendor == "postgresql":
        connection.check_constraints()
