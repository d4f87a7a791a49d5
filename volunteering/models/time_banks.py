"""Time banks: members give each other hours. An hour is an hour; minutes are whole numbers.

What was given and taken is booked as two entries that sum to zero. Entries are never changed: a mistake is put right by
an exchange the other way round. Nobody reads the account of another, and nothing here sorts people by their hours.
"""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from volunteering.models.groups import Group, OutOfTheCms

NOTE_LIMIT = 200
MOST_MINUTES = 24 * 60


class ExchangeState(models.TextChoices):
    PROPOSED = "proposed", _("waits for the one who received help")
    BOOKED = "booked", _("booked")
    DECLINED = "declined", _("not confirmed")
    WITHDRAWN = "withdrawn", _("taken back")


class EntrySide(models.TextChoices):
    GAVE = "gave", _("gave")
    TOOK = "took", _("received")


class NoteKind(models.TextChoices):
    OFFER = "offer", _("I can offer")
    WISH = "wish", _("I would like")


class TimeBank(OutOfTheCms):
    """The rules of one time bank; its people are those of the group."""

    group = models.OneToOneField(
        Group, models.CASCADE, primary_key=True, related_name="time_bank", verbose_name=_("group")
    )
    limit = models.PositiveIntegerField(
        _("minutes below zero"), default=600, help_text=_("So many minutes more than given may a member have received.")
    )
    # The number that the next account gets.
    next_number = models.PositiveIntegerField(_("next number"), default=1)

    objects = ScopedManager(municipality="group__municipality")

    class Meta:
        verbose_name = _("time bank")
        verbose_name_plural = _("time banks")

    def __str__(self):
        return str(self.pk)


class TimeAccountQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def open(self):
        return self.filter(closed_at=None)

    def of_bank(self, bank):
        return self.filter(bank=bank)

    def by_number(self):
        return self.select_related("user").order_by("number")

    def wrong(self):
        """Accounts whose balance is not what their entries come to. There are none."""
        return self.annotate(booked=Coalesce(Sum("entries__minutes"), 0)).exclude(balance=F("booked"))


class TimeAccount(OutOfTheCms):
    """What a member has given more than received, in minutes. Who leaves takes the name away; the numbers stay, for
    the books to agree."""

    bank = models.ForeignKey(
        TimeBank, models.CASCADE, related_name="accounts", db_index=False, verbose_name=_("time bank")
    )
    number = models.PositiveIntegerField(_("number"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    balance = models.IntegerField(_("balance in minutes"), default=0)
    # The bank's at the time; a correction may take one account further down than that.
    limit = models.PositiveIntegerField(_("minutes below zero"))
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ScopedManager(
        municipality="bank__group__municipality", _manager_class=models.Manager.from_queryset(TimeAccountQuerySet)
    )

    class Meta:
        verbose_name = _("time account")
        verbose_name_plural = _("time accounts")
        constraints = [
            models.UniqueConstraint("bank", "number", name="one_time_account_per_number"),
            models.UniqueConstraint("bank", "user", name="one_time_account_per_person"),
            models.CheckConstraint(condition=Q(balance__gte=F("limit") * -1), name="balance_within_the_limit"),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(user=None), name="closed_time_account_has_no_name"),
        ]

    def __str__(self):
        return f"{self.bank_id}/{self.number}"


class TimeExchangeQuerySet(models.QuerySet):
    def waiting_for(self, account):
        """To be confirmed by this one."""
        return self.filter(receiver=account, state=ExchangeState.PROPOSED).with_sides().order_by("pk")

    def reported_by(self, account):
        """What this one gave and nobody has confirmed yet."""
        return self.filter(giver=account, state=ExchangeState.PROPOSED).with_sides().order_by("pk")

    def received_by(self, account):
        return self.filter(receiver=account)

    def given_by(self, account):
        return self.filter(giver=account)

    def of_bank(self, bank):
        return self.filter(bank=bank)

    def by_key(self, pk):
        return self.filter(pk=pk).first()

    def proposed(self):
        return self.filter(state=ExchangeState.PROPOSED)

    def booked(self):
        return self.filter(state=ExchangeState.BOOKED)

    def concerning(self, account):
        return self.filter(Q(giver=account) | Q(receiver=account))

    def with_sides(self):
        return self.select_related("giver__user", "receiver__user", "bank__group")

    def unbalanced(self):
        """Exchanges whose entries are not as they must be: two that sum to zero where booked, else none. There are
        no such exchanges."""
        found = self.annotate(rows=Count("entries"), total=Coalesce(Sum("entries__minutes"), 0))
        return found.exclude(state=ExchangeState.BOOKED, rows=2, total=0).exclude(
            ~Q(state=ExchangeState.BOOKED), rows=0
        )


class TimeExchange(OutOfTheCms):
    """One member gave another one some time. Booked once the one who received it says so."""

    bank = models.ForeignKey(TimeBank, models.CASCADE, related_name="exchanges", verbose_name=_("time bank"))
    giver = models.ForeignKey(TimeAccount, models.CASCADE, related_name="given", verbose_name=_("who gave"))
    receiver = models.ForeignKey(TimeAccount, models.CASCADE, related_name="received", verbose_name=_("who received"))
    minutes = models.PositiveIntegerField(_("minutes"))
    what = models.CharField(_("what it was"), max_length=NOTE_LIMIT, blank=True)
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=9, choices=ExchangeState, default=ExchangeState.PROPOSED)
    # One for each filled-in form: sent twice is booked once.
    key = models.UUIDField(_("key"), editable=False)
    corrects = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="corrected_by", verbose_name=_("puts right")
    )
    changed_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = ScopedManager(
        municipality="bank__group__municipality", _manager_class=models.Manager.from_queryset(TimeExchangeQuerySet)
    )

    class Meta:
        verbose_name = _("exchange of time")
        verbose_name_plural = _("exchanges of time")
        constraints = [
            models.UniqueConstraint("bank", "key", name="one_exchange_per_key"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="nobody_gives_time_to_themselves"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=MOST_MINUTES), name="exchange_takes_some_minutes"
            ),
            models.CheckConstraint(condition=Q(state__in=ExchangeState.values), name="exchange_state_is_known"),
        ]

    def __str__(self):
        return f"{self.bank_id}/{self.pk}"


