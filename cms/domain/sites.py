"""Building sites: of a centre, and of the region's portal. Used by the demo's seed and by whoever sets up a centre."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scope
from wagtail.models import Locale, Page, Site

from cms import crisis
from cms.domain import first_words
from cms.domain.groups import make_team
from cms.domain.workflow import ensure_workflow
from cms.models import (
    ContactPage,
    CrisisLine,
    HomePage,
    NeighbourhoodPage,
    NewsIndexPage,
    PortalPage,
    SiteLook,
    StandardPage,
)
from neighbourhoods.models import Municipality, Neighbourhood

POLISH = settings.LANGUAGE_CODE
DEFAULT_PORT = 443


@transaction.atomic
def build_site(*, hostname, port=DEFAULT_PORT, colour="", languages=None, **fields):
    """Makes a centre that people can visit: its site, pages in every language, editorial team, looks.

    `fields` are those of Municipality without `site`. Returns the municipality. Raises IntegrityError where the host
    or the gmina is there already.
    """
    home = _plant(HomePage(title=fields["centre_name"], slug=fields["slug"], **_in(POLISH, first_words.HOME)))
    site = Site.objects.create(hostname=hostname, port=port, site_name=fields["centre_name"], root_page=home)
    municipality = Municipality.objects.create(site=site, **fields)
    with scope(municipality=municipality):
        news = _plant(_news_index(), below=home)
        pages = {
            name: _plant(_first_page(words, municipality), below=home, in_menu=name in {"about", "contact"})
            for name, words in first_words.CENTRE_PAGES.items()
        }
        for language in _others(languages):
            _translate(home, language, **_in(language, first_words.HOME))
            _translate(news, language, **_heading(language, first_words.NEWS, municipality))
            _translate_first_pages(pages, first_words.CENTRE_PAGES, language, municipality)
    look = SiteLook(site=site, privacy_page=pages["privacy"], accessibility_page=pages["accessibility"])
    look.colour = colour or look.colour
    look.full_clean()
    look.save()
    CrisisLine.objects.bulk_create(
        CrisisLine(look=look, sort_order=place, **fields) for place, fields in enumerate(crisis.first_lines())
    )
    _staff(site, name=municipality.name)
    return municipality


@transaction.atomic
def build_portal(*, hostname="localhost", port=DEFAULT_PORT, name="Ogniwo", languages=None):
    """Makes the region's own site on the bare host, in place of the page that Wagtail brings. Returns the site."""
    portal = _plant(PortalPage(slug="portal", **_in(POLISH, first_words.PORTAL)))
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.hostname, site.port, site.site_name, site.root_page = hostname, port, name, portal
    site.save()
    if welcome is not None and type(welcome.specific) is Page:
        welcome.refresh_from_db()
        welcome.delete()
        portal.refresh_from_db()
    news = _plant(_news_index(), below=portal)
    pages = {name: _plant(_first_page(words, None), below=portal) for name, words in first_words.PORTAL_PAGES.items()}
    for language in _others(languages):
        _translate(portal, language, **_in(language, first_words.PORTAL))
        _translate(news, language, **_heading(language, first_words.NEWS, None))
        _translate_first_pages(pages, first_words.PORTAL_PAGES, language, None)
    look = SiteLook.for_site(site)
    look.privacy_page = pages["privacy"]
    look.save()
    _staff(site, name=name)
    return site


@transaction.atomic
def build_neighbourhood_pages(municipality, *, leads=None, languages=None):
    """A page for each neighbourhood that has none yet, in every language. `leads`: slug → sentence, in Polish."""
    home = municipality.site.root_page.specific
    with scope(municipality=municipality):
        present = set(NeighbourhoodPage.objects.child_of(home).values_list("neighbourhood_id", flat=True))
        for neighbourhood in Neighbourhood.objects.exclude(pk__in=present):
            page = NeighbourhoodPage(
                title=neighbourhood.name,
                slug=neighbourhood.slug,
                neighbourhood=neighbourhood,
                lead=(leads or {}).get(neighbourhood.slug, ""),
            )
            _plant(page, below=home)
            for language in _others(languages):
                _translate(page, language, lead="")


def publish(page, *, below, in_menu=False):
    """Adds a page to the tree and publishes it, as an editor would. Returns the page."""
    return _plant(page, below=below, in_menu=in_menu)


def use_port(port):
    """Writes the port that this installation answers on into the addresses of all sites."""
    for site in Site.objects.exclude(port=port):
        site.port = port
        site.save()


# --- Pages ------------------------------------------------------------------------------------------------------------


def _plant(page, *, below=None, in_menu=False):
    page.locale = below.locale if below else _locale(POLISH)
    page.show_in_menus = in_menu
    (below or Page.get_first_root_node()).add_child(instance=page)
    page.save_revision().publish()
    return page


def _translate(page, language, *, slug=None, **words):
    """Publishes a page's translation with these words in it. Home pages of all languages stand side by side; below
    them every translation stands under that of its parent, which must be there."""
    locale = _locale(language)
    parent = page.get_parent().specific
    translation = page.copy(
        to=parent if parent.is_root() else parent.get_translation(locale),
        update_attrs={"locale": locale, "slug": slug or _slug(page, parent, language), **words},
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        log_action="wagtail.copy_for_translation",
    )
    translation.save_revision().publish()
    return translation


def _slug(page, parent, language):
    return f"{page.slug}-{language}" if parent.is_root() else page.slug


def _news_index():
    return NewsIndexPage(**_heading(POLISH, first_words.NEWS, None), show_in_menus=True)


def _first_page(words, municipality):
    # A contact page shows the facts of the settings by itself.
    page_type = ContactPage if words.get("contact") else StandardPage
    return page_type(body=_first_body(POLISH, words, municipality), **_heading(POLISH, words, municipality))


def _translate_first_pages(pages, words_of, language, municipality):
    for name, words in words_of.items():
        heading = _heading(language, words, municipality)
        _translate(pages[name], language, body=_first_body(language, words, municipality), **heading)


def _heading(language, words, municipality):
    with override(language):
        return {
            "slug": words["slugs"][language],
            "title": _(words["title"]),
            "lead": _fill(words["lead"], municipality),
        }


def _first_body(language, words, municipality):
    with override(language):
        paragraphs = [_fill(paragraph, municipality) for paragraph in words["paragraphs"]]
    return [("paragraph", first_words.as_rich_text(paragraphs))] if paragraphs else []


def _in(language, words):
    with override(language):
        return {field: _(text) for field, text in words.items()}


def _fill(message, municipality):
    return _(message) % {"centre": municipality.centre_name if municipality else ""}


def _others(languages):
    """The languages beside Polish that a site is built in: all of the installation, unless fewer are asked for."""
    codes = [code for code, _name in settings.LANGUAGES] if languages is None else languages
    return [code for code in codes if code != POLISH]


def _locale(language):
    return Locale.objects.get_or_create(language_code=language)[0]


def _staff(site, *, name):
    ensure_workflow()
    make_team(site, name=name)
