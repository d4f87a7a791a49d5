"""The shape of the code, where import-linter cannot look: inside files, inside templates, behind the addresses."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.urls import URLResolver, get_resolver

ROOT = settings.BASE_DIR
APPS = ("accounts", "cms", "config", "neighbourhoods", "notifications", "volunteering")
SOURCES = [path for app in APPS for path in sorted(Path(ROOT, app).glob("**/*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted(ROOT.glob("*/templates/**/*"))

# Every address that opens without signing in. LoginRequiredMiddleware closes all others; a new one belongs in here
# only if a stranger may see everything behind it.
OPEN = {
    # health, looks
    "healthz",
    "readyz",
    "metrics",  # to whoever has the token
    "marka.css",
    "styl/",
    "styl/<int:code>/",
    "styl/formularz/",
    "konto/wyglad/",
    "manifest.webmanifest",
    "service-worker.js",
    "bez-sieci/",
    "sitemap.xml",
    "robots.txt",
    "kanaly/aktualnosci.<slug:language>.xml",
    # what residents and passers-by read
    "prosby/",
    "prosby/nowa/",
    "prosby/nowa/<slug:slug>/",
    "prosby/nowa/moze-tez/",
    "prosby/nowa/sprawdz/",
    "prosby/nowa/wyslij/",
    "prosby/nowa/wyslano/",
    "pomagam/",
    "partnerzy/",
    "partnerzy/<slug:slug>/",
    "okolica/",
    "okolica/mapa/",
    "inicjatywy/",
    "inicjatywy/<slug:slug>/",
    "inicjatywy/<slug:slug>/kalendarz.ics",
    "inicjatywy/<slug:slug>/plakat.pdf",
    "inicjatywy/<slug:slug>/spotkania/<key:pk>/kalendarz.ics",
    "inicjatywy/kalendarz.ics",
    "inicjatywy/kalendarz/",
    "inicjatywy/kanal.atom",
    "inicjatywy/mapa/",
    "inicjatywy/zakonczone/",
    "inicjatywy/zaproponuj/",
    "inicjatywy/zaproponuj/wyslij/",
    "zapisy/<key:pk>/",
    "zapisy/<key:pk>/gotowe/",
    "zapisy/<key:pk>/wydarzenie.ics",
    "inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisy/",
    "inicjatywy/<slug:slug>/spotkania/<key:pk>/zapisy/gotowe/",
    "^((?:[\\w\\-]+/)*)$",
    "dokumenty/^(\\d+)/(.*)$",
    "dokumenty/authenticate_with_password/<int:restriction_id>/",
    "media/images/<path:path>",
    "szukaj/",
    "newsletter/",
    "newsletter/<key:number>/",
    "newsletter/moje/<str:token>/",
    "newsletter/potwierdzenie/<str:token>/",
    "newsletter/rezygnacja/<str:token>/",
    "newsletter/zapis/",
    "newsletter/zapis/wyslane/",
    "opinia/",
    "opinia/dziekujemy/",
    # ways in and out
    "konto/login/",
    "konto/login/code/",
    "konto/login/code/confirm/",
    "konto/signup/",
    "konto/logout/",
    "konto/inactive/",
    "konto/usuniete/",
    "konto/demo/",
    "konto/zasady/",
    "konto/prywatnosc/",
    "konto/2fa/authenticate/",
    "konto/2fa/webauthn/login/",
    "cms/login/",
    # a token in the address says who is meant
    "moje/powiadomienia/bez-poczty/<str:token>/",
    # Wagtail's own interface for its editor: Django REST framework asks for an editor's session by itself
    "cms/api/main/^pages/",
    "cms/api/main/^pages/<int:pk>/",
    "cms/api/main/^pages/find/",
    "cms/api/main/^pages/<int:pk>/action/<str:action_name>/",
    "cms/api/main/^documents/",
    "cms/api/main/^documents/<int:pk>/",
    "cms/api/main/^documents/find/",
    "cms/api/main/^images/",
    "cms/api/main/^images/<int:pk>/",
    "cms/api/main/^images/find/",
}

# Methods of pages and snippets that Wagtail calls with a request.
WAGTAIL_ASKS = {"get_context", "get_preview_context", "get_preview_template", "get_template", "serve", "route"}
# Views of Wagtail's that are narrowed to one site: their querysets are Wagtail's, so they have no methods of ours.
NARROWS_WAGTAIL = {"cms/views/gate.py", "cms/views/reports.py"}
NO_TOKEN = {
    # Changes this browser's own look, on pages that are cached and therefore carry no token.
    "config/templates/includes/appearance.html",
    # Mail programs post here at one click (RFC 8058); the token of the address says for whom.
    "notifications/templates/notifications/unsubscribe.html",
    # Shows how forms look, and sends nothing.
    "config/templates/styl.html",
    "config/templates/styl/form.html",
}


def place(path, node=None):
    return f"{path.relative_to(ROOT)}{f':{node.lineno}' if node else ''}"


def nodes(paths, *kinds):
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kinds):
                yield path, node


def within(*names):
    """Sources of a layer: `models` is a file in one app and a folder in the next."""
    return [
        path for path in SOURCES if set(names) & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def plain(view):
    """The view without its decorators."""
    try:
        return inspect.unwrap(view)
    except ValueError:  # Wagtail's decorate_urlpatterns() may wrap a function around itself
        return view


# --- Code -------------------------------------------------------------------------------------------------------------


def test_domain_knows_no_http():
    """Verbs, models and the engine see no request, form or message; import-linter cannot forbid `django.http`."""
    paths = within("domain", "models", "matching")
    banned = ("django.http", "django.forms", "django.contrib.messages", "django.shortcuts", "django.views")

    imported = [
        place(path, node)
        for path, node in nodes(paths, ast.Import, ast.ImportFrom)
        for name in [
            getattr(node, "module", None) or "",
            *(f"{getattr(node, 'module', '')}.{n.name}" for n in node.names),
        ]
        if name.startswith(banned) or name.lstrip(".").startswith(banned)
    ]
    received = [
        place(path, argument)
        for path, node in nodes(paths, ast.FunctionDef)
        for argument in node.args.args
        if argument.arg in {"request", "form"} and node.name not in WAGTAIL_ASKS
    ]

    assert imported + received == []


def test_views_and_tags_do_not_filter():
    """What may be seen is decided by QuerySet methods with a name; a filter in a view is a rule that nobody finds."""
    filters = [
        place(path, node)
        for path, node in nodes(within("views", "templatetags"), ast.Call)
        if place(path) not in NARROWS_WAGTAIL
        if isinstance(node.func, ast.Attribute) and node.func.attr == "filter"
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "register")
    ]

    assert filters == []


def test_views_say_what_they_take():
    """Every view is a function of an `HttpRequest`: a help request is never called `request`."""
    views = {plain(view) for _route, view in routes(get_resolver().url_patterns)}

    unnamed = [
        f"{view.__module__}.{view.__qualname__}"
        for view in views
        if view.__module__.split(".")[0] in APPS and inspect.isfunction(view) and "." not in view.__qualname__
        if next(iter(inspect.signature(view).parameters.values())).annotation is not HttpRequest
    ]

    assert sorted(unnamed) == []


def test_no_signals_of_models():
    """Business rules are verbs. Ruff bans the import; this finds the string form and third-party receivers."""
    found = [
        place(path) for path in SOURCES if re.search(r"\b(post|pre)_(save|delete)\b|m2m_changed", path.read_text())
    ]

    assert found == []


def test_tests_do_not_mock_our_code():
    mocks = [
        place(path, node)
        for path, node in nodes(sorted(Path(ROOT, "tests").glob("**/*.py")), ast.Import, ast.ImportFrom)
        if "mock" in (getattr(node, "module", None) or "") or any("mock" in name.name for name in node.names)
    ]

    assert mocks == []


# --- Templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>", re.IGNORECASE),
        re.compile(r"<style\b", re.IGNORECASE),
        re.compile(r"\sstyle\s*=", re.IGNORECASE),
        re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
        re.compile(r"javascript:", re.IGNORECASE),
        re.compile(r"\|\s*safe\b|\bautoescape off\b|\bsafeseq\b"),
        re.compile(r"\.filter\b"),
    ],
    ids=lambda pattern: pattern.pattern[:24],
)
def test_templates_hold_no(pattern):
    """Inline code and styles are refused by the site's content security policy: they would do nothing."""
    found = [
        f"{place(path)}:{number}"
        for path in TEMPLATES
        if path.suffix in {".html", ".svg"}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


def test_every_form_that_changes_something_has_a_token():
    forms = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)

    naked = [
        place(path)
        for path in TEMPLATES
        if path.suffix == ".html" and place(path) not in NO_TOKEN
        for body in forms.findall(path.read_text())
        if "csrf_token" not in body
    ]

    assert naked == []


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_open_addresses_are_these():
    opened = {
        route
        for route, view in routes(get_resolver().url_patterns)
        if not getattr(view, "login_required", True) and view.__qualname__ != "closed"  # a 404 for everybody
    }

    assert sorted(opened - OPEN) == [], "these open without signing in"
    assert sorted(OPEN - opened) == [], "these are listed as open and are not"
