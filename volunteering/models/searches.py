"""The search for helpers of one visit, wave by wave, and how many alerts a person has had on a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from volunteering.models.requests import Visit
from volunteering.states import RequestState, SearchState, StandingState, VisitState


class SearchQuerySet(models.QuerySet):
    def due(self, now):
        """Those whose next step has come, the longest waiting first."""
        return self.filter(next_at__lte=now).order_by("next_at", "pk")

    def of_request(self, help_request):
        return self.filter(visit__help_request=help_request)

    def looking_again(self):
        """Exhausted ones for which it is not too late."""
        return self.filter(state=SearchState.EXHAUSTED, next_at__isnull=False)

    def that_may_need(self, volunteer):
        """Exhausted ones, where this helper is active, about help that they want to give."""
        return self.looking_again().filter(
            visit__help_request__category__volunteerprofile__user=volunteer,
            visit__help_request__municipality__standings__volunteer=volunteer,
            visit__help_request__municipality__standings__state=StandingState.ACTIVE,
        )

    def exhausted(self):
        """Everybody was asked and the visit still needs somebody: people of the centre go on by hand."""
        return self.filter(
            state=SearchState.EXHAUSTED,
            visit__state=VisitState.OPEN,
            visit__ends_at__gt=timezone.now(),
            visit__help_request__state=RequestState.OPEN,
        )

    def with_visits(self):
        return self.select_related("visit__help_request__category", "visit__help_request__neighbourhood")


class Search(models.Model):
    """Where the search for helpers of a visit stands. The worker finds by `next_at` what is to be done, so nothing is
    lost when it is restarted. Written by `domain.waves` alone, with the visit locked."""

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="search", verbose_name=_("visit"))
    state = models.CharField(_("state"), max_length=10, choices=SearchState, default=SearchState.RUNNING)
    # The last wave that asked somebody; 0 before the first.
    wave = models.PositiveSmallIntegerField(_("wave"), default=0)
    # Of an exhausted search: when it looks again whether there is somebody new; None where it is too late for that.
    next_at = models.DateTimeField(_("next step"), null=True, blank=True)
    # Since when it has been asking without a break: whoever was asked since then is thanked when somebody is found.
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )

    objects = ScopedManager(
        municipality="visit__help_request__municipality",
        _manager_class=models.Manager.from_queryset(SearchQuerySet),
    )

    class Meta:
        verbose_name = _("search for helpers")
        verbose_name_plural = _("searches for helpers")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SearchState.values), name="search_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=SearchState.RUNNING, next_at__isnull=False)
                | Q(state=SearchState.EXHAUSTED)
                | (~Q(state__in=[SearchState.RUNNING, SearchState.EXHAUSTED]) & Q(next_at=None)),
                name="only_a_living_search_has_a_next_step",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="search_due")]

    def __str__(self):
        return f"{self.visit_id}: {self.state} ({self.wave})"


class DailyCount(models.Model):
    """How many alerts a person has had on a local day, in all municipalities together. A row of its own rather than a
    count of the ledger: two waves that run at the same moment meet at its lock, so the cap holds."""

    volunteer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("helper"))
    day = models.DateField(_("day"), db_index=True)
    alerts = models.PositiveSmallIntegerField(_("alerts"), default=0)

    class Meta:
        verbose_name = _("alerts of a day")
        verbose_name_plural = _("alerts of a day")
        constraints = [models.UniqueConstraint("volunteer", "day", name="one_count_per_helper_and_day")]

    def __str__(self):
        return f"{self.volunteer_id} {self.day}: {self.alerts}"
