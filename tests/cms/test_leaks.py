"""An editor of one centre sees and touches nothing of another one, by no address of the CMS."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django_scopes import scope

pytestmark = pytest.mark.django_db


def addresses(patterns, before="", namespace=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route, namespace)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def test_probe():
    parts = {}
    cms = next(p for p in get_resolver().url_patterns if str(p.pattern) == "cms/" )
    for route, pattern in addresses(cms.url_patterns):
        for name in (pattern.pattern.converters or dict.fromkeys(pattern.pattern.regex.groupindex)):
            parts.setdefault(name, []).append(route)
    for k, v in parts.items(): print(k, len(v), v[:60])
