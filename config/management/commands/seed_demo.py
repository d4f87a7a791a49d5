"""`manage.py seed_demo`: the three founding municipalities with invented people, requests, initiatives and news."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.seed import seed, set_port


class Command(BaseCommand):
    help = "Fills an empty installation with the demonstration. Runs once; later calls only set the port."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="port of the addresses in links")

    def handle(self, *args, port, **options):
        if not settings.DEMO:
            raise CommandError("Invented people belong in a demonstration only: set OGNIWO_DEMO=1.")
        self.stdout.write(seed(port) or "The demonstration is there already.")
        set_port(port)
