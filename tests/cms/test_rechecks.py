"""Services are looked at again in time: one reminder, armed again by a check that takes one click."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope, scopes_disabled

from cms.domain import rechecks
from cms.duties import remind_of_services
from cms.models import ServiceCheck, ServiceIndexPage
from neighbourhoods.domain import membership
from neighbourhoods.models import Membership, Municipality, Role
from notifications.models import Event, Notification
from notifications.registry import DUTIES
from tests.factories.cms import make_editor, make_home, make_page
from tests.factories.services import make_catalogue, make_service, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]
PUBLISHED = date(2026, 3, 3)
DUE = date(2027, 3, 3)
MORNING = "2027-03-03 08:00:00+01:00"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-03-03 12:00:00+01:00", tick=False)
    return time_machine


@pytest.fixture
def catalogue(centre):
    return make_catalogue(centre)


@pytest.fixture
def organiser(centre):
    return make_editor(centre, role=Role.ORGANISER, display_name="Organizatorka")


@pytest.fixture
def write(centre, catalogue):
    """Function: publishes a service of the centre, today."""

    def write(**fields):
        with scope(municipality=centre):
            return make_service(catalogue, **fields)

    return write


def publish(page):
    with scopes_disabled():
        page.save_revision().publish()


@pytest.fixture
def check_of(centre):
    def check_of(page):
        with scope(municipality=centre):
            return ServiceCheck.objects.of(page)

    return check_of


@pytest.fixture
def remind(clock, django_capture_on_commit_callbacks):
    """Function: what the worker does every hour, at a moment; returns who was told by now, and of how many services."""

    def remind(moment=MORNING):
        clock.move_to(moment, tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            remind_of_services()
        return told()

    return remind


def told():
    rows = Notification.objects.filter(event__kind="cms.services_due").order_by("event_id", "user_id")
    return [(row.user, len(row.event.data["checks"])) for row in rows.select_related("user", "event")]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 3), 12, date(2027, 3, 3)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 36, date(2029, 11, 30)),
    ],
)
def test_months_later(day, months, later):
    assert rechecks.months_later(day, months) == later


def test_first_publishing_counts_as_a_check(write, check_of):
    check = check_of(write())

    assert (check.checked_on, check.due_on, check.reminded_at) == (PUBLISHED, DUE, None)


def test_draft_waits_for_no_check(write, check_of):
    assert check_of(write(live=False)) is None


def test_later_publishing_is_no_check(write, check_of, clock):
    page = write()
    clock.move_to("2026-10-01 12:00:00+02:00", tick=False)

    publish(page)

    assert check_of(page).checked_on == PUBLISHED


def test_another_rhythm_brings_another_day(write, check_of):
    page = write()

    page.recheck_months = 6
    publish(page)

    assert check_of(page).due_on == date(2026, 9, 3)


def test_publishing_is_possible_where_there_is_no_gmina(db):
    index = make_page(ServiceIndexPage(title="Usługi", slug="uslugi"), below=make_home("Sierota", "sierota"))

    with scopes_disabled():
        make_page(service(), below=index)
        assert ServiceCheck.objects.count() == 0


# --- Reminders --------------------------------------------------------------------------------------------------------


def test_the_worker_reminds():
    assert DUTIES["cms.duties.remind_of_services"].every == timedelta(hours=1)


def test_nobody_is_reminded_a_day_early(write, organiser, remind):
    write()

    assert remind("2027-03-02 23:59:00+01:00") == []


@pytest.mark.postgres
def test_keeper_is_reminded_once(write, organiser, editor, remind):
    write(keeper=editor)

    runs = [remind("2027-03-03 00:01:00+01:00") for _number in range(3)]

    assert runs == [[(editor, 1)]] * 3


def test_organisers_are_reminded_of_what_nobody_keeps(write, organiser, editor, remind):
    write()

    assert remind() == [(organiser, 1)]


def test_organisers_are_reminded_where_the_keeper_left(write, organiser, editor, remind):
    write(keeper=editor)
    with scopes_disabled():
        membership.end(Membership.objects.get(user=editor), actor=organiser)

    assert remind() == [(organiser, 1)]


def test_editors_are_reminded_where_there_is_no_organiser(write, editor, remind):
    write()

    assert remind() == [(editor, 1)]


def test_what_became_due_together_is_told_in_one_notice(write, organiser, editor, remind):
    for _number in range(3):
        write(keeper=editor)
    write()

    assert sorted(remind(), key=lambda row: row[1]) == [(organiser, 1), (editor, 3)]


def test_nobody_is_reminded_of_what_was_taken_down(write, organiser, remind):
    page = write()
    page.unpublish()

    assert remind() == []


@pytest.mark.postgres
def test_check_of_a_deleted_service_is_forgotten(write, check_of, remind):
    page = write()
    page.delete()

    remind()

    assert check_of(page) is None


def test_strangers_are_not_reminded(write, stranger, organiser, remind):
    make_editor(stranger, role=Role.ORGANISER)
    write()

    assert remind() == [(organiser, 1)]


def test_reminder_names_the_services(write, editor, remind, browse, centre):
    write(keeper=editor, title="Teleopieka")
    remind()

    words = browse(centre, editor).get("/moje/powiadomienia/").content.decode()

    assert "– Teleopieka" in words


@pytest.mark.postgres
def test_check_arms_the_reminder_again(write, check_of, editor, remind):
    page = write(keeper=editor)
    remind()

    with scopes_disabled():
        rechecks.confirm(page, actor=editor)

    assert check_of(page).reminded_at is None
    assert remind("2028-03-03 08:00:00+01:00") == [(editor, 1), (editor, 1)]


def test_longer_rhythm_arms_the_reminder_again(write, check_of, organiser, remind):
    page = write()
    remind()

    page.recheck_months = 24
    publish(page)

    assert (check_of(page).due_on, check_of(page).reminded_at) == (date(2028, 3, 3), None)


def test_translations_are_one_service(write, centre, catalogue, organiser, remind):
    page = write()
    home = make_home("Centre", "centre-en", language="en", translation_of=catalogue.get_parent())
    english = make_page(ServiceIndexPage(title="Services", slug="services"), below=home, language="en")
    with scope(municipality=centre):
        translation = service(title="Telecare")
        translation.translation_key = page.translation_key
        make_page(translation, below=english, language="en")

    assert remind() == [(organiser, 1)]


@pytest.mark.postgres
def test_database_refuses_a_day_before_the_check(write, check_of):
    check = check_of(write())

    with scopes_disabled(), pytest.raises(IntegrityError), transaction.atomic():
        ServiceCheck.objects.filter(pk=check.pk).update(due_on=check.checked_on)


# --- In the CMS -------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(write):
    return write()


@pytest.fixture
def a_year_later(page, clock):
    """Sessions of before are over by then."""
    clock.move_to("2027-04-24 12:00:00+02:00", tick=False)


def checked(page):
    return f"/cms/services/{page.pk}/checked/"


@pytest.mark.usefixtures("a_year_later")
def test_one_click_says_that_a_service_is_right(page, browse, centre, check_of, editor):
    response = browse(centre, editor).post(checked(page), {"next": "/cms/"})

    check = check_of(page)
    assert response.headers["Location"] == "/cms/"
    assert (check.checked_on, check.checked_by, check.due_on) == (date(2027, 4, 24), editor, date(2028, 4, 24))
    assert Event.objects.filter(kind="cms.service_check", actor=editor).count() == 1


@pytest.mark.parametrize("following", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_click_leads_nowhere_else(desk, write, following):
    assert desk.post(checked(write()), {"next": following}).headers["Location"] == "/cms/services/"


def test_click_must_be_a_post(desk, write):
    assert desk.get(checked(write())).status_code == 405


def test_draft_cannot_be_said_to_be_right(desk, write):
    assert desk.post(checked(write(live=False))).status_code == 404


def test_page_that_is_no_service_cannot_be_checked(desk, catalogue):
    assert desk.post(checked(catalogue)).status_code == 404


@pytest.mark.usefixtures("a_year_later")
def test_nobody_from_elsewhere_can_say_so(page, browse, stranger, check_of):
    assert browse(stranger, make_editor(stranger)).post(checked(page)).status_code == 404
    assert browse(stranger).post(checked(page)).status_code == 302
    assert check_of(page).checked_on == PUBLISHED


def test_services_that_wait_longest_come_first(desk, write):
    write(title="Rok")
    write(title="Kwartał", recheck_months=3)

    words = desk.get("/cms/services/").content.decode()

    assert words.index("Kwartał") < words.index("Rok")


def test_list_names_nothing_of_another_centre(desk, stranger):
    with scope(municipality=stranger):
        make_service(make_catalogue(stranger), title="Cudzoziemska usługa")

    assert "Cudzoziemska" not in desk.get("/cms/services/").content.decode()


def test_portal_has_no_services_to_check(browse, portal, superuser):
    client = browse(user=superuser)

    assert client.get("/cms/services/").status_code == 404
    assert "/cms/services/" not in client.get("/cms/").content.decode()


def test_dashboard_names_what_waits(browse, centre, editor, write, clock):
    write(title="Teleopieka", recheck_months=12)
    write(title="Klub", recheck_months=24)
    clock.move_to(MORNING, tick=False)

    words = browse(centre, editor).get("/cms/").content.decode()

    assert "Teleopieka" in words
    assert "Klub" not in words
    assert 'action="/cms/services/' in words


@pytest.mark.parametrize("services", [1, 3])
def test_list_asks_as_often_for_one_service_as_for_three(desk, write, editor, django_assert_num_queries, services):
    for _number in range(services):
        write(keeper=editor)
    desk.get("/cms/services/")

    with django_assert_num_queries(16):
        desk.get("/cms/services/")


# --- For readers ------------------------------------------------------------------------------------------------------


def show(browse, centre, address="/uslugi/klub/"):
    return browse(centre).get(address).content.decode().replace("\xa0", " ")


def test_readers_see_when_it_was_checked(browse, centre, write):
    write(slug="klub")

    words = show(browse, centre)

    assert "3 marca 2026" in words
    assert 'class="alert' not in words


def test_readers_are_told_politely_that_it_was_long_ago(browse, centre, write, clock):
    write(slug="klub")
    clock.move_to("2027-03-03 08:00:00+01:00", tick=False)

    words = show(browse, centre)

    assert 'class="alert' in words
    assert words.count("3 marca 2026") == 2


def test_click_is_seen_by_readers_at_once(desk, centre, write, django_capture_on_commit_callbacks):
    page = write()

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(checked(page))

    assert Municipality.objects.get(pk=centre.pk).content_version > centre.content_version
