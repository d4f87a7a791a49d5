"""Who works for a centre, and as what. Roles are given and ended here and nowhere else.

Whoever keeps a copy of roles (the CMS: its groups) registers with `on_change`; this app knows nothing of it.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import BigIntegerField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from accounts.domain import people
from accounts.errors import Refused
from accounts.models import User
from neighbourhoods.models import Membership, Municipality, Network, Role
from notifications import outbox

# The role of those who see a network's figures: kept as `Network.observers`, never as a membership.
OBSERVER = "observer"

_listeners = []


def on_change(function):
    """Calls `function(membership)` after every role that was given or ended, inside the same transaction."""
    if function not in _listeners:
        _listeners.append(function)
    return function


@dataclass(frozen=True)
class Belonging:
    """All roles of one person: pairs of municipality id and role, and the ids of organisations they work for."""

    roles: frozenset = frozenset()
    organisations: frozenset = frozenset()

    def has(self, municipality, *roles):
        return municipality is not None and any((municipality.pk, role) in self.roles for role in roles)


NOWHERE = Belonging()


def belonging_of(user):
    """Where a person works, and as what. One query for one user object: it is kept there until a role changes."""
    if not user.is_authenticated:
        return NOWHERE
    if getattr(user, "belonging", None) is None:
        user.belonging = _read_belonging(user)
    return user.belonging


def _read_belonging(user):
    nothing = Cast(Value(None), BigIntegerField())
    with scopes_disabled():
        roles = Membership.objects.active().filter(user_id=user.pk)
        observed = Network.objects.filter(observers=user.pk, observers__is_active=True)
        rows = list(
            roles.values_list("municipality_id", "role", "organisation_id").union(
                observed.values_list("municipalities", Value(OBSERVER), nothing)
            )
        )
    return Belonging(
        frozenset((municipality, role) for municipality, role, _organisation in rows),
        frozenset(organisation for _municipality, _role, organisation in rows if organisation),
    )


def is_staff(user):
    """Whether a person has any role anywhere: such people show a second factor."""
    return bool(belonging_of(user).roles)


@transaction.atomic
def grant(user, *, municipality, role, actor, organisation=None):
    """Gives a role and tells the person. A role that is already theirs is returned as it is, and nobody is told.

    Raises Refused for a closed account and for a partner without an organisation of the same municipality.
    """
    person = User.objects.select_for_update().get(pk=user.pk)  # so that two grants at once make one membership
    if not person.is_active:
        raise Refused(_("This account is closed."))
    if (role == Role.PARTNER) != (organisation is not None):
        raise Refused(_("A partner works for an organisation; nobody else does."))
    if organisation is not None and organisation.municipality_id != municipality.pk:
        raise Refused(_("This organisation belongs to another municipality."))
    with scope(municipality=municipality):
        membership, is_new = Membership.objects.get_or_create(
            user=person, municipality=municipality, role=role, ended_at=None, defaults={"organisation": organisation}
        )
        if not is_new and membership.organisation_id != getattr(organisation, "pk", None):
            raise Refused(_("This person already works for another organisation here."))
    user.belonging = None
    if is_new:
        _changed(membership, "granted", actor=actor)
    return membership


@transaction.atomic
def end(membership, *, actor):
    """Ends a role at once: the person's open sockets close and the next page refuses.

    Raises Refused for the last organiser of a municipality: somebody must be left who can give roles.
    """
    # One lock for all endings of a gmina: two organisers ending each other's role at once must not both succeed.
    Municipality.objects.select_for_update().get(pk=membership.municipality_id)
    with scope(municipality=membership.municipality):
        membership = Membership.objects.select_related("user", "municipality").get(pk=membership.pk)
        if membership.ended_at is not None:
            return membership
        organisers = Membership.objects.active().filter(role=Role.ORGANISER)
        if membership.role == Role.ORGANISER and not organisers.exclude(pk=membership.pk).exists():
            raise Refused(_("This is the only organiser here. Name another one first."))
        membership.ended_at = timezone.now()
        membership.save(update_fields=["ended_at"])
    _changed(membership, "ended", actor=actor)
    return membership


@transaction.atomic
def invite(email, *, municipality, role, actor, display_name="", organisation=None):
    """Gives a role to whoever owns a mailbox; who has no account yet gets one, to be entered by e-mail code."""
    user = people.find(email) or people.register(email, display_name=display_name)
    return grant(user, municipality=municipality, role=role, actor=actor, organisation=organisation)


def obstacles_to_erasure(user):
    """Why this person's account cannot be deleted yet: roles are handed over first."""
    with scopes_disabled():
        memberships = list(Membership.objects.active().filter(user=user).select_related("municipality"))
    return [
        _("You still work for %(centre)s (%(role)s). Ask your organiser to end this role first.")
        % {"centre": membership.municipality.centre_name, "role": membership.get_role_display()}
        for membership in memberships
    ]


def export(user):
    """This app's part of “my data”."""
    with scopes_disabled():
        memberships = Membership.objects.filter(user=user).select_related("municipality", "organisation")
        return {
            "roles": [
                {
                    "municipality": membership.municipality.name,
                    "role": membership.role,
                    "organisation": membership.organisation.name if membership.organisation else None,
                    "since": membership.started_at,
                    "until": membership.ended_at,
                }
                for membership in memberships.order_by("started_at", "pk")
            ],
            "observed_networks": list(user.observed_networks.order_by("name").values_list("name", flat=True)),
        }


def erase(user):
    """Ends what is left of a person's belonging when the account is deleted. Past roles stay, without a name."""
    user.observed_networks.clear()


def _changed(membership, verb, *, actor):
    outbox.publish(
        f"neighbourhoods.role_{verb}",
        membership,
        actor=actor,
        municipality=membership.municipality,
        user=membership.user_id,
        role=membership.role,
    )
    for listener in _listeners:
        listener(membership)
    if verb == "ended":
        outbox.revoke(membership.user_id)
