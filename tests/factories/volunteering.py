"""Factories of everything about helping. Without surprises: valid rows and nothing else; situations are traits.

A scope must be open (or scopes disabled) where rows of a municipality are read back.
"""

import uuid
from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone
from django_scopes import scopes_disabled
from factory.django import DjangoModelFactory

from neighbourhoods.cells import cell_at
from neighbourhoods.models.whereabouts import Whereabouts
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from volunteering.domain import listings, reach
from volunteering.models import (
    Addressees,
    Alert,
    Announcement,
    AnnouncementRecipient,
    Audience,
    Block,
    Category,
    Commitment,
    Follow,
    HelpRequest,
    Initiative,
    InitiativeKind,
    Joining,
    Leading,
    Lifecycle,
    Meeting,
    Participation,
    PlannedPair,
    PlannedVisit,
    Proposal,
    ServiceArea,
    Skill,
    Standing,
    Timing,
    Visit,
    VolunteerProfile,
    Watch,
    WeekPlan,
)
from volunteering.states import (
    AnnouncementState,
    CommitmentState,
    LifecycleState,
    MeetingState,
    ParticipationState,
    PlanState,
    RequestState,
    StandingState,
    VisitState,
)

ALWAYS_FREE = [(1 << 24) - 1] * 7
NEVER_FREE = [0] * 7


class TermFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    code = factory.Sequence(lambda number: f"term-{number}")
    name_pl = factory.LazyAttribute(lambda term: f"{term.code} po polsku")
    name_en = factory.LazyAttribute(lambda term: f"{term.code} in English")
    name_uk = factory.LazyAttribute(lambda term: f"{term.code} українською")


class SkillFactory(TermFactory):
    class Meta:
        model = Skill


class InitiativeKindFactory(TermFactory):
    class Meta:
        model = InitiativeKind


class AudienceFactory(TermFactory):
    class Meta:
        model = Audience


class ServiceAreaFactory(TermFactory):
    class Meta:
        model = ServiceArea

    number = factory.Sequence(lambda number: number + 1)


class CategoryFactory(TermFactory):
    """A kind of help. `required_skills`, `helpful_skills` and `answered_by` take lists."""

    class Meta:
        model = Category
        skip_postgeneration_save = True

    class Params:
        flagged = factory.Trait(needs_review=True)
        with_minors = factory.Trait(involves_minors=True, is_open=False)

    @factory.post_generation
    def required_skills(self, create, skills, **kwargs):
        if create:
            self.required_skills.set(skills or [])

    @factory.post_generation
    def helpful_skills(self, create, skills, **kwargs):
        if create:
            self.helpful_skills.set(skills or [])

    @factory.post_generation
    def answered_by(self, create, kinds, **kwargs):
        if create:
            self.answered_by.set(kinds or [])


class VolunteerProfileFactory(DjangoModelFactory):
    """A grown-up who is always free and lives in the middle of `home_neighbourhood`.

    `categories` and `skills` take lists. `Reach` rows are written for the categories, as the domain does.
    """

    class Meta:
        model = VolunteerProfile
        skip_postgeneration_save = True

    class Params:
        never_free = factory.Trait(availability=NEVER_FREE)
        without_home = factory.Trait(home_neighbourhood=None, home_cell=None)

    user = factory.SubFactory(UserFactory)
    is_adult = True
    languages = ["pl"]
    availability = ALWAYS_FREE
    home_neighbourhood = factory.SubFactory(NeighbourhoodFactory)
    home_cell = factory.LazyAttribute(
        lambda profile: cell_at(profile.home_neighbourhood.latitude, profile.home_neighbourhood.longitude)
    )

    @factory.post_generation
    def categories(self, create, categories, **kwargs):
        if not create:
            return
        self.categories.set(categories or [])
        reach.write([self])

    @factory.post_generation
    def skills(self, create, skills, **kwargs):
        if create:
            self.skills.set(skills or [])
            reach.write([self])


