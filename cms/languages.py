"""The languages of a page: Polish without a prefix, English and Ukrainian under /en/ and /uk/."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language_info
from wagtail.models import Page


@dataclass(frozen=True)
class PageLanguage:
    """Where one page can be read in one language: its own translation, else the nearest page above that has one."""

    code: str
    name: str
    url: str
    full_url: str
    current: bool
    translated: bool
    published_at: datetime | None = None


def newer_polish(page, languages):
    """The Polish version of a translation, where it was published after the translation and nobody has looked since
    whether that is still right; else None. Asks the database only for what is older."""
    polish = next((it for it in languages if it.code == settings.LANGUAGE_CODE and it.translated), None)
    if polish is None or polish.current or not is_older(page.last_published_at, polish.published_at):
        return None
    check = getattr(page, "translation_check", None)
    return polish if is_older(check and check.source_published_at, polish.published_at) else None


def is_older(moment, other):
    return other is not None and (moment is None or moment < other)


def canonical(page, request):
    """The one address of what is shown: the page's own, with the number of the sheet where it has several."""
    sheet = request.GET.get("strona", "")
    address = page.get_full_url(request) or ""
    return f"{address}?strona={sheet}" if sheet.isdecimal() and sheet != "1" else address


def languages_of(page, ancestors, request):
    """One PageLanguage for each language in which the page or any page above it is published, Polish first.
    `ancestors` begin with the home page. One query."""
    keys = [page.translation_key, *(ancestor.translation_key for ancestor in reversed(ancestors))]
    family = Page.objects.live().filter(translation_key__in=keys).select_related("locale").order_by()
    found = {(member.locale.language_code, member.translation_key): member for member in family}
    languages = []
    for code, _name in settings.LANGUAGES:
        nearest = next((found[code, key] for key in keys if (code, key) in found), None)
        if nearest is not None and (url := nearest.get_url(request)):
            languages.append(_entry(page, nearest, code, url, request))
    return languages


def _entry(page, nearest, code, url, request):
    return PageLanguage(
        code=code,
        name=get_language_info(code)["name_local"],
        url=url,
        full_url=nearest.get_full_url(request),
        current=nearest.pk == page.pk,
        translated=nearest.translation_key == page.translation_key,
        published_at=nearest.last_published_at,
    )
