"""All addresses below /cms/, as the resolver knows them, filled in with the ids of a centre's things."""

import re
from itertools import product

from django.urls import URLResolver, get_resolver

CMS = "/cms/"
PART = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
# Wagtail's catch-all, patterns of ours that only close something, Wagtail's deliberate crash, and the way out: after it
# every other address would lead to the sign-in, and prove nothing.
LEFT_OUT = re.compile(r"^\^|^failwhale|^logout/")
# One type of page stands for all: Wagtail's views take them alike, ours have addresses of their own.
MODELS = [
    ("wagtailcore", "page"),
    ("cms", "standardpage"),
    ("cms", "sitelook"),
    ("volunteering", "initiative"),
    ("wagtailimages", "image"),
    ("wagtaildocs", "document"),
    ("accounts", "user"),
]
APP_PARTS = {"app_label", "app_name", "content_type_app_name"}
MODEL_PARTS = {"model_name", "content_type_model_name"}
# Views that take ids after the question mark.
BY_QUERY = re.compile(r"^bulk/|chosen-multiple/$")


def routes():
    """Routes of all views, without duplicates."""
    top = next(pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == CMS[1:])
    return sorted({route for route in _below(top.url_patterns) if not LEFT_OUT.search(route)})


def _below(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, route)
        else:
            yield route


def parts_of(route):
    """Names of the parts of a route that change."""
    return list(dict.fromkeys(PART.findall(GROUP.sub(r"<\1>", route))))


def fill(route, values):
    """The address of a route: its parts replaced, what is left of regular expressions taken away."""
    plain = GROUP.sub(r"<\1>", route)
    address = PART.sub(lambda match: str(values[match[1]]), plain)
    return CMS + address.replace("\\.", ".").replace("^", "").replace("$", "")


def addresses(things, *, queries=("",)):
    """Every address of the CMS with every combination of the ids of a centre's things; those that name nothing with
    each of the queries (and not at all without any)."""
    ids = things.ids()
    for route in routes():
        parts = parts_of(route)
        names = [name for name in parts if name not in APP_PARTS | MODEL_PARTS]
        for app, model in MODELS if set(parts) & APP_PARTS else [("", "")]:
            for chosen in product(*(things.pks(route) if name == "pk" else ids[name] for name in names)):
                values = dict(zip(names, chosen, strict=True))
                values |= dict.fromkeys(APP_PARTS, app) | dict.fromkeys(MODEL_PARTS, model)
                for query in queries_for(route, parts, things, queries):
                    yield fill(route, values) + query


def queries_for(route, parts, things, queries):
    if BY_QUERY.search(route):
        # All of them in one address: each is looked up on its own, and every model finds those that are its own.
        chosen = {*things.pks("pages"), *things.pks("images"), *things.pks("documents")}
        return ["?" + "&".join(f"id={pk}" for pk in sorted(chosen))]
    return [""] if parts else queries
