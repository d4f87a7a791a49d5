"""Who is told of a visit: the best who were not told yet, each with the reasons; declining passes it on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    AlertFactory,
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    VisitFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering.domain import alerts
from volunteering.errors import Refused
from volunteering.models import Alert
from volunteering.states import RequestState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


@pytest.fixture
def visit(municipality, neighbourhood, shopping):
    return VisitFactory(
        help_request=HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping),
        starts_at=datetime(2027, 4, 23, 8, tzinfo=UTC),
    )


@pytest.fixture
def helpers(make_helper, visit):
    """Five helpers, the nearest first."""
    cell = visit.help_request.cell
    return [make_helper(home_cell=cell + steps, radius=20_000).user for steps in range(5)]


def tell_only(municipality, count):
    municipality.alert_count = count
    municipality.save(update_fields=["alert_count"])


def told():
    return list(Alert.objects.order_by("pk").values_list("volunteer", flat=True))


def events(kind="volunteering.visit_alert"):
    return list(Event.objects.filter(kind=kind))


def test_the_best_helpers_are_told(municipality, visit, helpers):
    tell_only(municipality, 3)

    written = alerts.alert_helpers(visit)

    assert [alert.volunteer for alert in written] == helpers[:3]
    assert told() == [helper.pk for helper in helpers[:3]]


def test_an_alert_keeps_why(visit, helpers):
    [alert, *_others] = alerts.alert_helpers(visit)

    alert.refresh_from_db()
    assert 0 < alert.score <= 1
    assert set(alert.parts) == {
        "nearness",
        "skill",
        "language",
        "time",
        "continuity",
        "fairness",
        "load",
        "band",
        "reasons",
    }
    assert (alert.parts["band"], alert.wave, alert.answer) == (500, 1, "")
    with translation.override("en"):
        assert [str(reason) for reason in alerts.reasons_of(alert)] == [
            "You chose this kind of help: Shopping.",
            "You are free on Friday, 10:00–11:00.",
            "You live close by (up to 500 m).",
        ]


def test_reasons_of_an_old_form_are_left_out():
    alert = AlertFactory.build(visit=VisitFactory.build(help_request__category=CategoryFactory.build()))
    alert.parts = {"reasons": [{"code": "horoscope"}, {"code": "near", "band": 500}, {}]}

    with translation.override("en"):
        assert [str(reason) for reason in alerts.reasons_of(alert)] == ["You live close by (up to 500 m)."]


def test_one_event_tells_of_all_alerts(municipality, visit, helpers):
    written = alerts.alert_helpers(visit, wave=2)

    [event] = events()
    assert (event.subject_type, event.subject_id, event.actor) == ("volunteering.visit", visit.pk, None)
    assert event.municipality_id == municipality.pk
    assert event.data == {"alerts": [alert.pk for alert in written], "wave": 2}


def test_nobody_is_told_twice(municipality, visit, helpers):
    tell_only(municipality, 2)

    waves = [alerts.alert_helpers(visit, wave=wave) for wave in (1, 2, 3, 4)]

    assert [[alert.volunteer for alert in wave] for wave in waves] == [helpers[:2], helpers[2:4], helpers[4:], []]
    assert len(events()) == 3


def test_limit_tells_fewer(visit, helpers):
    assert len(alerts.alert_helpers(visit, limit=1)) == 1
    assert len(alerts.alert_helpers(visit, limit=2)) == 2


def test_with_nobody_to_tell_there_is_no_event(visit):
    assert alerts.alert_helpers(visit) == []
    assert events() == []


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.OPEN])
def test_only_of_open_requests_anybody_is_told(visit, helpers, state):
    visit.help_request.state, visit.help_request.case_number = state, "1"
    visit.help_request.save()

    assert alerts.alert_helpers(visit) == []


@pytest.mark.parametrize("state", [VisitState.FULL, VisitState.DONE, VisitState.MISSED, VisitState.CANCELLED])
def test_only_of_open_visits_anybody_is_told(visit, helpers, state):
    visit.state = state
    visit.save()

    assert alerts.alert_helpers(visit) == []


def test_nobody_is_told_of_a_protected_request(visit, helpers):
    visit.help_request.protected = True
    visit.help_request.save()

    assert alerts.alert_helpers(visit) == []
    assert events() == []


def test_nobody_is_told_of_what_has_begun(clock, visit, helpers):
    clock.move_to(visit.starts_at)

    assert alerts.alert_helpers(visit) == []


def test_the_visit_is_looked_at_as_it_is_now(visit, helpers):
    stale = type(visit).objects.get(pk=visit.pk)
    visit.help_request.state = RequestState.CANCELLED
    visit.help_request.save()

    assert alerts.alert_helpers(stale) == []


@pytest.mark.parametrize("facts", [{"paused_until": date(2027, 5, 1)}, {"standing": {"suspended": True}}])
def test_who_does_not_suit_is_not_told(visit, make_helper, facts):
    make_helper(**facts)

    assert alerts.alert_helpers(visit) == []


# Declining ------------------------------------------------------------------------------------------------------------


def test_declining_passes_on_to_the_next(municipality, visit, helpers):
    tell_only(municipality, 2)
    [first, _second] = alerts.alert_helpers(visit, wave=3)

    declined = alerts.decline(first, actor=helpers[0])

    assert declined.answer == Alert.Answer.DECLINED
    assert told() == [helper.pk for helper in helpers[:3]]
    assert Alert.objects.get(volunteer=helpers[2]).wave == 3


def test_declining_is_written_down(visit, helpers, municipality):
    [alert] = alerts.alert_helpers(visit, limit=1)

    alerts.decline(alert, actor=helpers[0])

    [event] = events("volunteering.alert_decline")
    assert (event.actor, event.municipality_id, event.data) == (helpers[0], municipality.pk, {"alert": alert.pk})


def test_declining_twice_changes_nothing(visit, helpers):
    [alert] = alerts.alert_helpers(visit, limit=1)

    alerts.decline(alert, actor=helpers[0])
    alerts.decline(alert, actor=helpers[0])

    assert told() == [helper.pk for helper in helpers[:2]]
    assert len(events("volunteering.alert_decline")) == 1


def test_who_declined_is_never_told_again(visit, helpers):
    [alert] = alerts.alert_helpers(visit, limit=1)
    alerts.decline(alert, actor=helpers[0])

    alerts.alert_helpers(visit)

    assert told().count(helpers[0].pk) == 1


def test_who_has_taken_the_visit_cannot_decline(visit, helpers):
    alert = AlertFactory(visit=visit, volunteer=helpers[0], taken=True)

    with pytest.raises(Refused):
        alerts.decline(alert, actor=helpers[0])

    alert.refresh_from_db()
    assert alert.answer == Alert.Answer.TAKEN
    assert events() == []


def test_declining_what_is_full_tells_nobody_else(visit, helpers):
    [alert] = alerts.alert_helpers(visit, limit=1)
    visit.state, visit.taken = VisitState.FULL, 1
    visit.save()

    alerts.decline(alert, actor=helpers[0])

    assert told() == [helpers[0].pk]
    assert Alert.objects.get().answer == Alert.Answer.DECLINED


def test_declining_as_the_last_one_is_possible(visit, make_helper):
    person = make_helper().user
    [alert] = alerts.alert_helpers(visit)

    alerts.decline(alert, actor=person)

    assert told() == [person.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_alerts_ask_a_constant_number_of_questions(visit, make_helper, django_assert_num_queries, count):
    for _count in range(count):
        profile = make_helper()
        CommitmentFactory(volunteer=profile.user, starts_at=NOW - timedelta(days=1), ends_at=NOW - timedelta(hours=20))

    with django_assert_num_queries(19):
        assert len(alerts.alert_helpers(visit)) == count


def test_alerts_of_another_municipality_are_not_counted(visit, helpers):
    AlertFactory(volunteer=helpers[0], visit=VisitFactory(), created_at=NOW - timedelta(days=60))

    assert len(alerts.alert_helpers(visit)) == 5


def test_a_stranger_to_matching_is_not_told(visit):
    UserFactory()

    assert alerts.alert_helpers(visit) == []
