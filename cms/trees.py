"""Which pages belong to which site: the home page in every language and all that is below it."""

from wagtail.models import Page, Site

# Wagtail's root of all trees; the homes of sites, one for each language, stand right below it.
DEPTH_OF_ROOT = 1
DEPTH_OF_HOME = 2


def homes_of(site):
    """The home pages of a site: the Polish one and its translations, published or not."""
    return Page.objects.filter(translation_key=site.root_page.translation_key).order_by("path")


def home_in(language, site, *, kind=None):
    """The published home page of a site in one language, as its own type; None where there is none. Two queries, or
    one for who knows of which type (`kind`) the homes of this site are."""
    key = Page.objects.filter(pk=site.root_page_id).values("translation_key")
    homes = (kind or Page).objects.live().filter(translation_key__in=key, locale__language_code=language)
    return (homes if kind else homes.specific()).first()


def pages_of(site):
    """All pages of a site, in all languages."""
    pages = Page.objects.none()
    for home in homes_of(site):
        pages |= Page.objects.descendant_of(home, inclusive=True)
    return pages


def is_home(page):
    """Whether a page is the home of a site in some language: what a site cannot do without."""
    return page.depth == DEPTH_OF_HOME


def site_of_request(request):
    """The site of the host: of its centre, else the portal."""
    if request.municipality is not None:
        return request.municipality.site
    return Site.find_for_request(request)


def pages_here(request):
    """The pages that the CMS of a host is about: those of its site, and the root above them."""
    return pages_of(site_of_request(request)) | Page.objects.filter(depth=DEPTH_OF_ROOT)


def drafts_of(user, request):
    """Pages of this host's site whose newest words a person wrote and has not published, newest first."""
    pages = pages_here(request).filter(has_unpublished_changes=True, latest_revision__user=user)
    return pages.order_by("-latest_revision_created_at")
