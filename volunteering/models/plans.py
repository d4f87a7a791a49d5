"""The plan of the week: who could go to which visit, as a proposal that staff change and send."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality
from volunteering.models.requests import Visit
from volunteering.states import LIVE_PLANS, OPEN_PLANS, PlanState

PLANNED_DAYS = 7


class PairChoice(models.TextChoices):
    """Who decided about a pair."""

    PROPOSED = "proposed", _("proposed")
    KEPT = "kept", _("kept by hand")
    FORBIDDEN = "forbidden", _("not these two")


class PairOutcome(models.TextChoices):
    """What became of a pair when the plan was sent."""

    NONE = "", _("not sent yet")
    INVITED = "invited", _("invited")
    AWAITED = "awaited", _("asked before")
    REFUSED = "refused", _("no longer possible")


class WeekPlanQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=LIVE_PLANS)

    def open(self):
        return self.filter(state__in=OPEN_PLANS)

    def shown(self):
        """What the desk shows: the plan that is worked on, or else the last one that was sent."""
        return self.exclude(state=PlanState.DROPPED).order_by("-pk")

    def with_people(self):
        return self.select_related("municipality", "made_by", "sent_by")

    def left_behind(self, moment):
        """Plans whose computing or sending has shown no sign of life since then."""
        return self.filter(state__in=[PlanState.COMPUTING, PlanState.SENDING], touched_at__lt=moment)

    def made_before(self, moment):
        return self.exclude(state__in=LIVE_PLANS).filter(made_at__lt=moment)


class WeekPlan(models.Model):
    """Seven days from `first_day` on. Written by `domain.week_plans` and `domain.plan_work` alone, with its row locked.

    `version` grows with each change: a computation that began with an earlier one throws its answer away.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    first_day = models.DateField(_("first day"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.COMPUTING)
    version = models.PositiveIntegerField(_("version"), default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    computed_at = models.DateTimeField(_("computed"), default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # The last sign of life of the worker that computes or sends.
    touched_at = models.DateTimeField(_("last seen"), default=timezone.now)
    # Where the computing stands: what the plan is worth, and what no plan can exceed.
    step = models.CharField(_("step"), max_length=10, blank=True)
    round = models.PositiveIntegerField(_("round"), default=0)
    worth = models.FloatField(_("worth"), default=0)
    bound = models.FloatField(_("bound"), default=0)
    is_proven = models.BooleanField(_("proven to be the best"), default=False)
    is_edited = models.BooleanField(_("changed by hand"), default=False)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(WeekPlanQuerySet))

    class Meta:
        verbose_name = _("plan of the week")
        verbose_name_plural = _("plans of the week")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_is_known"),
            models.UniqueConstraint(
                fields=["municipality"], condition=Q(state__in=LIVE_PLANS), name="one_live_plan_per_municipality"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.SENDING, PlanState.SENT]) | Q(sent_at__isnull=False),
                name="sent_plans_say_when",
            ),
        ]

    def __str__(self):
        return f"{self.municipality_id} {self.first_day}: {self.state}"

    @property
    def last_day(self):
        return self.first_day + timedelta(days=PLANNED_DAYS - 1)

    @property
    def gap_percent(self):
        """How much a better plan could be worth more, at most; whole per cents, rounded up."""
        if self.is_proven or self.bound <= 0:
            return 0
        return min(100, max(1, round(100 * (1 - self.worth / self.bound) + 0.49)))


class PlannedVisitQuerySet(models.QuerySet):
    def with_visits(self):
        return self.select_related(
            "plan",
            "visit__help_request__category",
            "visit__help_request__neighbourhood",
            "visit__help_request__municipality",
        ).order_by("starts_at", "pk")

    def of_plan(self, plan):
        return self.filter(plan=plan)


