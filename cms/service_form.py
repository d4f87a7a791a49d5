"""The form of a service."""

from django.db.models import Q
from django_scopes import get_scope

from accounts.models import User
from cms.completeness import CompletePageForm
from neighbourhoods.models import Membership, Role

# Who may open the CMS, and so may say that a page is right (`cms.domain.groups.EDITING_ROLES`).
KEEPERS = (Role.EDITOR, Role.ORGANISER)


def keepers_here():
    """Editors and organisers of the gmina whose scope is open; nobody where there is none."""
    if "municipality" not in get_scope():
        return User.objects.none()
    members = Membership.objects.active().filter(role__in=KEEPERS)
    return User.objects.filter(Q(pk__in=members.values("user"))).order_by("display_name", "pk")


class ServicePageForm(CompletePageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Without this the list would name everybody with an account.
        if "keeper" in self.fields:
            self.fields["keeper"].queryset = keepers_here()
