"""Repairs what is kept of the public list."""

from django.core.management.base import BaseCommand
from django_scopes import scopes_disabled

from volunteering.domain import listings


class Command(BaseCommand):
    help = "Makes the counts and the words of the public list agree with the requests, while everybody goes on working."

    @scopes_disabled()
    def handle(self, *args, **options):
        marks, counts, words = listings.rebuild()
        self.stdout.write(f"Public list: {marks} requests, {counts} counts and the words of {words} requests repaired.")
