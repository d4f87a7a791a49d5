"""A pair of keys for web push (VAPID), to be put into the settings of the installation."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Prints a new pair of keys for web push. Changing keys ends all subscriptions."

    def handle(self, *args, **options):
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.stdout.write(f"VAPID_PUBLIC_KEY={in_letters(public)}")
        self.stdout.write(f"VAPID_PRIVATE_KEY={in_letters(key.private_numbers().private_value.to_bytes(32, 'big'))}")


def in_letters(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
