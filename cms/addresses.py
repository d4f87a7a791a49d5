"""Addresses of the page tree: no prefix in Polish, /en/ and /uk/ in the other languages.

Django's `i18n_patterns` expects the prefix of the language that is switched on, and switches on the reader's cookie
where there is none: with a Ukrainian cookie, /kontakt/ would be no page. Here the prefix decides alone.
"""

from django.conf import settings
from django.urls import URLResolver, re_path
from django.urls.resolvers import LocalePrefixPattern
from wagtail.urls import serve_pattern

from cms.views import serve

PREFIXES = tuple(f"{code}/" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


class LanguagePrefix(LocalePrefixPattern):
    """Reads the prefix off any address; writes that of the active language, as Wagtail expects of `wagtail_serve`."""

    def __init__(self):
        super().__init__(prefix_default_language=False)

    def match(self, path):
        prefix = next((prefix for prefix in PREFIXES if path.startswith(prefix)), "")
        return path.removeprefix(prefix), (), {}


def page_tree():
    """The last entry of the address list: whatever is no address of the application may be a page."""
    return URLResolver(LanguagePrefix(), [re_path(serve_pattern, serve.serve_page, name="wagtail_serve")])
