"""Prints the worked examples of docs/matching.md, computed anew."""

from django.core.management.base import BaseCommand

from volunteering.domain import explained


class Command(BaseCommand):
    help = "Shows, on two made-up examples, how people are scored and who is asked first."

    def handle(self, *args, **options):
        for line in explained.lines():
            self.stdout.write(line)
