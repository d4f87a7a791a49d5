"""How far the pages of a site are translated: what is missing, and what is older than its Polish page."""

from dataclasses import dataclass

from django.conf import settings
from wagtail.models import Page

from cms.languages import is_older
from cms.trees import homes_of, pages_of

POLISH = settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Gap:
    """A published Polish page and one language: without a `translation`, or with one that is older."""

    polish: Page
    language: str
    translation: Page | None = None


def gaps(site):
    """Gaps in the languages that the site has, in the order of the tree. A draft of a translation counts as one: it
    is being written. Two queries."""
    languages = [home.locale.language_code for home in homes_of(site).select_related("locale")]
    rows = pages_of(site).select_related("locale", "translation_check").order_by("path")
    found = {(page.translation_key, page.locale.language_code): page for page in rows}
    wanted = [code for code in languages if code != POLISH]
    for (key, code), polish in found.items():
        if code != POLISH or not polish.live:
            continue
        for language in wanted:
            translation = found.get((key, language))
            if translation is None or is_outdated(translation, polish):
                yield Gap(polish, language, translation)


def is_outdated(translation, polish):
    """Whether the Polish page was published later, and nobody has said since that the translation is still right."""
    check = getattr(translation, "translation_check", None)
    moments = [translation.last_published_at, check and check.source_published_at]
    return translation.live and all(is_older(moment, polish.last_published_at) for moment in moments)
