from django.core.management.base import BaseCommand

from cms.domain import search_index


class Command(BaseCommand):
    help = "Writes anew what the search over the sites finds: all published pages and initiatives."

    def handle(self, **options):
        self.stdout.write(f"{search_index.rebuild()} entries")
