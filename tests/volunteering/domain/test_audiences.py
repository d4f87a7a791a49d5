"""Who an announcement is for, and who is left alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    BlockFactory,
    CommitmentFactory,
    HelpRequestFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipationFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.domain import audiences
from volunteering.models import Addressees
from volunteering.states import ParticipationState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


def people(announcement):
    return set(audiences.people(announcement))


# Who is meant --------------------------------------------------------------------------------------------------------


def test_all_active_helpers_are_meant(municipality, crowd):
    StandingFactory(municipality=municipality, suspended=True)
    StandingFactory(municipality=municipality, applied=True)
    StandingFactory(municipality=municipality, ended=True)
    StandingFactory(municipality=municipality, volunteer__closed=True)

    assert people(AnnouncementFactory(municipality=municipality)) == set(crowd)


def test_helpers_of_a_neighbourhood_live_there(municipality, make_helper, neighbourhood):
    there = make_helper().user
    make_helper(home_neighbourhood=NeighbourhoodFactory(municipality=municipality), radius=50_000)
    make_helper(standing={"suspended": True})
    StandingFactory(municipality=municipality)

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.NEIGHBOURHOOD, to=neighbourhood)

    assert people(announcement) == {there}


def test_everybody_on_a_visit_are_both_sides(municipality, visit):
    coming = CommitmentFactory(visit=visit).volunteer
    asked = CommitmentFactory(visit=visit, proposed=True).volunteer
    CommitmentFactory(visit=visit, state="withdrawn")
    CommitmentFactory(visit__help_request__municipality=municipality)

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.VISIT, to=visit)

    assert people(announcement) == {coming, asked, visit.help_request.requester}
    assert audiences.without_account(announcement) == 0


def test_a_resident_without_an_account_is_rung(municipality, neighbourhood, shopping):
    request = HelpRequestFactory(
        municipality=municipality, neighbourhood=neighbourhood, category=shopping, by_phone=True
    )
    announcement = AnnouncementFactory(
        municipality=municipality, audience=Addressees.VISIT, to=VisitFactory(help_request=request)
    )

    assert (people(announcement), audiences.without_account(announcement)) == (set(), 1)


def test_people_of_an_initiative_signed_up_for_what_comes_or_was_lately(municipality):
    initiative = InitiativeFactory(municipality=municipality)
    now = timezone.now()

    def meeting(days):
        return MeetingFactory(initiative=initiative, starts_at=now + timedelta(days=days))

    coming = ParticipationFactory(meeting=meeting(7)).user
    lately = ParticipationFactory(meeting=meeting(-20), state=ParticipationState.ATTENDED).user
    ParticipationFactory(meeting=meeting(-40))
    ParticipationFactory(meeting=meeting(8), state=ParticipationState.LEFT)
    ParticipationFactory(meeting=meeting(9), user=None, name="Pani Zofia")
    ParticipationFactory(meeting=meeting(10), user=None, name="Pani Zofia")
    ParticipationFactory(meeting=MeetingFactory(initiative__municipality=municipality))

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.INITIATIVE, to=initiative)

    assert people(announcement) == {coming, lately}
    assert audiences.without_account(announcement) == 1


def test_people_of_one_meeting_are_those_on_its_list(municipality):
    meeting = MeetingFactory(initiative__municipality=municipality)
    coming = ParticipationFactory(meeting=meeting).user
    ParticipationFactory(meeting=meeting, state=ParticipationState.LEFT)
    ParticipationFactory(meeting=MeetingFactory(initiative=meeting.initiative))

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.MEETING, to=meeting)

    assert people(announcement) == {coming}


def test_nobody_of_another_municipality_is_meant(municipality, crowd):
    elsewhere = MunicipalityFactory()
    StandingFactory(municipality=elsewhere)
    neighbour = VolunteerProfileFactory(home_neighbourhood=NeighbourhoodFactory(municipality=municipality)).user
    with scope(municipality=elsewhere):
        StandingFactory(municipality=elsewhere, volunteer=neighbour)

    assert people(AnnouncementFactory(municipality=municipality)) == set(crowd)


@pytest.mark.parametrize("side", [("by", "against"), ("against", "by")])
def test_who_is_not_to_meet_the_author_is_left_alone(municipality, crowd, author, side):
    BlockFactory(municipality=municipality, **dict(zip(side, (crowd[0], author), strict=True)))

    announcement = AnnouncementFactory(municipality=municipality, author=author)

    assert people(announcement) == set(crowd[1:])


def test_a_block_elsewhere_keeps_nobody_away_here(municipality, crowd, author):
    BlockFactory(by=crowd[0], against=author)

    assert people(AnnouncementFactory(municipality=municipality, author=author)) == set(crowd)


def test_the_author_needs_no_word_of_it(municipality, crowd, author):
    StandingFactory(municipality=municipality, volunteer=author)

    assert people(AnnouncementFactory(municipality=municipality, author=author)) == set(crowd)
