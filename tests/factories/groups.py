"""Factories of groups and time banks."""

import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory
from volunteering.models import (
    Group,
    GroupMember,
    GroupPost,
    GroupRole,
    MemberState,
    ShownTo,
    TimeAccount,
    TimeBank,
    TimeExchange,
)


class GroupFactory(DjangoModelFactory):
    """An open group of a running initiative. Traits: `closed`, `on_request`."""

    class Meta:
        model = Group

    class Params:
        closed = factory.Trait(is_closed=True, initiative__joining="closed")
        on_request = factory.Trait(initiative__joining="request")

    initiative = factory.SubFactory(InitiativeFactory)
    municipality = factory.SelfAttribute("initiative.municipality")


class GroupMemberFactory(DjangoModelFactory):
    """Somebody who belongs to the group and shows no name. Traits: `leads`, `named`, `asked`."""

    class Meta:
        model = GroupMember

    class Params:
        leads = factory.Trait(role=GroupRole.FACILITATOR)
        named = factory.Trait(shown_to=ShownTo.GROUP)
        asked = factory.Trait(state=MemberState.ASKED, word="Chętnie przyjdę.")

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)
    is_closed = factory.SelfAttribute("group.is_closed")


class GroupPostFactory(DjangoModelFactory):
    class Meta:
        model = GroupPost

    group = factory.SubFactory(GroupFactory)
    author = factory.SubFactory(UserFactory)
    text = "Do zobaczenia we wtorek."


class TimeBankFactory(DjangoModelFactory):
    """Ten hours below zero."""

    class Meta:
        model = TimeBank

    group = factory.SubFactory(GroupFactory)


class TimeAccountFactory(DjangoModelFactory):
    """The account of somebody who belongs to the bank's group and shows the name there."""

    class Meta:
        model = TimeAccount
        skip_postgeneration_save = True

    bank = factory.SubFactory(TimeBankFactory)
    number = factory.Sequence(lambda number: number + 100)
    user = factory.SubFactory(UserFactory)
    limit = factory.SelfAttribute("bank.limit")

    @factory.post_generation
    def membership(self, create, _value, **kwargs):
        if create and self.user_id:
            GroupMemberFactory(group=self.bank.group, user=self.user, named=True)


class TimeExchangeFactory(DjangoModelFactory):
    """An hour that the receiver has not confirmed yet."""

    class Meta:
        model = TimeExchange

    giver = factory.SubFactory(TimeAccountFactory)
    bank = factory.SelfAttribute("giver.bank")
    receiver = factory.SubFactory(TimeAccountFactory, bank=factory.SelfAttribute("..bank"))
    minutes = 60
    day = factory.LazyFunction(timezone.localdate)
    key = factory.LazyFunction(uuid.uuid4)
