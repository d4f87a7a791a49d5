"""For staff who lost their phone: takes the second factor away, so that they can set up a new one."""

from django.core.management.base import BaseCommand, CommandError

from accounts.domain import people


class Command(BaseCommand):
    help = "Removes all second factors of a person and signs them out everywhere. Be sure who asks you for it."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, email, yes, **options):
        user = people.find(email)
        if user is None:
            raise CommandError("There is no account for this address.")
        if not yes and not is_confirmed(f"Remove the second factor of {user} <{user.email}>? [yes/no] "):
            raise CommandError("Nothing was changed.")
        removed = people.reset_second_factor(user)
        self.stdout.write(f"Removed {removed}. {user} is signed out and will be asked to set up a new second factor.")


def is_confirmed(question):
    try:
        return input(question).strip().lower() == "yes"
    except EOFError:  # nobody is there to answer
        return False
