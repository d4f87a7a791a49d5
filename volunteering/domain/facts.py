"""What the database knows of some visits and some helpers, loaded at once and turned into what the engine understands.

However many visits and helpers there are, the number of queries is the same. Places are cells only: neither exact
points nor addresses are ever loaded here. Helpers belong to the whole installation, so their promises, blocks and
alerts count wherever they were made: scopes are closed, and the tenant is named in each query that needs it.
"""

from collections import defaultdict
from datetime import timedelta
from functools import cached_property, lru_cache

from django.db.models import Count, Max, Q
from django.utils import timezone
from django_scopes import scopes_disabled

from neighbourhoods.models import WEIGHTS
from volunteering.domain import calendar
from volunteering.domain.distances import metres_from
from volunteering.domain.reach import COMMON_LANGUAGE
from volunteering.matching.types import Helper, Need, Weights
from volunteering.models import Alert, Block, Category, Commitment, Standing, VolunteerProfile
from volunteering.states import HOLDING, LIVE, CommitmentState

# So far back alerts count for whose turn it is.
ASKED_LATELY = timedelta(weeks=4)


class Facts:
    """All that is known of pairs of these visits (with their requests) and these profiles (with their users)."""

    def __init__(self, visits, profiles):
        self.visits = visits
        self.profiles = profiles
        self.now = timezone.now()
        self.people = [profile.user_id for profile in profiles]
        self._free = lru_cache(maxsize=None)(self._free)
        self._metres_to = lru_cache(maxsize=None)(self._metres_to)
        with scopes_disabled():
            self._load()

    def _load(self):
        categories = {visit.help_request.category_id for visit in self.visits}
        self.required = _pairs(Category.required_skills.through, "category_id", "skill_id", category__in=categories)
        self.helpful = _pairs(Category.helpful_skills.through, "category_id", "skill_id", category__in=categories)
        own = {"volunteerprofile__in": [profile.pk for profile in self.profiles]}
        self.wanted = _pairs(VolunteerProfile.categories.through, "volunteerprofile_id", "category_id", **own)
        self.skills = _pairs(VolunteerProfile.skills.through, "volunteerprofile_id", "skill_id", **own)
        self.active = self._load_standings()
        self.promises = self._load_promises()
        self.blocks = self._load_blocks()
        self.helped = self._load_helped()
        self.declined = self._load_declined()
        self.asked_at, self.asked = self._load_asked()

    def _load_standings(self):
        """Since when each helper has been active in each municipality."""
        municipalities = {visit.help_request.municipality_id for visit in self.visits}
        standings = Standing.objects.active().filter(municipality__in=municipalities, volunteer__in=self.people)
        rows = standings.values_list("municipality_id", "volunteer_id", "changed_at")
        return {(municipality, volunteer): since for municipality, volunteer, since in rows}

    def _load_promises(self):
        """Promises in the weeks of the visits, and all that concern the visits themselves, by helper."""
        weeks = [week for start, end in map(self._span, self.visits) for week in calendar.weeks_between(start, end)]
        first, last = min(week[0] for week in weeks), max(week[1] for week in weeks)
        at_that_time = Q(state__in=HOLDING, starts_at__lt=last, ends_at__gt=first)
        promises = Commitment.objects.filter(volunteer__in=self.people).filter(
            at_that_time | Q(visit__in=[visit.pk for visit in self.visits])
        )
        by_helper = defaultdict(list)
        for promise in promises.only("visit_id", "volunteer_id", "state", "starts_at", "ends_at").order_by("pk"):
            by_helper[promise.volunteer_id].append(promise)
        return by_helper

    def _load_blocks(self):
        blocks = Block.objects.filter(
            Q(by__in=self.people, against__in=self.requesters) | Q(by__in=self.requesters, against__in=self.people)
        )
        return {frozenset(pair) for pair in blocks.values_list("by_id", "against_id")}

    def _load_helped(self):
        """How often a helper was with a requester, by pair."""
        done = Commitment.objects.filter(
            state=CommitmentState.DONE,
            volunteer__in=self.people,
            visit__help_request__requester__in=self.requesters,
        )
        counted = done.order_by().values_list("volunteer_id", "visit__help_request__requester_id").annotate(Count("pk"))
        return {(volunteer, requester): count for volunteer, requester, count in counted}

    def _load_declined(self):
        alerts = Alert.objects.filter(
            visit__in=[visit.pk for visit in self.visits], volunteer__in=self.people, answer=Alert.Answer.DECLINED
        )
        return set(alerts.values_list("visit_id", "volunteer_id"))

    def _load_asked(self):
        """When each helper was last asked or last promised something; and how often they were asked lately."""
        alerts = Alert.objects.filter(volunteer__in=self.people).order_by().values_list("volunteer_id")
        lately = Count("pk", filter=Q(created_at__gt=self.now - ASKED_LATELY))
        rows = list(alerts.annotate(at=Max("created_at"), lately=lately))
        asked_at, asked = {person: at for person, at, _count in rows}, {person: count for person, _at, count in rows}
        promises = Commitment.objects.filter(volunteer__in=self.people)
        for volunteer, taken_at in promises.order_by().values_list("volunteer_id").annotate(Max("taken_at")):
            asked_at[volunteer] = max(taken_at, asked_at.get(volunteer, taken_at))
        return asked_at, asked

    @cached_property
    def requesters(self):
        return {visit.help_request.requester_id for visit in self.visits} - {None}

    def need(self, visit):
        """The visit as the engine sees it."""
        help_request = visit.help_request
        first, last = self._span(visit)
        return Need(
            key=visit.pk,
            category=help_request.category_id,
            span=(calendar.minutes_of(first), calendar.minutes_of(last)),
            minutes=visit.minutes if visit.is_flexible else None,
            required_skills=self.required[help_request.category_id],
            helpful_skills=self.helpful[help_request.category_id],
            languages=languages_for(help_request),
        )

    def helper(self, profile, visit):
        """The person as the engine sees them from this visit."""
        help_request = visit.help_request
        person, requester = profile.user_id, help_request.requester_id
        weeks = calendar.weeks_between(*self._span(visit))
        tasks = [self._tasks(person, week) for week in weeks]
        return Helper(
            key=person,
            categories=self.wanted[profile.pk],
            skills=self.skills[profile.pk],
            languages=frozenset(profile.languages or [COMMON_LANGUAGE]),
            metres=self._metres_to(help_request.cell).get(profile.home_cell),
            radius=profile.radius,
            free=self._free(tuple(profile.availability), self._span(visit), visit.is_flexible),
            busy=tuple(_interval(promise) for promise in self.promises[person] if promise.state in LIVE),
            full=tuple(
                (calendar.minutes_of(start), calendar.minutes_of(end))
                for (start, end), count in zip(weeks, tasks, strict=True)
                if count >= profile.tasks_per_week
            ),
            tasks=min(tasks),
            tasks_per_week=profile.tasks_per_week,
            helped_before=self.helped.get((person, requester), 0),
            idle_days=self._idle_days(person),
            asked=self.asked.get(person, 0),
            active=(help_request.municipality_id, person) in self.active,
            paused=profile.paused_until is not None and profile.paused_until >= calendar.today(self.now),
            blocked=frozenset((person, requester)) in self.blocks,
            answered=(visit.pk, person) in self.declined
            or any(promise.visit_id == visit.pk for promise in self.promises[person]),
        )

    def _span(self, visit):
        return span_of(visit, self.now)

    def _metres_to(self, cell):
        """How far it is from each home, by the home's cell."""
        homes = list({profile.home_cell for profile in self.profiles} - {None})
        return dict(zip(homes, metres_from(cell, homes).tolist(), strict=True))

    def _free(self, availability, span, is_flexible):
        hours = calendar.hours_between(*span, calendar.DAYTIME if is_flexible else calendar.HOURS)
        return calendar.free_time(availability, hours)

    def _tasks(self, person, week):
        start, end = week
        return sum(promise.state in HOLDING and start <= promise.starts_at < end for promise in self.promises[person])

    def _idle_days(self, person):
        return self._days_since(self.asked_at.get(person))

    def waited_days(self, profile, visit):
        """Since this person was last asked anything; who never was has waited since they could be."""
        person = profile.user_id
        since = self.active.get((visit.help_request.municipality_id, person))
        return self._days_since(self.asked_at.get(person, since)) or 0.0

    def _days_since(self, moment):
        return None if moment is None else max(0.0, (self.now - moment).total_seconds() / 86_400)


def weights_of(municipality):
    """How much each part of the score counts there."""
    return Weights(**{name.removeprefix("weight_"): float(getattr(municipality, name)) for name in WEIGHTS})


def span_of(visit, now):
    """From when to when the help may take place: what is over of a flexible visit no longer counts."""
    return (min(max(visit.starts_at, now), visit.ends_at) if visit.is_flexible else visit.starts_at), visit.ends_at


def languages_for(help_request):
    """In which the person can be spoken with, the best first."""
    return tuple(dict.fromkeys([help_request.language, COMMON_LANGUAGE]))


def _pairs(through, key, value, **which):
    """A many-to-many table as sets of values by key."""
    sets = defaultdict(set)
    for row_key, row_value in through.objects.filter(**which).values_list(key, value):
        sets[row_key].add(row_value)
    return defaultdict(frozenset, {row_key: frozenset(values) for row_key, values in sets.items()})


def _interval(promise):
    return calendar.minutes_of(promise.starts_at), calendar.minutes_of(promise.ends_at)
