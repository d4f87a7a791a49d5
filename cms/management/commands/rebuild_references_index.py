"""Wagtail's `rebuild_references_index`, which reads initiatives of all gminas: outside a request no scope is open."""

from django_scopes import scopes_disabled
from wagtail.management.commands import rebuild_references_index


class Command(rebuild_references_index.Command):
    def handle(self, *args, **options):
        with scopes_disabled():
            super().handle(*args, **options)
