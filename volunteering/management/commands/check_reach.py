"""Compares the read model of matching with what it is built from."""

from django.core.management.base import BaseCommand, CommandError

from volunteering.domain import reach


class Command(BaseCommand):
    help = "Says whether the table that finds helpers near a request agrees with their profiles; fails if not."

    def handle(self, *args, **options):
        missing, wrong, superfluous = reach.check()
        if missing or wrong or superfluous:
            raise CommandError(
                f"Reach: {missing} rows missing, {wrong} wrong, {superfluous} too many. Run rebuild_reach."
            )
        self.stdout.write("Reach: agrees with the profiles.")
