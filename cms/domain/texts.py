"""Versions of the texts that people agree to."""

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from wagtail.models import Page, Revision, Site

from cms.models import PrivacyPage, TermsPage, TextVersion, VersionedText

PORTAL_CODE = "OGN"
TYPES = (PrivacyPage, TermsPage)


@transaction.atomic
def published(page, revision):
    """Keeps what was published: under a new number if the editor said that the meaning changed, or if it is the first
    of its kind; under the present number otherwise. Translations take the number of the Polish page."""
    site = page.get_site()
    if not isinstance(page, VersionedText) or site is None or revision is None:
        return None
    # One after another: two editors who publish at once may not both take the same number.
    Page.objects.select_for_update().get(pk=page.pk)
    number = _number(page, site)
    version = TextVersion.objects.filter(page=page, number=number).first() or TextVersion(page=page, number=number)
    version.site, version.kind, version.revision = site, page.consent_kind, revision
    version.version, version.is_original = f"{_code(site)}-{number}", not page.is_translation
    version.save()
    _untick(page, revision)
    return version


def _number(page, site):
    originals = TextVersion.objects.filter(site=site, kind=page.consent_kind, is_original=True)
    present = originals.aggregate(number=Max("number"))["number"] or 0
    if page.is_translation:
        return present or 1
    # A page that was made anew after an old one was deleted is another text, even where nobody ticked anything.
    is_known = originals.filter(page=page, number=present).exists()
    return present if is_known and not page.changes_agreement else present + 1


def _code(site):
    municipality = getattr(site, "municipality", None)
    return municipality.code if municipality else PORTAL_CODE


def _untick(page, revision):
    """The tick was for this one publishing: the next correction must not ask everybody again."""
    if not page.changes_agreement:
        return
    page.changes_agreement = False
    type(page).objects.filter(pk=page.pk).update(changes_agreement=False)
    revision.content["changes_agreement"] = False
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)


def version_in_force(kind, municipality):
    """What a consent given on this site names; empty where the site has no such text. `municipality` is None on the
    portal. Registered with `accounts.domain.people`."""
    version = _in_force(kind, municipality)
    return version.version if version else ""


def address_in_force(kind, municipality):
    """The address of the text in the language that is switched on, in Polish where it was not translated."""
    version = _in_force(kind, municipality)
    if version is None:
        return ""
    family = Page.objects.live().filter(translation_key=version.page.translation_key).select_related("locale")
    pages = {page.locale.language_code: page for page in family}
    page = pages.get(get_language()) or pages.get(settings.LANGUAGE_CODE)
    return page.url if page else ""


def _in_force(kind, municipality):
    site = municipality.site if municipality else Site.objects.filter(is_default_site=True).first()
    return TextVersion.objects.in_force(kind, site).select_related("page").first() if site else None
