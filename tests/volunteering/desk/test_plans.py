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
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.desk.plan_page import SHOWN_AT_ONCE
from volunteering.domain import week_plans
from volunteering.models import Alert, PairChoice, PairOutcome, PlannedPair, PlannedVisit, VolunteerProfile, WeekPlan
from volunteering.states import PlanState
from volunteering.tasks import prove_plan, send_plan

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
    """One visit with somebody, one without; computed to the end."""
    make_visit(days=1)
    make_helper(tasks_per_week=1)
    make_visit(days=2)
    plan = week_plans.make(municipality, actor=organiser.user)
    prove_plan.call(plan.pk, plan.version)
    return WeekPlan.objects.get(pk=plan.pk)


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
    assert [people for _why, people in group.why] == [1]
    assert group.why[0][0] in texts(response)


def test_a_small_plan_is_shown_whole(organiser, plan):
    page = organiser.get("/biurko/plan/?dzien=2027-04-23").context["page"]

    assert [day.date.day for day in page.shown] == [22, 23]


@pytest.mark.parametrize(
    ("day", "shown"), [("2027-04-23", 23), ("", 22), ("2027-04-30", 22), ("\x00", 22), ("x" * 5000, 22)]
)
def test_a_big_plan_is_shown_a_day_at_a_time(organiser, municipality, make_visit, day, shown):
    for number in range(SHOWN_AT_ONCE + 1):
        make_visit(days=1 + number % 2)
    week_plans.make(municipality, actor=organiser.user)

    page = organiser.get("/biurko/plan/", {"dzien": day}).context["page"]

    assert [day.date.day for day in page.days] == [22, 23]
    assert [day.date.day for day in page.shown] == [shown]


@pytest.fixture
def plan_for(municipality, make_visit, make_helper, organiser):
    """A plan of so many visits, with one helper more."""

    def make(count):
        for number in range(count):
            make_visit(days=1 + number)
        for number in range(count + 1):
            make_helper(name=f"Anna {number}")
        return week_plans.make(municipality, actor=organiser.user)

    return make


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_plan(organiser, plan_for, frame, django_assert_num_queries, count):
    plan_for(count)

    with django_assert_num_queries(frame + 18):
        organiser.get("/biurko/plan/")


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_choices(organiser, plan_for, frame, django_assert_num_queries, count):
    planned = PlannedVisit.objects.of_plan(plan_for(count)).with_visits().first()

    with django_assert_num_queries(frame + 33):
        organiser.get(reverse("desk:plan_choices", args=[planned.pk]))


# By hand -------------------------------------------------------------------------------------------------------------


def test_a_pair_is_kept_and_let_loose_again(organiser, plan):
    pair = pair_of(plan)

    kept = decide(organiser, pair, "pair_keep")
    [row] = PlannedPair.objects.kept()
    loose = decide(organiser, pair, "pair_loosen")

    assert row == pair
    assert (kept.status_code, loose.status_code) == (302, 302)
    assert kept.url.endswith(f"#wizyta-{pair.planned_id}")
    assert PlannedPair.objects.proposed().get() == pair


def test_somebody_taken_off_leaves_a_place_that_can_be_filled(organiser, plan):
    decide(organiser, pair_of(plan), "pair_remove")

    page = organiser.get("/biurko/plan/").context["page"]

    assert [occasion.missing for day in page.shown for occasion in day.occasions] == [1, 1]
    assert page.plan.is_edited
    assert not page.plan.is_proven


def test_who_is_ruled_out_is_shown_and_allowed_again(organiser, plan):
    pair = pair_of(plan)
    decide(organiser, pair, "pair_forbid")

    [occasion] = organiser.get("/biurko/plan/").context["page"].shown[0].occasions
    decide(organiser, pair, "pair_remove")

    assert occasion.forbidden == [pair]
    assert not PlannedPair.objects.exists()
    assert [event.kind for event in Event.objects.filter(subject_id=plan.pk).order_by("pk")][-2:] == [
        "volunteering.plan_forbid",
        "volunteering.plan_allow",
    ]


