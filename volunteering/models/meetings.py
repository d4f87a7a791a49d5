"""Meetings of initiatives and who comes: plain tables, edited at the desk and by the people themselves."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from phonenumber_field.modelfields import PhoneNumberField

from neighbourhoods.models import Neighbourhood
from volunteering.models.initiatives import Initiative, Joining
from volunteering.states import INTERESTED, SEATED, LifecycleState, MeetingState, ParticipationState


class MeetingQuerySet(models.QuerySet):
    def upcoming(self):
        return self.filter(state=MeetingState.PLANNED, ends_at__gt=timezone.now())

    def run_by(self, organisations):
        """Of initiatives of these partners, given as rows or keys."""
        return self.filter(initiative__organisation__in=organisations)

    def of_initiative(self, initiative):
        return self.filter(initiative=initiative)

    def not_over(self):
        """Still to come or under way; those called off too: whoever meant to come reads so where they look."""
        return self.filter(state__in=[MeetingState.PLANNED, MeetingState.CANCELLED], ends_at__gt=timezone.now())

    def held(self):
        """Over and not called off, whether or not somebody wrote down who was there."""
        return self.exclude(state=MeetingState.CANCELLED).filter(ends_at__lte=timezone.now())

    def past(self):
        """Over or called off, the latest first."""
        return self.exclude(state=MeetingState.PLANNED, ends_at__gt=timezone.now()).order_by("-starts_at", "-id")

    def from_here_on(self, meeting):
        """The planned meetings of the same series from this one on."""
        return self.filter(
            initiative=meeting.initiative_id,
            series=meeting.series,
            state=MeetingState.PLANNED,
            starts_at__gte=meeting.starts_at,
        ).order_by("pk")

    def to_be_filled(self):
        """With free places, and people who wait for them."""
        waiting = ParticipationQuerySet(Participation).filter(meeting=OuterRef("pk")).waiting()
        has_room = Q(places=None) | Q(taken__lt=F("places"))
        return self.filter(
            has_room,
            Exists(waiting),
            state=MeetingState.PLANNED,
            starts_at__gt=timezone.now(),
            initiative__live=True,
            initiative__lifecycle__state=LifecycleState.RUNNING,
        )

    def between(self, start, end):
        """That begin in this span."""
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def of_initiatives(self, keys):
        return self.filter(initiative__in=keys)

    def for_feeds(self):
        """Still to come or called off, of initiatives whose meetings everybody may know: who has taken one into a
        calendar must learn there that it will not be."""
        shown = self.exclude(state=MeetingState.DONE).filter(
            ends_at__gt=timezone.now(), initiative__live=True, initiative__lifecycle__state=LifecycleState.RUNNING
        )
        return shown.exclude(initiative__joining=Joining.CLOSED).order_by("starts_at", "pk")

    def with_waiting(self):
        """Adds `waiting`: how many people wait for a place."""
        rows = ParticipationQuerySet(Participation).filter(meeting=OuterRef("pk")).waiting()
        counted = rows.order_by().values("meeting").annotate(number=Count("pk")).values("number")
        return self.annotate(waiting=Coalesce(Subquery(counted), 0))

    def public(self):
        """Meetings that front pages may name: still to come, of published initiatives that are under way. Not those
        of closed groups: whoever stood at the door at that hour would learn who belongs to them."""
        shown = self.upcoming().filter(initiative__live=True, initiative__lifecycle__state=LifecycleState.RUNNING)
        return shown.exclude(initiative__joining=Joining.CLOSED)

    def within(self, days):
        """Meetings that begin before so many local days are over, today being the first."""
        end = timezone.localdate() + timedelta(days=days)
        return self.filter(starts_at__lt=timezone.make_aware(datetime.combine(end, time.min)))

    def in_neighbourhood(self, neighbourhood):
        return self.filter(neighbourhood=neighbourhood)

    def with_details(self):
        return self.select_related("initiative__kind", "neighbourhood")


class Meeting(models.Model):
    """One dated occasion of an initiative."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="meetings", verbose_name=_("initiative"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    place = models.CharField(_("place"), max_length=160)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("neighbourhood")
    )
    places = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, help_text=_("Leave empty where everybody can come in.")
    )
    # With the places that have been offered to somebody and are not confirmed yet.
    taken = models.PositiveSmallIntegerField(_("signed up"), default=0)
    sign_up_from = models.DateTimeField(_("sign up from"), null=True, blank=True)
    sign_up_until = models.DateTimeField(_("sign up until"), null=True, blank=True)
    # The same for all that were planned together.
    series = models.UUIDField(_("series"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    reason = models.CharField(_("why it was called off"), max_length=300, blank=True)

    objects = ScopedManager(
        municipality="initiative__municipality", _manager_class=models.Manager.from_queryset(MeetingQuerySet)
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places=None) | Q(taken__lte=F("places")), name="meeting_taken_within_places"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_is_known"),
            models.CheckConstraint(
                condition=Q(sign_up_from=None) | Q(sign_up_until=None) | Q(sign_up_until__gt=F("sign_up_from")),
                name="signing_up_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="meeting_calendar")]

    def __str__(self):
        return f"{self.initiative} {timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"

    @property
    def free_places(self):
        """How many may still sign up; None where places are not counted."""
        return None if self.places is None else self.places - self.taken


class ParticipationQuerySet(models.QuerySet):
    def live(self):
        """Those of people who come, have come or would like to."""
        return self.exclude(state__in=[ParticipationState.LEFT, ParticipationState.LAPSED])

    def not_left(self):
        """Those of which their people read: also that they were too late to confirm."""
        return self.exclude(state=ParticipationState.LEFT)

    def seated(self):
        """Those that hold a place."""
        return self.filter(state__in=SEATED)

    def waiting(self):
        """The queue, in its order."""
        return self.filter(state=ParticipationState.WAITING).order_by("turn")

    def offered(self):
        return self.filter(state=ParticipationState.OFFERED)

    def interested(self):
        return self.filter(state__in=INTERESTED)

    def overdue(self):
        """Offers that nobody confirmed in time."""
        return self.offered().filter(offered_until__lte=timezone.now())

    def with_ahead(self):
        """Adds `ahead`: how many people wait before this one."""
        before = ParticipationQuerySet(Participation).filter(meeting=OuterRef("meeting"), turn__lt=OuterRef("turn"))
        counted = before.waiting().order_by().values("meeting").annotate(number=Count("pk")).values("number")
        return self.annotate(ahead=Coalesce(Subquery(counted), 0))

    def of(self, user):
        return self.filter(user=user)

    def at(self, meetings):
        return self.filter(meeting__in=meetings)

    def with_people(self):
        return self.select_related("user")

    def ahead_of(self, user):
        """What this person has signed up for and what is still to come, the soonest first."""
        return (
            self.of(user)
            .filter(
                state__in=INTERESTED,
                meeting__state=MeetingState.PLANNED,
                meeting__ends_at__gt=timezone.now(),
                meeting__initiative__live=True,
            )
            .select_related("meeting__initiative")
            .order_by("meeting__starts_at", "pk")
        )


class Participation(models.Model):
    """One person at one meeting: with an account, or taken down by staff from the phone."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participations", verbose_name=_("meeting"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ParticipationState, default=ParticipationState.JOINED)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)
    # The place in the queue: whoever has the lowest number is offered the next free place.
    turn = models.IntegerField(_("turn"), null=True, blank=True)
    offered_until = models.DateTimeField(_("to be confirmed until"), null=True, blank=True)
    # Why staff changed the order of the queue.
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ScopedManager(
        municipality="meeting__initiative__municipality",
        _manager_class=models.Manager.from_queryset(ParticipationQuerySet),
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint("meeting", "user", name="one_participation_per_person"),
            models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(name=""), name="a_participant_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=ParticipationState.values), name="participation_state_is_known"
            ),
            models.UniqueConstraint(
                "meeting",
                "name",
                "phone",
                condition=Q(user=None) & ~Q(state__in=[ParticipationState.LEFT, ParticipationState.LAPSED]),
                name="one_participation_per_caller",
            ),
            models.UniqueConstraint(
                "meeting", "turn", condition=Q(state=ParticipationState.WAITING), name="one_turn_each"
            ),
            models.CheckConstraint(
                condition=~Q(state=ParticipationState.WAITING) | Q(turn__isnull=False), name="who_waits_has_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(state=ParticipationState.OFFERED, offered_until__isnull=False)
                | (~Q(state=ParticipationState.OFFERED) & Q(offered_until=None)),
                name="an_offer_has_an_end",
            ),
        ]
        indexes = [
            # Looked at every minute, over all municipalities.
            models.Index(
                fields=["offered_until"],
                condition=Q(state=ParticipationState.OFFERED),
                name="participation_offers",
            )
        ]

    def __str__(self):
        return f"{self.meeting_id}: {self.user_id or self.name}"

    @property
    def person_name(self):
        """The name on the list: of the account, or as it was given on the phone."""
        return str(self.user) if self.user_id else self.name
