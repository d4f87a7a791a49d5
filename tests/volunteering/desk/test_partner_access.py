"""What staff of a partner reach: their own desk and their own meetings, by no address anything else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, OrganisationFactory
from tests.factories.partners import PartnerProfileFactory
from tests.factories.volunteering import (
    CategoryFactory,
    CommitmentFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipationFactory,
    VisitFactory,
)
from tests.volunteering.desk.test_access import PAGES, answers, other_than, things  # noqa: F401 -- a fixture
from volunteering.desk import urls
from volunteering.models import HelpRequest
from volunteering.states import ParticipationState, RequestState

pytestmark = pytest.mark.django_db

CENTRES = [pattern.name for pattern in urls.for_the_centre]
SHARED = [pattern.name for pattern in urls.for_those_who_run_it]
OWN = ["own_partner", "own_profile", "own_begin", "own_words"]
# Everything of the others bears this word.
FOREIGN = "Cudzoziemsk"


@pytest.fixture
def organisation(municipality):
    return OrganisationFactory(municipality=municipality, can_host_volunteers=True)


@pytest.fixture
def partner(enter, organisation):
    return enter({"partner": True, "organisation": organisation})


@pytest.fixture
def initiative(municipality, organisation):
    initiative = InitiativeFactory(municipality=municipality, organisation=organisation, title="Nasz klub")
    initiative.save_revision()
    return initiative


@pytest.fixture
def meeting(initiative):
    return MeetingFactory(initiative=initiative)


@pytest.fixture
def foreign(municipality):
    """A meeting of another partner of the same centre, with somebody who comes."""
    other = OrganisationFactory(municipality=municipality, name=f"{FOREIGN}a fundacja")
    PartnerProfileFactory(organisation=other, summary=f"{FOREIGN}e słowa")
    meeting = MeetingFactory(
        initiative__municipality=municipality,
        initiative__organisation=other,
        initiative__title=f"{FOREIGN}i klub",
        place=f"{FOREIGN}a sala",
    )
    meeting.initiative.save_revision()
    ParticipationFactory(meeting=meeting, user=UserFactory(display_name=f"{FOREIGN}a Osoba"))
    return meeting


def where(name, meeting):
    """The address of one of the shared pages."""
    route = str(next(pattern.pattern for pattern in urls.for_those_who_run_it if pattern.name == name))
    values = {"slug": meeting.initiative.slug} if "<slug" in route else {"pk": meeting.pk}
    if "participation_pk" in route:
        values["participation_pk"] = meeting.participations.order_by("pk").values_list("pk", flat=True).first() or 1
    return reverse(f"desk:{name}", kwargs=values)


def send(client, name, target):
    return client.get(target) if name in PAGES else client.post(target)


def walk(client, names, meeting):
    """What the shared pages of a meeting answer with: name → response."""
    return {name: send(client, name, where(name, meeting)) for name in names}


@pytest.mark.long
def test_pages_of_the_centre_are_closed(partner, things):  # noqa: F811
    assert other_than(404, answers(partner, CENTRES, things)) == []


def test_meetings_of_others_are_not_found(partner, foreign):
    before = Event.objects.count()

    assert other_than(404, walk(partner, SHARED, foreign)) == []
    assert Event.objects.count() == before


def test_meetings_that_the_centre_runs_are_not_found(partner, municipality):
    meeting = MeetingFactory(initiative__municipality=municipality)
    ParticipationFactory(meeting=meeting)

    assert other_than(404, walk(partner, SHARED, meeting)) == []


@pytest.mark.usefixtures("foreign")
def test_own_meetings_open(partner, meeting, make_request):
    make_request(words=f"{FOREIGN}a prośba")

    responses = walk(partner, sorted(PAGES & set(SHARED)), meeting)

    assert other_than(200, responses) == []
    assert all("no-store" in response["Cache-Control"] for response in responses.values())
    assert [name for name, response in responses.items() if FOREIGN in response.content.decode()] == []


def test_who_no_longer_works_there_reaches_nothing(enter, organisation, meeting):
    ParticipationFactory(meeting=meeting)
    client = enter({"partner": True, "organisation": organisation, "ended_at": timezone.now()})

    assert other_than(404, walk(client, SHARED, meeting)) == []


@pytest.mark.parametrize("name", OWN)
@pytest.mark.usefixtures("foreign")
def test_own_desk_shows_the_own_organisation_only(partner, meeting, make_request, name):
    make_request(words=f"{FOREIGN}a prośba")
    target = reverse(f"desk:{name}", args=[meeting.initiative.slug] if name == "own_words" else [])

    response = partner.get(target)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert FOREIGN not in response.content.decode()


@pytest.mark.parametrize("name", ["own_words", "own_words_submit", "own_words_take_back"])
def test_words_of_others_are_not_found(partner, foreign, name):
    target = reverse(f"desk:{name}", args=[foreign.initiative.slug])

    assert partner.post(target, {"title": "Zmieniony"}).status_code == 404
    foreign.initiative.refresh_from_db()
    assert foreign.initiative.title == f"{FOREIGN}i klub"


@pytest.mark.parametrize("role", [None, {}, {"editor": True}, {"director": True}, {"coordinator": True}], ids=str)
def test_own_desk_is_there_for_partners_only(enter, initiative, role):
    client = enter(role)

    responses = {
        name: client.get(reverse(f"desk:{name}", args=[initiative.slug] if name == "own_words" else [])) for name in OWN
    }
    assert other_than(404, responses) == []


@pytest.mark.parametrize("name", OWN)
def test_own_desk_asks_for_the_second_factor(enter, organisation, initiative, name):
    client = enter({"partner": True, "organisation": organisation}, second_factor=False)
    target = reverse(f"desk:{name}", args=[initiative.slug] if name == "own_words" else [])

    response = client.get(target)

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:second_factor"))


def test_strangers_are_asked_to_sign_in(municipality):
    response = Client(HTTP_HOST=municipality.site.hostname).get(reverse("desk:own_partner"))

    assert response.url.startswith(reverse("account_login"))


def test_partner_of_another_centre_has_no_desk_here(enter, municipality, meeting):
    elsewhere = MunicipalityFactory()
    client = enter({"partner": True, "municipality": elsewhere})

    assert client.get(reverse("desk:own_partner")).status_code == 404
    assert client.get(where("meeting", meeting)).status_code == 404


def test_partner_does_not_come_into_the_cms(partner, municipality):
    assert partner.get("/cms/").status_code in {302, 403}
    assert not partner.user.has_perm("wagtailadmin.access_admin")


def test_nobody_who_is_both_loses_the_centres_pages(organiser, organisation, meeting, foreign):
    MembershipFactory(
        user=organiser.user, municipality=organisation.municipality, partner=True, organisation=organisation
    )

    assert organiser.get(where("meeting", foreign)).status_code == 200
    assert organiser.get(reverse("desk:own_partner")).status_code == 200


def test_initiative_page_says_nothing_of_requests_and_groups(partner, meeting):
    page = partner.get(where("initiative", meeting)).content.decode()

    for name in ("requests", "announcement_write", "initiatives", "today", "volunteers"):
        address = reverse(f"desk:{name}")
        assert f'href="{address}"' not in page
        assert f'href="{address}?' not in page
    assert reverse("desk:initiative_start", args=[meeting.initiative.slug]) not in page


def test_helpers_of_the_own_meeting_are_named(partner, meeting, municipality, make_request):
    promise = CommitmentFactory(
        visit=VisitFactory(help_request=make_request(meeting=meeting)),
        volunteer=UserFactory(display_name="Ola Pomocna"),
    )
    page = partner.get(where("meeting", meeting)).content.decode()

    assert "Ola Pomocna" in page
    assert promise.visit.help_request.reference not in page


def ask_for_helpers(client, meeting, neighbourhood):
    CategoryFactory(code="event", at_home=False)
    return client.post(
        where("meeting_helpers", meeting),
        {
            "key": "6d1f7a8e-51a0-4a38-9c3c-0f8c9ffb0001",
            "category": "event",
            "people": 2,
            "early": 30,
            "words": "Rozstawić krzesła.",
            "neighbourhood": neighbourhood.slug,
        },
    )


@pytest.mark.parametrize("moderation", ["before", "after"])
def test_helpers_that_a_partner_wants_are_read_by_the_centre_first(
    partner, meeting, municipality, neighbourhood, moderation
):
    municipality.moderation = moderation
    municipality.save()

    response = ask_for_helpers(partner, meeting, neighbourhood)

    asked = HelpRequest.objects.get()
    assert response.status_code == 302
    assert asked.state == RequestState.AWAITING_REVIEW
    # Whoever asked keeps no request of their own when they leave.
    assert asked.requester is None


def test_partner_without_the_right_asks_no_volunteers(partner, organisation, meeting, neighbourhood):
    organisation.can_host_volunteers = False
    organisation.save()

    assert ask_for_helpers(partner, meeting, neighbourhood).status_code == 404
    assert not HelpRequest.objects.exists()


def test_sign_in_leads_partners_to_their_desk(partner, municipality):
    assert partner.get("/konto/start/").url == reverse("desk:own_partner")


@pytest.mark.usefixtures("meeting")
def test_own_desk_costs_the_same_with_more_of_everything(
    partner, organisation, municipality, django_assert_num_queries
):
    partner.get(reverse("desk:own_partner"))
    with django_assert_num_queries(13):
        partner.get(reverse("desk:own_partner"))
    for _more in range(3):
        MeetingFactory(initiative=InitiativeFactory(municipality=municipality, organisation=organisation))
        MembershipFactory(municipality=municipality, partner=True, organisation=organisation)

    with django_assert_num_queries(13):
        partner.get(reverse("desk:own_partner"))


def test_phones_of_those_who_wait_are_for_case_workers(partner, organiser, meeting):
    ParticipationFactory(meeting=meeting, by_phone=True, phone="+48601000123", state=ParticipationState.WAITING, turn=1)
    page = where("meeting", meeting)

    shown = [b"601 000 123" in client.get(page).content.replace(b"\xc2\xa0", b" ") for client in (partner, organiser)]

    assert shown == [False, True]
