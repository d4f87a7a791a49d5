"""Reviews that the law wants: which are due, and who is told when."""

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.models import Reviewed, ReviewReminder
from notifications.outbox import publish

KIND = "cms.review_due"


def reviewed_types():
    return [model for model in apps.get_models() if issubclass(model, Reviewed)]


def waiting(pages=None, *, today=None):
    """Published pages whose editors should be looking through them by now, the most urgent first. `pages` narrows them,
    for example to those of one site."""
    today = today or timezone.localdate()
    found = []
    for model in reviewed_types():
        rows = model.objects.live().filter(review_due__lte=today + model.REMIND_BEFORE)
        found += rows if pages is None else rows.filter(pk__in=pages.order_by().values("pk"))
    return sorted(found, key=lambda page: (page.review_due, page.pk))


def remind_all(*, today=None):
    """Tells the editors of every review that is coming up, once. Returns of how many pages. Translations are looked
    through together with the Polish page, so nobody is told of each of them."""
    return sum(remind(page) for page in waiting(today=today) if page.locale.language_code == settings.LANGUAGE_CODE)


@transaction.atomic
def remind(page):
    """Tells the editors that a page has to be looked through, unless they were told of this review before. Returns
    whether they are told now."""
    site = page.get_site()
    if site is None:
        return False
    _reminder, is_new = ReviewReminder.objects.get_or_create(page_id=page.pk, due_on=page.review_due)
    if is_new:
        municipality = getattr(site, "municipality", None)
        publish(KIND, page, municipality=municipality, due=page.review_due.isoformat())
    return is_new
