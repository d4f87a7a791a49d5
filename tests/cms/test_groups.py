"""Roles of a centre become rights in the CMS, and nothing but roles does."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, GroupSitePermission, Page

from accounts.models import User
from cms.domain import groups
from cms.models import EditorialTeam
from neighbourhoods.domain import membership
from neighbourhoods.models import Role
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_editor, make_home, make_page
from tests.factories.neighbourhoods import MembershipFactory

pytestmark = pytest.mark.django_db

# Words of models that hold cases of people: no group of editors may have any right on them.
CASES = {
    *("helprequest", "visit", "commitment", "alert", "standing", "volunteerprofile", "reach", "block", "whereabouts"),
    *("participation", "meeting", "lifecycle", "membership", "user", "event", "notification", "delivery", "consent"),
}


def team_of(municipality):
    return EditorialTeam.objects.with_parts().get(site=municipality.site)


def grant(user, municipality, role):
    return membership.grant(user, municipality=municipality, role=role, actor=None)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ORGANISER])
def test_editing_role_opens_the_team(centre, role):
    user = make_editor(centre, role=role)

    assert list(user.groups.all()) == [team_of(centre).group]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DIRECTOR])
def test_other_role_does_not_open_the_team(centre, role):
    user = UserFactory()

    grant(user, centre, role)

    assert not user.groups.exists()


def test_ended_role_closes_the_team_at_once(centre):
    user = UserFactory()
    role = grant(user, centre, Role.EDITOR)

    membership.end(role, actor=None)

    assert not user.groups.exists()


def test_one_of_two_roles_keeps_the_team_open(centre):
    user = UserFactory()
    role = grant(user, centre, Role.EDITOR)
    grant(user, centre, Role.ORGANISER)

    membership.end(role, actor=None)

    assert list(user.groups.all()) == [team_of(centre).group]


def test_role_in_another_centre_opens_that_team_only(centre, stranger):
    user = make_editor(stranger)

    assert list(user.groups.all()) == [team_of(stranger).group]


def test_closed_account_is_in_no_team(centre):
    user = make_editor(centre)
    User.objects.filter(pk=user.pk).update(is_active=False)

    groups.sync_user(user)

    assert not user.groups.exists()


def test_groups_that_are_no_teams_are_left_alone(centre, portal):
    user = UserFactory()
    by_hand = [Group.objects.create(name="Tłumacze"), EditorialTeam.objects.get(site=portal).group]
    user.groups.add(*by_hand)

    grant(user, centre, Role.EDITOR)
    groups.sync_user(user)

    assert set(user.groups.all()) == {*by_hand, team_of(centre).group}


def test_syncing_twice_asks_for_no_change(centre, django_assert_num_queries):
    user = make_editor(centre)

    with django_assert_num_queries(5):  # two for the savepoint
        groups.sync_user(user)


def test_command_puts_back_what_somebody_changed(centre):
    user, forgotten = make_editor(centre), MembershipFactory(municipality=centre, editor=True).user
    team = team_of(centre)
    user.groups.clear()
    team.group.permissions.set(Permission.objects.filter(codename="change_site"))
    GroupPagePermission.objects.filter(group=team.group).delete()
    GroupCollectionPermission.objects.create(
        group=team.group,
        collection=Collection.get_first_root_node(),
        permission=Permission.objects.get(codename="add_image"),
    )

    call_command("sync_cms_groups", verbosity=0)

    assert set(team.group.user_set.all()) == {user, forgotten}
    assert not team.group.permissions.filter(codename="change_site").exists()
    assert GroupPagePermission.objects.filter(group=team.group, page=home_of(centre)).exists()
    assert set(GroupCollectionPermission.objects.filter(group=team.group).values_list("collection", flat=True)) == {
        team.collection_id
    }


def test_team_has_rights_on_its_own_things_only(centre, stranger):
    own, other = team_of(centre), team_of(stranger)

    def targets(model, field):
        return set(model.objects.filter(group=own.group).values_list(field, flat=True))

    assert targets(GroupPagePermission, "page") == {home_of(centre).pk}
    assert targets(GroupCollectionPermission, "collection") == {own.collection_id}
    assert targets(GroupSitePermission, "site") == {centre.site_id}
    assert other.group_id != own.group_id


def test_new_language_of_a_site_belongs_to_its_team(centre):
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))

    groups.sync_team(team_of(centre))

    assert GroupPagePermission.objects.filter(group=team_of(centre).group, page=english).exists()


def test_no_team_has_rights_on_cases(centre, portal):
    rights = Permission.objects.filter(group__editorial_team__isnull=False)

    assert sorted({right.content_type.model for right in rights} & CASES) == []


def test_portal_team_has_no_rights_on_initiatives(portal):
    team = EditorialTeam.objects.get(site=portal)

    assert not team.group.permissions.filter(codename__endswith="_initiative").exists()
    assert GroupPagePermission.objects.filter(group=team.group).exists()


def test_groups_and_workflow_of_wagtail_are_gone(db):
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert not GroupPagePermission.objects.filter(page=Page.get_first_root_node()).exists()


def test_two_centres_of_one_name_have_two_teams(centre):
    home = make_page(type(home_of(centre))(title="Drugie", slug="drugie"), below=Page.get_first_root_node())
    site = type(centre.site).objects.create(hostname="drugie.localhost", port=80, root_page=home)

    team = groups.make_team(site, name=centre.name)

    assert team.group != team_of(centre).group
    assert groups.make_team(site, name=centre.name) == team
