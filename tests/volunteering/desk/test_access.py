"""Who may enter the desk: walked over every one of its addresses, so that a new one cannot be forgotten."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import Call, Event
from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupPostFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.notifications import EventFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    CommitmentFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipationFactory,
    PlannedPairFactory,
    PlannedVisitFactory,
    ProposalFactory,
    StandingFactory,
    VisitFactory,
)
from volunteering.desk import urls
from volunteering.models import Conversation, Opinion

pytestmark = pytest.mark.django_db

# Addresses that answer to GET; all others change something and answer to POST alone.
PAGES = {
    "today",
    "intake",
    "requests",
    "request",
    "request_taken",
    "search_now",
    "volunteers",
    "volunteer",
    "initiatives",
    "initiative",
    "meeting_plan",
    "meeting",
    "meeting_change",
    "meeting_helpers",
    "meeting_paper",
    "meeting_door",
    "visit_move",
    "plan",
    "plan_choices",
    "announcements",
    "announcement_write",
    "announcement_count",
    "announcement",
    "announcement_edit",
    "announcement_confirm",
    "proposals",
    "proposal",
    "proposal_take_up",
    "partners",
    "partner_add",
    "partner",
    "partner_change",
    "partner_profile",
    "places",
    "place_add",
    "place",
    "opinions",
    "opinion",
    "settings",
    "contact",
    "opening",
    "telling",
}
# Pages that are also written to.
FORMS = {
    "intake",
    "meeting_plan",
    "meeting_change",
    "meeting_helpers",
    "visit_move",
    "announcement_write",
    "announcement_edit",
    "proposal_take_up",
    "partner_add",
    "partner_change",
    "partner_profile",
    "place_add",
    "place",
    "settings",
    "contact",
}
NAMES = [pattern.name for pattern in urls.urlpatterns]
# All but the desk of partners (`test_partner_access.py`).
OF_THE_CENTRE = [pattern.name for pattern in [*urls.for_the_centre, *urls.for_those_who_run_it]]
# Addresses that name a thing of one centre; what is still missing before it opens is named alike at all of them.
OF_ONE_CENTRE = [
    pattern.name
    for pattern in urls.urlpatterns
    if "<" in str(pattern.pattern) and not pattern.name.startswith("opening_")
]


@pytest.fixture
def things(make_request, municipality):
    """One of each thing that an address of the desk may name."""
    visit = VisitFactory(help_request=make_request())
    standing = StandingFactory(municipality=municipality)
    meeting = MeetingFactory(initiative__municipality=municipality)
    commitment = CommitmentFactory(visit=visit, volunteer=standing.volunteer)
    conversation = Conversation.objects.create(commitment=commitment, municipality=municipality)
    planned = PlannedVisitFactory(visit=visit, plan__municipality=municipality)
    profile = PartnerProfileFactory(organisation__municipality=municipality)
    partner = MembershipFactory(municipality=municipality, partner=True, organisation=profile.organisation)
    return {
        "reference": visit.help_request.reference,
        "visit_pk": visit.pk,
        "volunteer_pk": standing.volunteer_id,
        "slug": meeting.initiative.slug,
        "participation_pk": ParticipationFactory(meeting=meeting).pk,
        "commitment": commitment.pk,
        "conversation": conversation.pk,
        "call": Call.objects.create(event=EventFactory(delivered=True), municipality_id=municipality.pk).pk,
        "meeting": meeting.pk,
        "announcement": AnnouncementFactory(municipality=municipality).pk,
        "proposal": ProposalFactory(municipality=municipality).pk,
        "opinion": Opinion.objects.create(municipality=municipality, words="Za mało ławek.").pk,
        "post_pk": GroupPostFactory(group__initiative=meeting.initiative).pk,
        "code": "crisis",
        "partner": profile.organisation_id,
        "profile_pk": profile.pk,
        "membership_pk": partner.pk,
        "place": PublicPlaceFactory(municipality=municipality).pk,
        "plan_pk": planned.plan_id,
        "planned_pk": planned.pk,
        "pair_pk": PlannedPairFactory(planned=planned).pk,
    }


def address(name, things):
    pattern = next(pattern for pattern in urls.urlpatterns if pattern.name == name)
    route = str(pattern.pattern)
    kinds = {
        "obietnice": "commitment",
        "wolontariusze": "volunteer_pk",
        "spotkania": "meeting",
        "rozmowy": "conversation",
        "do-telefonu": "call",
        "ogloszenia": "announcement",
        "pomysly": "proposal",
        "opinie": "opinion",
        "partnerzy": "partner",
        "okolica": "place",
    }
    values = {"pk": next((things[key] for kind, key in kinds.items() if f"{kind}/<key:pk>" in route), None)}
    values = {name: value for name, value in values.items() if value}
    values |= {name: value for name, value in things.items() if f":{name}>" in route}
    return reverse(f"desk:{name}", kwargs=values)


def ask(client, name, things):
    return client.get(address(name, things)) if name in PAGES else client.post(address(name, things))


def answers(client, names, things):
    """What each of these addresses answers with: name → response. One walk in place of a test each: to make what they
    name takes longer than to ask."""
    return {name: ask(client, name, things) for name in names}


def other_than(status, responses):
    """Names of those that answered something else; a test wants none."""
    return [name for name, response in responses.items() if response.status_code != status]


def test_strangers_are_asked_to_sign_in(municipality, things):
    responses = answers(Client(HTTP_HOST=municipality.site.hostname), NAMES, things)

    assert other_than(302, responses) == []
    assert all(response.url.startswith(reverse("account_login")) for response in responses.values())


@pytest.mark.long
def test_without_a_role_there_is_no_desk(enter, things):
    assert other_than(404, answers(enter(None), NAMES, things)) == []


@pytest.mark.long
def test_partners_reach_nothing_of_the_centre(enter, municipality, things):
    client = enter({"partner": True, "organisation__municipality": municipality})

    assert other_than(404, answers(client, OF_THE_CENTRE, things)) == []


@pytest.mark.parametrize("role", [{"editor": True}, {"director": True}, {"ended": True}], ids=str)
def test_other_roles_have_no_desk(enter, things, role):
    """All addresses are guarded alike (`test_without_a_role_there_is_no_desk`); some stand for them."""
    some = ["today", "request", "request_publish", "volunteers", "settings"]

    assert other_than(404, answers(enter(role), some, things)) == []


@pytest.mark.long
def test_staff_of_another_centre_have_no_desk_here(enter, things):
    client = enter({"municipality": MunicipalityFactory()})

    assert other_than(404, answers(client, NAMES, things)) == []


@pytest.mark.long
def test_things_of_this_centre_are_nowhere_else(enter, things):
    elsewhere = MunicipalityFactory()
    client = enter({"municipality": elsewhere}, host=elsewhere.site.hostname)

    assert other_than(404, answers(client, OF_ONE_CENTRE, things)) == []


def test_without_the_second_factor_it_is_asked_for(enter, things):
    client = enter(second_factor=False)
    before = Event.objects.count()

    responses = answers(client, OF_THE_CENTRE, things)

    assert other_than(302, responses) == []
    assert all(response.url.startswith(reverse("accounts:second_factor")) for response in responses.values())
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("came_from", "way_back"),
    [
        ("http://{host}/biurko/prosby/?stan=open", "/biurko/prosby/?stan=open"),
        ("http://evil.example/biurko/", "/"),
        ("", "/"),
    ],
)
def test_a_button_of_last_night_leads_back_to_its_page(enter, things, municipality, came_from, way_back):
    client = enter(second_factor=False)
    page = came_from.format(host=municipality.site.hostname)

    response = client.post(address("request_publish", things), headers={"referer": page} if page else {})

    assert dict(parse_qsl(urlsplit(response.url).query)) == {"next": way_back}


def test_pages_open_for_the_organiser_and_are_kept_by_nobody(organiser, things):
    responses = answers(organiser, sorted(PAGES), things)

    assert other_than(200, responses) == []
    assert all("no-store" in response["Cache-Control"] for response in responses.values())


def test_what_changes_something_is_not_read(organiser, things):
    names = [name for name in OF_THE_CENTRE if name not in PAGES]

    assert other_than(405, {name: organiser.get(address(name, things)) for name in names}) == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_is_read_is_not_written(organiser, things, method):
    names = sorted(PAGES - FORMS)

    assert other_than(405, {name: getattr(organiser, method)(address(name, things)) for name in names}) == []


def test_the_portal_has_no_desk(enter):
    client = enter(user=UserFactory(superuser=True), host="localhost")

    assert client.get("/biurko/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [({}, 200), ({"coordinator": True}, 404)], ids=["organiser", "coordinator"]
)
def test_settings_are_the_organisers(enter, role, status):
    client = enter(role)

    assert client.get(reverse("desk:settings")).status_code == status
    assert client.post(reverse("desk:settings"), {}).status_code == status


def test_only_who_may_change_settings_is_shown_them(enter):
    address_of_settings = reverse("desk:settings").encode()

    assert address_of_settings in enter().get("/biurko/").content
    assert address_of_settings not in enter({"coordinator": True}).get("/biurko/").content


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", "-1", "1e3"])
@pytest.mark.parametrize("place", ["wolontariusze", "spotkania"])
def test_numbers_of_nothing_are_not_found(organiser, place, number):
    assert organiser.get(f"/biurko/{place}/{number}/").status_code == 404


@pytest.mark.parametrize("reference", ["XX-9999", "%00", "%ED%A0%80", "a" * 5000, "'; drop table"])
def test_references_of_nothing_are_not_found(organiser, reference):
    assert organiser.get(f"/biurko/prosby/{reference}/").status_code == 404


def test_drafts_of_initiatives_are_at_the_desk(organiser, municipality):
    initiative = InitiativeFactory(municipality=municipality, unpublished=True, lifecycle=None)

    response = organiser.get(reverse("desk:initiative", args=[initiative.slug]))

    assert response.status_code == 200
