"""A centre, a group of each kind in it, and people."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope

from tests.factories.accounts import UserFactory, sign_in
from tests.factories.groups import GroupFactory, GroupMemberFactory, GroupPostFactory, TimeBankFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.volunteering.views.conftest import queries_of  # noqa: F401 -- a fixture
from volunteering.domain import group_posts, time_banks


@pytest.fixture(autouse=True)
def english(clean_process):
    """What the verbs say is compared in English here; pages speak the language of their reader."""
    with translation.override("en"):
        yield


@pytest.fixture
def municipality(db):
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


def make_group(municipality, **traits):
    return GroupFactory(initiative__municipality=municipality, **traits)


@pytest.fixture
def group(municipality):
    return make_group(municipality)


@pytest.fixture
def closed_group(municipality):
    return make_group(municipality, closed=True)


@pytest.fixture
def asking_group(municipality):
    return make_group(municipality, on_request=True)


@pytest.fixture
def leader(group):
    return GroupMemberFactory(group=group, user__display_name="Anna Wymyślona", leads=True, named=True)


@pytest.fixture
def member(group):
    return GroupMemberFactory(group=group, user__display_name="Jan Wymyślony", named=True)


@pytest.fixture
def person():
    return UserFactory(display_name="Zofia Wymyślona")


@pytest.fixture
def organiser(municipality):
    user = UserFactory(display_name="Jadwiga Ogniwo")
    MembershipFactory(municipality=municipality, user=user)
    return user


@pytest.fixture
def enter(municipality):
    """A client at the centre's host with the session of a person; staff have shown their second factor."""

    def enter(user, *, second_factor=True):
        client = Client(HTTP_HOST=municipality.site.hostname)
        sign_in(client, user, second_factor=second_factor)
        return client

    return enter


@pytest.fixture
def say():
    def say(membership, text="Dzień dobry!", **more):
        return group_posts.say(membership, key=more.pop("key", None) or uuid.uuid4(), text=text, **more)

    return say


@pytest.fixture
def poll(member):
    return group_posts.ask(member, question="Kiedy?", options=["wtorek", "środa"], ends_at=soon())


def soon():
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def at(group, leader, member, poll):
    """Address of a part of the group's pages."""
    TimeBankFactory(group=group)
    post = GroupPostFactory(group=group, author=leader.user)

    def at(part):
        names = {"post": post.pk, "poll": poll.pk, "member": member.pk}
        return group.get_absolute_url() + part.format(**names)

    return at


@pytest.fixture
def holders(at, group, leader, member):
    return [time_banks.open_account(group.time_bank, membership=each) for each in (leader, member)]
