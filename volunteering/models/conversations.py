"""What the two sides of a commitment write to each other, and when the centre was asked to look."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import CASE_ROLES, Membership, Municipality
from volunteering.models.commitments import Commitment
from volunteering.models.threads import MESSAGE_LIMIT, ThreadPhoto, ThreadQuerySet


class ClosedWhy(models.TextChoices):
    OVER = "over", _("the visit is long over")
    CENTRE = "centre", _("closed by the centre")
    BLOCKED = "blocked", _("one of the two does not want to go on")


class Side(models.TextChoices):
    HELPER = "helper", _("helper")
    RESIDENT = "resident", _("resident")
    STAFF = "staff", _("the centre")


class MailTrouble(models.TextChoices):
    """Why a mail did not become a message, or not the whole of it: told to who takes part, and kept in events."""

    FOREIGN = "foreign", _("It came from another address than that of your account. Please answer on the site.")
    CLOSED = "closed", _("Nobody can write there just now. Open the conversation to read why.")
    EMPTY = "empty", _("We found no words of yours in it. Write above the first line of our e-mail, or on the site.")
    TOO_LONG = "too_long", _("It is longer than 1000 characters. Shorten it, or write it in several messages.")
    UNREADABLE = "unreadable", _("Its letters could not be read. Please answer on the site.")
    MANY = "many", _("These were many messages in a short time. Wait a few minutes, then go on.")
    LEFT_OUT = "left_out", _("Only your words and up to five photos that can be read are in the conversation.")


class SystemWords(models.TextChoices):
    """What a conversation says by itself."""

    OPENED = "opened", _("You can write to each other here.")
    INVITED = "invited", _("The centre was asked to join this conversation.")
    JOINED = "joined", _("The centre has joined this conversation and reads it.")
    LEFT = "left", _("The centre has left this conversation.")
    CLOSED = "closed", _("This conversation was closed.")


class ConversationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those this person takes part in. Staff who took part read on only while they work with cases there."""
        part = ParticipantQuerySet(Participant).filter(conversation=OuterRef("pk"), user=user, left_at=None)
        works_here = models.QuerySet(Membership).filter(
            user=user, municipality=OuterRef("municipality"), role__in=CASE_ROLES, ended_at=None
        )
        return self.filter(Exists(part.exclude(side=Side.STAFF)) | (Exists(part) & Exists(works_here)))

    def waiting_for_staff(self):
        """The centre was invited, or something in it was reported."""
        reported = models.QuerySet(Report).filter(conversation=OuterRef("pk"), settled_at=None)
        return self.annotate(
            # Since when, for the queue: the earlier of the two.
            reported_at=Subquery(reported.order_by("created_at").values("created_at")[:1]),
            waiting_since=models.functions.Coalesce("reported_at", "staff_invited_at"),
        ).filter(Q(staff_invited_at__isnull=False) | Exists(reported))

    def of_request(self, help_request):
        return self.filter(commitment__visit__help_request=help_request)

    def for_staff(self, user):
        """Those that ask for the centre and those this member of staff takes part in: `has_joined` tells them apart."""
        joined = ParticipantQuerySet(Participant).filter(
            conversation=OuterRef("pk"), user=user, side=Side.STAFF, left_at=None
        )
        reported = models.QuerySet(Report).filter(conversation=OuterRef("pk"), settled_at=None)
        return self.annotate(has_joined=Exists(joined), is_reported=Exists(reported)).filter(
            Q(has_joined=True) | Q(is_reported=True) | Q(staff_invited_at__isnull=False)
        )

    def without_open_report(self):
        return self.exclude(Exists(models.QuerySet(Report).filter(conversation=OuterRef("pk"), settled_at=None)))

    def open(self):
        return self.filter(closed_at=None)

    def not_erased(self):
        return self.filter(erased_at=None)

    def of_visits_before(self, limit):
        return self.filter(commitment__ends_at__lt=limit)

    def with_details(self):
        return self.select_related(
            "commitment__volunteer",
            "commitment__visit__help_request__category",
            "commitment__visit__help_request__requester",
            "municipality__site",
        )


