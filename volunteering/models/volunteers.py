"""People who help: what they can and want to do, when, how far; and their standing in each municipality."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality, Neighbourhood
from volunteering.models.taxonomy import Category, Skill
from volunteering.states import StandingState

DAYS = 7
ABOUT_LIMIT = 600
ALL_HOURS = (1 << 24) - 1
WIDEST_RADIUS = 50_000
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def validate_availability(value):
    """Seven integers, Monday first; bit h of a day says that the person is free from h:00 to h+1:00 local time."""
    if not (
        isinstance(value, list)
        and len(value) == DAYS
        and all(isinstance(day, int) and 0 <= day <= ALL_HOURS for day in value)
    ):
        raise ValidationError(_("Give the free hours of seven days."))


def never_free():
    return [0] * DAYS


class VolunteerProfileQuerySet(models.QuerySet):
    def of(self, user):
        """The profile of a person, None where they have none."""
        return self.select_related("home_neighbourhood").filter(user=user).first()

    def on_duty(self, now, users):
        """Those of these keys of people who are ready for urgent requests."""
        return set(self.filter(user__in=users, on_duty_until__gt=now).values_list("user_id", flat=True))


class VolunteerProfile(models.Model):
    """One person's readiness to help, the same in every municipality. The home is kept as a cell only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="volunteer_profile", verbose_name=_("person")
    )
    is_adult = models.BooleanField(_("declares to be of age"), default=False)
    categories = models.ManyToManyField(Category, blank=True, verbose_name=_("wants to help with"))
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("skills"))
    languages = models.JSONField(_("languages"), default=list, blank=True)
    availability = models.JSONField(_("free hours"), default=never_free, validators=[validate_availability])
    home_neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, null=True, related_name="+", verbose_name=_("neighbourhood")
    )
    home_cell = models.BigIntegerField(_("cell of the home"), null=True)
    radius = models.PositiveIntegerField(
        _("how far (metres)"), default=3000, validators=[MinValueValidator(0), MaxValueValidator(WIDEST_RADIUS)]
    )
    tasks_per_week = models.PositiveSmallIntegerField(
        _("most tasks a week"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    about = models.TextField(_("a few words about yourself"), max_length=ABOUT_LIMIT, blank=True)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    on_duty_until = models.DateTimeField(_("on duty until"), null=True, blank=True)
    created_at = models.DateTimeField(_("signed up"), default=timezone.now, editable=False)

    objects = VolunteerProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("helper’s profile")
        verbose_name_plural = _("helpers’ profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tasks_per_week__gte=1, tasks_per_week__lte=20),
                name="tasks_per_week_between_1_and_20",
            )
        ]

    def __str__(self):
        return str(self.user)


class Reach(models.Model):
    """Read model of the first question of matching: who helps with this category near that cell, and everything about
    them that a query can compare without looking elsewhere. Written in the same transaction as the profile, by
    `domain.reach`; asked by `domain.candidates`."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    cell = models.BigIntegerField()
    # Free hours, as in `VolunteerProfile.availability`.
    monday = models.IntegerField()
    tuesday = models.IntegerField()
    wednesday = models.IntegerField()
    thursday = models.IntegerField()
    friday = models.IntegerField()
    saturday = models.IntegerField()
    sunday = models.IntegerField()
    # Big, because its square is.
    radius = models.BigIntegerField()
    # Bits: see `domain.reach`.
    languages = models.IntegerField()
    skills = models.BigIntegerField()
    paused_until = models.DateField(null=True)
    # The person's key: in the index, so that neither this table nor the profiles are read. The profile's key ties the
    # row to them, so this is no foreign key of its own.
    volunteer = models.BigIntegerField()
    profile = models.ForeignKey(VolunteerProfile, models.CASCADE, related_name="reach", db_index=False)

    class Meta:
        verbose_name = _("reach")
        verbose_name_plural = _("reach")
        constraints = [models.UniqueConstraint("profile", "category", name="one_reach_row_per_category")]
        # The index holds all that is asked for, so that its entries alone answer. Plain columns instead of INCLUDE:
        # SQLite has no such thing, and PostgreSQL cuts them off its inner pages anyway.
        indexes = [
            models.Index(
                fields=[
                    "category",
                    "cell",
                    *WEEK,
                    "radius",
                    "languages",
                    "skills",
                    "paused_until",
                    "volunteer",
                ],
                name="reach_near",
            )
        ]

    def __str__(self):
        return f"{self.category_id}/{self.cell}/{self.profile_id}"


class StandingQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(volunteer=user)

    def active(self):
        return self.filter(state=StandingState.ACTIVE, volunteer__is_active=True)

    def waiting(self):
        """Whom the centre still owes a talk or a decision."""
        return self.filter(state__in=[StandingState.APPLIED, StandingState.MET])

    def with_people(self):
        return self.select_related("volunteer", "volunteer__volunteer_profile__home_neighbourhood")

    def with_phone(self, phone):
        return self.filter(volunteer__phone=phone)


class Standing(models.Model):
    """What a municipality's centre has decided about one helper."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="standings", verbose_name=_("municipality")
    )
    volunteer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="standings", verbose_name=_("helper")
    )
    state = models.CharField(_("state"), max_length=10, choices=StandingState, default=StandingState.APPLIED)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )
    # Nobody learns an address before staff have let their first visit go ahead.
    first_visit_released_at = models.DateTimeField(_("first visit let go ahead"), null=True, blank=True)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(StandingQuerySet))

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint("municipality", "volunteer", name="one_standing_per_helper"),
            models.CheckConstraint(condition=models.Q(state__in=StandingState.values), name="standing_state_is_known"),
        ]
        indexes = [models.Index(fields=["municipality", "state", "changed_at"], name="standing_queue")]

    def __str__(self):
        return f"{self.volunteer}: {self.get_state_display()}"


class Block(models.Model):
    """Two people who are never brought together again, by the wish of one of them. Nobody else learns whose."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by whom"))
    against = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("whom"))
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = ScopedManager(municipality="municipality")

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [models.UniqueConstraint("municipality", "by", "against", name="one_block_per_pair")]

    def __str__(self):
        return f"{self.by_id} → {self.against_id}"
