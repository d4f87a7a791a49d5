"""Legal pages of the demonstration: as complete as an office would publish them, with invented facts."""

import json
from datetime import timedelta

from django.utils import timezone
from phonenumber_field.phonenumber import to_python
from wagtail.models import Locale

from cms.domain import sites
from cms.models import (
    AccessibilityStatementPage,
    EasyReadPage,
    PrivacyPage,
    ProtectionStandardsPage,
    TermsPage,
)
from config.demo.people import DATA

LEGAL = json.loads((DATA / "legal.json").read_text(encoding="utf-8"))
PORTAL = "portal"
PORTAL_PHONE = "+48320000101"
# How long ago the statement was prepared, and the standards came into force.
PREPARED, IN_FORCE = timedelta(days=40), timedelta(days=200)


def make_legal_pages(site):
    """Statement in every language it was written in, easy words, protection of minors, texts that people agree to."""
    centre = getattr(site, "municipality", None)
    name = centre.slug if centre else PORTAL
    home = site.root_page.specific
    _make_statements(site, home, centre, LEGAL["statements"][name])
    sites.publish(EasyReadPage(**LEGAL["easy"][name]), below=home)
    if centre is None:
        return
    today = timezone.localdate()
    sites.publish(ProtectionStandardsPage(approved_on=today - IN_FORCE, **LEGAL["protection"][name]), below=home)
    sites.publish(_rules(), below=home)
    _rewrite(PrivacyPage.objects.child_of(home).get(), LEGAL["privacy"] % {"centre": centre.centre_name})
    if name == "ruda-slaska":
        # People agreed to the first version; the second one says more. Both can be read.
        terms = TermsPage.objects.child_of(home).get(kind="terms")
        terms.changes_agreement = True
        _rewrite(terms, LEGAL["terms"])


def _make_statements(site, home, centre, words_by_language):
    today = timezone.localdate()
    facts = {
        "entity": centre.centre_name if centre else "",
        "site_address": f"{site.root_url}/",
        "email": centre.email if centre else "",
        "phone": centre.phone if centre else to_python(PORTAL_PHONE),
        "published_on": today - 2 * PREPARED,
        "updated_on": today - PREPARED,
        "prepared_on": today - PREPARED,
    }
    polish = None
    for language, words in words_by_language.items():
        below = home if polish is None else home.get_translation(Locale.objects.get(language_code=language))
        page = AccessibilityStatementPage(**{**facts, **words})
        if polish is not None:
            page.translation_key = polish.translation_key
        page = sites.publish(page, below=below)
        polish = polish or page


def _rules():
    return TermsPage(
        title="Zasady dla pomagających",
        slug="zasady-dla-pomagajacych",
        lead="Krótko o tym, co obiecujemy sobie nawzajem.",
        kind="volunteer_rules",
        text=LEGAL["rules"],
    )


def _rewrite(page, text):
    page.text = text
    page.save_revision().publish()
