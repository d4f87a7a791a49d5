"""Services are looked at again: who says so, who is reminded, and that nobody is reminded twice."""

from calendar import monthrange

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from cms.domain import versions
from cms.models import ServiceCheck, ServicePage
from cms.service_form import keepers_here
from neighbourhoods.models import Membership, Role
from notifications.outbox import publish

MONTHS = 12


def months_later(day, months):
    """The same day of the month so many months later, or the last one where that month is shorter."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


@transaction.atomic
def service_published(page):
    """The first publishing counts as a check. Later ones do not (a typo was corrected), but they may bring another
    rhythm; who would only now be due is reminded anew."""
    municipality = getattr(page.get_site(), "municipality", None)
    if municipality is None:
        return
    with scope(municipality=municipality):
        today = timezone.localdate()
        check, _made = ServiceCheck.objects.select_for_update(of=("self",)).get_or_create(
            service=page.translation_key,
            defaults={
                "municipality": municipality,
                "checked_on": today,
                "due_on": months_later(today, page.recheck_months),
            },
        )
        due_on = months_later(check.checked_on, page.recheck_months)
        if check.due_on != due_on and is_original(page):
            check.due_on = due_on
            check.reminded_at = None if due_on > today else check.reminded_at
            check.save(update_fields=["due_on", "reminded_at"])


def is_original(page):
    """Whether the rhythm of this page counts: translations follow the Polish page where there is one."""
    return pages_by_service([page.translation_key])[page.translation_key].pk == page.pk


@transaction.atomic
def confirm(page, *, actor):
    """Somebody looked: all that the page says is right today. The reminder is armed again. Returns the check."""
    check = ServiceCheck.objects.select_for_update(of=("self",)).get(service=page.translation_key)
    check.checked_on = timezone.localdate()
    check.checked_by = actor
    check.due_on = months_later(check.checked_on, page.recheck_months)
    check.reminded_at = None
    check.save(update_fields=["checked_on", "checked_by", "due_on", "reminded_at"])
    publish("cms.service_check", check, actor=actor)
    versions.page_changed(page)
    return check


@transaction.atomic
def remind(municipality):
    """Tells each keeper of all the services that became due, and the organisers of those that nobody keeps. Called in
    the scope of the municipality. Each service is named once until somebody checks it."""
    waiting = list(ServiceCheck.objects.select_for_update(of=("self",)).to_remind(timezone.localdate()))
    pages = pages_by_service([check.service for check in waiting]) if waiting else {}
    # What is taken down needs no check; it is due as soon as it is published again.
    due = [check for check in waiting if check.service in pages]
    ServiceCheck.objects.filter(pk__in=[check.pk for check in due]).update(reminded_at=timezone.now())
    for keeper, checks in by_keeper(due, pages).items():
        publish(
            "cms.services_due",
            municipality,
            municipality=municipality,
            checks=[check.pk for check in checks],
            keeper=keeper,
        )
    return len(due)


def pages_by_service(services):
    """Published pages of services: translation key → the page, in Polish where it is there."""
    pages = ServicePage.objects.live().filter(translation_key__in=services)
    pages = pages.select_related("locale", "keeper").defer_streamfields()
    # The Polish one comes last, and so stays.
    by_language = sorted(pages, key=lambda page: (page.locale.language_code == settings.LANGUAGE_CODE, -page.pk))
    return {page.translation_key: page for page in by_language}


def by_keeper(checks, pages):
    """Id of the keeper → checks; None for services whose keeper is gone or no longer works here."""
    here = set(keepers_here().values_list("pk", flat=True))
    groups = {}
    for check in checks:
        keeper = pages[check.service].keeper_id
        groups.setdefault(keeper if keeper in here else None, []).append(check)
    return groups


def whom_to_remind(keeper):
    """Ids of the people who are told: the keeper; else the organisers; else whoever may edit. In the open scope."""
    here = list(keepers_here().values_list("pk", flat=True))
    if keeper in here:
        return [keeper]
    organisers = Membership.objects.active().filter(role=Role.ORGANISER).values_list("user_id", flat=True)
    return sorted(set(organisers)) or here


def forget_deleted():
    """Removes checks of services that are there in no language, not even as a draft. In the open scope."""
    ServiceCheck.objects.exclude(service__in=ServicePage.objects.order_by().values("translation_key")).delete()