class TimeEntryQuerySet(models.QuerySet):
    def statement(self, account):
        """This account's entries, the latest first, each with the balance after it."""
        return (
            self.filter(account=account)
            .annotate(
                balance_after=Window(Sum("minutes"), order_by=F("pk").asc()),
            )
            .select_related("exchange__giver__user", "exchange__receiver__user")
            .order_by("-pk")
        )


class TimeEntry(OutOfTheCms):
    """One side of a booked exchange. Never changed, which the database sees to as well."""

    exchange = models.ForeignKey(
        TimeExchange, models.CASCADE, related_name="entries", db_index=False, verbose_name=_("exchange of time")
    )
    account = models.ForeignKey(TimeAccount, models.CASCADE, related_name="entries", verbose_name=_("time account"))
    side = models.CharField(_("side"), max_length=4, choices=EntrySide)
    # Given ones up, received ones down.
    minutes = models.IntegerField(_("minutes"))
    booked_at = models.DateTimeField(_("booked"), default=timezone.now)

    objects = ScopedManager(
        municipality="account__bank__group__municipality",
        _manager_class=models.Manager.from_queryset(TimeEntryQuerySet),
    )

    class Meta:
        verbose_name = _("entry of a time account")
        verbose_name_plural = _("entries of time accounts")
        constraints = [
            models.UniqueConstraint("exchange", "side", name="one_entry_per_side"),
            models.UniqueConstraint("exchange", "account", name="one_entry_per_account"),
            models.CheckConstraint(
                condition=Q(side="gave", minutes__gt=0) | Q(side="took", minutes__lt=0),
                name="given_time_goes_up_and_received_time_down",
            ),
        ]

    def __str__(self):
        return f"{self.exchange_id}: {self.side}"


class TimeNoteQuerySet(models.QuerySet):
    def of_bank(self, bank):
        return self.filter(account__bank=bank, account__closed_at=None).select_related("account__user")

    def by(self, account):
        return self.filter(account=account)

    def made_before(self, moment):
        return self.filter(created_at__lt=moment)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class TimeNote(OutOfTheCms):
    """What a member can offer, or would like. Read inside the bank only."""

    account = models.ForeignKey(TimeAccount, models.CASCADE, related_name="notes", verbose_name=_("time account"))
    kind = models.CharField(_("kind"), max_length=5, choices=NoteKind)
    words = models.CharField(_("words"), max_length=NOTE_LIMIT)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ScopedManager(
        municipality="account__bank__group__municipality",
        _manager_class=models.Manager.from_queryset(TimeNoteQuerySet),
    )

    class Meta:
        verbose_name = _("offer or wish in a time bank")
        verbose_name_plural = _("offers and wishes in a time bank")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NoteKind.values) & ~Q(words=""), name="time_note_says_something"
            )
        ]

    def __str__(self):
        return str(self.pk)
