"""Ideas of residents for an initiative: not public, and not in the CMS. Only the words that staff take out of one
become the draft of an initiative."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality, Neighbourhood
from volunteering.models.initiatives import Initiative
from volunteering.states import OPEN_PROPOSALS, ProposalState

PROPOSAL_WORDS_LIMIT = 1500
PROPOSAL_MESSAGE_LIMIT = 1000


class Leading(models.TextChoices):
    """Who would run it."""

    MYSELF = "myself", _("I will run it, alone or with friends")
    TOGETHER = "together", _("I will help, but somebody else should lead")
    NOBODY = "nobody", _("I do not know yet: it is only an idea")


class ProposalQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(proposer=user)

    def open(self):
        return self.filter(state__in=OPEN_PROPOSALS)

    def waiting(self):
        """Those that staff have to read; what was asked back waits for the resident."""
        return self.filter(state=ProposalState.WAITING)

    def settled_before(self, moment):
        return self.exclude(state__in=OPEN_PROPOSALS).filter(changed_at__lt=moment)

    def with_people(self):
        return self.select_related("proposer", "neighbourhood", "initiative__lifecycle", "municipality")

    def latest(self):
        return self.order_by("-changed_at", "-pk")


class Proposal(models.Model):
    """What one resident would like to happen. Written by `domain.proposals` alone."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="proposals", verbose_name=_("municipality")
    )
    # One for each form that was filled in: sending it twice files it once.
    key = models.UUIDField(unique=True, editable=False)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="proposals", verbose_name=_("proposed by")
    )
    title = models.CharField(_("what"), max_length=120)
    words = models.TextField(_("more about it"), max_length=PROPOSAL_WORDS_LIMIT, blank=True)
    place = models.CharField(_("where"), max_length=160, blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("neighbourhood")
    )
    time = models.CharField(_("when, roughly"), max_length=160, blank=True)
    leading = models.CharField(_("who would run it"), max_length=8, choices=Leading)
    state = models.CharField(_("state"), max_length=9, choices=ProposalState, default=ProposalState.WAITING)
    created_at = models.DateTimeField(_("proposed"), default=timezone.now)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)
    initiative = models.OneToOneField(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="proposal", verbose_name=_("initiative")
    )

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(ProposalQuerySet))

    class Meta:
        verbose_name = _("proposal of an initiative")
        verbose_name_plural = _("proposals of initiatives")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_is_known"),
            models.CheckConstraint(
                condition=Q(initiative=None) | Q(state=ProposalState.TAKEN),
                name="only_taken_proposals_became_something",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="a_proposal_says_what"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "created_at"],
                condition=Q(state=ProposalState.WAITING),
                name="proposals_to_read",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("volunteering:proposal", args=[self.pk])

    @property
    def is_public(self):
        """Whether residents read of what became of it."""
        return self.initiative is not None and self.initiative.is_public


class ProposalMessage(models.Model):
    """A question of the centre, the answer to it, or why it is closed."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="messages", verbose_name=_("proposal of an initiative")
    )
    by_centre = models.BooleanField(_("by the centre"))
    text = models.TextField(_("words"), max_length=PROPOSAL_MESSAGE_LIMIT)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ScopedManager(municipality="proposal__municipality")

    class Meta:
        verbose_name = _("message about a proposal")
        verbose_name_plural = _("messages about proposals")
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_message_about_a_proposal_has_words")]

    def __str__(self):
        return f"{self.proposal_id}: {self.created_at}"
