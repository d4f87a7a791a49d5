"""`manage.py load_taxonomy`: categories of help, skills, kinds of initiatives and audiences in three languages."""

from django.core.management.base import BaseCommand

from volunteering.domain import taxonomy


class Command(BaseCommand):
    help = "Adds the packaged taxonomy; terms that are there already stay as people have made them."

    def handle(self, *args, **options):
        self.stdout.write(f"{taxonomy.load()} terms added")
