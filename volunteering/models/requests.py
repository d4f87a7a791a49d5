"""Requests for help and the visits they consist of."""

import uuid

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import CASE_ROLES, Membership, Municipality, Neighbourhood
from volunteering.models.taxonomy import Category
from volunteering.models.volunteers import Standing
from volunteering.states import RequestState, StandingState, VisitState

WORDS_LIMIT = 1000


class Timing(models.TextChoices):
    FIXED = "fixed", _("on a set day and hour")
    FLEXIBLE = "flexible", _("any time, by a date")
    RECURRING = "recurring", _("every week")


def has_any(rows):
    """That there are such rows, asked of one request after the other. Of an Exists PostgreSQL makes a join or a table
    of all of them, and reads or sorts the whole list for twenty requests of it."""
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)


LISTABLE = Q(state=RequestState.OPEN, protected=False)


def is_needed(start, end=None):
    """That a request has a visit that nobody has taken yet and that falls, wholly or in part, between two moments."""
    visits = VisitQuerySet(Visit).filter(help_request=OuterRef("pk"), state=VisitState.OPEN, ends_at__gt=start)
    return has_any(visits if end is None else visits.filter(starts_at__lt=end))


class HelpRequestQuerySet(models.QuerySet):
    def listed(self):
        """What the public list may count and show: open, not protected, with a visit still ahead."""
        return self.open().needed_between(timezone.now())

    def open(self):
        """What may be listed at all; whether it is depends on its visits."""
        return self.filter(LISTABLE)

    def needed_between(self, start, end=None):
        """With a visit that nobody has taken yet then. A subquery: rows stay in the order of the index, and no request
        stands twice."""
        return self.filter(is_needed(start, end))

    def visible_to(self, user):
        """What this person may open: one's own requests, those one helps with, all of a gmina one works for as a
        case worker, and, where one is an active helper, those that are or were open to helpers."""
        if not user.is_authenticated:
            return self.none()
        # Subqueries by row, so that one request costs the same in a gmina with a thousand.
        helps = VisitQuerySet(Visit).filter(help_request=OuterRef("pk"), commitments__volunteer=user)
        works_here = models.QuerySet(Membership).filter(
            user=user, municipality=OuterRef("municipality"), role__in=CASE_ROLES, ended_at=None
        )
        may_help_here = models.QuerySet(Standing).filter(
            volunteer=user, municipality=OuterRef("municipality"), state=StandingState.ACTIVE
        )
        # A filled request is still there for those who were a moment too late: its page says so kindly.
        is_for_helpers = Q(state__in=[RequestState.OPEN, RequestState.FILLED], protected=False) & Exists(may_help_here)
        return self.filter(Q(requester=user) | Exists(helps) | Exists(works_here) | is_for_helpers)

    def asked_by(self, user):
        return self.filter(requester=user)

    def over(self):
        """Those of which nobody expects anything any more, the last ended first."""
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")

    def awaiting_review(self):
        return self.filter(state=RequestState.AWAITING_REVIEW)

    def unfinished(self):
        return self.filter(state__in=[RequestState.AWAITING_REVIEW, RequestState.OPEN, RequestState.FILLED])

    def in_state(self, state):
        return self.filter(state=state)

    def called(self, reference):
        return self.filter(reference=reference)

    def of_meeting(self, meeting):
        """Requests for helpers at this meeting."""
        return self.filter(meeting=meeting)

    def with_people_found(self):
        """With their visit, of which a request for helpers at a meeting has one."""
        return self.with_card().prefetch_related("visits").order_by("pk")

    def at_homes(self, keys):
        """Requests of these homes, by keys: the homes themselves are not read."""
        return self.filter(whereabouts__in=keys)

    def expired_and_to_be_told(self):
        """Nobody was found in time, and staff have not rung the resident yet, as her page promises."""
        return self.filter(state=RequestState.EXPIRED, needs_call=True)

    def with_card(self):
        """With what a card in a list names."""
        return self.select_related("category", "neighbourhood")

    def with_details(self):
        return self.with_card().select_related("municipality", "meeting__initiative")

    def with_open_visits(self):
        """With `open_visits`: those that nobody has taken yet, the soonest first. One query for all."""
        return self.prefetch_related(Prefetch("visits", Visit.objects.open(), to_attr="open_visits"))

    def not_asked_by(self, user):
        return self.exclude(requester=user)

    def in_cells(self, bands):
        """Those in these cells (lists of cells by band), with `band`: how far away they are, in metres at most."""
        cases = [When(cell__in=cells, then=Value(band)) for band, cells in bands.items()]
        inside = self.filter(cell__in=[cell for cells in bands.values() for cell in cells])
        return inside.annotate(band=Case(*cases, default=Value(0), output_field=models.IntegerField()))

    def with_visits(self, visits):
        """Those that have one of these visits, with `next_start`, when the first of them begins, and all of them, the
        soonest first, as `open_visits`."""
        starts = visits.filter(help_request=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
        return (
            self.annotate(next_start=Subquery(starts))
            .filter(next_start__isnull=False)
            .prefetch_related(Prefetch("visits", visits, to_attr="open_visits"))
        )

    def for_desk(self):
        """All that the desk shows of one request, but the home itself: of that only whether it is still kept."""
        return (
            self.with_details()
            .select_related("requester", "taken_down_by", "whereabouts")
            .defer("whereabouts__person_name", "whereabouts__phone", "whereabouts__address", "whereabouts__directions")
        )


class HelpRequest(models.Model):
    """A resident asks for neighbourly help. The exact address, name and phone live in `Whereabouts`."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="help_requests", verbose_name=_("municipality")
    )
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    # One key per filled-in form: pressing "send" twice makes one request.
    intake_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="help_requests", verbose_name=_("category"))
    words = models.TextField(_("what is needed"), blank=True, validators=[MaxLengthValidator(WORDS_LIMIT)])
    # An address, phone or e-mail was found in the words: others read them only after staff have cut it.
    words_held_back = models.BooleanField(_("words held back"), default=False)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="help_requests", verbose_name=_("neighbourhood")
    )
    cell = models.BigIntegerField(_("cell of the place"))
    timing = models.CharField(_("when"), max_length=10, choices=Timing, default=Timing.FLEXIBLE)
    people_needed = models.PositiveSmallIntegerField(
        _("how many people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name=_("asked by"),
    )
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
    )
    for_someone_else = models.BooleanField(_("for someone else"), default=False)
    needs_call = models.BooleanField(_("staff ring first"), default=False)
    protected = models.BooleanField(
        _("protected"), default=False, help_text=_("Unlisted, nobody is alerted, a helper is chosen by hand.")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="pl")
    # The meeting at which helpers are wanted; then nobody's home is behind it.
    meeting = models.ForeignKey(
        "volunteering.Meeting",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name=_("meeting"),
    )
    whereabouts = models.OneToOneField(
        "neighbourhoods.Whereabouts", models.PROTECT, related_name="help_request", verbose_name=_("whereabouts")
    )
    state = models.CharField(_("state"), max_length=16, choices=RequestState, default=RequestState.DRAFT)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    case_number = models.CharField(_("case number at the centre"), max_length=60, blank=True)
    repeats_until = models.DateField(_("repeats until"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked on"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    words_erased_at = models.DateTimeField(_("words erased"), null=True, blank=True)
    # Folded words (lower case, no diacritics, ł as l) for searching on either database.
    search_text = models.TextField(editable=False, blank=True)
    # Whether it stands on the public list, and so in its counts and its index of words. Written by `domain.listings`.
    is_listed = models.BooleanField(default=False, editable=False)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(HelpRequestQuerySet)
    )

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_is_known"),
            models.CheckConstraint(
                condition=Q(people_needed__gte=1, people_needed__lte=20), name="people_needed_1_to_20"
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFERRED) | ~Q(case_number=""),
                name="referred_requests_have_a_case_number",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "-published_at", "-id"], name="request_list"),
            models.Index(
                fields=["municipality", "state", "category", "-published_at", "-id"], name="request_list_by_category"
            ),
            models.Index(
                fields=["municipality", "state", "neighbourhood", "-published_at", "-id"], name="request_list_by_place"
            ),
            models.Index(fields=["municipality", "state", "cell"], name="request_list_by_cell"),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("volunteering:request", args=[self.reference])

    @property
    def asks_consent(self):
        """Whether the resident accepts each helper herself before anything is settled. At a meeting everybody is
        welcome who wants to help."""
        if self.meeting_id is not None:
            return False
        return self.category.at_home or self.municipality.consent_for_all


class VisitQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=VisitState.OPEN, ends_at__gt=timezone.now())

    def to_be_taken(self):
        """Open ones that somebody can still come to: they have not begun, or the helper picks the hour."""
        return self.open().filter(Q(is_flexible=True) | Q(starts_at__gt=timezone.now()))

    def to_be_planned(self, end):
        """Published visits that still need somebody and for which somebody could be asked, up to a moment; of a span of
        days those that begin before it."""
        now = timezone.now()
        is_ahead = Q(is_flexible=False, starts_at__gt=now) | Q(is_flexible=True, ends_at__gt=now)
        return self.filter(
            is_ahead,
            state=VisitState.OPEN,
            taken__lt=F("places"),
            starts_at__lt=end,
            help_request__state=RequestState.OPEN,
            help_request__protected=False,
        )

    def unfinished(self):
        return self.filter(state__in=[VisitState.OPEN, VisitState.FULL])

    def of_request(self, help_request):
        return self.filter(help_request=help_request)

    def with_promises(self):
        return self.prefetch_related("commitments__volunteer")

    def without_anybody_before(self, limit):
        """Published visits that nobody has taken and that must begin before `limit`; of a span of days its end."""
        pressing = Q(is_flexible=False, starts_at__lt=limit) | Q(is_flexible=True, ends_at__lt=limit)
        return self.open().filter(pressing, help_request__state=RequestState.OPEN, taken=0)

    def with_details(self):
        return self.select_related(
            "help_request__category", "help_request__neighbourhood", "help_request__municipality"
        )


class Visit(models.Model):
    """One occasion on which help is needed. A flexible one is a span of days out of which the helper picks the hour;
    `minutes` says how long the help itself takes."""

    # No index of its own: `visit_of_request` begins with it.
    help_request = models.ForeignKey(
        HelpRequest, models.CASCADE, related_name="visits", db_index=False, verbose_name=_("request for help")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    is_flexible = models.BooleanField(_("the helper picks the hour"), default=False)
    minutes = models.PositiveSmallIntegerField(
        _("how long (minutes)"), default=60, validators=[MinValueValidator(15), MaxValueValidator(12 * 60)]
    )
    places = models.PositiveSmallIntegerField(_("people needed"), default=1)
    taken = models.PositiveSmallIntegerField(_("people found"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=VisitState, default=VisitState.OPEN)

    objects = ScopedManager(
        municipality="help_request__municipality", _manager_class=models.Manager.from_queryset(VisitQuerySet)
    )

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="taken_within_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="visit_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["state", "ends_at"], name="visit_due"),
            # Asked once a row by every list: without it SQLite walks all open visits for each request.
            models.Index(fields=["help_request", "state", "ends_at"], name="visit_of_request"),
        ]

    def __str__(self):
        return f"{self.help_request.reference} {timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"
