"""Where people go first after signing in: to what they are here for."""

from django.urls import reverse

from neighbourhoods.rules import is_case_worker, is_editor, is_partner
from volunteering.models import Standing


def first_page(user, municipality):
    """The desk for case workers and partners, the CMS for editors, the helper's page for whoever has a standing, one's
    own page for all others; None on the portal, which has no such pages."""
    if municipality is None:
        return None
    if is_case_worker(user, municipality):
        return reverse("desk:today")
    if is_editor(user, municipality):
        return reverse("wagtailadmin_home")
    if is_partner(user, municipality):
        return reverse("desk:own_partner")
    helps = Standing.objects.filter(volunteer=user).exists()
    return reverse("volunteering:help" if helps else "volunteering:mine")
