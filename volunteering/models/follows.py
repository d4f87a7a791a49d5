"""What people wish to be told of: requests like one (watches), and what happens at a place, of a kind or in a group
(follows); the news itself, and when somebody's digest comes."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality, Neighbourhood
from volunteering.models.initiatives import Initiative
from volunteering.models.meetings import Meeting
from volunteering.models.requests import HelpRequest
from volunteering.models.taxonomy import Category, InitiativeKind

MOST_WATCHES = 20
MOST_FOLLOWS = 50
# Whole hours of the local clock at which a digest may come. None of them is ever left out when clocks change.
DIGEST_HOURS = range(6, 22)


class Rhythm(models.TextChoices):
    LIVE = "live", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class Times(models.TextChoices):
    ANY = "any", _("on any day")
    WEEKDAYS = "weekdays", _("from Monday to Friday")
    WEEKENDS = "weekends", _("on Saturdays and Sundays")


class Around(models.IntegerChoices):
    """How far from the middle of the chosen neighbourhood the middle of another one may be, in metres."""

    ONLY_THERE = 0, _("only there")
    NEAR = 2000, _("and in neighbourhoods up to 2 km away")
    FAR = 5000, _("and in neighbourhoods up to 5 km away")


class WishQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def with_things(self):
        return self.select_related(*self.model.THINGS)

    def of_key(self, pk):
        return self.filter(pk=pk).select_related("user", "municipality")

    def by_age(self):
        return self.order_by("created_at", "pk")


class Wish(models.Model):
    """One person's wish to be told. `slot`: its number among the person's wishes here; it keeps the cap."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    # No index of its own: the look-ups and the unique rules begin with better ones.
    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="+", db_index=False, verbose_name=_("municipality")
    )
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm, default=Rhythm.LIVE)
    slot = models.PositiveSmallIntegerField(_("number"))
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    # News up to this moment were told in a digest, or came before there was one.
    told_until = models.DateTimeField(_("told until"), default=timezone.now)

    class Meta:
        abstract = True


class Watch(Wish):
    """A helper wishes to hear of requests like these. It says what the list of requests could be filtered by, so it
    cannot tell more than the list does."""

    THINGS = ("category", "neighbourhood")

    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("kind of help")
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("neighbourhood")
    )
    around = models.PositiveIntegerField(_("how far"), choices=Around, default=Around.ONLY_THERE)
    # Folded, as the words of requests are stored.
    words = models.CharField(_("words"), max_length=60, blank=True)
    times = models.CharField(_("on which days"), max_length=8, choices=Times, default=Times.ANY)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(WishQuerySet))

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(
                "user",
                "municipality",
                Coalesce(F("category"), Value(0), output_field=models.BigIntegerField()),
                Coalesce(F("neighbourhood"), Value(0), output_field=models.BigIntegerField()),
                "around",
                "words",
                "times",
                name="one_watch_per_wish",
            ),
            models.UniqueConstraint("user", "municipality", "slot", name="one_watch_per_slot"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=MOST_WATCHES), name="watches_within_cap"),
            models.CheckConstraint(
                condition=Q(category__isnull=False) | Q(neighbourhood__isnull=False),
                name="a_watch_names_a_kind_or_a_place",
            ),
            models.CheckConstraint(
                condition=Q(around=0) | Q(neighbourhood__isnull=False), name="a_watch_is_around_a_place"
            ),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="watch_rhythm_is_known"),
            models.CheckConstraint(condition=Q(times__in=Times.values), name="watch_times_are_known"),
            models.CheckConstraint(condition=Q(around__in=Around.values), name="watch_around_is_known"),
        ]
        # A new request looks its watches up by its own kind and by the places near its own, or by "any".
        indexes = [models.Index(fields=["municipality", "category", "neighbourhood", "rhythm"], name="watch_lookup")]

    def __str__(self):
        return f"{self.user_id}: {self.category_id}/{self.neighbourhood_id} {self.words}"

    @property
    def name(self):
        """What it is called where it is one of several."""
        return (self.category or self.neighbourhood).name


