"""Who helps whom: commitments, and the ledger of who was told of which visit and why."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from volunteering.models.requests import Visit
from volunteering.models.volunteers import Standing
from volunteering.states import HOLDING, LIVE, CommitmentState


class Regime(models.TextChoices):
    """Under which rules the help is given. Statutory services are never decided here (docs/decisions)."""

    NEIGHBOUR = "neighbour", _("neighbourly favour")
    VOLUNTEER = "volunteer", _("volunteering under an agreement")


class CommitmentQuerySet(models.QuerySet):
    def holding(self):
        return self.filter(state__in=HOLDING)

    def live(self):
        return self.filter(state__in=LIVE)

    def of(self, user):
        return self.filter(volunteer=user)

    def of_both_sides(self, user):
        """Those of the helper, and those for whoever asked for the help."""
        return self.filter(Q(volunteer=user) | Q(visit__help_request__requester=user))

    def of_request(self, help_request):
        return self.filter(visit__help_request=help_request)

    def of_reference(self, reference):
        return self.filter(visit__help_request__reference=reference)

    def at_meeting(self, meeting):
        """Who helps, or helped, at a meeting, with their names."""
        rows = self.holding().filter(visit__help_request__meeting=meeting)
        return rows.select_related("volunteer").order_by("starts_at", "pk")

    def done(self):
        return self.filter(state=CommitmentState.DONE)

    def minutes_given(self):
        """Minutes of help in finished commitments."""
        return self.done().aggregate(total=models.Sum("minutes"))["total"] or 0

    def overlapping(self, starts_at, ends_at):
        """Touching ends do not overlap."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def with_details(self):
        return self.select_related(
            "visit__help_request__category", "visit__help_request__neighbourhood", "visit__help_request__municipality"
        )

    def with_helper(self):
        return self.select_related("volunteer")

    def awaiting_word_by_phone(self):
        """Helpers who wait for the consent of a resident without an account: staff ring her."""
        return self.filter(state=CommitmentState.PROPOSED, visit__help_request__requester=None)

    def first_visits(self):
        """Agreed visits of helpers whose first visit staff have not let go ahead yet."""
        unreleased = Standing.objects.active().filter(volunteer=OuterRef("volunteer"), first_visit_released_at=None)
        return self.filter(Exists(unreleased), state__in=[CommitmentState.ACCEPTED, CommitmentState.ARRIVED])

    def starting_between(self, start, end):
        return self.live().filter(starts_at__gte=start, starts_at__lt=end)

    def to_be_confirmed(self):
        """Visits whose time has passed and of which one side has not yet said that they took place."""
        return self.filter(state__in=[CommitmentState.ACCEPTED, CommitmentState.ARRIVED], ends_at__lte=timezone.now())


class Commitment(models.Model):
    """One helper's promise for one visit. Holds a place from the moment it is taken."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="commitments", verbose_name=_("visit"))
    volunteer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="commitments", verbose_name=_("helper")
    )
    state = models.CharField(_("state"), max_length=10, choices=CommitmentState, default=CommitmentState.PROPOSED)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    regime = models.CharField(_("regime"), max_length=10, choices=Regime, default=Regime.NEIGHBOUR)
    note = models.CharField(_("a few words to the resident"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    # Until when the resident may accept; afterwards the place is given free again.
    consent_until = models.DateTimeField(_("consent awaited until"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    helper_confirmed_at = models.DateTimeField(_("confirmed by the helper"), null=True, blank=True)
    resident_confirmed_at = models.DateTimeField(_("confirmed by the resident"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes of help"), null=True, blank=True)

    objects = ScopedManager(
        municipality="visit__help_request__municipality",
        _manager_class=models.Manager.from_queryset(CommitmentQuerySet),
    )

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint("visit", "volunteer", name="one_commitment_per_visit_and_helper"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="commitment_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(state__in=CommitmentState.values), name="commitment_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=CommitmentState.DONE)
                | Q(helper_confirmed_at__isnull=False, resident_confirmed_at__isnull=False, minutes__isnull=False),
                name="done_means_both_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state", "starts_at"], name="commitment_calendar")]

    def __str__(self):
        return f"{self.visit_id}/{self.volunteer_id}: {self.state}"


class AlertQuerySet(models.QuerySet):
    def about(self, help_request):
        """Everybody who was told of any of its visits, in the order in which they were told."""
        return self.filter(visit__help_request=help_request).order_by("visit__starts_at", "wave", "-score", "pk")

    def to(self, user):
        return self.filter(volunteer=user)

    def current(self):
        """About visits as they are planned now: not what was told of an earlier time."""
        return self.filter(wave__gt=0)

    def unanswered_about(self, visits):
        """Pairs (key of the visit, key of the helper) of whom an answer about these visits is awaited."""
        waiting = self.current().filter(visit__in=[visit.pk for visit in visits], answer=Alert.Answer.NONE)
        return set(waiting.order_by().values_list("visit_id", "volunteer_id"))

    def answers_about(self, visits):
        """What was answered about visits, by keys of visit and helper."""
        told = self.current().filter(visit__in=visits).order_by()
        return {(visit, person): answer for visit, person, answer in told.values_list("visit", "volunteer", "answer")}

    def about_reference(self, reference):
        return self.filter(visit__help_request__reference=reference)

    def with_people(self):
        return self.select_related("volunteer", "visit")

    def with_category(self):
        return self.select_related("visit__help_request__category")


class Alert(models.Model):
    """That a helper was told of a visit: in which wave, with which parts of the score, and what they answered."""

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        TAKEN = "taken", _("took it")
        DECLINED = "declined", _("not this time")
        LATER = "later", _("not now, may be asked again")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="alerts", verbose_name=_("visit"))
    volunteer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts", verbose_name=_("helper")
    )
    # 0: what was told and answered is about an earlier time of a visit that was moved since.
    wave = models.PositiveSmallIntegerField(_("wave"), default=1)
    # How often this person was asked about this visit: more than once only at their own wish, or about another time.
    times = models.PositiveSmallIntegerField(_("how often asked"), default=1)
    # Staff who chose this person by hand, outside of the waves.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    score = models.FloatField(_("score"))
    # Name of each part of the score → value in [0, 1]; and `band`, the distance band in metres.
    parts = models.JSONField(_("parts of the score"), default=dict)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.NONE, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ScopedManager(
        municipality="visit__help_request__municipality", _manager_class=models.Manager.from_queryset(AlertQuerySet)
    )

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint("visit", "volunteer", name="one_alert_per_visit_and_helper")]
        indexes = [models.Index(fields=["volunteer", "-created_at"], name="alert_history")]

    def __str__(self):
        return f"{self.visit_id} → {self.volunteer_id}"