class StandingFactory(DjangoModelFactory):
    """An active helper of the municipality whose first visit may go ahead."""

    class Meta:
        model = Standing

    class Params:
        applied = factory.Trait(state=StandingState.APPLIED, first_visit_released_at=None)
        met = factory.Trait(state=StandingState.MET, first_visit_released_at=None)
        suspended = factory.Trait(state=StandingState.SUSPENDED)
        ended = factory.Trait(state=StandingState.ENDED)
        before_first_visit = factory.Trait(first_visit_released_at=None)

    municipality = factory.SubFactory(MunicipalityFactory)
    volunteer = factory.SubFactory(UserFactory)
    state = StandingState.ACTIVE
    first_visit_released_at = factory.LazyFunction(timezone.now)


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    municipality = factory.SubFactory(MunicipalityFactory)
    by = factory.SubFactory(UserFactory)
    against = factory.SubFactory(UserFactory)


class WhereaboutsFactory(DjangoModelFactory):
    """The exact home of an invented person."""

    class Meta:
        model = Whereabouts

    class Params:
        erased = factory.Trait(
            person_name="", phone="", address="", directions="", erased_at=factory.LazyFunction(timezone.now)
        )

    municipality = factory.SubFactory(MunicipalityFactory)
    person_name = "Zofia Wymyślona"
    phone = "+48601000001"
    address = "Zmyślona 7/3"
    directions = "domofon 3"


class HelpRequestFactory(DjangoModelFactory):
    """An open request, read by the centre, in the middle of its neighbourhood. It has no visits: see `VisitFactory`."""

    class Meta:
        model = HelpRequest

    class Params:
        draft = factory.Trait(state=RequestState.DRAFT, published_at=None)
        awaiting_review = factory.Trait(state=RequestState.AWAITING_REVIEW, published_at=None)
        filled = factory.Trait(state=RequestState.FILLED)
        done = factory.Trait(state=RequestState.DONE, finished_at=factory.LazyFunction(timezone.now))
        cancelled = factory.Trait(state=RequestState.CANCELLED, finished_at=factory.LazyFunction(timezone.now))
        by_phone = factory.Trait(requester=None, taken_down_by=factory.SubFactory(UserFactory))

    municipality = factory.SubFactory(MunicipalityFactory)
    reference = factory.Sequence(lambda number: f"XX-{number:04d}")
    category = factory.SubFactory(CategoryFactory)
    words = "Chodzi o drobne zakupy."
    neighbourhood = factory.SubFactory(NeighbourhoodFactory, municipality=factory.SelfAttribute("..municipality"))
    cell = factory.LazyAttribute(
        lambda help_request: cell_at(help_request.neighbourhood.latitude, help_request.neighbourhood.longitude)
    )
    timing = Timing.FIXED
    requester = factory.SubFactory(UserFactory)
    whereabouts = factory.SubFactory(WhereaboutsFactory, municipality=factory.SelfAttribute("..municipality"))
    state = RequestState.OPEN
    published_at = factory.LazyFunction(timezone.now)


def in_two_days():
    """10:00 UTC the day after tomorrow."""
    return datetime.combine(timezone.now().date() + timedelta(days=2), datetime.min.time(), tzinfo=UTC).replace(hour=10)


class VisitFactory(DjangoModelFactory):
    """An open visit of one hour, the day after tomorrow. It puts its request on the list, as the domain does."""

    class Meta:
        model = Visit
        skip_postgeneration_save = True

    class Params:
        full = factory.Trait(state=VisitState.FULL, taken=1)
        done = factory.Trait(state=VisitState.DONE, taken=1)
        cancelled = factory.Trait(state=VisitState.CANCELLED)
        over = factory.Trait(starts_at=factory.LazyFunction(lambda: in_two_days() - timedelta(days=9)))
        # Any hour within a week from the day after tomorrow on.
        flexible = factory.Trait(
            is_flexible=True, ends_at=factory.LazyAttribute(lambda visit: visit.starts_at + timedelta(days=7))
        )

    help_request = factory.SubFactory(HelpRequestFactory)
    starts_at = factory.LazyFunction(in_two_days)
    ends_at = factory.LazyAttribute(lambda visit: visit.starts_at + timedelta(minutes=visit.minutes))
    minutes = 60

    @factory.post_generation
    def listing(self, create, _value, **kwargs):
        if create:
            with scopes_disabled():
                listings.recount(self.help_request)


