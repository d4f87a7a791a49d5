"""The story of a request and of a helper: who reads what of it."""

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.volunteering import CommitmentFactory, HelpRequestFactory, StandingFactory, VisitFactory
from volunteering.domain import commitments, help_requests, intake, reveals, standings
from volunteering.domain.timeline import standing_timeline, timeline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def staff():
    return UserFactory(display_name="Barbara Wymyślona")


@pytest.fixture
def help_request(municipality):
    return HelpRequestFactory(municipality=municipality, awaiting_review=True)


def test_staff_read_who_did_what(help_request, staff):
    help_requests.protect(help_request, actor=staff)
    help_requests.publish(help_request, actor=staff)
    intake.correct_home(help_request, actor=staff, phone="+48601000009")

    entries = timeline(help_request, for_staff=True)

    assert [entry.by for entry in entries] == ["Barbara Wymyślona"] * 3


def test_others_read_neither_names_of_staff_nor_that_somebody_hides(help_request, staff):
    help_requests.protect(help_request, actor=staff)
    help_requests.publish(help_request, actor=staff)
    reveals.to_staff(help_request, actor=staff, reason="ring")

    entries = timeline(help_request)

    assert [(entry.by, entry.is_reveal) for entry in entries] == [("", False), ("", True)]
    assert not any("Barbara" in entry.text for entry in entries)


def test_a_resident_who_reads_her_own_home_is_no_reveal(help_request):
    reveals.to_requester(help_request, actor=help_request.requester)

    assert timeline(help_request) == []


def test_helpers_are_called_by_their_first_names(help_request):
    help_requests.publish(help_request, actor=None)
    volunteer = UserFactory(display_name="Łucja Żółtak")
    commitment = CommitmentFactory(visit=VisitFactory(help_request=help_request, full=True), volunteer=volunteer)
    commitments.arrive(commitment, actor=volunteer)

    story = " ".join(entry.text for entry in timeline(help_request))

    assert "Łucja" in story
    assert "Żółtak" not in story


@pytest.mark.parametrize("count", [1, 3])
def test_a_long_story_costs_two_queries(help_request, staff, django_assert_num_queries, count):
    for _ in range(count):
        visit = VisitFactory(help_request=help_request, full=True)
        commitments.arrive(CommitmentFactory(visit=visit), actor=staff)

    with django_assert_num_queries(2):
        timeline(help_request)


def test_the_story_of_a_helper_says_who_decided(municipality, staff):
    standing = StandingFactory(municipality=municipality, applied=True)
    standings.meet(standing, actor=staff)
    standings.activate(standing, actor=staff)
    reveals.contact_to_staff(standing, actor=staff, reason="ring")

    entries = standing_timeline(standing)

    assert [(entry.by, entry.is_reveal) for entry in entries] == [
        ("Barbara Wymyślona", False),
        ("Barbara Wymyślona", False),
        ("Barbara Wymyślona", True),
    ]
