"""When what a municipality shows to everybody has changed, all caches of all processes forget at once."""

from django.db import transaction
from django.db.models import F

from neighbourhoods.models import Municipality


def content_changed(municipality):
    """Raises the municipality's content version after the commit. Not inside the transaction: every change would
    queue for one row. A crash in between is healed by the short life of cached pages (`config.page_cache`)."""
    transaction.on_commit(
        lambda: Municipality.objects.filter(pk=municipality.pk).update(content_version=F("content_version") + 1),
        robust=True,
    )