class CommitmentFactory(DjangoModelFactory):
    """An accepted promise for the time of its visit. The visit's count of places is left alone."""

    class Meta:
        model = Commitment

    class Params:
        proposed = factory.Trait(state=CommitmentState.PROPOSED, accepted_at=None)
        arrived = factory.Trait(state=CommitmentState.ARRIVED)
        done = factory.Trait(
            state=CommitmentState.DONE,
            helper_confirmed_at=factory.LazyFunction(timezone.now),
            resident_confirmed_at=factory.LazyFunction(timezone.now),
            minutes=60,
        )
        declined = factory.Trait(state=CommitmentState.DECLINED)
        withdrawn = factory.Trait(state=CommitmentState.WITHDRAWN)
        released = factory.Trait(state=CommitmentState.RELEASED)

    visit = factory.SubFactory(VisitFactory)
    volunteer = factory.SubFactory(UserFactory)
    state = CommitmentState.ACCEPTED
    starts_at = factory.SelfAttribute("visit.starts_at")
    ends_at = factory.SelfAttribute("visit.ends_at")
    accepted_at = factory.LazyFunction(timezone.now)


class AlertFactory(DjangoModelFactory):
    class Meta:
        model = Alert

    class Params:
        declined = factory.Trait(answer=Alert.Answer.DECLINED)
        taken = factory.Trait(answer=Alert.Answer.TAKEN)

    visit = factory.SubFactory(VisitFactory)
    volunteer = factory.SubFactory(UserFactory)
    score = 0.5
    parts = {"nearness": 0.5, "band": 1000, "reasons": []}


class LifecycleFactory(DjangoModelFactory):
    class Meta:
        model = Lifecycle

    state = LifecycleState.RUNNING


class InitiativeFactory(DjangoModelFactory):
    """A published initiative under way, for the whole municipality. `neighbourhoods` takes a list."""

    class Meta:
        model = Initiative
        skip_postgeneration_save = True

    class Params:
        unpublished = factory.Trait(live=False)
        finished = factory.Trait(lifecycle__state=LifecycleState.FINISHED)
        closed = factory.Trait(joining=Joining.CLOSED)

    municipality = factory.SubFactory(MunicipalityFactory)
    title = factory.Sequence(lambda number: f"Inicjatywa {number}")
    slug = factory.Sequence(lambda number: f"inicjatywa-{number}")
    summary = "Spotykamy się i pomagamy sobie."
    kind = factory.SubFactory(InitiativeKindFactory)
    live = True
    lifecycle = factory.RelatedFactory(LifecycleFactory, "initiative")

    @factory.post_generation
    def neighbourhoods(self, create, neighbourhoods, **kwargs):
        if create and neighbourhoods:
            self.neighbourhoods = neighbourhoods
            self.save()


class MeetingFactory(DjangoModelFactory):
    """A meeting of two hours, the day after tomorrow, where places are not counted."""

    class Meta:
        model = Meeting

    class Params:
        cancelled = factory.Trait(state=MeetingState.CANCELLED)

    initiative = factory.SubFactory(InitiativeFactory)
    starts_at = factory.LazyFunction(in_two_days)
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + timedelta(hours=2))
    place = "świetlica"


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    class Params:
        left = factory.Trait(state=ParticipationState.LEFT)
        by_phone = factory.Trait(user=None, name="Zofia Wymyślona")

    meeting = factory.SubFactory(MeetingFactory)
    user = factory.SubFactory(UserFactory)


class WishFactory(DjangoModelFactory):
    """At once, since a day ago."""

    class Meta:
        abstract = True

    class Params:
        daily = factory.Trait(rhythm="daily")
        weekly = factory.Trait(rhythm="weekly")

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    told_until = factory.SelfAttribute("created_at")


class WatchFactory(WishFactory):
    """Name its `category` or `neighbourhood`."""

    class Meta:
        model = Watch

    slot = factory.LazyAttribute(lambda watch: Watch.objects.of(watch.user).count() + 1)


class FollowFactory(WishFactory):
    """Name its `neighbourhood`, `kind` or `initiative`."""

    class Meta:
        model = Follow

    slot = factory.LazyAttribute(lambda follow: Follow.objects.of(follow.user).count() + 1)


