"""What people are told about their roles and about the protection of their accounts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Municipality, Role
from notifications.registry import Notice, register


class RoleNotice(Notice):
    """To the person whose role it is; also by mail, because the invited have never been here."""

    @staticmethod
    def recipients(event):
        return [event.data["user"]]

    @staticmethod
    def context(event):
        centre = Municipality.objects.get(pk=event.municipality_id)
        return {"centre": centre.centre_name, "role": Role(event.data["role"]).label}


@register
class RoleGranted(RoleNotice):
    kind = "neighbourhoods.role_granted"
    template = "neighbourhoods/notices/role_granted.txt"

    @staticmethod
    def url(event):
        return reverse("accounts:landing")


@register
class RoleEnded(RoleNotice):
    kind = "neighbourhoods.role_ended"
    template = "neighbourhoods/notices/role_ended.txt"


@register
class SecondFactorReset(Notice):
    """If the person did not ask for it, this is their only sign. The accounts app lies too low to say it itself."""

    kind = "accounts.second_factor_reset"
    label = _("My second factor was reset")
    template = "neighbourhoods/notices/second_factor_reset.txt"

    @staticmethod
    def recipients(event):
        return [event.subject_id]

    @staticmethod
    def url(event):
        return reverse("mfa_index")
