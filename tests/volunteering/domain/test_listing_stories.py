"""Whatever people do with requests, in whatever order, what is kept of the public list agrees with them after every
step; what is refused changes nothing."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction

from neighbourhoods.domain.places import Place
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.volunteering import CategoryFactory
from volunteering import duties
from volunteering.domain import commitments, help_requests, listings, moving
from volunteering.domain.visits import Times
from volunteering.errors import Refused
from volunteering.models import Commitment, HelpRequest, ListingChange, ListingCount, Timing, Visit
from volunteering.states import LIVE

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

START = datetime(2027, 4, 21, 10, tzinfo=UTC)
STEPS = 60
HOME = {"person_name": "Zofia Wymyślona", "phone": "+48601000001", "address": "", "directions": ""}
OFTEN = ("ask", "publish", "publish", "take", "take")
CELL = 3_000_020_000


class Story:
    """Each method without an underscore is something that somebody may do, or try to do."""

    def __init__(self, seed, clock, municipality, make_helper):
        self._chance, self._clock, self._moment = random.Random(seed), clock, START
        self._municipality, self._staff = municipality, UserFactory()
        self._places = [NeighbourhoodFactory(municipality=municipality) for _number in range(2)]
        self._kinds = [CategoryFactory(at_home=at_home) for at_home in (True, False)]
        facts = {"categories": self._kinds, "radius": 50_000, "tasks_per_week": 20}
        self._helpers = [make_helper(**facts).user for _number in range(3)]
        self._verbs = [name for name in dir(self) if not name.startswith("_")]
        self.ask()

    def _step(self):
        name = self._chance.choice([*OFTEN, *self._verbs])
        try:
            with transaction.atomic():
                getattr(self, name)()
        except Refused:
            return ""
        return name

    def _any(self, rows):
        return self._chance.choice(list(rows.order_by("pk")) or [None])

    def _request(self):
        return self._any(HelpRequest.objects.all())

    def _visit(self):
        return self._any(Visit.objects.with_details())

    def _promise(self):
        promise = self._any(Commitment.objects.filter(state__in=LIVE))
        if promise is None:
            raise Refused("Nobody has promised anything.")
        return promise

    def _cell(self):
        return CELL + self._chance.randint(0, 2)

    def _times(self, *timings):
        day = (self._moment + timedelta(days=self._chance.randint(1, 6))).date()
        timing = self._chance.choice(timings)
        until = None if timing == Timing.FIXED else day + timedelta(days=self._chance.randint(0, 15))
        at = None if timing == Timing.FLEXIBLE else time(self._chance.randint(8, 18))
        return Times(timing, day, at=at, until=until)

    def ask(self):
        help_request = HelpRequest(
            municipality=self._municipality,
            neighbourhood=self._chance.choice(self._places),
            category=self._chance.choice(self._kinds),
            cell=self._cell(),
            words=self._chance.choice(["Żółw potrzebuje sałaty.", "Kod 1234#", ""]),
            people_needed=self._chance.randint(1, 2),
            requester=UserFactory(),
        )
        help_requests.submit(help_request, home=HOME, times=self._times(*Timing), actor=help_request.requester)

    def publish(self):
        help_requests.publish(self._request(), actor=self._staff)

    def protect(self):
        help_requests.protect(self._request(), actor=self._staff, protected=self._chance.random() < 0.5)

    def cancel(self):
        help_requests.cancel(self._request(), actor=self._staff)

    def close(self):
        help_requests.close(self._request(), actor=self._staff, reason="Już nie.")

    def refer(self):
        help_requests.refer(self._request(), actor=self._staff, case_number="CUS/1")

    def rewrite(self):
        text = self._chance.choice(["", "Żółw.", "Kod 1234#"])
        help_requests.rewrite_words(self._request(), actor=self._staff, text=text)

    def relocate(self):
        help_requests.relocate(self._request(), place=Place(self._cell(), self._chance.choice(self._places)))

    def take(self):
        visit = self._visit()
        starts_at = max(visit.starts_at, self._moment) + timedelta(minutes=1) if visit.is_flexible else None
        commitments.take(visit, actor=self._chance.choice(self._helpers), starts_at=starts_at)

    def accept(self):
        commitments.accept(self._promise(), actor=self._staff)

    def decline(self):
        commitments.decline(self._promise(), actor=self._staff)

    def withdraw(self):
        promise = self._promise()
        commitments.withdraw(promise, actor=promise.volunteer)

    def release(self):
        commitments.release(self._promise(), actor=self._staff)

    def no_show(self):
        commitments.no_show(self._promise(), actor=self._staff)

    def confirm(self):
        promise = self._promise()
        commitments.confirm(promise, actor=promise.volunteer)
        commitments.confirm(promise, actor=self._staff, for_resident=True)

    def move(self):
        moving.move(self._visit(), actor=self._staff, times=self._times(Timing.FIXED, Timing.FLEXIBLE))

    def add_up(self):
        listings.add_up(self._municipality)

    def wait(self):
        self._moment += timedelta(hours=self._chance.choice([1, 20, 60]))
        self._clock.move_to(self._moment)
        duties.release_places_without_consent()
        duties.close_visits_that_are_over()


def kept():
    """What is counted, by kind of help, neighbourhood and cell; places where nothing is are left out."""
    sums = {}
    for *key, number in ListingCount.objects.totals("category_id", "neighbourhood_id", "cell"):
        sums[tuple(key)] = sums.get(tuple(key), 0) + number
    return {key: number for key, number in sums.items() if number}


def counted():
    """The same, counted from the list itself."""
    sums = {}
    for key in HelpRequest.objects.listed().values_list("category_id", "neighbourhood_id", "cell"):
        sums[key] = sums.get(key, 0) + 1
    return sums


@pytest.mark.parametrize("seed", range(6))
def test_counts_and_words_agree_after_every_step_of_any_story(municipality, make_helper, clock, seed):
    story = Story(seed, clock, municipality, make_helper)

    for _number in range(STEPS):
        name = story._step()
        assert (kept(), listings.check()) == (counted(), (0, 0, 0)), name

    listings.add_up(municipality)
    assert (kept(), ListingChange.objects.count(), listings.check()) == (counted(), 0, (0, 0, 0))