class PlannedVisit(models.Model):
    """A visit as it was when the plan was computed: its time, how many people it needed, and how many of those who fit
    came how far (see `matching.plan.uncovered`). `reason`: why `missing` places stay open; "" where none does."""

    plan = models.ForeignKey(WeekPlan, models.CASCADE, related_name="visits", verbose_name=_("plan of the week"))
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="+", verbose_name=_("visit"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    places = models.PositiveSmallIntegerField(_("people needed"))
    missing = models.PositiveSmallIntegerField(_("nobody for"), default=0)
    reason = models.CharField(_("reason"), max_length=12, blank=True)
    skilled = models.PositiveIntegerField(_("people who can do it"), default=0)
    near = models.PositiveIntegerField(_("people near enough"), default=0)
    free = models.PositiveIntegerField(_("people with time"), default=0)

    objects = ScopedManager(
        municipality="plan__municipality", _manager_class=models.Manager.from_queryset(PlannedVisitQuerySet)
    )

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        constraints = [
            models.UniqueConstraint("plan", "visit", name="no_visit_twice_in_a_plan"),
            models.CheckConstraint(condition=Q(missing=0) | ~Q(reason=""), name="what_is_missing_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.plan_id}: {self.visit_id}"


class PlannedPairQuerySet(models.QuerySet):
    def of_plan(self, plan):
        return self.filter(planned__plan=plan)

    def of_visit(self, planned):
        return self.filter(planned=planned)

    def called(self, pk):
        """The pair of this key, None where there is none."""
        return self.filter(pk=pk).first() if pk else None

    def coming(self):
        """Pairs that are in the plan."""
        return self.exclude(choice=PairChoice.FORBIDDEN)

    def kept(self):
        return self.filter(choice=PairChoice.KEPT)

    def forbidden(self):
        return self.filter(choice=PairChoice.FORBIDDEN)

    def proposed(self):
        return self.filter(choice=PairChoice.PROPOSED)

    def unsent(self):
        return self.coming().filter(outcome=PairOutcome.NONE)

    def of(self, user):
        return self.filter(volunteer=user)

    def of_each(self, people):
        return self.filter(volunteer__in=people)

    def with_people(self):
        return self.select_related("volunteer").order_by("-score", "pk")

    def with_visits(self):
        return self.select_related("volunteer", "planned__plan", "planned__visit__help_request__category")

    def keys(self):
        """Pairs (key of the visit, key of the helper)."""
        return set(self.values_list("planned__visit_id", "volunteer_id"))


class PlannedPair(models.Model):
    """One helper for one visit."""

    planned = models.ForeignKey(PlannedVisit, models.CASCADE, related_name="pairs", verbose_name=_("planned visit"))
    volunteer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("helper"))
    choice = models.CharField(_("decision"), max_length=10, choices=PairChoice, default=PairChoice.PROPOSED)
    score = models.FloatField(_("score"))
    # As in `Alert`: parts of the score, band and reasons.
    parts = models.JSONField(_("parts of the score"), default=dict)
    outcome = models.CharField(_("outcome"), max_length=10, choices=PairOutcome, default=PairOutcome.NONE, blank=True)
    # A code of `domain.plan_words`: why nobody was invited.
    why = models.CharField(_("why not"), max_length=20, blank=True)

    objects = ScopedManager(
        municipality="planned__plan__municipality", _manager_class=models.Manager.from_queryset(PlannedPairQuerySet)
    )

    class Meta:
        verbose_name = _("planned pair")
        verbose_name_plural = _("planned pairs")
        constraints = [
            models.UniqueConstraint("planned", "volunteer", name="no_pair_twice_in_a_plan"),
            models.CheckConstraint(condition=Q(choice__in=PairChoice.values), name="choice_of_a_pair_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=PairOutcome.values), name="outcome_of_a_pair_is_known"),
            models.CheckConstraint(
                condition=~Q(choice=PairChoice.FORBIDDEN) | Q(outcome=PairOutcome.NONE),
                name="forbidden_pairs_are_not_sent",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=PairOutcome.REFUSED) | ~Q(why=""), name="refused_pairs_say_why"
            ),
        ]

    def __str__(self):
        return f"{self.planned_id} → {self.volunteer_id}: {self.choice}"
