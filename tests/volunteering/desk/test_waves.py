"""The search for helpers at the desk: where it stands, who was told and why, and what staff do about it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    AlertFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.desk import queues
from volunteering.domain import waves
from volunteering.models import Alert, Search
from volunteering.states import RequestState, SearchState

pytestmark = pytest.mark.django_db

VERBS = ("advance", "stop", "start")
NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def visit(make_request):
    return VisitFactory(help_request=make_request())


@pytest.fixture
def make_helper(municipality, neighbourhood, category):
    def make(name="Anna Wymyślona", *, is_active=True):
        user = UserFactory(display_name=name)
        VolunteerProfileFactory(user=user, home_neighbourhood=neighbourhood, categories=[category])
        StandingFactory(municipality=municipality, volunteer=user, suspended=not is_active)
        return user

    return make


def steer(client, visit, verb):
    return client.post(reverse(f"desk:search_{verb}", args=[visit.help_request.reference, visit.pk]))


def invite(client, visit, person):
    return client.post(reverse("desk:invite", args=[visit.help_request.reference, visit.pk, person.pk]))


def look(client, visit, **query):
    return client.get(reverse("desk:request", args=[visit.help_request.reference]), query)


def test_the_page_says_who_was_asked_and_when_the_next_step_comes(organiser, visit, make_helper):
    helper = make_helper()
    waves.start(visit)

    response = look(organiser, visit)

    panel = response.context["panel"]
    assert (panel.search.next_at, panel.people, panel.acts) == (NOON + timedelta(hours=1), 1, ("advance", "stop"))
    [row] = response.context["told"]
    assert (row.alert.volunteer, len(row.reasons) >= 3) == (helper, True)
    assert "13:00" in response.text


def now(client, visit):
    return client.get(reverse("desk:search_now", args=[visit.help_request.reference, visit.pk]))


def test_the_search_can_be_watched(organiser, visit, make_helper):
    helper = make_helper()
    [alert] = waves.start(visit)
    before = now(organiser, visit)
    same = now(organiser, visit)

    waves.decline(alert, actor=helper)

    after = now(organiser, visit)
    assert before.status_code == 200
    assert before.context["panel"].signature == same.context["panel"].signature
    assert before.context["panel"].signature != after.context["panel"].signature
    assert "Anna Wymyślona" in after.text
    assert "nie tym razem" in after.text
    assert "<html" not in after.text


@pytest.mark.parametrize("count", [1, 3])
def test_watching_asks_a_constant_number_of_questions(organiser, visit, make_helper, count, django_assert_num_queries):
    for _person in range(count):
        make_helper()
    waves.start(visit)

    with django_assert_num_queries(8):
        now(organiser, visit)


def test_the_search_of_another_centre_cannot_be_watched(organiser):
    visit = VisitFactory(help_request=HelpRequestFactory(municipality=MunicipalityFactory()))

    assert now(organiser, visit).status_code == 404


@pytest.mark.parametrize("state", [None, *SearchState])
def test_every_state_has_words_and_acts(organiser, visit, state):
    if state:
        next_at = timezone.now() if state == SearchState.RUNNING else None
        Search.objects.create(visit=visit, state=state, next_at=next_at)

    response = look(organiser, visit)

    assert response.status_code == 200
    assert [
        f'action="{reverse(f"desk:search_{verb}", args=[visit.help_request.reference, visit.pk])}"' in response.text
        for verb in VERBS
    ] == [verb in response.context["panel"].acts for verb in VERBS]


@pytest.mark.parametrize("facts", [{"protected": True}, {"state": RequestState.CLOSED}, {"awaiting_review": True}])
def test_where_nobody_may_be_told_there_is_nothing_to_steer(organiser, make_request, facts):
    visit = VisitFactory(help_request=make_request(**facts))

    response = look(organiser, visit)

    assert 'id="szukanie"' not in response.text


def test_staff_ask_the_next_people_now(organiser, visit, make_helper):
    Search.objects.create(visit=visit, next_at=NOON + timedelta(hours=1))
    helper = make_helper()

    response = steer(organiser, visit, "advance")

    assert response.url.endswith(f"?wizyta={visit.pk}#szukanie")
    assert Alert.objects.get().volunteer == helper


def test_staff_stop_and_start(organiser, visit, make_helper):
    Search.objects.create(visit=visit, next_at=NOON + timedelta(hours=1))
    make_helper()

    steer(organiser, visit, "stop")
    search = Search.objects.get()
    assert (search.state, search.stopped_by, Alert.objects.count()) == (SearchState.STOPPED, organiser.user, 0)
    steer(organiser, visit, "start")

    assert (Search.objects.get().state, Alert.objects.count()) == (SearchState.RUNNING, 1)


@pytest.mark.parametrize(("verb", "state"), [("advance", "stopped"), ("stop", "over"), ("start", "running")])
def test_what_cannot_be_done_is_said(organiser, visit, verb, state):
    Search.objects.create(visit=visit, state=state, next_at=timezone.now() if state == "running" else None)

    response = steer(organiser, visit, verb)

    assert response.status_code == 409
    assert 'role="alert"' in response.text


@pytest.mark.parametrize("verb", VERBS)
def test_only_staff_of_this_centre_steer(enter, visit, verb):
    other = HelpRequestFactory(municipality=MunicipalityFactory())
    foreign = VisitFactory(help_request=other)

    assert steer(enter(None), visit, verb).status_code == 404
    assert steer(enter(), foreign, verb).status_code == 404
    assert not Search.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_a_search_moves_by_post_only(organiser, visit, verb):
    address = reverse(f"desk:search_{verb}", args=[visit.help_request.reference, visit.pk])

    assert organiser.get(address).status_code == 405


def test_a_visit_of_another_request_is_not_found(organiser, visit, make_request):
    address = reverse("desk:search_stop", args=[make_request().reference, visit.pk])

    assert organiser.post(address).status_code == 404


def test_staff_invite_by_name(organiser, visit, make_helper):
    helper = make_helper()

    assert organiser.user != helper
    assert look(organiser, visit, osoba="anna").context["found"][0].told is None
    response = invite(organiser, visit, helper)

    assert response.status_code == 302
    assert Alert.objects.get().invited_by == organiser.user
    assert look(organiser, visit, osoba="anna").context["found"][0].told.volunteer == helper


def test_who_may_not_help_here_is_not_invited(organiser, visit, make_helper):
    assert invite(organiser, visit, make_helper(is_active=False)).status_code == 409
    assert invite(organiser, visit, UserFactory()).status_code == 404
    assert not Alert.objects.exists()


def test_where_everybody_was_asked_the_desk_goes_on_by_hand(organiser, visit):
    Search.objects.create(visit=visit, state=SearchState.EXHAUSTED)
    Search.objects.create(visit=VisitFactory(help_request=visit.help_request, full=True), state=SearchState.EXHAUSTED)

    queue = next(queue for queue in queues.waiting() if queue.name == "wszyscy-zapytani")
    response = organiser.get("/biurko/?kolejka=wszyscy-zapytani")

    assert [row.visit for row in queue.rows] == [visit]
    assert f"?wizyta={visit.pk}#szukanie" in response.text


def test_the_story_tells_the_steps_to_staff(organiser, visit, make_helper):
    helper = make_helper()
    [alert] = waves.start(visit)
    waves.decline(alert, actor=helper)
    steer(organiser, visit, "start")
    Search.objects.update(state=SearchState.STOPPED, next_at=None)

    texts = [str(entry.text) for entry in look(organiser, visit).context["entries"]]

    assert texts == [
        "Fala 1: zapytaliśmy 1 osobę, do 3 km stąd.",
        "Nie może tym razem.",
        "Wszyscy, którzy pasują, są już zapytani.",
        "Centrum wznowiło szukanie.",
        "Wszyscy, którzy pasują, są już zapytani.",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_alerts(organiser, visit, frame, django_assert_num_queries, count):
    Search.objects.create(visit=visit, state=SearchState.STOPPED, stopped_by=organiser.user)
    for _number in range(count):
        AlertFactory(visit=visit, parts={"band": 500, "reasons": [{"code": "category"}, {"code": "near", "band": 500}]})

    with django_assert_num_queries(frame + 14):
        look(organiser, visit)
