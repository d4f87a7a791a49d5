"""Many press at once: one invitation lets one in, one exchange is booked once, no balance goes below its limit."""

import uuid

import pytest
from django.utils import timezone
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupFactory, GroupMemberFactory, TimeAccountFactory, TimeBankFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.volunteering.domain.test_races import at_once
from volunteering.domain import group_posts, groups, time_banks
from volunteering.errors import Refused
from volunteering.models import GroupMember, GroupPost, TimeAccount, TimeEntry, TimeExchange

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PRESSES = 8


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


def test_an_invitation_lets_one_of_many_in(municipality):
    group = GroupFactory(initiative__municipality=municipality, closed=True)
    code, crowd = groups.invite(group), UserFactory.create_batch(PRESSES)

    answers = at_once(municipality, [lambda person=person: groups.use(code, user=person) for person in crowd])

    assert sum(isinstance(answer, GroupMember) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == PRESSES - 1
    assert GroupMember.objects.count() == 1


def test_joining_and_posting_twice_at_once_is_once(municipality):
    group, person, key = GroupFactory(initiative__municipality=municipality), UserFactory(), uuid.uuid4()

    joined = at_once(municipality, [lambda: groups.join(group, user=person).pk] * PRESSES)
    membership = GroupMember.objects.get()
    said = at_once(municipality, [lambda: group_posts.say(membership, key=key, text="raz").pk] * PRESSES)

    assert (len(set(joined)), len(set(said)), GroupPost.objects.count()) == (1, 1, 1)


def test_balances_stay_within_the_limit_however_many_confirm(municipality):
    """Everybody has two hours: of four hours that each of two receives, two are booked for each. The two also give each
    other, so that accounts are locked from both ends."""
    bank = TimeBankFactory(group__initiative__municipality=municipality, limit=120)
    givers = TimeAccountFactory.create_batch(4, bank=bank)
    first, second = TimeAccountFactory.create_batch(2, bank=bank)
    exchanges = [
        time_banks.report(giver, receiver=receiver, minutes=60, day=timezone.localdate(), key=uuid.uuid4())
        for giver in givers
        for receiver in (first, second)
    ]
    exchanges += [
        time_banks.report(one, receiver=other, minutes=10, day=timezone.localdate(), key=uuid.uuid4())
        for one, other in ((first, second), (second, first))
    ]

    answers = at_once(municipality, [lambda it=it: time_banks.confirm(it) for it in exchanges for _press in range(2)])

    assert [answer for answer in answers if not isinstance(answer, TimeExchange | Refused)] == []
    balances = dict(TimeAccount.objects.values_list("pk", "balance"))
    assert min(balances.values()) >= -120
    assert sum(balances.values()) == 0
    assert TimeEntry.objects.count() == 2 * sum(isinstance(answer, TimeExchange) for answer in answers)
    assert time_banks.faults() == ([], [])


def test_one_account_however_often_it_is_opened(municipality):
    bank = TimeBankFactory(group__initiative__municipality=municipality)
    member = GroupMemberFactory(group=bank.group, named=True)

    answers = at_once(municipality, [lambda: time_banks.open_account(bank, membership=member).number] * PRESSES)

    assert set(answers) == {1}


def test_leaving_and_confirming_at_once_leaves_balanced_books(municipality):
    bank = TimeBankFactory(group__initiative__municipality=municipality)
    giver, receiver = TimeAccountFactory.create_batch(2, bank=bank)
    waiting = [
        time_banks.report(giver, receiver=receiver, minutes=10, day=timezone.localdate(), key=uuid.uuid4())
        for _number in range(3)
    ]
    membership = groups.membership_of(bank.group, giver.user)

    acts = [lambda it=it: time_banks.confirm(it) for it in waiting]
    answers = at_once(municipality, [*acts, lambda: groups.leave(membership), *acts])

    assert [answer for answer in answers if not isinstance(answer, TimeExchange | Refused | None)] == []
    assert time_banks.faults() == ([], [])
    assert not TimeExchange.objects.proposed().exists()
