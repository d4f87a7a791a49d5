"""Requests of the demonstration, told through the same verbs that real people use: at moments around today."""

import json
from datetime import datetime, time, timedelta

from django.utils import timezone

from config.demo import clock
from config.demo.people import DATA, home, name, phone
from neighbourhoods.domain.places import neighbourhood_of
from volunteering.domain import commitments, help_requests
from volunteering.domain.visits import ZONE, Times
from volunteering.errors import Refused
from volunteering.models import Category, Commitment, HelpRequest, Timing, Visit

WORDS = json.loads((DATA / "requests.json").read_text(encoding="utf-8"))
# How stories end, and how often.
STORIES = {
    "awaiting": 6,
    "open": 34,
    "proposed": 6,
    "accepted": 14,
    "to_confirm": 3,
    "done": 44,
    "cancelled": 7,
    "closed": 3,
    "referred": 4,
    "expired": 6,
}
SEASONAL = {"snow", "shopping", "escort", "conversation", "fuel", "walk"}


class Storyteller:
    """Makes the requests of one municipality, one story after the other."""

    def __init__(self, random, municipality, neighbourhoods, residents, organiser):
        self.random = random
        self.municipality = municipality
        self.neighbourhoods = neighbourhoods
        self.residents = residents
        self.organiser = organiser
        self.now = timezone.now()
        categories = [category for category in Category.objects.open() if category.code in WORDS]
        self.categories = categories + [category for category in categories if category.code in SEASONAL] * 2

    def tell_all(self, share):
        for story, often in STORIES.items():
            for _turn in range(max(1, round(often * share))):
                self.tell(story)

    def tell(self, story, **given):
        """One request whose story ends as its name says."""
        is_past = story in {"done", "to_confirm", "expired", "cancelled", "closed", "referred"}
        if story == "to_confirm":
            asked, start_in = self._days_ago(3), 1
        elif is_past:
            asked, start_in = self._days_ago(self.random.randint(6, 120)), self.random.randint(1, 4)
        elif story == "proposed":
            # Asked today: consent is waited for a day only.
            asked, start_in = self._days_ago(0), self.random.randint(2, 9)
        else:
            asked, start_in = self._days_ago(self.random.choice([0, 0, 1, 1, 2, 3])), self.random.randint(1, 9)
        help_request = self._ask(asked, start_in, is_past=is_past, **given)
        if story == "awaiting":
            return help_request
        with clock.at(self._later(asked, hours=self.random.randint(1, 5))):
            help_request = help_requests.publish(help_request, actor=self.organiser)
        getattr(self, f"_{story}")(help_request, self._later(asked, hours=7))
        return help_request

    def _open(self, help_request, moment):
        """Nobody has taken it yet."""

    def _proposed(self, help_request, moment):
        self._take(help_request, moment)

    def _accepted(self, help_request, moment):
        return self._take(help_request, moment, accept=True)

    def _to_confirm(self, help_request, moment):
        commitment = self._accepted(help_request, moment)
        if commitment is not None and commitment.ends_at < self.now:
            with clock.at(self._later(commitment.ends_at, minutes=20)):
                commitments.confirm(commitment, actor=commitment.volunteer)

    def _done(self, help_request, moment):
        commitment = self._accepted(help_request, moment)
        if commitment is None or commitment.ends_at > self.now:
            return
        with clock.at(self._later(commitment.ends_at, minutes=10)):
            minutes = self.random.choice([30, 45, 60, 75, 90])
            commitments.confirm(commitment, actor=commitment.volunteer, minutes=minutes)
        with clock.at(self._later(commitment.ends_at, hours=3)):
            commitments.confirm(commitment, actor=help_request.requester or self.organiser, for_resident=True)

    def _cancelled(self, help_request, moment):
        with clock.at(moment):
            help_requests.cancel(help_request, actor=help_request.requester, reason="Pomogła sąsiadka.")

    def _closed(self, help_request, moment):
        with clock.at(moment):
            help_requests.close(help_request, actor=self.organiser, reason="Prośba dotyczy płatnej pracy.")

    def _referred(self, help_request, moment):
        with clock.at(moment):
            case = f"CUS.{self.random.randint(100, 999)}.{self.now.year}"
            help_requests.refer(help_request, actor=self.organiser, case_number=case)

    def _expired(self, help_request, moment):
        for visit in Visit.objects.with_details().filter(help_request=help_request):
            with clock.at(self._later(visit.ends_at, hours=1)):
                commitments.close_visit(visit)

    def _ask(self, asked, start_in, *, is_past, category=None, requester=None, timing=None):
        category = category or self.random.choice(self.categories)
        by_phone = requester is None and self.random.random() < 0.3
        requester = None if by_phone else requester or self.random.choice(self.residents)
        place = home(self.random, self.random.choice(self.neighbourhoods))
        help_request = HelpRequest(
            municipality=self.municipality,
            category=category,
            words=self.random.choice(WORDS[category.code]),
            neighbourhood=neighbourhood_of(place.cell, self.municipality),
            cell=place.cell,
            people_needed=2 if category.code == "moving" else 1,
            requester=requester,
            taken_down_by=self.organiser if by_phone else None,
            created_at=asked,
        )
        with clock.at(asked):
            return help_requests.submit(
                help_request,
                home={
                    "person_name": requester.display_name if requester else name(self.random),
                    "phone": phone(self.random.randint(2000, 9000)),
                    "address": place.address,
                    "directions": place.directions,
                },
                times=self._times(asked, start_in, timing, is_past=is_past),
                actor=requester or self.organiser,
            )

    def _times(self, asked, start_in, timing, *, is_past):
        day = (asked + timedelta(days=start_in)).astimezone(ZONE).date()
        timing = timing or self.random.choice([Timing.FIXED, Timing.FIXED, Timing.FLEXIBLE, Timing.RECURRING])
        if is_past and timing == Timing.RECURRING:
            timing = Timing.FIXED
        hour = time(self.random.randint(9, 17), self.random.choice([0, 30]))
        until = {
            Timing.FIXED: None,
            Timing.FLEXIBLE: day + timedelta(days=3),
            Timing.RECURRING: day + timedelta(days=28),
        }
        minutes = self.random.choice([30, 60, 60, 90, 120])
        return Times(timing=timing, day=day, at=hour, until=until[timing], minutes=minutes)

    def _take(self, help_request, moment, *, accept=False):
        """Somebody who was told takes the first visit; None where nobody could."""
        visit = (
            Visit.objects.with_details()
            .filter(help_request=help_request, starts_at__lt=moment + timedelta(days=30))
            .first()
        )
        if visit is None:
            return None
        alerts = visit.alerts.select_related("volunteer").order_by("-score")[:6]
        for alert in alerts:
            commitment = self._try(visit, alert.volunteer, moment)
            if commitment is not None:
                return self._accept(commitment, help_request, moment) if accept else commitment
        return None

    def _try(self, visit, volunteer, moment):
        try:
            with clock.at(moment):
                return commitments.take(visit, actor=volunteer, starts_at=self._hour(visit, moment))
        except Refused:
            return None

    def _hour(self, visit, moment):
        if not visit.is_flexible:
            return None
        day = max(visit.starts_at, moment).astimezone(ZONE).date() + timedelta(days=1)
        return datetime.combine(day, time(self.random.randint(9, 16)), tzinfo=ZONE)

    def _accept(self, commitment, help_request, moment):
        if commitment.state == "proposed":
            with clock.at(self._later(moment, hours=2)):
                commitments.accept(commitment, actor=help_request.requester or self.organiser)
        return Commitment.objects.with_details().select_related("volunteer").get(pk=commitment.pk)

    def _days_ago(self, days):
        moment = (self.now - timedelta(days=days)).astimezone(ZONE)
        return moment.replace(
            hour=self.random.randint(7, 10) if days else moment.hour, minute=self.random.randint(0, 59)
        )

    def _later(self, moment, **delta):
        """A moment after the given one, but never after today's seeding."""
        return min(moment + timedelta(**delta), self.now)
