"""Coming into a group, asking, being invited, leading it, leaving it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.domain import people
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupMemberFactory, GroupPostFactory
from tests.volunteering.groups.conftest import make_group
from volunteering.domain import group_posts, groups, lifecycles
from volunteering.errors import Refused
from volunteering.models import (
    Group,
    GroupInvitation,
    GroupMember,
    GroupPost,
    GroupRole,
    GroupSays,
    Joining,
    MemberState,
    ShownTo,
    Vote,
)


def rows(group):
    return set(GroupMember.objects.of_group(group).values_list("user", "state"))


# --- Coming in --------------------------------------------------------------------------------------------------------


def test_anybody_joins_an_open_group_once(group, person):
    first = groups.join(group, user=person, shown_to=ShownTo.GROUP)
    second = groups.join(group, user=person)

    assert first == second
    assert (first.state, first.role, first.shown_to) == (MemberState.MEMBER, GroupRole.MEMBER, ShownTo.GROUP)


def test_nobody_is_named_to_everybody_by_joining(group, person):
    membership = groups.join(group, user=person, shown_to=ShownTo.EVERYBODY)

    assert membership.shown_to == ShownTo.NOBODY


def test_what_was_written_before_is_no_news(group, person):
    post = GroupPostFactory(group=group)

    assert groups.join(group, user=person).read_up_to == post.pk


def test_on_request_the_facilitator_reads_a_word_and_lets_in(asking_group, person):
    asked = groups.join(asking_group, user=person, word=" Chętnie\u202e przyjdę. ")

    assert (asked.state, asked.word) == (MemberState.ASKED, "Chętnie przyjdę.")

    groups.accept(asked)

    asked.refresh_from_db()
    assert (asked.state, asked.word) == (MemberState.MEMBER, "")


def test_who_is_declined_may_ask_again_after_a_month(asking_group, person):
    groups.decline(groups.join(asking_group, user=person))

    with pytest.raises(Refused, match="this time"):
        groups.join(asking_group, user=person)
    with time_machine.travel(timezone.now() + groups.ASK_AGAIN + timedelta(minutes=1)):
        assert groups.join(asking_group, user=person).state == MemberState.ASKED


@pytest.mark.parametrize("verb", [groups.accept, groups.decline])
def test_who_took_it_back_is_not_answered(asking_group, person, verb):
    asked = groups.join(asking_group, user=person)
    groups.withdraw(asked)

    with pytest.raises(Refused, match="any more"):
        verb(asked)

    assert rows(asking_group) == set()


def test_a_member_cannot_be_withdrawn(member):
    groups.withdraw(member)

    assert GroupMember.objects.filter(pk=member.pk).exists()


def test_nobody_joins_a_closed_group(closed_group, person):
    with pytest.raises(Refused, match="invites"):
        groups.join(closed_group, user=person)


def test_nobody_joins_what_has_ended(group, person, organiser):
    lifecycles.finish(group.initiative, actor=organiser)

    with pytest.raises(Refused, match="end"):
        groups.join(Group.objects.with_details().get(pk=group.pk), user=person)


def test_who_was_taken_out_stays_out(group, member):
    groups.remove(member)

    with pytest.raises(Refused, match="ring"):
        groups.join(group, user=member.user)


# --- Invitations ------------------------------------------------------------------------------------------------------


def test_an_invitation_lets_one_person_in(closed_group, person):
    code = groups.invite(closed_group)

    membership = groups.use(f" {code[:4]}-{code[4:].lower()} ", user=person)

    assert (membership.state, membership.is_closed) == (MemberState.MEMBER, True)
    with pytest.raises(Refused, match="not valid"):
        groups.use(code, user=UserFactory())


def test_the_code_is_kept_nowhere(closed_group):
    code = groups.invite(closed_group)

    kept = GroupInvitation.objects.values_list()

    assert code not in str(list(kept))


def test_an_old_invitation_opens_nothing(closed_group, person):
    code = groups.invite(closed_group)

    with time_machine.travel(timezone.now() + groups.INVITED_FOR), pytest.raises(Refused, match="not valid"):
        groups.use(code, user=person)


@pytest.mark.parametrize("code", ["", "0", "A" * 16, "\x00" * 16, "ł" * 40])
def test_a_made_up_code_opens_nothing(closed_group, person, code):
    with pytest.raises(Refused, match="not valid"):
        groups.use(code, user=person)


def test_a_member_leaves_an_invitation_unused(group, member):
    code = groups.invite(group)

    groups.use(code, user=member.user)

    assert GroupInvitation.objects.usable().count() == 1


def test_the_centres_facilitator_is_announced_in_the_group(closed_group, organiser, person):
    code = groups.invite(closed_group, role=GroupRole.FACILITATOR, by_centre=organiser)

    membership = groups.use(code, user=person)

    assert membership.is_facilitator
    assert [post.system for post in GroupPost.objects.of(closed_group)] == [GroupSays.APPOINTED]


def test_an_invitation_brings_back_who_was_taken_out(group, member):
    groups.remove(member)

    assert groups.use(groups.invite(group), user=member.user).state == MemberState.MEMBER


# --- Belonging --------------------------------------------------------------------------------------------------------


def test_a_new_agreement_is_accepted_before_anything_else(group, leader, member, say):
    groups.write_agreement(group, text="Co tu powiedziane, zostaje tutaj.")
    member.group.refresh_from_db()

    assert groups.must_agree(member)
    with pytest.raises(Refused, match="agreement"):
        say(member)
    groups.agree(member, version=1)
    say(member)


def test_the_same_words_are_no_new_agreement(group):
    first = groups.write_agreement(group, text="Szanujemy się.")

    assert groups.write_agreement(group, text=" Szanujemy się. ") == first


def test_an_agreement_that_changed_meanwhile_is_read_again(group, member):
    groups.write_agreement(group, text="Pierwsza")
    groups.write_agreement(group, text="Druga")

    with pytest.raises(Refused, match="once more"):
        groups.agree(member, version=1)


def test_an_empty_agreement_is_refused(group):
    with pytest.raises(Refused, match="agree upon"):
        groups.write_agreement(group, text=" \u202e ")


def test_only_who_leads_an_open_group_is_named_to_everybody(group, leader, member, closed_group):
    groups.set_own(leader, shown_to=ShownTo.EVERYBODY, is_muted=False)

    assert groups.named_in_public(group) == ["Anna"]
    closed_leader = GroupMemberFactory(group=closed_group, leads=True)
    for refused in (member, closed_leader):
        with pytest.raises(Refused, match="named to everybody"):
            groups.set_own(refused, shown_to=ShownTo.EVERYBODY, is_muted=False)


def test_the_role_is_handed_over(group, leader, member):
    groups.hand_over(leader, to=member)

    roles = dict(GroupMember.objects.of_group(group).values_list("user", "role"))
    assert roles == {leader.user_id: GroupRole.MEMBER, member.user_id: GroupRole.FACILITATOR}
    assert GroupPost.objects.get().system == GroupSays.HANDED_OVER


def test_the_role_is_not_handed_to_somebody_outside(group, leader, municipality):
    stranger = GroupMemberFactory(group=make_group(municipality))
    asked = GroupMemberFactory(group=group, asked=True)

    for other in (stranger, asked, leader):
        with pytest.raises(Refused, match="any more"):
            groups.hand_over(leader, to=other)


def test_a_facilitator_is_not_taken_out(leader):
    with pytest.raises(Refused, match="hands the role over"):
        groups.remove(leader)


# --- Going ------------------------------------------------------------------------------------------------------------


def test_leaving_says_nothing_to_anybody(group, leader, member, say):
    post = say(member)
    before = (Event.objects.count(), Notification.objects.count())

    groups.leave(member)

    post.refresh_from_db()
    assert (post.author_id, post.text) == (None, "Dzień dobry!")
    assert rows(group) == {(leader.user_id, MemberState.MEMBER)}
    assert (Event.objects.count(), Notification.objects.count()) == before


def test_what_was_written_goes_along_on_wish(group, member, say):
    say(member)

    groups.leave(member, remove_words=True)

    assert not GroupPost.objects.exists()


def test_leaving_takes_votes_that_still_count(group, member):
    ends = timezone.now() + timedelta(days=1)
    open_poll = group_posts.ask(member, question="Kiedy?", options=["wtorek", "środa"], ends_at=ends)
    over = group_posts.ask(member, question="Co?", options=["ciasto", "zupa"], ends_at=ends)
    for poll in (open_poll, over):
        group_posts.vote(member, option=poll.options.select_related("poll").first())
    group_posts.end(over)

    groups.leave(member)

    assert list(Vote.objects.values_list("poll", "member")) == [(over.pk, None)]


def test_leaving_twice_is_leaving_once(member):
    groups.leave(member)
    groups.leave(member)


def test_an_erased_account_leaves_every_group_with_its_words(group, member, closed_group, say):
    closed = GroupMemberFactory(group=closed_group, user=member.user)
    say(member)
    say(closed)

    people.erase_person(member.user, actor=member.user)

    assert (GroupMember.objects.count(), GroupPost.objects.count()) == (0, 0)


def test_own_data_hold_groups_and_nobody_else(group, member, leader, say):
    say(member, "Moje słowa")
    say(leader, "Cudze słowa")

    exported = people.export(member.user)

    assert [it["text"] for it in exported["group_posts"]] == ["Moje słowa"]
    assert exported["groups"][0]["group__initiative__title"] == group.initiative.title
    assert "Anna" not in str(exported)


# --- Numbers, closing, forgetting -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "of_open", "of_closed"),
    [
        (4, (0, False), (0, False)),
        (5, (5, True), (5, False)),
        (9, (9, True), (5, False)),
        (10, (10, True), (10, False)),
    ],
)
def test_few_people_are_not_counted_aloud(group, closed_group, number, of_open, of_closed):
    for each in (group, closed_group):
        GroupMemberFactory.create_batch(number, group=each)
        GroupMemberFactory(group=each, asked=True)

    assert (groups.size_of(group), groups.size_of(closed_group)) == (of_open, of_closed)


def test_an_editor_closes_a_group_for_those_who_are_in_it(group, leader):
    groups.set_own(leader, shown_to=ShownTo.EVERYBODY, is_muted=False)
    initiative = group.initiative

    initiative.joining = Joining.CLOSED
    initiative.save()

    leader.refresh_from_db()
    group.refresh_from_db()
    assert (group.is_closed, leader.is_closed, leader.shown_to) == (True, True, ShownTo.GROUP)


def test_no_draft_opens_a_closed_group(closed_group):
    initiative = closed_group.initiative

    initiative.joining = Joining.OPEN
    initiative.save()

    initiative.refresh_from_db()
    assert initiative.joining == Joining.CLOSED


def test_old_traces_are_forgotten(asking_group, municipality):
    for state, days in [("declined", 31), ("declined", 29), ("removed", 366), ("removed", 364)]:
        GroupMemberFactory(group=asking_group, state=state, changed_at=timezone.now() - timedelta(days=days))
    groups.invite(asking_group)

    groups.forget_old(timezone.now())
    kept = list(GroupMember.objects.order_by("pk").values_list("state", flat=True))
    groups.forget_old(timezone.now() + timedelta(days=22))

    assert kept == ["declined", "removed"]
    assert not GroupInvitation.objects.exists()
