"""Who is told of a visit: the best who were not told yet, each with the reasons; declining passes it on."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from notifications.words import Wording
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    AlertFactory,
    CategoryFactory,
    CommitmentFactory,
    VisitFactory,
)
from tests.volunteering.domain.conftest import NOW
from tests.volunteering.domain.searching import events, tell_only, told
from volunteering.domain import alerts, waves
from volunteering.errors import Refused
from volunteering.models import Alert
from volunteering.states import RequestState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


def test_the_best_helpers_are_told(municipality, visit, helpers):
    tell_only(municipality, 3)

    written = waves.start(visit)

    assert [alert.volunteer for alert in written] == helpers[:3]
    assert told() == [helper.pk for helper in helpers[:3]]


def test_an_alert_keeps_why(visit, helpers):
    [alert, *_others] = waves.start(visit)

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


def test_the_notification_says_where_it_comes_from(visit, helpers):
    waves.start(visit)
    [event] = events()

    words = Wording([event], helpers).words(event, helpers[0], "pl")

    assert words.title.startswith("Zakupy – ")
    assert words.paragraphs[-1] == (
        "Skąd to powiadomienie? W profilu jest ten rodzaj pomocy: Zakupy. Masz czas w piątek, 10:00–11:00. "
        "Mieszkasz blisko (do 500 m)."
    )


def test_reasons_of_an_old_form_are_left_out():
    alert = AlertFactory.build(visit=VisitFactory.build(help_request__category=CategoryFactory.build()))
    alert.parts = {"reasons": [{"code": "horoscope"}, {"code": "near", "band": 500}, {}]}

    with translation.override("en"):
        assert [str(reason) for reason in alerts.reasons_of(alert)] == ["You live close by (up to 500 m)."]


def test_one_event_tells_of_all_alerts(municipality, visit, helpers):
    written = waves.start(visit)

    [event] = events()
    assert (event.subject_type, event.subject_id, event.actor) == ("volunteering.visit", visit.pk, None)
    assert event.municipality_id == municipality.pk
    assert event.data == {"alerts": [alert.pk for alert in written], "wave": 1, "radius": 3000}


def test_nobody_is_told_twice(municipality, visit, helpers):
    tell_only(municipality, 2)

    told_by_step = [waves.start(visit), *(waves.advance(visit, actor=None).told for _step in range(3))]

    assert [[alert.volunteer for alert in step] for step in told_by_step] == [
        helpers[:2],
        helpers[2:4],
        helpers[4:],
        [],
    ]
    assert len(events()) == 3


def test_a_search_begins_once(visit, helpers):
    assert len(waves.start(visit)) == 5
    assert waves.start(visit) == []
    assert len(events()) == 1


def test_with_nobody_to_tell_there_is_no_event(visit):
    assert waves.start(visit) == []
    assert events() == []


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.OPEN])
def test_only_of_open_requests_anybody_is_told(visit, helpers, state):
    visit.help_request.state, visit.help_request.case_number = state, "1"
    visit.help_request.save()

    assert waves.start(visit) == []


@pytest.mark.parametrize("state", [VisitState.FULL, VisitState.DONE, VisitState.MISSED, VisitState.CANCELLED])
def test_only_of_open_visits_anybody_is_told(visit, helpers, state):
    visit.state = state
    visit.save()

    assert waves.start(visit) == []


def test_nobody_is_told_of_a_protected_request(visit, helpers):
    visit.help_request.protected = True
    visit.help_request.save()

    assert waves.start(visit) == []
    assert events() == []


def test_nobody_is_told_of_what_has_begun(clock, visit, helpers):
    clock.move_to(visit.starts_at)

    assert waves.start(visit) == []


def test_the_visit_is_looked_at_as_it_is_now(visit, helpers):
    stale = type(visit).objects.get(pk=visit.pk)
    visit.help_request.state = RequestState.CANCELLED
    visit.help_request.save()

    assert waves.start(stale) == []


@pytest.mark.parametrize("facts", [{"paused_until": date(2027, 5, 1)}, {"standing": {"suspended": True}}])
def test_who_does_not_suit_is_not_told(visit, make_helper, facts):
    make_helper(**facts)

    assert waves.start(visit) == []


# Declining ------------------------------------------------------------------------------------------------------------


def test_declining_passes_on_to_the_next(municipality, visit, helpers):
    tell_only(municipality, 2)
    [first, _second] = waves.start(visit)

    declined = waves.decline(first, actor=helpers[0])

    assert declined.answer == Alert.Answer.DECLINED
    assert told() == [helper.pk for helper in helpers[:3]]
    assert Alert.objects.get(volunteer=helpers[2]).wave == 1


def test_declining_is_written_down(visit, helpers, municipality):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)

    waves.decline(alert, actor=helpers[0])

    [event] = events("volunteering.alert_decline")
    assert (event.actor, event.municipality_id, event.data) == (
        helpers[0],
        municipality.pk,
        {"alert": alert.pk, "again": False},
    )


def test_declining_twice_changes_nothing(visit, helpers):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)

    waves.decline(alert, actor=helpers[0])
    waves.decline(alert, actor=helpers[0])

    assert told() == [helper.pk for helper in helpers[:2]]
    assert len(events("volunteering.alert_decline")) == 1


def test_who_declined_is_never_told_again(visit, helpers):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)
    waves.decline(alert, actor=helpers[0])

    for _step in range(6):
        waves.advance(visit, actor=None)

    assert told() == [helper.pk for helper in helpers]


def test_who_has_taken_the_visit_cannot_decline(visit, helpers):
    alert = AlertFactory(visit=visit, volunteer=helpers[0], taken=True)

    with pytest.raises(Refused):
        waves.decline(alert, actor=helpers[0])

    alert.refresh_from_db()
    assert alert.answer == Alert.Answer.TAKEN
    assert events() == []


def test_declining_what_is_full_tells_nobody_else(visit, helpers):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)
    visit.state, visit.taken = VisitState.FULL, 1
    visit.save()

    waves.decline(alert, actor=helpers[0])

    assert told() == [helpers[0].pk]
    assert Alert.objects.get().answer == Alert.Answer.DECLINED


def test_declining_as_the_last_one_is_possible(visit, make_helper):
    person = make_helper().user
    [alert] = waves.start(visit)

    waves.decline(alert, actor=person)

    assert told() == [person.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_alerts_ask_a_constant_number_of_questions(visit, make_helper, django_assert_num_queries, count):
    for _count in range(count):
        profile = make_helper()
        CommitmentFactory(volunteer=profile.user, starts_at=NOW - timedelta(days=1), ends_at=NOW - timedelta(hours=20))

    with django_assert_num_queries(29):
        assert len(waves.start(visit)) == count


def test_alerts_of_another_municipality_are_not_counted(visit, helpers):
    AlertFactory(volunteer=helpers[0], visit=VisitFactory(), created_at=NOW - timedelta(days=60))

    assert len(waves.start(visit)) == 5


def test_a_stranger_to_matching_is_not_told(visit):
    UserFactory()

    assert waves.start(visit) == []