class WeekPlanFactory(DjangoModelFactory):
    """A computed plan of the coming week, with nobody in it."""

    class Meta:
        model = WeekPlan

    class Params:
        computing = factory.Trait(state=PlanState.COMPUTING)
        failed = factory.Trait(state=PlanState.FAILED)
        sending = factory.Trait(state=PlanState.SENDING, sent_at=factory.LazyFunction(timezone.now))
        sent = factory.Trait(state=PlanState.SENT, sent_at=factory.LazyFunction(timezone.now))
        dropped = factory.Trait(state=PlanState.DROPPED)

    municipality = factory.SubFactory(MunicipalityFactory)
    first_day = factory.LazyFunction(timezone.localdate)
    state = PlanState.READY
    is_proven = True


class PlannedVisitFactory(DjangoModelFactory):
    """A visit of a plan as it is now, to which somebody is to come."""

    class Meta:
        model = PlannedVisit

    plan = factory.SubFactory(WeekPlanFactory)
    visit = factory.SubFactory(VisitFactory)
    starts_at = factory.SelfAttribute("visit.starts_at")
    ends_at = factory.SelfAttribute("visit.ends_at")
    places = 1


class PlannedPairFactory(DjangoModelFactory):
    class Meta:
        model = PlannedPair

    planned = factory.SubFactory(PlannedVisitFactory)
    volunteer = factory.SubFactory(UserFactory)
    score = 0.5
    parts = {"nearness": 0.5, "band": 1000, "reasons": []}


class AnnouncementFactory(DjangoModelFactory):
    """A draft for all helpers. Traits: `waiting`, `sending`, `sent`, `cancelled`; `to`: the thing that `audience` asks
    for."""

    class Meta:
        model = Announcement

    class Params:
        to = None
        waiting = factory.Trait(state=AnnouncementState.WAITING, asked_at=factory.LazyFunction(timezone.now))
        sending = factory.Trait(
            state=AnnouncementState.SENDING, sending_at=factory.LazyFunction(timezone.now), approval_above=200
        )
        sent = factory.Trait(
            state=AnnouncementState.SENT,
            sending_at=factory.LazyFunction(timezone.now),
            ended_at=factory.LazyFunction(timezone.now),
            approval_above=200,
        )
        cancelled = factory.Trait(
            state=AnnouncementState.CANCELLED,
            sending_at=factory.LazyFunction(timezone.now),
            ended_at=factory.LazyFunction(timezone.now),
            approval_above=200,
        )

    municipality = factory.SubFactory(MunicipalityFactory)
    audience = Addressees.HELPERS
    title = "W piątek zamknięte"
    body = "W piątek centrum jest zamknięte.\n\nDo zobaczenia w poniedziałek."
    author = factory.SubFactory(UserFactory)
    neighbourhood = factory.LazyAttribute(lambda it: it.to if it.audience == Addressees.NEIGHBOURHOOD else None)
    initiative = factory.LazyAttribute(lambda it: it.to if it.audience == Addressees.INITIATIVE else None)
    meeting = factory.LazyAttribute(lambda it: it.to if it.audience == Addressees.MEETING else None)
    visit = factory.LazyAttribute(lambda it: it.to if it.audience == Addressees.VISIT else None)


class AnnouncementRecipientFactory(DjangoModelFactory):
    """Somebody on the list who has not been told yet. Trait: `told`, in the first portion."""

    class Meta:
        model = AnnouncementRecipient

    class Params:
        told = factory.Trait(outcome="told", chunk=1)

    announcement = factory.SubFactory(AnnouncementFactory)
    user = factory.SubFactory(UserFactory)


class ProposalFactory(DjangoModelFactory):
    """An idea that waits to be read."""

    class Meta:
        model = Proposal

    municipality = factory.SubFactory(MunicipalityFactory)
    key = factory.LazyFunction(uuid.uuid4)
    proposer = factory.SubFactory(UserFactory)
    title = "Wieczory planszówek"
    words = "Gry przyniesiemy sami."
    leading = Leading.MYSELF
