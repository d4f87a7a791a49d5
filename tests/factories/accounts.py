"""Factories of people."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import User


class UserFactory(DjangoModelFactory):
    """A person who signs in by e-mail code."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"osoba-{number}@example.org")
    display_name = factory.Sequence(lambda number: f"Osoba Wymyślona {number}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)
