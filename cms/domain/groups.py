"""Roles of a centre become rights in Wagtail: one group for each site, its members named by their roles.

What a group may do stands here and nowhere else; `sync_team` puts back what somebody changed by hand.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scopes_disabled
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, GroupSitePermission, Page

from accounts.models import User
from cms.models import EditorialTeam, SiteLook
from cms.trees import homes_of
from neighbourhoods.models import Membership, Role
from volunteering.models import Initiative

# Whose roles open the CMS. Case workers without these roles and partners have no business there.
EDITING_ROLES = (Role.EDITOR, Role.ORGANISER)

PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
INITIATIVE_RIGHTS = (
    "add_initiative",
    "change_initiative",
    "delete_initiative",
    "view_initiative",
    "publish_initiative",
    "lock_initiative",
    "unlock_initiative",
)
IMAGE_RIGHTS = ("add_image", "change_image", "choose_image")
DOCUMENT_RIGHTS = ("add_document", "change_document", "choose_document")


@transaction.atomic
def make_team(site, *, name):
    """The editorial team of a site, with its group, its collection and all its rights; made once."""
    team = EditorialTeam.objects.with_parts().filter(site=site).first()
    if team is None:
        with override("pl"):
            title = _("Editors: %(site)s") % {"site": name}
        collection = Collection.get_first_root_node().add_child(name=name)
        group = Group.objects.create(name=_free_name(title))
        team = EditorialTeam.objects.create(site=site, group=group, collection=collection)
    sync_team(team)
    return team


def _free_name(title):
    taken = Group.objects.filter(name__startswith=title).count()
    return f"{title} {taken + 1}" if taken else title


@transaction.atomic
def sync_team(team):
    """Gives the team's group exactly its rights: on its own pages in every language, its own collection, its own
    site's looks, and on initiatives (whose rows the open scope keeps apart). Idempotent."""
    wanted = _general_rights(with_initiatives=hasattr(team.site, "municipality"))
    if set(team.group.permissions.all()) != wanted:
        team.group.permissions.set(wanted)
    _exactly(
        GroupPagePermission,
        team.group,
        {(home.pk, right.pk) for home in homes_of(team.site) for right in _rights(Page, PAGE_RIGHTS)},
        "page_id",
    )
    _exactly(
        GroupCollectionPermission,
        team.group,
        {
            (team.collection_id, right.pk)
            for model, names in ((get_image_model(), IMAGE_RIGHTS), (get_document_model(), DOCUMENT_RIGHTS))
            for right in _rights(model, names)
        },
        "collection_id",
    )
    _exactly(
        GroupSitePermission,
        team.group,
        {(team.site_id, right.pk) for right in _rights(SiteLook, ["change_sitelook"])},
        "site_id",
    )


def _general_rights(*, with_initiatives):
    rights = {
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation"),
    }
    return rights | set(_rights(Initiative, INITIATIVE_RIGHTS)) if with_initiatives else rights


def _rights(model, codenames):
    content_type = ContentType.objects.get_for_model(model)
    rights = list(Permission.objects.filter(content_type=content_type, codename__in=codenames))
    if len(rights) != len(codenames):
        # Missing rights would make editors without rights, silently: they are made by migrate.
        raise LookupError(f"Run migrate: of {sorted(codenames)} only {sorted(r.codename for r in rights)} exist.")
    return rights


def _exactly(model, group, wanted, target):
    """Makes the group's rows of one kind of right be those of `wanted`: pairs of target and permission."""
    found = {(getattr(row, target), row.permission_id): row for row in model.objects.filter(group=group)}
    surplus = [row.pk for pair, row in found.items() if pair not in wanted]
    if surplus:
        model.objects.filter(pk__in=surplus).delete()
    model.objects.bulk_create(
        model(group=group, permission_id=permission, **{target: pk}) for pk, permission in sorted(wanted - set(found))
    )


@transaction.atomic
def sync_user(user):
    """Puts a person into the groups of the centres where they are editor or organiser, and takes them out of those
    of all other centres. Groups of other kinds (the portal's, those made by hand) are left alone. Idempotent."""
    with scopes_disabled():
        sites = set(
            Membership.objects.active()
            .filter(user=user, role__in=EDITING_ROLES)
            .values_list("municipality__site_id", flat=True)
        )
    teams = list(EditorialTeam.objects.of_centres())
    wanted = {team.group_id for team in teams if team.site_id in sites}
    present = set(user.groups.filter(editorial_team__in=teams).values_list("pk", flat=True))
    if wanted - present:
        user.groups.add(*wanted - present)
    if present - wanted:
        user.groups.remove(*present - wanted)


def membership_changed(membership):
    """A role was given or ended (registered with `neighbourhoods.domain.membership.on_change`)."""
    sync_user(membership.user)


def sync_all():
    """Rights of all teams, then the groups of everybody who has or had a role. Returns how many of each."""
    teams = list(EditorialTeam.objects.with_parts())
    for team in teams:
        sync_team(team)
    with scopes_disabled():
        concerned = set(Membership.objects.values_list("user_id", flat=True))
    concerned |= set(User.objects.filter(groups__editorial_team__isnull=False).values_list("pk", flat=True))
    people = list(User.objects.filter(pk__in=concerned))
    for user in people:
        sync_user(user)
    return len(teams), len(people)


def may_edit(site, user):
    """Whether a person belongs to the editorial team of a site."""
    return user.is_superuser or EditorialTeam.objects.filter(site=site).with_member(user).exists()