class Conversation(models.Model):
    """One for each commitment, between the one who helps and the one who is helped."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    commitment = models.OneToOneField(
        Commitment, models.CASCADE, related_name="conversation", verbose_name=_("commitment")
    )
    # Somebody under age is concerned: nothing can be written unless staff take part.
    with_minor = models.BooleanField(_("concerns somebody under age"), default=False)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    # Somebody asked the centre to join and nobody has come yet.
    staff_invited_at = models.DateTimeField(_("centre invited"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_why = models.CharField(_("why closed"), max_length=8, choices=ClosedWhy, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(ConversationQuerySet)
    )

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_why="")
                | Q(closed_at__isnull=False, closed_why__in=ClosedWhy.values),
                name="closed_conversation_says_why",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(closed_at__isnull=False), name="erased_conversation_is_closed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "staff_invited_at"],
                condition=Q(staff_invited_at__isnull=False),
                name="conversation_invitations",
            )
        ]

    def __str__(self):
        return f"{self.commitment_id}: {self.opened_at:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("volunteering:conversation", args=[self.pk])


class ParticipantQuerySet(models.QuerySet):
    def present(self):
        return self.filter(left_at=None)

    def staff(self):
        return self.filter(side=Side.STAFF)

    def with_people(self):
        return self.select_related("user")

    def who_want_to_hear(self):
        return self.present().filter(is_muted=False)


class Participant(models.Model):
    """That a person takes part, on which side, and how far they have read."""

    # No index of its own: the constraint begins with it.
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="participants", db_index=False, verbose_name=_("conversation")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    side = models.CharField(_("side"), max_length=8, choices=Side)
    is_muted = models.BooleanField(_("wants no notices"), default=False)
    read_up_to = models.BigIntegerField(_("read up to"), default=0)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    # Only staff leave; the two sides mute.
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = ScopedManager(
        municipality="conversation__municipality", _manager_class=models.Manager.from_queryset(ParticipantQuerySet)
    )

    class Meta:
        verbose_name = _("participant of a conversation")
        verbose_name_plural = _("participants of a conversation")
        constraints = [
            models.UniqueConstraint("conversation", "user", name="one_participant_per_person"),
            models.UniqueConstraint(
                "conversation", "side", condition=~Q(side="staff"), name="one_helper_and_one_resident"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="side_is_known"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(side="staff"), name="only_staff_leave"),
        ]

    def __str__(self):
        return f"{self.conversation_id}: {self.user_id} ({self.side})"


class MessageQuerySet(ThreadQuerySet):
    def of(self, conversation):
        return self.filter(conversation=conversation)

    def by(self, user):
        return self.filter(sender=user)

    def for_page(self):
        """With who wrote and how the photo is described, without the photo itself."""
        return self.select_related("sender", "photo").defer("photo__content")


class Message(models.Model):
    """One thing said. Never changed; a conversation is erased as a whole. The key gives the order."""

    # No index of its own: `message_order` begins with it.
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", db_index=False, verbose_name=_("conversation")
    )
    # Nobody: the conversation itself says something.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("from whom")
    )
    text = models.TextField(_("words"), max_length=MESSAGE_LIMIT, blank=True)
    has_photo = models.BooleanField(_("with a photo"), default=False)
    system = models.CharField(_("said by itself"), max_length=8, choices=SystemWords, blank=True)
    # One for each filled-in form: sent twice is said once.
    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ScopedManager(
        municipality="conversation__municipality", _manager_class=models.Manager.from_queryset(MessageQuerySet)
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint("conversation", "key", name="one_message_per_key"),
            models.CheckConstraint(
                condition=Q(sender=None, text="", has_photo=False, system__in=SystemWords.values)
                | (Q(sender__isnull=False, system="") & (~Q(text="") | Q(has_photo=True))),
                name="message_says_something",
            ),
        ]
        indexes = [models.Index(fields=["conversation", "id"], name="message_order")]

    def __str__(self):
        return f"{self.conversation_id}/{self.pk}"


class Photo(ThreadPhoto):
    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="photo", verbose_name=_("message")
    )

    objects = ScopedManager(municipality="message__conversation__municipality")

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")


class ReportQuerySet(models.QuerySet):
    def unsettled(self):
        """With who told, oldest first."""
        return self.filter(settled_at=None).select_related("by").order_by("created_at", "pk")


class Report(models.Model):
    """Somebody tells the centre that something in a conversation is not right. Only staff know who."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="reports", verbose_name=_("conversation")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by whom"))
    words = models.TextField(_("what is wrong"), max_length=MESSAGE_LIMIT, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )

    objects = ScopedManager(
        municipality="conversation__municipality", _manager_class=models.Manager.from_queryset(ReportQuerySet)
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                "conversation", "by", condition=Q(settled_at=None), name="one_open_report_per_person"
            )
        ]

    def __str__(self):
        return f"{self.conversation_id}: {self.by_id}"
