"""Compares what is kept of the public list with the requests themselves."""

from django.core.management.base import BaseCommand, CommandError
from django_scopes import scopes_disabled

from volunteering.domain import listings


class Command(BaseCommand):
    help = "Says whether the counts and the words of the public list agree with the requests; fails if not."

    @scopes_disabled()
    def handle(self, *args, **options):
        marks, counts, words = listings.check()
        if marks or counts or words:
            raise CommandError(
                f"Public list: {marks} requests wrongly on it or off it, {counts} wrong counts, {words} requests with "
                "wrong words. Run rebuild_listings."
            )
        self.stdout.write("Public list: agrees with the requests.")
