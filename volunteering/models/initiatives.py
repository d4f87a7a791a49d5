"""Initiatives of the neighbourhood: words under editorial control, and a plain table for where each stands."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Min, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from neighbourhoods.models import Municipality, Neighbourhood, Organisation
from volunteering.folding import fold
from volunteering.models.taxonomy import Audience, InitiativeKind
from volunteering.states import LifecycleState, MeetingState

# Where no meeting is planned, an initiative sorts behind all that have one.
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
# Addresses below /inicjatywy/ that are no initiatives.
RESERVED_INITIATIVE_SLUGS = frozenset({"kalendarz", "zaproponuj", "mapa", "zakonczone"})
WORDS_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class Joining(models.TextChoices):
    OPEN = "open", _("everybody may come")
    REQUEST = "request", _("by a word with the leader")
    CLOSED = "closed", _("closed group")


class InitiativeQuerySet(models.QuerySet):
    def published(self):
        """What residents see: published words of something that is under way."""
        return self.filter(live=True, lifecycle__state=LifecycleState.RUNNING)

    def finished(self):
        """What is over and of which the results are told."""
        return self.filter(live=True, lifecycle__state=LifecycleState.FINISHED).exclude(results="")

    def readable(self):
        """What has a page: of what is over one can still read what came of it."""
        return self.filter(live=True, lifecycle__state__in=[LifecycleState.RUNNING, LifecycleState.FINISHED])

    def open_to_passers_by(self):
        """What calendars, feeds and posters may name: nobody's door is watched because of them."""
        return self.published().exclude(joining=Joining.CLOSED)

    def open_groups(self):
        """Groups and clubs that everybody may come to: of all others it is nobody's business that they are there."""
        return self.published().filter(kind__has_members=True, joining=Joining.OPEN)

    def in_neighbourhood(self, neighbourhood):
        """Initiatives that are meant for this place. Those for the whole gmina name no place."""
        return self.filter(neighbourhoods=neighbourhood)

    def among(self, keys):
        return self.filter(pk__in=keys)

    def run_by(self, organisations):
        """Those of these partners, given as rows or keys."""
        return self.filter(organisation__in=organisations)

    def with_details(self):
        return self.select_related(
            "kind", "image", "organisation", "lifecycle", "municipality", "group"
        ).prefetch_related("neighbourhoods", "audiences")

    def latest_published(self):
        """The newest first."""
        return self.order_by("-first_published_at", "-pk")

    def annotate_ended(self):
        """Adds `ended_at`, since when it is over."""
        return self.annotate(ended_at=F("lifecycle__changed_at"))

    def for_desk(self):
        """Drafts and finished ones too, with where they stand."""
        return self.select_related("kind", "organisation", "lifecycle", "group").with_next_meeting(closed_too=True)

    def with_next_meeting(self, *, closed_too=False):
        """Adds `next_at`, the start of the next meeting; far in the future where none is planned, and for closed
        groups, whose hours are told to their members only."""
        ahead = Q(meetings__state=MeetingState.PLANNED, meetings__ends_at__gt=timezone.now())
        if not closed_too:
            ahead &= ~Q(joining=Joining.CLOSED)
        return self.annotate(next_at=Coalesce(Min("meetings__starts_at", filter=ahead), Value(NEVER)))