def test_somebody_else_is_chosen_with_reasons(organiser, plan, make_helper):
    pair, other = pair_of(plan), make_helper(name="Bogna Inna")
    page = organiser.get(reverse("desk:plan_choices", args=[pair.planned_id]), {"zamiast": pair.pk})

    response = organiser.post(
        reverse("desk:plan_choose", args=[pair.planned_id, other.pk]), {"instead": pair.pk}, follow=True
    )

    [candidate] = page.context["suggested"]
    assert (candidate.person, candidate.against) == (other, [])
    assert candidate.reasons
    [chosen] = PlannedPair.objects.of_visit(pair.planned)
    assert (chosen.volunteer, chosen.choice) == (other, PairChoice.KEPT)
    assert response.context["page"].people == 1


def test_the_choices_say_why_not(organiser, plan, make_helper):
    far = make_helper(name="Bogna Daleka", radius=0, home_cell=1)
    pair = pair_of(plan)

    page = organiser.get(reverse("desk:plan_choices", args=[pair.planned_id]), {"osoba": "bogna"})

    [found] = page.context["found"]
    assert (found.person, len(found.against)) == (far, 1)
    assert reverse("desk:plan_choose", args=[pair.planned_id, far.pk]) not in page.text


def test_nobody_is_chosen_against_the_engine_or_the_plan(organiser, plan, make_helper):
    pair = pair_of(plan)
    far = make_helper(name="Bogna Daleka", radius=0, home_cell=1)
    busy = PlannedVisit.objects.exclude(pk=pair.planned_id).get()

    too_far = organiser.post(reverse("desk:plan_choose", args=[busy.pk, far.pk]))
    at_limit = organiser.post(reverse("desk:plan_choose", args=[busy.pk, pair.volunteer_id]))
    no_place = organiser.post(reverse("desk:plan_choose", args=[pair.planned_id, make_helper("Ewa Trzecia").pk]))

    assert [answer.status_code for answer in (too_far, at_limit, no_place)] == [409, 409, 409]
    assert all(len(answer.context["reasons"]) == 1 for answer in (too_far, at_limit, no_place))
    assert PlannedPair.objects.get() == pair


def test_who_does_not_help_here_cannot_be_chosen(organiser, plan):
    assert organiser.post(reverse("desk:plan_choose", args=[pair_of(plan).planned_id, 1])).status_code == 404


@pytest.mark.parametrize("instead", ["", "0", "-1", "99999999999999999999999", "\x00", "x"])
def test_a_wrong_place_to_take_is_none(organiser, plan, make_helper, instead):
    pair, other = pair_of(plan), make_helper(name="Bogna Inna")

    page = organiser.get(reverse("desk:plan_choices", args=[pair.planned_id]), {"zamiast": instead})
    response = organiser.post(reverse("desk:plan_choose", args=[pair.planned_id, other.pk]), {"instead": instead})

    assert page.context["instead"] is None
    assert response.status_code == 409


# Computing -----------------------------------------------------------------------------------------------------------


def test_while_it_is_computed_an_open_page_asks_how_far_it_is(organiser, plan):
    WeekPlan.objects.update(state=PlanState.COMPUTING, step="round", round=3, worth=1.2, bound=1.25, is_proven=False)

    page = organiser.get("/biurko/plan/")
    part = organiser.get("/biurko/plan/", headers={"HX-Request": "true"})

    assert 'hx-trigger="every 2s, ogniwo:notice' in texts(page)
    assert reverse("desk:plan_settle", args=[plan.pk]) in page.text
    assert reverse("desk:plan_send", args=[plan.pk]) not in page.text
    assert 'id="postep"' in part.text
    assert "<html" not in part.text
    assert page.context["page"].plan.gap_percent == 4


@pytest.mark.parametrize("state", [PlanState.READY, PlanState.FAILED])
def test_when_it_is_done_the_open_page_is_loaded_anew(organiser, plan, state):
    WeekPlan.objects.update(state=state)

    response = organiser.get("/biurko/plan/", headers={"HX-Request": "true"})

    assert response["HX-Refresh"] == "true"


def test_a_failed_computation_is_told_and_the_plan_is_usable(organiser, plan):
    WeekPlan.objects.update(state=PlanState.FAILED)

    response = organiser.get("/biurko/plan/")

    assert "alert--warning" in response.text
    assert reverse("desk:plan_send", args=[plan.pk]) in response.text
    assert reverse("desk:plan_compute", args=[plan.pk]) in response.text


def test_a_second_plan_is_refused_while_one_is_in_hand(organiser, plan):
    response = organiser.post(reverse("desk:plan_make"))

    assert response.status_code == 409
    assert response.context["page"].plan == plan
    assert WeekPlan.objects.count() == 1


