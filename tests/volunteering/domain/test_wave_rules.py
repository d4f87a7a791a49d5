"""Whatever people and staff do, and whenever: waves keep within the caps, the quiet hours and what was answered."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from neighbourhoods.cells import cell_at
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.domain import alerts, commitments, invitations, schedule, waves
from volunteering.domain.schedule import Rules, Urgency
from volunteering.errors import Refused
from volunteering.models import Alert, Commitment, Search, Visit
from volunteering.states import LIVE, SearchState

NOW = datetime(2027, 4, 21, 10, tzinfo=UTC)
HELPERS, CAP = 7, 2
# From today over tomorrow to next week; the last one at night.
VISITS = (timedelta(hours=5), timedelta(hours=9, minutes=30), timedelta(hours=26), timedelta(days=6, hours=15))
which = st.integers(0, 50)


class Waves(RuleBasedStateMachine):
    """One centre with a few helpers and visits. `wanting`: keys of visits and people who may be asked again."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.travel = time_machine.travel(NOW, tick=False)
        self.clock = self.travel.start()
        self.municipality = MunicipalityFactory(alert_count=2, alerts_per_day=CAP)
        self.scope = scope(municipality=self.municipality)
        self.scope.__enter__()
        self.wanting, self.read_up_to = set(), 0
        self.alerts_of_day, self.told = Counter(), Counter()
        self.make()

    def make(self):
        place, shopping = NeighbourhoodFactory(municipality=self.municipality), CategoryFactory()
        home = cell_at(place.latitude, place.longitude)
        self.organiser, self.people = UserFactory(), []
        for steps in range(HELPERS):
            profile = VolunteerProfileFactory(
                home_neighbourhood=place,
                home_cell=home + 3 * steps,
                radius=20_000,
                categories=[shopping],
                on_duty_until=NOW + timedelta(days=9) if steps == 5 else None,
            )
            StandingFactory(municipality=self.municipality, volunteer=profile.user)
            self.people.append(profile.user)
        for begins in VISITS:
            asked = HelpRequestFactory(municipality=self.municipality, neighbourhood=place, category=shopping)
            VisitFactory(help_request=asked, starts_at=NOW + begins, ends_at=NOW + begins + timedelta(hours=1))
        self.visits = list(Visit.objects.order_by("pk"))

    def teardown(self):
        self.scope.__exit__(None, None, None)
        self.travel.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def try_to(self, verb, *arguments, **options):
        """What a person may not do changes nothing."""
        try:
            with transaction.atomic():
                return verb(*arguments, **options)
        except Refused:
            return None

    @rule(minutes=st.sampled_from([5, 15, 60, 400, 1440]))
    def time_goes_by(self, minutes):
        self.clock.shift(timedelta(minutes=minutes))
        waves.take_due_steps()

    @rule(pick=which)
    def a_search_begins(self, pick):
        waves.start(self.visits[pick % len(self.visits)])

    @precondition(lambda self: self.told)
    @rule(pick=which, again=st.booleans())
    def somebody_declines(self, pick, again):
        alert = list(Alert.objects.order_by("pk"))[pick % Alert.objects.count()]
        if again and alert.answer == Alert.Answer.NONE:
            self.wanting.add((alert.visit_id, alert.volunteer_id))
        elif not again:
            self.wanting.discard((alert.visit_id, alert.volunteer_id))
        self.try_to(waves.decline, alert, actor=alert.volunteer, again=again)

    @rule(pick=which, person=which)
    def somebody_takes_it(self, pick, person):
        visit = self.visits[pick % len(self.visits)]
        self.try_to(commitments.take, visit, actor=self.people[person % HELPERS])

    @rule(pick=which)
    def somebody_cannot_come_after_all(self, pick):
        promises = list(Commitment.objects.filter(state__in=LIVE).order_by("pk"))
        if promises:
            promise = promises[pick % len(promises)]
            self.try_to(commitments.withdraw, promise, actor=promise.volunteer)

    @rule(pick=which, verb=st.sampled_from([waves.advance, waves.stop, waves.start_again]))
    def staff_steer(self, pick, verb):
        self.try_to(verb, self.visits[pick % len(self.visits)], actor=self.organiser)

    @rule(pick=which, person=which)
    def staff_invite(self, pick, person):
        visit, person = self.visits[pick % len(self.visits)], self.people[person % HELPERS]
        # An invitation is a person's decision, so it may come after "ask me again", and after nothing else.
        self.try_to(invitations.invite, visit, volunteer=person, actor=self.organiser)

    @invariant()
    def every_alert_was_allowed(self):
        for event in Event.objects.filter(kind="volunteering.visit_alert", pk__gt=self.read_up_to).order_by("pk"):
            self.read_up_to = event.pk
            for alert in Alert.objects.filter(pk__in=event.data["alerts"]).select_related("visit", "volunteer"):
                self.look_at(event, alert, is_by_hand=event.data.get("invited", False))

    def look_at(self, event, alert, *, is_by_hand):
        now, pair = timezone.now(), (alert.visit_id, alert.volunteer_id)
        assert self.told[pair] == 0 or pair in self.wanting, "told twice"
        self.told[pair] += 1
        assert self.told[pair] <= alerts.MOST_TIMES + is_by_hand
        self.wanting.discard(pair)
        day = alert.volunteer_id, timezone.localdate(now)
        self.alerts_of_day[day] += 1
        if is_by_hand:
            return
        assert self.alerts_of_day[day] <= CAP, "beyond the cap"
        if schedule.quiet_end(now, Rules.of(self.municipality)):
            assert schedule.urgency_of(alert.visit.starts_at, now) == Urgency.TODAY
            assert alert.volunteer == self.people[5], "only who is on duty is disturbed"

    @invariant()
    def searches_stand_as_their_visits_do(self):
        for search in Search.objects.select_related("visit"):
            if search.state != SearchState.EXHAUSTED:
                assert (search.next_at is not None) == (search.state == SearchState.RUNNING)
            if search.visit.taken >= search.visit.places:
                assert search.state in {SearchState.FULL, SearchState.OVER}


@pytest.mark.long
@pytest.mark.django_db
def test_waves_never_go_beyond_their_rules():
    run_state_machine_as_test(
        Waves,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A smaller example takes minutes to find; the steps of the one that failed are printed anyway.
            phases=[Phase.reuse, Phase.generate],
        ),
    )