class FollowQuerySet(WishQuerySet):
    def on(self, **thing):
        """Of one thing: `on(kind=…)`."""
        return self.filter(**thing)


class Follow(Wish):
    """A person wishes to hear of what happens: of new initiatives and meetings."""

    THINGS = ("neighbourhood", "kind", "initiative")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("neighbourhood")
    )
    kind = models.ForeignKey(
        InitiativeKind, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("kind of initiative")
    )
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("initiative")
    )

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(FollowQuerySet))

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.CheckConstraint(
                condition=Q(neighbourhood__isnull=False, kind=None, initiative=None)
                | Q(neighbourhood=None, kind__isnull=False, initiative=None)
                | Q(neighbourhood=None, kind=None, initiative__isnull=False),
                name="one_thing_is_followed",
            ),
            models.UniqueConstraint(
                fields=["neighbourhood", "user"],
                condition=Q(neighbourhood__isnull=False),
                name="one_follow_per_neighbourhood",
            ),
            models.UniqueConstraint(
                fields=["municipality", "kind", "user"], condition=Q(kind__isnull=False), name="one_follow_per_kind"
            ),
            models.UniqueConstraint(
                fields=["initiative", "user"], condition=Q(initiative__isnull=False), name="one_follow_per_initiative"
            ),
            models.UniqueConstraint("user", "municipality", "slot", name="one_follow_per_slot"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=MOST_FOLLOWS), name="follows_within_cap"),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="follow_rhythm_is_known"),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.neighbourhood_id}/{self.kind_id}/{self.initiative_id}"

    @property
    def thing(self):
        """What is followed."""
        return self.neighbourhood or self.kind or self.initiative


class DigestQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(next_at__lte=now).order_by("next_at", "pk")

    def of(self, user):
        return self.filter(user=user)


class Digest(models.Model):
    """When one person's digest of a municipality comes; there is a row only while a wish of theirs asks for one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    hour = models.PositiveSmallIntegerField(
        _("hour"),
        default=18,
        validators=[MinValueValidator(DIGEST_HOURS[0]), MaxValueValidator(DIGEST_HOURS[-1])],
    )
    next_at = models.DateTimeField(_("next one"))

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(DigestQuerySet))

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint("user", "municipality", name="one_digest_per_person"),
            models.CheckConstraint(
                condition=Q(hour__gte=DIGEST_HOURS[0], hour__lte=DIGEST_HOURS[-1]), name="digest_hour_is_by_day"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="digest_due")]

    def __str__(self):
        return f"{self.user_id} {self.hour}:00"


class NewsQuerySet(models.QuerySet):
    def between(self, start, end):
        return self.filter(created_at__gt=start, created_at__lte=end).order_by("created_at", "pk")

    def with_things(self):
        return self.select_related(
            "help_request__category",
            "help_request__neighbourhood",
            "initiative__kind",
            "meeting__initiative__kind",
            "meeting__neighbourhood",
        )


class News(models.Model):
    """Something that those who wished for it are told once: a request was listed, an initiative can be read of, a
    meeting (or a series, of which it is the first) was planned."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    help_request = models.OneToOneField(
        HelpRequest, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("request for help")
    )
    initiative = models.OneToOneField(
        Initiative, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("initiative")
    )
    meeting = models.OneToOneField(
        Meeting, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    # Nobody is told of their own act.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(NewsQuerySet))

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
        constraints = [
            models.CheckConstraint(
                condition=Q(help_request__isnull=False, initiative=None, meeting=None)
                | Q(help_request=None, initiative__isnull=False, meeting=None)
                | Q(help_request=None, initiative=None, meeting__isnull=False),
                name="news_is_of_one_thing",
            )
        ]
        indexes = [models.Index(fields=["municipality", "created_at"], name="news_by_time")]

    def __str__(self):
        return f"{self.help_request_id}/{self.initiative_id}/{self.meeting_id}"
