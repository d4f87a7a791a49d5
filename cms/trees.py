"""Which pages belong to which site: the home page in every language and all that is below it."""

from wagtail.models import Page


def homes_of(site):
    """The home pages of a site: the Polish one and its translations, published or not."""
    return Page.objects.filter(translation_key=site.root_page.translation_key).order_by("path")


def pages_of(site):
    """All pages of a site, in all languages."""
    pages = Page.objects.none()
    for home in homes_of(site):
        pages |= Page.objects.descendant_of(home, inclusive=True)
    return pages


def is_home(page):
    """Whether a page is the home of a site in some language: what a site cannot do without."""
    return page.depth == 2  # noqa: PLR2004 -- right below Wagtail's root
