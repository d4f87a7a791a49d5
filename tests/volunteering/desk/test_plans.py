"""The plan of the week at the desk: what is shown, what can be done by hand, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    AlertFactory,
    CommitmentFactory,
    HelpRequestFactory,
    SkillFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.domain import plan_work, week_plans
from volunteering.models import Alert, PairChoice, PairOutcome, PlannedPair, PlannedVisit, VolunteerProfile, WeekPlan
from volunteering.states import PlanState, VisitState
from volunteering.tasks import send_plan

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)
ACTS = ("plan_compute", "plan_settle", "plan_drop")
PAIR_ACTS = ("pair_keep", "pair_loosen", "pair_forbid", "pair_remove")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def make_helper(municipality, neighbourhood, category):
    def make(name="Anna Wymyślona", **facts):
        user = UserFactory(display_name=name)
        facts = {"home_neighbourhood": neighbourhood, "categories": [category], **facts}
        VolunteerProfileFactory(user=user, **facts)
        StandingFactory(municipality=municipality, volunteer=user)
        return user

    return make


@pytest.fixture
def make_visit(make_request):
    """A visit so many days from now, in a request of its own."""

    def make(*, days=1, hour=10, **facts):
        start = NOON.replace(hour=hour) + timedelta(days=days)
        return VisitFactory(help_request=make_request(), starts_at=start, **facts)

    return make


@pytest.fixture
def plan(municipality, make_helper, make_visit, organiser):
    """One visit with somebody, one without."""
    make_visit(days=1)
    make_helper()
    VolunteerProfile.objects.update(tasks_per_week=1)
    make_visit(days=2)
    return week_plans.make(municipality, actor=organiser.user)


def pair_of(plan):
    return PlannedPair.objects.of_plan(plan).with_visits().coming().first()


def decide(client, pair, verb, **data):
    return client.post(reverse(f"desk:{verb}", args=[pair.pk]), data)


def send(client, plan, version=None):
    plan = WeekPlan.objects.get(pk=plan.pk)
    return client.post(reverse("desk:plan_send", args=[plan.pk]), {"version": version or plan.version})


def texts(response):
    return " ".join(response.text.split())


# What is shown -------------------------------------------------------------------------------------------------------


def test_before_the_first_plan_the_page_says_what_it_is(organiser):
    response = organiser.get("/biurko/plan/")

    assert response.status_code == 200
    assert response.context["page"] is None
    assert reverse("desk:plan_make") in response.text


def test_a_week_without_open_visits_says_so(organiser):
    response = organiser.post(reverse("desk:plan_make"), follow=True)

    assert response.context["page"].days == []
    assert 'class="empty"' in response.text


def test_the_quick_answer_is_on_the_page_at_once(organiser, make_helper, make_visit):
    visit, helper = make_visit(), make_helper()

    response = organiser.post(reverse("desk:plan_make"), follow=True)

    [day] = response.context["page"].shown
    [occasion] = day.occasions
    [row] = occasion.rows
    assert (occasion.planned.visit, row.pair.volunteer) == (visit, helper)
    assert str(row.fit) in response.text
    assert all(reason in response.text for reason in row.reasons)


def test_what_stays_open_stands_under_its_neighbourhood_and_category(organiser, plan, neighbourhood, category):
    response = organiser.get("/biurko/plan/")

    [(place, [group])] = response.context["page"].open
    assert (place, group.category, group.missing) == (neighbourhood.name, category.name, 1)
    assert "gdzie indziej" in group.why[0][0] or group.why[0][0] in texts(response)


def test_a_small_plan_is_shown_whole_and_a_day_on_request(organiser, plan):
    whole, one = organiser.get("/biurko/plan/"), organiser.get("/biurko/plan/?dzien=2027-04-23")

    assert [day.date.day for day in whole.context["page"].shown] == [22, 23]
    assert [day.date.day for day in one.context["page"].shown] == [23]


@pytest.mark.parametrize("day", ["2027-04-30", "\x00", "x" * 5000, "2027-13-45"])
def test_a_day_of_nothing_shows_the_first(organiser, plan, day):
    response = organiser.get("/biurko/plan/", {"dzien": day})

    assert [day.date.day for day in response.context["page"].shown] == [22]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_plan(
    organiser, municipality, make_visit, make_helper, frame, django_assert_num_queries, count
):
    for number in range(count):
        make_visit(days=1 + number)
        make_helper(name=f"Anna {number}")
    week_plans.make(municipality, actor=organiser.user)

    with django_assert_num_queries(frame + 18):
        organiser.get("/biurko/plan/")


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_choices(
    organiser, municipality, make_visit, make_helper, frame, django_assert_num_queries, count
):
    make_visit()
    for number in range(count + 1):
        make_helper(name=f"Anna {number}")
    plan = week_plans.make(municipality, actor=organiser.user)

    with django_assert_num_queries(frame + 34):
        organiser.get(reverse("desk:plan_choices", args=[pair_of(plan).planned_id]))
