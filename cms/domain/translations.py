"""That a translation is still right, said by somebody who compared it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from cms.domain.versions import page_changed
from cms.models import TranslationCheck


@transaction.atomic
def confirm(page, *, actor):
    """Writes down that a translated page says what the Polish one says now. Nothing happens without a published
    Polish page: then there is nothing to compare with. Returns the check, or None."""
    polish = _polish(page)
    if polish is None or polish.pk == page.pk or polish.last_published_at is None:
        return None
    check, _is_new = TranslationCheck.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "source_published_at": polish.last_published_at,
            "checked_by": actor,
            "checked_at": timezone.now(),
        },
    )
    page_changed(page)
    return check


def _polish(page):
    family = Page.objects.live().filter(
        translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
    )
    return family.first()
