"""Building sites: of a centre, and of the region's portal. Used by the demo's seed and by whoever sets up a centre
(`cms.domain.founding`)."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scope
from wagtail.models import Page, Site

from cms import crisis
from cms.domain import first_pages, first_words
from cms.domain.first_pages import POLISH, in_language, plant, translate
from cms.domain.groups import make_team
from cms.domain.workflow import ensure_workflow
from cms.models import CrisisLine, HomePage, NeighbourhoodPage, PortalPage, SiteLook
from neighbourhoods.models import Municipality, Neighbourhood

DEFAULT_PORT = 443


@transaction.atomic
def build_site(*, hostname, port=DEFAULT_PORT, colour="", languages=None, **fields):
    """Makes a centre that people can visit: its site, pages in every language, editorial team, looks.

    `fields` are those of Municipality without `site`. Returns the municipality. Raises IntegrityError where the host
    or the gmina is there already.
    """
    home = plant(HomePage(title=fields["centre_name"], slug=fields["slug"], **in_language(POLISH, first_words.HOME)))
    site = Site.objects.create(hostname=hostname, port=port, site_name=fields["centre_name"], root_page=home)
    municipality = Municipality.objects.create(site=site, **fields)
    look = SiteLook(site=site)
    look.colour = colour or look.colour
    look.full_clean()
    look.save()
    complete_site(municipality, languages=languages)
    return municipality


@transaction.atomic
def complete_site(municipality, *, languages=None):
    """Adds what is missing of a centre's site: first pages, their translations, looks, numbers for a crisis, rights.
    Nothing that is there is changed."""
    site = municipality.site
    look = SiteLook.for_site(site)
    with scope(municipality=municipality):
        pages = _first_pages(look, first_words.CENTRE_PAGES, first_words.HOME, municipality, languages)
    _point(look, first_words.CENTRE_PAGES, pages)
    if not look.crisis_lines.exists():
        CrisisLine.objects.bulk_create(
            CrisisLine(look=look, sort_order=place, **fields) for place, fields in enumerate(crisis.first_lines())
        )
    _staff(site, name=municipality.name)


@transaction.atomic
def build_portal(*, hostname="localhost", port=DEFAULT_PORT, name="Ogniwo", languages=None):
    """Makes the region's own site on the bare host, in place of the page that Wagtail brings. Returns the site."""
    portal = plant(PortalPage(slug="portal", **in_language(POLISH, first_words.PORTAL)))
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.hostname, site.port, site.site_name, site.root_page = hostname, port, name, portal
    site.save()
    if welcome is not None and type(welcome.specific) is Page:
        welcome.refresh_from_db()
        welcome.delete()
        portal.refresh_from_db()
    look = SiteLook.for_site(site)
    pages = _first_pages(look, first_words.PORTAL_PAGES, first_words.PORTAL, None, languages)
    _point(look, first_words.PORTAL_PAGES, pages)
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
            plant(page, below=home)
            for language in _others(languages):
                translate(page, language, lead="")


def publish(page, *, below, in_menu=False):
    """Adds a page to the tree and publishes it, as an editor would. Returns the page."""
    page.show_in_menus = in_menu
    return plant(page, below=below)


def use_port(port):
    """Writes the port that this installation answers on into the addresses of all sites."""
    for site in Site.objects.exclude(port=port):
        site.port = port
        site.save()


# --- Parts ------------------------------------------------------------------------------------------------------------


def _first_pages(look, entries, home_words, municipality, languages):
    home = look.site.root_page.specific
    for language in _others(languages):
        if not first_pages.has_translation(home, language):
            translate(home, language, **in_language(language, home_words))
    kept = {key: page.specific for key, words in entries.items() if (page := _pointed_to(look, words))}
    return first_pages.plant_all(
        home, entries, municipality=municipality, languages=list(_others(languages)), kept=kept
    )


def _pointed_to(look, words):
    return getattr(look, words["setting"]) if "setting" in words else None


def _point(look, entries, pages):
    """The settings of a site that are still empty get the pages made for them."""
    empty = {
        words["setting"]: pages[key]
        for key, words in entries.items()
        if "setting" in words and _pointed_to(look, words) is None
    }
    for setting, page in empty.items():
        setattr(look, setting, page)
    if empty:
        look.save()


def _others(languages):
    """The languages beside Polish that a site is built in: all of the installation, unless fewer are asked for."""
    codes = [code for code, _name in settings.LANGUAGES] if languages is None else languages
    return [code for code in codes if code != POLISH]


def _name_the_root():
    """Wagtail calls what lies above all sites "Root", and editors meet the word where they choose a page."""
    with override(POLISH):
        title = _("All pages")
    Page.objects.filter(depth=1, title="Root").update(title=title, draft_title=title)


def _staff(site, *, name):
    ensure_workflow()
    _name_the_root()
    make_team(site, name=name)
