"""Groups and clubs of initiatives: who belongs to them. Live rows that no CMS role can reach.

Wagtail's index of references would list members in the CMS, as “uses” of an initiative: every model here stays out of
it (`OutOfTheCms`). Who belongs to a closed group is nobody's business outside of it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality
from volunteering.models.initiatives import Initiative, Joining

WORD_LIMIT = 500
AGREEMENT_LIMIT = 4000


class OutOfTheCms(models.Model):
    """What Wagtail's index of references never reads."""

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class MemberState(models.TextChoices):
    ASKED = "asked", _("would like to join")
    MEMBER = "member", _("belongs to it")
    DECLINED = "declined", _("not this time")
    REMOVED = "removed", _("taken out by the facilitator")


class GroupRole(models.TextChoices):
    MEMBER = "member", _("member")
    FACILITATOR = "facilitator", _("facilitator")


class ShownTo(models.TextChoices):
    """Who reads a member's first name. Facilitators always do: they let people in."""

    NOBODY = "nobody", _("the facilitator only")
    GROUP = "group", _("the people of the group")
    EVERYBODY = "everybody", _("everybody, on the page of the initiative")


class GroupQuerySet(models.QuerySet):
    def to_be_joined(self):
        """Groups that strangers may know of and join: neither closed nor at an end."""
        return self.filter(is_closed=False, initiative__live=True, initiative__lifecycle__state="running").exclude(
            initiative__joining=Joining.CLOSED
        )

    def with_details(self):
        return self.select_related("initiative__kind", "initiative__lifecycle", "municipality__site")


class Group(OutOfTheCms):
    """The people of an initiative that one belongs to. Opened at the desk, led by a facilitator."""

    initiative = models.OneToOneField(
        Initiative, models.CASCADE, related_name="group", verbose_name=_("initiative"), editable=False
    )
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    # Once closed, always closed: people joined knowing that nobody learns of it.
    is_closed = models.BooleanField(_("closed group"), default=False)
    # The agreement in force; 0: none was written.
    agreement_version = models.PositiveSmallIntegerField(_("version of the agreement"), default=0)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(GroupQuerySet))

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        """A number and no words: an address stays in the history of a phone."""
        return reverse("volunteering:group", args=[self.pk])

    def close(self):
        """Whoever was named to everybody is named to the group only from now on."""
        # The group before its people, as every verb does. Of these the database takes care in the same statement.
        self.is_closed = True
        self.save(update_fields=["is_closed"])


class GroupMemberQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def present(self):
        return self.filter(state=MemberState.MEMBER)

    def facilitators(self):
        return self.present().filter(role=GroupRole.FACILITATOR)

    def of_group(self, group):
        return self.filter(group=group)

    def waiting(self):
        """Asked, or asked and not taken in."""
        return self.filter(state__in=[MemberState.ASKED, MemberState.DECLINED])

    def with_group(self):
        return self.select_related(
            "group__initiative__kind", "group__initiative__lifecycle", "group__municipality__site", "group__time_bank"
        )

    def by_title(self):
        return self.order_by("group__initiative__title", "pk")

    def asking(self):
        return self.filter(state=MemberState.ASKED).order_by("changed_at", "pk")

    def named(self):
        return self.exclude(shown_to=ShownTo.NOBODY)

    def named_in_public(self):
        return self.facilitators().filter(shown_to=ShownTo.EVERYBODY, group__is_closed=False).select_related("user")

    def who_want_to_hear(self):
        return self.present().filter(is_muted=False, user__is_active=True)

    def by_name(self):
        """Facilitators first."""
        return self.select_related("user").order_by("role", "user__display_name", "pk")

    def over_before(self, state, moment):
        return self.filter(state=state, changed_at__lt=moment)


class GroupMember(OutOfTheCms):
    """That a person belongs to a group, or asked to. Leaving deletes the row."""

    # No index of its own: the constraint begins with it.
    group = models.ForeignKey(Group, models.CASCADE, related_name="members", db_index=False, verbose_name=_("group"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    # A copy, so that the database can hold the rule below; it stays the group's (a trigger sees to that).
    is_closed = models.BooleanField(_("closed group"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=MemberState, default=MemberState.MEMBER)
    role = models.CharField(_("role"), max_length=11, choices=GroupRole, default=GroupRole.MEMBER)
    shown_to = models.CharField(_("who reads my first name"), max_length=9, choices=ShownTo, default=ShownTo.NOBODY)
    # To the facilitator, while asking.
    word = models.TextField(_("a word to the facilitator"), max_length=WORD_LIMIT, blank=True)
    agreement_version = models.PositiveSmallIntegerField(_("agreement accepted"), default=0)
    is_muted = models.BooleanField(_("wants no notices"), default=False)
    read_up_to = models.BigIntegerField(_("read up to"), default=0)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = ScopedManager(
        municipality="group__municipality", _manager_class=models.Manager.from_queryset(GroupMemberQuerySet)
    )

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of a group")
        constraints = [
            models.UniqueConstraint("group", "user", name="one_member_per_person"),
            models.CheckConstraint(
                condition=Q(is_closed=False) | ~Q(shown_to="everybody"), name="closed_groups_members_are_never_public"
            ),
            models.CheckConstraint(condition=Q(state__in=MemberState.values), name="member_state_is_known"),
            models.CheckConstraint(condition=Q(role__in=GroupRole.values), name="member_role_is_known"),
            models.CheckConstraint(condition=Q(shown_to__in=ShownTo.values), name="member_shown_to_is_known"),
            models.CheckConstraint(
                condition=Q(role="member") | Q(state="member"), name="only_members_are_facilitators"
            ),
            models.CheckConstraint(condition=Q(word="") | Q(state="asked"), name="only_who_asks_leaves_a_word"),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_facilitator(self):
        return self.role == GroupRole.FACILITATOR

    @property
    def shows_name(self):
        return self.shown_to != ShownTo.NOBODY


class GroupAgreement(OutOfTheCms):
    """What the people of a group have agreed upon, in one version of it. Never changed: a new one is written."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="agreements", db_index=False, verbose_name=_("group"))
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("agreement"), max_length=AGREEMENT_LIMIT)
    made_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = ScopedManager(municipality="group__municipality")

    class Meta:
        verbose_name = _("agreement of a group")
        verbose_name_plural = _("agreements of a group")
        constraints = [
            models.UniqueConstraint("group", "version", name="one_agreement_per_version"),
            models.CheckConstraint(condition=Q(version__gt=0) & ~Q(text=""), name="agreement_says_something"),
        ]

    def __str__(self):
        return f"{self.group_id}/{self.version}"


class GroupInvitationQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def over(self, moment):
        return self.filter(Q(used_at__lt=moment) | Q(expires_at__lt=moment))


class GroupInvitation(OutOfTheCms):
    """A code that lets one person in. Only its digest is kept: whoever reads the table cannot come in, and nobody can
    tell from it who did."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations", verbose_name=_("group"))
    digest = models.CharField(_("code"), max_length=64, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=11, choices=GroupRole, default=GroupRole.MEMBER)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = ScopedManager(
        municipality="group__municipality", _manager_class=models.Manager.from_queryset(GroupInvitationQuerySet)
    )

    class Meta:
        verbose_name = _("invitation to a group")
        verbose_name_plural = _("invitations to a group")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=GroupRole.values), name="invitation_role_is_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_after_it_begins"),
        ]

    def __str__(self):
        return str(self.pk)
