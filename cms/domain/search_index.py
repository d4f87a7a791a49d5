"""Keeps what the search reads in step with pages and initiatives. Called where Wagtail says that it has published
something (`cms.publishing`); `rebuild` repairs whatever was written around it."""

from django.conf import settings
from django.db import transaction
from django.utils.html import strip_tags
from django_scopes import scopes_disabled
from wagtail.models import Page

from cms.domain.search_words import as_kept, telling, words_of
from cms.models import SearchEntry, SearchGroup, SearchTerm, SitePage
from cms.trees import is_home
from volunteering.models import Initiative

MOST_WORDS = 1500
LONGEST_TEXT = 4000
LONGEST_LEAD = 400
LONGEST_TITLE_WORDS = 590
WEIGHTS = {SearchGroup.SERVICES: 3, SearchGroup.INITIATIVES: 2, SearchGroup.EVENTS: 2, SearchGroup.NEWS: -1}
WRITTEN = [
    "site",
    "language",
    "group",
    "family",
    "title",
    "lead",
    "url",
    "date",
    "weight",
    "title_words",
    "words",
    "text",
]
BATCH = 500


def page_published(page):
    """A page can be read from now on, or reads differently."""
    entry = _entry_of_page(page)
    if entry is None:
        forget_page(page)
    else:
        _write([entry], about="page")


def branch_moved(page):
    """A page has another address, and so have all below it."""
    entries = []
    for each in Page.objects.live().descendant_of(page, inclusive=True).specific().iterator():
        entry = _entry_of_page(each)
        if entry is None:
            forget_page(each)
        else:
            entries.append(entry)
    _write(entries, about="page")


def forget_page(page):
    SearchEntry.objects.filter(page_id=page.pk).delete()


def initiative_published(initiative):
    """Words of an initiative were published. Whether it is under way is asked when somebody looks for it."""
    _write([_entry_of_initiative(initiative)], about="initiative")


def forget_initiative(initiative):
    SearchEntry.objects.filter(initiative_id=initiative.pk).delete()


@transaction.atomic
def rebuild():
    """Writes the whole index anew, in place; returns how many entries there are."""
    pages = [entry for page in _live_pages() if (entry := _entry_of_page(page))]
    with scopes_disabled():
        live = Initiative.objects.filter(live=True).select_related("municipality__site", "kind")
        initiatives = [_entry_of_initiative(initiative) for initiative in live]
    SearchEntry.objects.all().delete()
    SearchTerm.objects.all().delete()
    _write(pages, about="page")
    _write(initiatives, about="initiative")
    return len(pages) + len(initiatives)


def _live_pages():
    return Page.objects.live().filter(depth__gt=1).specific().iterator(chunk_size=BATCH)


def _entry_of_page(page):
    """The row of a page; None for pages that cannot be found: of no site, of no type of ours, and the front page, to
    which every page leads."""
    site = page.get_site()
    if site is None or not isinstance(page, SitePage) or is_home(page):
        return None
    return _entry(
        site=site,
        language=page.locale.language_code,
        group=page.search_group,
        page=page,
        family=page.translation_key,
        title=page.title,
        lead=getattr(page, "lead", ""),
        url=page.get_url_parts()[2],
        date=page.search_date,
        text=page.search_words(),
    )


def _entry_of_initiative(initiative):
    return _entry(
        site=initiative.municipality.site,
        language=settings.LANGUAGE_CODE,
        group=SearchGroup.INITIATIVES,
        initiative=initiative,
        title=initiative.title,
        lead=initiative.summary,
        url=initiative.get_absolute_url(),
        text=f"{initiative.kind}. {_plain(initiative.body)} {initiative.host}",
    )


def _entry(*, title, lead, text, group, **fields):
    text = " ".join(text.split())
    heading, everything = words_of(title), words_of(f"{title} {lead} {text}")[: MOST_WORDS * 2]
    said = telling(everything)[:MOST_WORDS]
    entry = SearchEntry(
        title=title,
        lead=lead[:LONGEST_LEAD],
        text=text[:LONGEST_TEXT],
        group=group,
        weight=WEIGHTS.get(group, 0),
        title_words=as_kept(heading)[:LONGEST_TITLE_WORDS],
        words=as_kept(said),
        **fields,
    )
    entry.said = said
    return entry


def _plain(rich):
    return strip_tags(rich.replace("><", "> <"))


def _write(entries, *, about):
    """Writes rows over those about the same things, and learns their words."""
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=[about], update_fields=WRITTEN, batch_size=BATCH
    )
    terms = {(entry.site_id, entry.language, word) for entry in entries for word in entry.said}
    SearchTerm.objects.bulk_create(
        (
            SearchTerm(site_id=site, language=language, word=word.encode(), backwards=word[::-1].encode())
            for site, language, word in sorted(terms)
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
