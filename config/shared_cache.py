"""The cache that all processes of the server shape share lies in the database (docs/decisions/signing-in.md)."""

from django.utils.crypto import salted_hmac


def seal(key, prefix, version):
    """Key of an entry in the table. Its own words would tell network addresses and used codes to every backup."""
    return salted_hmac("ogniwo.shared_cache", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()
