"""What residents think of the centre, in their own words. Read at the desk, never shown to anybody else."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality
from volunteering.states import OpinionState

LONGEST_OPINION = 3000


class OpinionQuerySet(models.QuerySet):
    def in_state(self, state):
        return self.filter(state=state)

    def before(self, moment):
        return self.filter(created_at__lt=moment)

    def since(self, moment):
        return self.filter(created_at__gt=moment)

    def from_source(self, source):
        return self.filter(source=source)

    def answered_before(self, moment):
        return self.filter(answered_at__lt=moment).exclude(email="")

    def with_people(self):
        return self.select_related("answered_by")


class Opinion(models.Model):
    """Sent without an account. Whoever wants an answer leaves an e-mail address, which goes a month after the answer;
    all of it goes after a year."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="opinions", verbose_name=_("municipality")
    )
    words = models.TextField(_("opinion"), max_length=LONGEST_OPINION)
    email = models.EmailField(_("e-mail for an answer"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=OpinionState, default=OpinionState.NEW)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )
    # A keyed digest of where it came from, for a day: it can be counted, not read.
    source = models.CharField(_("source"), max_length=32, blank=True)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(OpinionQuerySet))

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OpinionState.values), name="opinion_state_is_known"),
            models.CheckConstraint(condition=~Q(words=""), name="an_opinion_says_something"),
            models.CheckConstraint(
                condition=Q(state=OpinionState.ANSWERED, answered_at__isnull=False)
                | (~Q(state=OpinionState.ANSWERED) & Q(answered_at=None)),
                name="only_an_answered_opinion_has_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "id"], name="opinions_at_desk"),
            models.Index(fields=["municipality", "created_at"], name="opinions_by_age"),
        ]

    def __str__(self):
        return f"{self.municipality_id}/{self.pk}: {self.state}"