class Initiative(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """Text and an editor's decisions only: publishing a draft writes every field back, so nothing live stands here."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="initiatives", verbose_name=_("municipality"), editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120)
    summary = models.CharField(
        _("in one sentence"),
        max_length=250,
        help_text=_("Stands in lists, on the poster and where somebody shares it."),
    )
    body = RichTextField(_("description"), blank=True, features=WORDS_FEATURES)
    results = RichTextField(
        _("what came of it"),
        blank=True,
        features=WORDS_FEATURES,
        help_text=_("To be told after the end: how many came, what was made. Then its page stays when it is finished."),
    )
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    image_description = models.CharField(
        _("what the photo shows"),
        max_length=200,
        blank=True,
        help_text=_("One sentence for people who cannot see the photo."),
    )
    kind = models.ForeignKey(InitiativeKind, models.PROTECT, related_name="initiatives", verbose_name=_("kind"))
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="initiatives", verbose_name=_("for whom"))
    neighbourhoods = ParentalManyToManyField(
        Neighbourhood, blank=True, related_name="initiatives", verbose_name=_("neighbourhoods")
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="initiatives", verbose_name=_("partner")
    )
    host = models.CharField(
        _("informal group"),
        max_length=120,
        blank=True,
        help_text=_("For example: Neighbours of Wolności Street. Leave both empty where the centre itself runs it."),
    )
    joining = models.CharField(_("who may join"), max_length=8, choices=Joining, default=Joining.OPEN)
    # Folded words for searching on either database.
    search_text = models.TextField(editable=False, blank=True)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(InitiativeQuerySet)
    )

    class Meta:
        verbose_name = _("neighbourhood initiative")
        verbose_name_plural = _("neighbourhood initiatives")
        constraints = [models.UniqueConstraint("municipality", "slug", name="one_initiative_per_address")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Publishing a draft saves the words behind the back of all verbs: what they are found by is kept here."""
        self.search_text = fold(f"{self.title} {self.summary}")
        self._keep_closed()
        super().save(*args, **kwargs)

    def _keep_closed(self):
        """A closed group is never opened, by no draft and no editor: people joined it knowing that nobody learns of it.
        One that is closed now is closed for those who belong to it already."""
        group = getattr(self, "group", None) if self.pk else None
        if group is None:
            return
        if group.is_closed:
            self.joining = Joining.CLOSED
        elif self.joining == Joining.CLOSED:
            group.close()

    def get_absolute_url(self):
        return reverse("volunteering:initiative", args=[self.slug])

    @property
    def host_name(self):
        """Who runs it. A partner that is no longer there, or that the centre has hidden, leaves the initiative with the
        centre."""
        if self.organisation is not None and not self.organisation.is_hidden:
            return self.organisation.name
        return self.host or self.municipality.centre_name

    @property
    def is_public(self):
        return self.live and hasattr(self, "lifecycle") and self.lifecycle.state == LifecycleState.RUNNING

    @property
    def is_finished(self):
        return hasattr(self, "lifecycle") and self.lifecycle.state == LifecycleState.FINISHED

    @property
    def has_next_meeting(self):
        """Whether a meeting is planned; only for rows that came `with_next_meeting()`."""
        return getattr(self, "next_at", NEVER) < NEVER

    @property
    def is_closed(self):
        return self.joining == Joining.CLOSED

    def get_preview_template(self, request, mode_name):
        return "volunteering/initiatives/detail.html"

    def get_preview_context(self, request, mode_name):
        return {
            **super().get_preview_context(request, mode_name),
            "initiative": self,
            "meetings": [],
            "photos": self.photos.all(),
            "materials": self.materials.all(),
            "group": None,
            "hides_meetings": False,
            "is_over": False,
            "results": None,
            "refusals": [],
            "preview": True,
        }


class LifecycleQuerySet(models.QuerySet):
    def to_be_announced(self):
        """Of initiatives that residents can read of since a moment ago."""
        return self.filter(announced_at=None, state=LifecycleState.RUNNING, initiative__live=True)


class Lifecycle(models.Model):
    """Where an initiative stands. Edited at the desk, never by publishing words."""

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="lifecycle")
    state = models.CharField(_("state"), max_length=10, choices=LifecycleState, default=LifecycleState.RUNNING)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)
    # When those who follow were told that it can be read of; once in its life.
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)

    objects = ScopedManager(
        municipality="initiative__municipality", _manager_class=models.Manager.from_queryset(LifecycleQuerySet)
    )

    class Meta:
        verbose_name = _("life of an initiative")
        verbose_name_plural = _("lives of initiatives")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LifecycleState.values), name="lifecycle_state_is_known")
        ]
        indexes = [models.Index(fields=["state"], condition=Q(announced_at=None), name="initiative_to_announce")]

    def __str__(self):
        return self.get_state_display()
