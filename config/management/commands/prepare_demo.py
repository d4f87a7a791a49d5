"""`manage.py prepare_demo --port N`: catalogues, tables and the demo's data in one process, since each start costs."""

import gc

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from config import catalogues


class Command(BaseCommand):
    help = "Makes or refreshes what `python3 dev.py demo` shows."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, port, **options):
        if not settings.DEMO:
            raise CommandError("OGNIWO_DEMO is not set: this is for the demo only.")
        catalogues.compile_all()
        catalogues.read_again()
        # Migrations build and drop thousands of classes; collecting them in between costs a fifth of the time.
        gc.disable()
        call_command("migrate", verbosity=0)
        # What stays for good is not looked through again, and what comes is looked through seldom: another sixth.
        gc.freeze()
        gc.enable()
        gc.set_threshold(100_000, 50, 100)
        call_command("seed_demo", port=port)
