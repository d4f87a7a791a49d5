"""Repairs the read model of matching."""

from django.core.management.base import BaseCommand

from volunteering.domain import reach


class Command(BaseCommand):
    help = "Builds the table that finds helpers near a request anew out of their profiles."

    def handle(self, *args, **options):
        added, corrected, removed = reach.rebuild()
        self.stdout.write(f"Reach: {added} rows added, {corrected} corrected, {removed} removed.")
