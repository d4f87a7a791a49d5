"""What the database holds about groups by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.groups import GroupMemberFactory
from volunteering.domain import group_posts, groups
from volunteering.models import (
    Group,
    GroupMember,
    Poll,
    ShownTo,
    Vote,
)


@pytest.mark.postgres
def test_members_of_closed_groups_are_never_public(closed_group):
    member = GroupMemberFactory(group=closed_group, leads=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.filter(pk=member.pk).update(shown_to=ShownTo.EVERYBODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.filter(pk=member.pk).update(is_closed=False, shown_to=ShownTo.EVERYBODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMemberFactory(group=closed_group, is_closed=False, leads=True, shown_to=ShownTo.EVERYBODY)


@pytest.mark.postgres
def test_a_closed_group_is_never_opened(closed_group):
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.filter(pk=closed_group.pk).update(is_closed=False)


@pytest.mark.postgres
def test_closing_a_group_hides_its_people_at_once(group, leader):
    groups.set_own(leader, shown_to=ShownTo.EVERYBODY, is_muted=False)

    Group.objects.filter(pk=group.pk).update(is_closed=True)

    leader.refresh_from_db()
    assert (leader.is_closed, leader.shown_to) == (True, ShownTo.GROUP)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "unknown"},
        {"role": "boss"},
        {"shown_to": "world"},
        {"role": "facilitator", "state": "asked"},
        {"word": "słowo"},
    ],
)
def test_rows_that_cannot_be_are_refused(member, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.filter(pk=member.pk).update(**wrong)


@pytest.mark.postgres
def test_one_vote_for_each_member(member):
    poll = group_posts.ask(member, question="Kiedy?", options=["a", "b"], ends_at=timezone.now() + timedelta(days=1))
    first, second = poll.options.all()
    Vote.objects.create(poll=poll, option=first, member=member)

    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(poll=poll, option=second, member=member)
    assert Poll.objects.count() == 1
