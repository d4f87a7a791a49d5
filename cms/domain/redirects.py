"""Addresses that are no more and the pages to be found there, of one site at a time. Wagtail's own list of redirects
shows those of all sites, so it stays with superusers."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log

from cms.domain.versions import site_changed
from cms.editing import RESERVED_SLUGS
from cms.trees import home_in, pages_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


def of_site(site):
    """Those that editors wrote and those that Wagtail made when a page was moved, in the order of the addresses."""
    return Redirect.objects.filter(site=site).select_related("redirect_page").order_by("old_path", "pk")


@transaction.atomic
def add(site, *, old_path, page, actor):
    """`old_path`: normalised, and without a `reason_against`."""
    redirect = Redirect.objects.create(site=site, old_path=old_path, redirect_page=page, is_permanent=True)
    log(instance=redirect, action="wagtail.create", user=actor)
    site_changed(site)
    return redirect


@transaction.atomic
def remove(redirect, *, actor):
    log(instance=redirect, action="wagtail.delete", user=actor, deleted=True)
    site = redirect.site
    redirect.delete()
    site_changed(site)


def normalised(address):
    """The path of an address as Wagtail compares it: without the host and the slash at its end."""
    path = Redirect.normalise_path(address.strip())
    return "" if path == "/" else path


def reason_against(path, *, site):
    """Why nothing can be found at this address by a redirect; None where it can."""
    language, rest = _split(path)
    if not rest.strip("/"):
        return _(
            "Write the part of the address that stands after the name of the site, for example: /oferta/obiady.html"
        )
    if rest.split("/")[1].split("?")[0] in RESERVED_SLUGS:
        return _("Addresses that begin like this belong to the platform itself.")
    if of_site(site).filter(old_path=path).exists():
        return _("This address leads somewhere already. Remove that row first.")
    home = home_in(language, site)
    if home and pages_of(site).live().filter(url_path=f"{home.url_path.rstrip('/')}{rest}/").exists():
        return _("There is a page at this address. Only addresses that are no more can lead elsewhere.")
    return None


def _split(path):
    """The language of an address and what stands behind its prefix."""
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            return code, path.removeprefix(f"/{code}")
    return settings.LANGUAGE_CODE, path
