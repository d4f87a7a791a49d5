"""Another time for a visit, at the desk: the page, what is typed, and every refusal."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Event
from tests.factories.volunteering import CommitmentFactory, VisitFactory
from tests.volunteering.desk.conftest import NASTY
from volunteering.models import Visit
from volunteering.states import CommitmentState, RequestState, VisitState

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(make_request):
    return VisitFactory(help_request=make_request())


@pytest.fixture
def taken(make_request):
    """A visit that somebody has promised to come to."""
    visit = VisitFactory(help_request=make_request(filled=True), full=True)
    CommitmentFactory(visit=visit, volunteer__display_name="Łucja Żółtak")
    return visit


def address(visit):
    return reverse("desk:visit_move", args=[visit.help_request.reference, visit.pk])


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def answers(**changes):
    given = {"day": in_days(5).isoformat(), "at": "15:30", "until": "", "minutes": "90", **changes}
    return {name: value for name, value in given.items() if value is not None}


def local_start(visit):
    visit.refresh_from_db()
    start = timezone.localtime(visit.starts_at)
    return start.date(), f"{start:%H:%M}"


def kinds():
    return [kind.removeprefix("volunteering.") for kind in Event.objects.order_by("pk").values_list("kind", flat=True)]


def test_the_page_of_the_request_leads_there(organiser, visit):
    page = organiser.get(reverse("desk:request", args=[visit.help_request.reference]))

    assert address(visit) in page.text


@pytest.mark.parametrize("facts", [{"done": True}, {"cancelled": True}])
def test_from_a_visit_that_is_over_nothing_leads_there(organiser, make_request, facts):
    visit = VisitFactory(help_request=make_request(), **facts)

    page = organiser.get(reverse("desk:request", args=[visit.help_request.reference]))

    assert address(visit) not in page.text


def test_the_form_begins_with_the_time_that_is(organiser, visit):
    start = timezone.localtime(visit.starts_at)

    form = organiser.get(address(visit)).context["form"]

    assert form.initial == {"day": start.date(), "at": start.time(), "minutes": 60}
    assert "helpers" not in form.fields


def test_the_form_of_days_begins_with_what_is_left_of_them(organiser, make_request):
    started = timezone.now() - timedelta(days=3)
    visit = VisitFactory(help_request=make_request(), flexible=True, starts_at=started, minutes=45)

    form = organiser.get(address(visit)).context["form"]

    assert form.initial == {"day": in_days(0), "until": timezone.localdate(visit.ends_at), "minutes": 45}


def test_a_visit_is_moved(organiser, visit):
    response = organiser.post(address(visit), answers())

    assert response.url == reverse("desk:request", args=[visit.help_request.reference])
    assert local_start(visit) == (in_days(5), "15:30")
    assert Event.objects.get().actor == organiser.user


def test_an_hour_is_typed_as_people_write_it(organiser, visit):
    organiser.post(address(visit), answers(at="9.05", day=f"{in_days(4):%d.%m.%Y}"))

    assert local_start(visit) == (in_days(4), "09:05")


def test_without_an_hour_the_helper_chooses_it(organiser, visit):
    organiser.post(address(visit), answers(at="", until=in_days(7).isoformat()))

    visit.refresh_from_db()
    assert (visit.is_flexible, timezone.localdate(visit.ends_at)) == (True, in_days(7))


@pytest.mark.parametrize(
    ("choice", "state", "visit_state"),
    [
        ("agreed", CommitmentState.ACCEPTED, VisitState.FULL),
        ("anybody", CommitmentState.RELEASED, VisitState.OPEN),
    ],
)
def test_staff_say_who_comes_then(organiser, taken, choice, state, visit_state):
    organiser.post(address(taken), answers(helpers=choice))

    taken.refresh_from_db()
    assert (taken.commitments.get().state, taken.state) == (state, visit_state)


def test_the_page_names_who_has_promised(organiser, taken):
    assert "Łucja Żółtak" in organiser.get(address(taken)).text


@pytest.mark.parametrize("facts", [{}, {"by_phone": True}])
def test_staff_read_whether_to_ring_the_resident(organiser, make_request, facts):
    visit = VisitFactory(help_request=make_request(**facts))

    text = organiser.get(address(visit)).text

    assert ("zadzwoń" in text) == bool(facts)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "kiedyś"}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"at": ""}, "at"),
        ({"at": "25:00"}, "at"),
        ({"until": "2030-01-01"}, "until"),
        ({"at": "", "until": "2020-01-01"}, "until"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "-60"}, "minutes"),
        ({"minutes": "10000"}, "minutes"),
        ({"minutes": ""}, "minutes"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(organiser, visit, wrong, field):
    before = local_start(visit)

    response = organiser.post(address(visit), answers(**wrong))

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert "data-error-summary" in response.text
    assert f'href="#id_{field}"' in response.text
    assert (local_start(visit), kinds()) == (before, [])


def test_an_hour_that_has_passed_is_said_at_the_hour(organiser, visit):
    response = organiser.post(address(visit), answers(day=in_days(0).isoformat(), at="0:00"))

    assert set(response.context["form"].errors) == {"at"}


@pytest.mark.parametrize("helpers", [None, "", "somebody"])
def test_it_is_not_guessed_who_comes_then(organiser, taken, helpers):
    response = organiser.post(address(taken), answers(helpers=helpers))

    assert set(response.context["form"].errors) == {"helpers"}
    assert kinds() == []


@pytest.mark.parametrize("fields", [["day", "at", "until", "minutes"], ["helpers"]], ids=["all", "helpers"])
@pytest.mark.parametrize("value", NASTY)
def test_nothing_that_is_typed_breaks_the_page(organiser, taken, fields, value):
    response = organiser.post(address(taken), answers(**{"helpers": "agreed"} | dict.fromkeys(fields, value)))

    assert response.status_code == 200
    assert kinds() == []


def test_another_task_of_the_helper_is_in_the_way(organiser, taken, make_request):
    start = timezone.localtime(timezone.now() + timedelta(days=5)).replace(hour=16, minute=0, second=0, microsecond=0)
    other = VisitFactory(help_request=make_request(), starts_at=start)
    CommitmentFactory(visit=other, volunteer=taken.commitments.get().volunteer)

    response = organiser.post(address(taken), answers(helpers="agreed"))

    assert response.status_code == 409
    assert "Łucja Żółtak" in response.context["reasons"][0]
    assert 'value="15:30"' in response.text
    assert kinds() == []


@pytest.mark.parametrize("facts", [{"done": True}, {"cancelled": True}, {"state": VisitState.MISSED}])
def test_a_visit_that_is_over_has_no_form(organiser, make_request, facts):
    visit = VisitFactory(help_request=make_request(), **facts)

    shown, sent = organiser.get(address(visit)), organiser.post(address(visit), answers())

    assert (shown.status_code, sent.status_code) == (200, 409)
    assert 'name="day"' not in shown.text + sent.text
    assert kinds() == []


def test_a_visit_that_has_begun_has_no_form(organiser, make_request):
    starts_at = timezone.now() - timedelta(hours=1)
    visit = VisitFactory(help_request=make_request(filled=True), full=True, starts_at=starts_at)
    CommitmentFactory(visit=visit)

    response = organiser.post(address(visit), answers(helpers="agreed"))

    assert response.status_code == 409
    assert kinds() == []


def test_a_visit_of_another_request_is_not_found(organiser, visit, make_request):
    strange = reverse("desk:visit_move", args=[make_request().reference, visit.pk])

    assert (organiser.get(strange).status_code, organiser.post(strange, answers()).status_code) == (404, 404)
    assert kinds() == []


def test_an_unread_request_may_be_moved(organiser, make_request):
    visit = VisitFactory(help_request=make_request(awaiting_review=True))

    organiser.post(address(visit), answers())

    assert local_start(visit) == (in_days(5), "15:30")
    assert visit.help_request.state == RequestState.AWAITING_REVIEW


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_promises(organiser, make_request, frame, django_assert_num_queries, count):
    visit = VisitFactory(help_request=make_request(), places=count)
    for _ in range(count):
        CommitmentFactory(visit=visit)

    with django_assert_num_queries(frame + 4):
        organiser.get(address(visit))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_request_asks_nothing_more_for_it(organiser, make_request, django_assert_max_num_queries, count):
    help_request = make_request()
    for number in range(count):
        VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(days=number + 2))
    page = reverse("desk:request", args=[help_request.reference])
    organiser.get(page)

    with django_assert_max_num_queries(60) as first:
        organiser.get(page)
    Visit.objects.exclude(pk=help_request.visits.first().pk).delete()
    with django_assert_max_num_queries(60) as second:
        organiser.get(page)

    assert len(first) == len(second)
