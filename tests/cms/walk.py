"""All addresses below /cms/, as the resolver knows them."""

import re

from django.urls import URLResolver, get_resolver

CMS = "/cms/"
PART = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
# Wagtail's catch-all, patterns of ours that only close something, and Wagtail's deliberate crash.
LEFT_OUT = re.compile(r"^\^|^failwhale")


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
    return list(dict.fromkeys(PART.findall(GROUP.sub(r"<\1>", route))))


def fill(route, values):
    """The address of a route: its parts replaced, what is left of regular expressions taken away."""
    plain = GROUP.sub(r"<\1>", route)
    address = PART.sub(lambda match: str(values[match[1]]), plain)
    return address.replace("\\.", ".").replace("^", "").replace("$", "")
