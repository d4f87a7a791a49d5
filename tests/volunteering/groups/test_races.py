"""Many press at once: one invitation lets one in, one exchange is booked once, no balance goes below its limit."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.groups import (
    GroupFactory,
    GroupMemberFactory,
    GroupPostFactory,
    TimeAccountFactory,
    TimeBankFactory,
)
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.races import at_once, meanwhile
from volunteering.domain import group_posts, groups, time_banks
from volunteering.errors import Refused
from volunteering.models import (
    GroupMember,
    GroupPost,
    Initiative,
    ShownTo,
    TimeAccount,
    TimeEntry,
    TimeExchange,
    Vote,
)

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

    answers = at_once([lambda person=person: groups.use(code, user=person) for person in crowd])

    assert sum(isinstance(answer, GroupMember) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == PRESSES - 1
    assert GroupMember.objects.count() == 1


def test_joining_and_posting_twice_at_once_is_once(municipality):
    group, person, key = GroupFactory(initiative__municipality=municipality), UserFactory(), uuid.uuid4()

    joined = at_once([lambda: groups.join(group, user=person).pk] * PRESSES)
    membership = GroupMember.objects.get()
    said = at_once([lambda: group_posts.say(membership, key=key, text="raz").pk] * PRESSES)

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

    answers = at_once([lambda it=it: time_banks.confirm(it) for it in exchanges for _press in range(2)])

    assert [answer for answer in answers if not isinstance(answer, TimeExchange | Refused)] == []
    balances = dict(TimeAccount.objects.values_list("pk", "balance"))
    assert min(balances.values()) >= -120
    assert sum(balances.values()) == 0
    assert TimeEntry.objects.count() == 2 * sum(isinstance(answer, TimeExchange) for answer in answers)
    assert time_banks.faults() == ([], [])


def test_one_account_however_often_it_is_opened(municipality):
    bank = TimeBankFactory(group__initiative__municipality=municipality)
    member = GroupMemberFactory(group=bank.group, named=True)

    answers = at_once([lambda: time_banks.open_account(bank, membership=member).number] * PRESSES)

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
    answers = at_once([*acts, lambda: groups.leave(membership), *acts])

    assert [answer for answer in answers if not isinstance(answer, TimeExchange | Refused | None)] == []
    assert time_banks.faults() == ([], [])
    assert not TimeExchange.objects.proposed().exists()


# --- What was read before the other one was ready ---------------------------------------------------------------------


def leader_of(group):
    return GroupMemberFactory(group=group, leads=True, shown_to=ShownTo.EVERYBODY)


def test_one_facilitator_hands_over_to_one(municipality):
    group = GroupFactory(initiative__municipality=municipality)
    leader = leader_of(group)
    heirs = GroupMemberFactory.create_batch(2, group=group)

    answers = at_once([lambda heir=heir: groups.hand_over(leader, to=heir) for heir in heirs])

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Refused"]
    assert GroupMember.objects.facilitators().count() == 1


def test_whoever_has_handed_over_is_named_to_nobody_outside(municipality):
    group = GroupFactory(initiative__municipality=municipality)
    leader, heir = leader_of(group), GroupMemberFactory(group=group)

    answer = meanwhile(
        lambda: groups.hand_over(leader, to=heir),
        lambda: groups.set_own(leader, shown_to=ShownTo.EVERYBODY, is_muted=False),
    )

    assert isinstance(answer, Refused)
    assert GroupMember.objects.get(pk=leader.pk).shown_to == ShownTo.NOBODY


def close():
    """As publishing does it."""
    initiative = Initiative.objects.get()
    initiative.joining = "closed"
    with transaction.atomic():
        initiative.save()


def test_a_group_closes_while_its_facilitator_wants_to_be_named(municipality):
    group = GroupFactory(initiative__municipality=municipality)
    leader = GroupMemberFactory(group=group, leads=True)

    named = meanwhile(close, lambda: groups.set_own(leader, shown_to=ShownTo.EVERYBODY, is_muted=False))
    closed = GroupMember.objects.get()

    assert isinstance(named, Refused)
    assert (closed.is_closed, closed.shown_to) == (True, ShownTo.NOBODY)


def test_a_group_closes_while_it_is_handed_over(municipality):
    """Both take the group before its people: neither waits for the other for ever."""
    group = GroupFactory(initiative__municipality=municipality)
    leader, heir = leader_of(group), GroupMemberFactory(group=group)

    answers = at_once([close, lambda: groups.hand_over(leader, to=heir)])

    assert answers == [None, None]
    assert not GroupMember.objects.filter(is_closed=False).exists()
    assert GroupMember.objects.facilitators().get() == heir


def test_reading_never_goes_back(municipality):
    group = GroupFactory(initiative__municipality=municipality)
    member = GroupMemberFactory(group=group)
    first, second = GroupPostFactory.create_batch(2, group=group)

    meanwhile(lambda: group_posts.seen(member, up_to=second.pk), lambda: group_posts.seen(member, up_to=first.pk))

    assert GroupMember.objects.get().read_up_to == second.pk


def test_nobody_votes_once_the_poll_has_been_ended(municipality):
    group = GroupFactory(initiative__municipality=municipality)
    member = GroupMemberFactory(group=group)
    poll = group_posts.ask(
        member, question="Kiedy?", options=["wtorek", "środa"], ends_at=timezone.now() + timedelta(days=1)
    )
    option = poll.options.select_related("poll").first()

    answer = meanwhile(lambda: group_posts.end(poll), lambda: group_posts.vote(member, option=option))

    assert isinstance(answer, Refused)
    assert not Vote.objects.exists()


def test_a_hidden_post_is_not_pinned(municipality):
    group = GroupFactory(initiative__municipality=municipality)
    post = GroupPostFactory(group=group)

    answer = meanwhile(lambda: group_posts.hide(post), lambda: group_posts.pin(post))

    assert isinstance(answer, Refused)
    assert GroupPost.objects.get().pinned_at is None


def test_whoever_leaves_opens_no_account(municipality):
    bank = TimeBankFactory(group__initiative__municipality=municipality)
    member = GroupMemberFactory(group=bank.group, named=True)

    answer = meanwhile(lambda: groups.leave(member), lambda: time_banks.open_account(bank, membership=member))

    assert isinstance(answer, Refused)
    assert not TimeAccount.objects.exists()


def test_nothing_is_reported_to_an_account_that_is_being_closed(municipality):
    bank = TimeBankFactory(group__initiative__municipality=municipality)
    giver, receiver = TimeAccountFactory.create_batch(2, bank=bank)
    membership = groups.membership_of(bank.group, receiver.user)

    answer = meanwhile(
        lambda: groups.leave(membership),
        lambda: time_banks.report(giver, receiver=receiver, minutes=60, day=timezone.localdate(), key=uuid.uuid4()),
    )

    assert isinstance(answer, Refused)
    assert not TimeExchange.objects.exists()
