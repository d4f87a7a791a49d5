"""Wagtail's `publish_scheduled`, which reads initiatives of all gminas: outside a request no scope is open."""

from django_scopes import scopes_disabled
from wagtail.management.commands import publish_scheduled


class Command(publish_scheduled.Command):
    def handle(self, *args, **options):
        with scopes_disabled():
            super().handle(*args, **options)
