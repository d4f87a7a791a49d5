"""What the frame of every public page shows of its site: notice, logo, phone, links in the footer, menu.

Kept by each process under the content version of the municipality, which is read with every request anyway: a change is
seen by all processes at once. The portal has no version, so its few facts are read each time.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import caches
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms import crisis
from cms.models import (
    AccessibilityStatementPage,
    CallIndexPage,
    CrisisLine,
    EasyReadPage,
    EventIndexPage,
    NeighbourhoodPage,
    NewsIndexPage,
    NoticeLevel,
    ProtectionStandardsPage,
    SiteLook,
    TermsPage,
)
from cms.trees import home_in, site_of_request

LIFE = 3600
LOGO = "max-320x160"
# Kinds of pages that every page links to, in this order.
LINKED = (AccessibilityStatementPage, EasyReadPage, ProtectionStandardsPage, TermsPage, CallIndexPage)
SIGNS = "max-1200x240"


@dataclass(frozen=True)
class Link:
    """`language` is that of the words, where it may differ from that of the page."""

    text: str
    url: str
    language: str = ""


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Funding:
    """What the European Union asks to be told on every page. The sentence is Polish in every language."""

    text: str
    logo: Picture | None = None
    link: Link | None = None


@dataclass(frozen=True)
class Frame:
    notice: str = ""
    level: str = NoticeLevel.ORDINARY.value
    phone: str = ""
    logo: Picture | None = None
    colour: str = ""
    colour_on_dark: str = ""
    footer_links: tuple = ()
    quick_links: tuple = ()
    funding: Funding | None = None
    dpo: str = ""
    dpo_email: str = ""
    menu: tuple = ()
    news_url: str = ""
    events_url: str = ""
    # Pages of neighbourhoods, by name.
    places: tuple = ()
    # How often the newsletter comes; empty where the site has none (the portal never has).
    newsletter: str = ""
    # Of centres only: nobody sends a request from the portal.
    crisis_lines: tuple = ()

    @property
    def mourning(self):
        return self.level == NoticeLevel.MOURNING

    @property
    def important(self):
        return self.level == NoticeLevel.IMPORTANT


def context(request):
    """Context processor: `site_look`, asked for only by pages that use it."""
    return {"site_look": SimpleLazyObject(lambda: frame_of(request))}


def frame_of(request):
    """The frame of the host's site in the language that is switched on."""
    site = site_of_request(request)
    if site is None:
        return Frame()
    municipality = request.municipality
    if municipality is None:
        return build(site, get_language(), request)
    key = f"cms.frame:{site.pk}:{get_language()}:{municipality.content_version}"
    frame = caches["pages"].get(key)
    if frame is None:
        frame = build(site, get_language(), request)
        frame = replace(
            frame,
            phone=frame.phone or str(municipality.phone),
            crisis_lines=tuple(crisis.lines_in(get_language(), CrisisLine.objects.of_site(site))),
        )
        caches["pages"].set(key, frame, LIFE)
    return frame


def build(site, language, request):
    looks = SiteLook.objects.select_related("logo", "privacy_page", "accessibility_page", "eu_logo", "eu_page")
    look = looks.filter(site=site).first()
    look = look or SiteLook(site=site)
    home = home_in(language, site) or home_in(settings.LANGUAGE_CODE, site)
    lists = lists_below(home, request)
    return Frame(
        notice=look.notice_text,
        level=look.notice_level,
        phone=str(look.phone or ""),
        logo=picture(look.logo),
        colour=look.colour,
        colour_on_dark=look.brand_on_dark,
        footer_links=tuple(footer_links(look, home, language, request)),
        quick_links=tuple(quick_links(look, language, request)),
        funding=funding(look, language, request),
        dpo=look.dpo_name,
        dpo_email=look.dpo_email,
        menu=tuple(link_to(page, request) for page in menu_pages(home)),
        news_url=lists.get(NewsIndexPage, ""),
        events_url=lists.get(EventIndexPage, ""),
        places=tuple(link_to(page, request) for page in neighbourhood_pages(home, request)),
        newsletter=look.newsletter_rhythm if request.municipality else "",
    )


def lists_below(home, request):
    """Addresses of the published lists of news and events, by their type."""
    lists = Page.objects.live().child_of(home).type((NewsIndexPage, EventIndexPage)) if home else ()
    return {page.cached_content_type.model_class(): page.get_url(request) for page in lists}


def picture(image, size=LOGO):
    if image is None:
        return None
    rendition = image.get_rendition(size)
    return Picture(rendition.url, rendition.width, rendition.height)


def footer_links(look, home, language, request):
    """The pages that the law wants to be reachable from everywhere, and the calls for partners, for which the menu has
    no room; in the reader's language where they exist in it. A statement in the prescribed shape takes the place of an
    ordinary page about accessibility."""
    linked = linked_pages(home)
    statement = next((page for page in linked if page.cached_content_type.model_class() is LINKED[0]), None)
    about = statement or (look.accessibility_page and in_language(look.accessibility_page, language))
    privacy = look.privacy_page and in_language(look.privacy_page, language)
    for page in (about, privacy, *(page for page in linked if page != statement)):
        if page:
            yield link_to(page, request)
    if look.bip_url:
        yield Link(_("Public Information Bulletin (BIP)"), look.bip_url)


def linked_pages(home):
    """Published pages of these kinds of a site in one language, in the order of the footer."""
    if home is None:
        return []
    pages = Page.objects.live().child_of(home).type(LINKED)
    return sorted(pages, key=lambda page: (LINKED.index(page.cached_content_type.model_class()), page.pk))


def funding(look, language, request):
    if not look.eu_text:
        return None
    page = look.eu_page and in_language(look.eu_page, language)
    return Funding(look.eu_text, picture(look.eu_logo, SIGNS), link_to(page, request) if page else None)


def quick_links(look, language, request):
    """The editors' own short cuts, in the reader's language; those to pages that are not published are left out."""
    for row in look.quick_links.select_related("page") if look.pk else ():
        text = getattr(row, f"text_{language}", "")
        page = row.page and in_language(row.page, language)
        if url := (page.get_url(request) if page else row.url):
            yield Link(text or row.text_pl, url, language if text else settings.LANGUAGE_CODE)


def in_language(page, language):
    """The published translation of a page, else the page itself if it is published, else None."""
    family = Page.objects.live().filter(translation_key=page.translation_key).select_related("locale")
    found = {member.locale.language_code: member for member in family}
    return found.get(language) or found.get(settings.LANGUAGE_CODE)


def menu_pages(home):
    return home.get_children().live().in_menu() if home else []


def neighbourhood_pages(home, request):
    """Of centres only: a region's own site has none."""
    if home is None or request.municipality is None:
        return []
    return Page.objects.live().child_of(home).type(NeighbourhoodPage).order_by("title")


def link_to(page, request):
    return Link(page.title, page.get_url(request) or "/")
