"""Reviews that the law wants: when they are due, who is told, and how often."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from cms.domain import reviews
from cms.models import AccessibilityStatementPage, ProtectionStandardsPage, ReviewReminder
from notifications.models import Event, Notification
from tests.factories.cms import home_of, make_editor, make_home, make_standards, make_statement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("prepared", "reviewed", "due"),
    [
        (date(2026, 10, 2), None, date(2027, 3, 31)),
        (date(2027, 1, 5), None, date(2028, 3, 31)),
        (date(2026, 10, 2), date(2027, 3, 31), date(2028, 3, 31)),
        (date(2026, 10, 2), date(2027, 5, 1), date(2028, 3, 31)),
        (date(2026, 10, 2), date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_statement_is_due_by_the_end_of_march(prepared, reviewed, due):
    assert AccessibilityStatementPage(prepared_on=prepared, reviewed_on=reviewed).next_review() == due


@pytest.mark.parametrize(
    ("approved", "reviewed", "due"),
    [
        (date(2025, 3, 1), None, date(2027, 3, 1)),
        (date(2024, 2, 29), None, date(2026, 2, 28)),
        (date(2025, 3, 1), date(2026, 6, 30), date(2028, 6, 30)),
    ],
)
def test_standards_are_due_after_two_years(approved, reviewed, due):
    assert ProtectionStandardsPage(approved_on=approved, reviewed_on=reviewed).next_review() == due


def test_pages_without_a_date_are_never_due():
    assert AccessibilityStatementPage().next_review() is None
    assert ProtectionStandardsPage().next_review() is None


@pytest.mark.parametrize(("today", "waiting"), [(date(2027, 2, 28), 0), (date(2027, 3, 1), 1), (date(2027, 4, 30), 1)])
def test_review_waits_from_a_month_before_it_is_due(centre, today, waiting):
    make_statement(home_of(centre))

    assert len(reviews.waiting(today=today)) == waiting


def test_editors_are_told_once_for_each_review(centre):
    page = make_statement(home_of(centre))

    told = [
        reviews.remind_all(today=day)
        for day in (date(2027, 2, 1), date(2027, 3, 2), date(2027, 3, 3), date(2027, 5, 1))
    ]

    assert told == [0, 1, 0, 0]
    assert Event.objects.get(kind=reviews.KIND).subject == page


def test_review_that_was_done_arms_the_next_reminder(centre):
    page = make_statement(home_of(centre))
    reviews.remind_all(today=date(2027, 3, 2))

    with time_machine.travel(datetime(2027, 3, 20, 12, tzinfo=UTC)):
        page.reviewed_on = date(2027, 3, 20)
        page.save_revision().publish()

    assert reviews.remind_all(today=date(2027, 3, 21)) == 0
    assert reviews.remind_all(today=date(2028, 3, 2)) == 1
    assert list(ReviewReminder.objects.order_by("due_on").values_list("due_on", flat=True)) == [
        date(2027, 3, 31),
        date(2028, 3, 31),
    ]


def test_drafts_are_not_waited_for(centre):
    make_statement(home_of(centre), live=False)

    assert reviews.waiting(today=date(2030, 1, 1)) == []


def test_translations_are_reviewed_together_with_the_polish_page(centre):
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))
    make_statement(home_of(centre))
    make_statement(english, language="en")

    assert reviews.remind_all(today=date(2027, 3, 2)) == 1
    assert len(reviews.waiting(today=date(2027, 3, 2))) == 2


def test_own_editors_are_told_and_nobody_else(centre, stranger, django_capture_on_commit_callbacks):
    editor, foreign = make_editor(centre), make_editor(stranger)
    make_standards(home_of(centre))

    with django_capture_on_commit_callbacks(execute=True):
        reviews.remind_all(today=date(2027, 2, 1))

    told = Notification.objects.filter(event__kind=reviews.KIND).values_list("user", flat=True)
    assert (editor.pk in told, foreign.pk in told) == (True, False)


def test_editors_of_the_portal_are_told(portal, django_capture_on_commit_callbacks):
    make_statement(portal.root_page)

    with django_capture_on_commit_callbacks(execute=True):
        reviews.remind_all(today=date(2027, 3, 2))

    assert Event.objects.get(kind=reviews.KIND).municipality_id is None


@pytest.mark.usefixtures("wagtails_templates")
def test_dashboard_shows_reviews_of_the_own_site_only(desk, centre, stranger):
    make_statement(
        home_of(centre), title="Nasza deklaracja", prepared_on=date(2025, 10, 2), published_on=date(2025, 1, 1)
    )
    make_statement(home_of(stranger), title="Cudzoziemska deklaracja", prepared_on=date(2025, 10, 2))

    words = desk.get("/cms/").text

    assert ("Nasza deklaracja" in words, "Cudzoziemska deklaracja" in words) == (True, False)
