"""People who help, at the desk: the list, the page of one, what the centre decides, the look at phone and e-mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Event
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    CommitmentFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from tests.volunteering.desk.conftest import NASTY
from volunteering.desk.views.volunteers import free_hours
from volunteering.states import STANDING, StandingState

pytestmark = pytest.mark.django_db

VERBS = ("meet", "activate", "suspend", "end")
REFUSED = [(verb, state) for verb in VERBS for state in StandingState if state not in STANDING[verb].sources]


@pytest.fixture
def make_standing(municipality):
    def make(**facts):
        return StandingFactory(municipality=municipality, **facts)

    return make


def page_of(standing):
    return reverse("desk:volunteer", args=[standing.volunteer_id])


def act(client, name, standing, **answers):
    return client.post(reverse(f"desk:volunteer_{name}", args=[standing.volunteer_id]), answers)


def listed(client, query=""):
    return list(client.get(f"/biurko/wolontariusze/?{query}").context["page"].rows)


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_shows_whoever_applied_here(organiser, make_standing):
    standings = [make_standing(state=state) for state in StandingState]
    StandingFactory(municipality=MunicipalityFactory())

    assert set(listed(organiser)) == set(standings)


@pytest.mark.parametrize("state", StandingState)
def test_the_list_is_narrowed_by_state(organiser, make_standing, state):
    standings = {it: make_standing(state=it) for it in StandingState}

    assert listed(organiser, f"stan={state}") == [standings[state]]


@pytest.mark.parametrize("name", ["łucja", "LUCJA", "zoltak", "luc zol"])
def test_the_list_is_searched_by_name(organiser, make_standing, name):
    wanted = make_standing(volunteer__display_name="Łucja Żółtak")
    make_standing(volunteer__display_name="Jan Nowak")

    assert listed(organiser, f"slowa={name}") == [wanted]


def test_the_list_is_narrowed_by_category_and_place(organiser, make_standing, municipality):
    place, garden = NeighbourhoodFactory(municipality=municipality, slug="wirek"), CategoryFactory(code="garden")
    wanted, _other = make_standing(), make_standing()
    VolunteerProfileFactory(user=wanted.volunteer, home_neighbourhood=place, categories=[garden, CategoryFactory()])

    assert listed(organiser, "kategoria=garden") == [wanted]
    assert listed(organiser, "gdzie=wirek") == [wanted]


@pytest.mark.parametrize("value", NASTY)
def test_no_filter_breaks_the_list(organiser, make_standing, value):
    make_standing()

    for fields in (["slowa"], ["stan", "kategoria", "gdzie"], ["after"], ["before"]):
        assert organiser.get("/biurko/wolontariusze/", dict.fromkeys(fields, value)).status_code == 200


def test_an_empty_list_says_so(organiser):
    assert 'class="empty"' in organiser.get("/biurko/wolontariusze/").text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_list(organiser, make_standing, frame, django_assert_num_queries, count):
    for _ in range(count):
        VolunteerProfileFactory(user=make_standing().volunteer)

    with django_assert_num_queries(frame + 4):
        organiser.get("/biurko/wolontariusze/")


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_neither_phone_nor_mail(organiser, make_standing):
    standing = make_standing(volunteer__phone="+48601000001")
    VolunteerProfileFactory(user=standing.volunteer, categories=[CategoryFactory(name_pl="Ogród")])

    text = organiser.get(page_of(standing)).text

    assert str(standing.volunteer) in text
    assert "Ogród" in text
    assert standing.volunteer.email not in text
    assert "601" not in text.replace(" ", "")


def test_the_page_works_without_a_profile(organiser, make_standing):
    assert organiser.get(page_of(make_standing(applied=True))).status_code == 200


def test_promises_elsewhere_are_not_shown(organiser, make_standing, make_request):
    standing = make_standing()
    here = CommitmentFactory(visit=VisitFactory(help_request=make_request()), volunteer=standing.volunteer)
    CommitmentFactory(volunteer=standing.volunteer, done=True)

    context = organiser.get(page_of(standing)).context

    assert context["promises"] == [here]
    assert context["minutes"] == 0


@pytest.fixture(params=[1, 3])
def busy(request, organiser, make_standing, make_request):
    """A helper with one and with three of everything."""
    standing = make_standing()
    VolunteerProfileFactory(user=standing.volunteer)
    for number in range(request.param):
        starts_at = timezone.now() + timedelta(days=2 + number)
        visit = VisitFactory(help_request=make_request(category=CategoryFactory()), starts_at=starts_at)
        CommitmentFactory(visit=visit, volunteer=standing.volunteer)
        act(organiser, "reveal", standing, reason="ring")
    return standing


def test_queries_do_not_grow_with_the_promises(organiser, busy, frame, django_assert_num_queries):
    with django_assert_num_queries(frame + 7):
        organiser.get(page_of(busy))


@pytest.mark.parametrize(
    ("bits", "spans"),
    [
        (0, []),
        ((1 << 24) - 1, ["0–24"]),
        (1 << 23, ["23–24"]),
        (1, ["0–1"]),
        (0b1111 << 8 | 0b11 << 16, ["8–12", "16–18"]),
    ],
)
def test_free_hours_are_read_as_spans(bits, spans):
    hours = free_hours([bits, 0, 0, 0, 0, 0, 0])

    assert [found for _day, found in hours] == ([spans] if spans else [])


# What the centre decides ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_staff_decide(organiser, make_standing, verb):
    standing = make_standing(state=STANDING[verb].sources[0])

    response = act(organiser, verb, standing)

    standing.refresh_from_db()
    assert response.url == page_of(standing)
    assert (standing.state, standing.changed_by) == (STANDING[verb].target, organiser.user)


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_what_cannot_be_done_is_said(organiser, make_standing, verb, state):
    standing = make_standing(state=state)

    response = act(organiser, verb, standing)

    standing.refresh_from_db()
    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert standing.state == state


def test_the_first_visit_is_let_go_ahead(organiser, make_standing):
    standing = make_standing(before_first_visit=True)

    act(organiser, "release_first_visit", standing)

    standing.refresh_from_db()
    assert standing.first_visit_released_at


def test_buttons_stand_where_they_lead_on(organiser, make_standing):
    acts = {state: organiser.get(page_of(make_standing(state=state))).context["acts"] for state in StandingState}

    assert acts == {
        StandingState.APPLIED: {"meet", "activate", "end"},
        StandingState.MET: {"activate", "suspend", "end"},
        StandingState.ACTIVE: {"suspend", "end"},
        StandingState.SUSPENDED: {"activate", "end"},
        StandingState.ENDED: set(),
    }


# The look at phone and e-mail -----------------------------------------------------------------------------------------


def test_phone_and_mail_are_shown_once_with_a_reason(organiser, make_standing):
    standing = make_standing(volunteer__phone="+48601000001")

    shown = act(organiser, "reveal", standing, reason="ring")
    afterwards = organiser.get(page_of(standing))

    assert standing.volunteer.email in shown.text
    assert "tel:+48601000001" in shown.text
    assert standing.volunteer.email not in afterwards.text
    event = Event.objects.get()
    assert (event.kind, event.actor, event.data["reason"]) == (
        "volunteering.contact_revealed",
        organiser.user,
        "ring",
    )
    assert [entry.is_reveal for entry in afterwards.context["entries"]] == [True]


@pytest.mark.parametrize("reason", ["", "curiosity", *NASTY])
def test_without_a_reason_nothing_is_shown(organiser, make_standing, reason):
    standing = make_standing()

    response = act(organiser, "reveal", standing, reason=reason)

    assert response.status_code == 200
    assert standing.volunteer.email not in response.text
    assert not Event.objects.exists()