def test_a_plan_that_is_thrown_away_leaves_room_for_another(organiser, plan):
    organiser.post(reverse("desk:plan_drop", args=[plan.pk]))

    assert organiser.get("/biurko/plan/").context["page"] is None
    assert organiser.post(reverse("desk:plan_make")).status_code == 302


# Sending -------------------------------------------------------------------------------------------------------------


def test_the_plan_is_sent_and_the_answers_come_to_it(organiser, plan):
    pair = pair_of(plan)
    response = send(organiser, plan)
    send_plan.call(plan.pk)
    Alert.objects.update(answer=Alert.Answer.DECLINED)

    page = organiser.get("/biurko/plan/")

    [row] = page.context["page"].shown[0].occasions[0].rows
    assert response.status_code == 302
    assert Alert.objects.get().volunteer == pair.volunteer
    assert Alert.objects.get().invited_by == organiser.user
    assert (row.pair.outcome, row.answer) == (PairOutcome.INVITED, Alert.Answer.DECLINED.label)
    assert reverse("desk:plan_make") in page.text


def test_a_plan_that_was_changed_since_is_not_sent_unseen(organiser, plan):
    version = plan.version
    decide(organiser, pair_of(plan), "pair_keep")

    response = send(organiser, plan, version)

    assert response.status_code == 409
    assert WeekPlan.objects.get().state == PlanState.READY


@pytest.mark.parametrize("version", ["", "x", "-1", "\x00", "9" * 400])
def test_a_plan_is_not_sent_without_its_version(organiser, plan, version):
    response = organiser.post(reverse("desk:plan_send", args=[plan.pk]), {"version": version})

    assert response.status_code == 409
    assert WeekPlan.objects.get().state == PlanState.READY


@pytest.mark.parametrize("name", [*ACTS, "plan_send"])
@pytest.mark.parametrize("state", [PlanState.SENDING, PlanState.SENT, PlanState.DROPPED])
def test_what_is_sent_or_thrown_away_is_not_changed(organiser, plan, name, state):
    WeekPlan.objects.update(state=state, sent_at=timezone.now())

    response = organiser.post(reverse(f"desk:{name}", args=[plan.pk]), {"version": plan.version})

    assert response.status_code == 409
    assert WeekPlan.objects.get().state == state


@pytest.mark.parametrize("name", PAIR_ACTS)
@pytest.mark.parametrize("state", [PlanState.SENDING, PlanState.SENT, PlanState.DROPPED])
def test_pairs_of_such_a_plan_stay_as_they_are(organiser, plan, name, state):
    pair = pair_of(plan)
    WeekPlan.objects.update(state=state, sent_at=timezone.now())

    assert decide(organiser, pair, name).status_code == 409
    assert PlannedPair.objects.get().choice == PairChoice.PROPOSED


def test_what_is_no_longer_possible_says_so_in_its_row(organiser, plan):
    pair = pair_of(plan)
    VolunteerProfile.objects.update(paused_until=timezone.localdate())

    page = organiser.get("/biurko/plan/")

    [row] = page.context["page"].shown[0].occasions[0].rows
    assert row.pair == pair
    assert [str(words) for words in row.hindrances] == ["Ta osoba robi sobie przerwę w pomaganiu."]
    assert page.context["page"].stale == 1
    assert reverse("desk:plan_send", args=[plan.pk]) not in page.text


def test_who_was_asked_before_is_not_counted_among_the_invitations(organiser, plan):
    pair = pair_of(plan)
    AlertFactory(visit=pair.planned.visit, volunteer=pair.volunteer)

    page = organiser.get("/biurko/plan/").context["page"]

    assert (page.people, page.to_invite, page.awaited, page.stale) == (1, 0, 1, 0)


# Other centres -------------------------------------------------------------------------------------------------------


def test_another_centres_plan_is_nowhere_here(organiser, plan, enter):
    elsewhere = MunicipalityFactory()
    with scope(municipality=elsewhere):
        client = enter({"municipality": elsewhere}, host=elsewhere.site.hostname)
        page = client.get("/biurko/plan/")
        answers = [client.post(reverse(f"desk:{name}", args=[plan.pk])) for name in (*ACTS, "plan_send")]

    assert page.context["page"] is None
    assert {answer.status_code for answer in answers} == {404}
    assert WeekPlan.objects.get().state == PlanState.READY
