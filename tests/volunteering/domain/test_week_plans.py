"""The plan of the week: how it is made, changed and sent, and what refuses."""

import pytest

from volunteering.domain import week_plans
from volunteering.models import PlannedPair, WeekPlan
from volunteering.states import PlanState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def organiser():
    return UserFactory()


from tests.factories.accounts import UserFactory


def test_a_plan(municipality, visit, make_helper, organiser):
    helper = make_helper()

    plan = week_plans.make(municipality, actor=organiser)

    assert plan.state == PlanState.READY
    assert PlannedPair.objects.of_plan(plan).keys() == {(visit.pk, helper.user_id)}
