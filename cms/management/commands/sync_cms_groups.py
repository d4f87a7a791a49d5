"""`manage.py sync_cms_groups`: rights and groups of the CMS as the roles of the centres say."""

from django.core.management import BaseCommand

from cms.domain import groups


class Command(BaseCommand):
    help = "Gives every editorial team its rights and puts people into the teams of their centres."

    def handle(self, *args, **options):
        teams, people = groups.sync_all()
        self.stdout.write(f"{teams} teams, {people} people.")
