"""What the people of a group write to each other, and what they vote upon."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from volunteering.models.groups import Group, GroupMember, OutOfTheCms
from volunteering.models.threads import MESSAGE_LIMIT, ThreadPhoto, ThreadQuerySet

QUESTION_LIMIT = 200
OPTION_LIMIT = 100


class GroupSays(models.TextChoices):
    """What a group says by itself."""

    APPOINTED = "appointed", _("The centre has appointed a facilitator, who has come into the group now.")
    HANDED_OVER = "handed", _("The group has a new facilitator.")


class GroupPostQuerySet(ThreadQuerySet):
    def of(self, group):
        return self.filter(group=group)

    def by(self, user):
        return self.filter(author=user)

    def written_before(self, moment):
        return self.filter(created_at__lt=moment, pinned_at=None)

    def pinned(self):
        return self.filter(pinned_at__isnull=False, hidden_at=None).order_by("-pinned_at", "-pk")

    def reported(self, *, to_centre):
        """With open reports: those that the group's facilitators settle, or those that the centre does."""
        open_reports = models.QuerySet(GroupReport).filter(post=OuterRef("pk"), settled_at=None, to_centre=to_centre)
        return self.filter(Exists(open_reports)).order_by("pk")

    def hidden(self):
        return self.filter(hidden_at__isnull=False).order_by("-hidden_at", "-pk")[:20]

    def with_reports(self):
        """What was said against them, without who said it."""
        unsettled = models.Prefetch(
            "reports", models.QuerySet(GroupReport).filter(settled_at=None).order_by("pk"), to_attr="open_reports"
        )
        return self.prefetch_related(unsettled)

    def for_page(self):
        """With who wrote and how the photo is described, without the photo itself."""
        return self.select_related("author", "photo").defer("photo__content")


class GroupPost(OutOfTheCms):
    """One thing said in a group. The key gives the order. Without author: the group itself, or somebody who left."""

    # No index of its own: `group_post_order` begins with it.
    group = models.ForeignKey(Group, models.CASCADE, related_name="posts", db_index=False, verbose_name=_("group"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("from whom")
    )
    text = models.TextField(_("words"), max_length=MESSAGE_LIMIT, blank=True)
    has_photo = models.BooleanField(_("with a photo"), default=False)
    system = models.CharField(_("said by itself"), max_length=9, choices=GroupSays, blank=True)
    # One for each filled-in form: sent twice is said once.
    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)

    objects = ScopedManager(
        municipality="group__municipality", _manager_class=models.Manager.from_queryset(GroupPostQuerySet)
    )

    class Meta:
        verbose_name = _("post in a group")
        verbose_name_plural = _("posts in a group")
        constraints = [
            models.UniqueConstraint("group", "key", name="one_group_post_per_key"),
            models.CheckConstraint(
                condition=Q(author=None, text="", has_photo=False, system__in=GroupSays.values)
                | (Q(system="") & (~Q(text="") | Q(has_photo=True))),
                name="group_post_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "id"], name="group_post_order"),
            models.Index(fields=["group", "pinned_at"], condition=Q(pinned_at__isnull=False), name="group_post_pinned"),
        ]

    def __str__(self):
        return f"{self.group_id}/{self.pk}"


class GroupPhoto(OutOfTheCms, ThreadPhoto):
    post = models.OneToOneField(
        GroupPost, models.CASCADE, primary_key=True, related_name="photo", verbose_name=_("post")
    )

    objects = ScopedManager(municipality="post__group__municipality")

    class Meta:
        verbose_name = _("photo in a group")
        verbose_name_plural = _("photos in a group")


class GroupReportQuerySet(models.QuerySet):
    def unsettled(self):
        return self.filter(settled_at=None).order_by("created_at", "pk")

    def for_centre(self):
        """What waits for the centre, with the words, and without anybody's name."""
        return self.unsettled().filter(to_centre=True).select_related("post")

    def of_group(self, group):
        return self.filter(post__group=group)


class GroupReport(OutOfTheCms):
    """Somebody says that a post is not right: to the facilitator, or past them to the centre. Nobody reads who did."""

    post = models.ForeignKey(GroupPost, models.CASCADE, related_name="reports", verbose_name=_("post"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by whom")
    )
    to_centre = models.BooleanField(_("to the centre"), default=False)
    words = models.TextField(_("what is wrong"), max_length=MESSAGE_LIMIT, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ScopedManager(
        municipality="post__group__municipality", _manager_class=models.Manager.from_queryset(GroupReportQuerySet)
    )

    class Meta:
        verbose_name = _("report of a post")
        verbose_name_plural = _("reports of posts")
        constraints = [
            models.UniqueConstraint("post", "by", condition=Q(settled_at=None), name="one_open_post_report_per_person")
        ]

    def __str__(self):
        return str(self.pk)


class PollQuerySet(models.QuerySet):
    def of(self, group):
        return self.filter(group=group)

    def open(self):
        return self.filter(ends_at__gt=timezone.now())

    def without_vote_of(self, member):
        return self.exclude(Exists(models.QuerySet(Vote).filter(poll=OuterRef("pk"), member=member)))

    def over_before(self, moment):
        return self.filter(ends_at__lt=moment)

    def newest_first(self):
        return self.order_by("-ends_at", "-pk")


class Poll(OutOfTheCms):
    """A question to the group. Who voted for what is read nowhere; how often, once the poll is over."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="polls", verbose_name=_("group"))
    question = models.CharField(_("question"), max_length=QUESTION_LIMIT)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"))

    objects = ScopedManager(
        municipality="group__municipality", _manager_class=models.Manager.from_queryset(PollQuerySet)
    )

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("created_at")), name="poll_ends_after_it_begins")
        ]

    def __str__(self):
        return f"{self.group_id}/{self.pk}"

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()


class PollOptionQuerySet(models.QuerySet):
    def of_polls(self, polls):
        return self.filter(poll__in=polls)

    def counted(self):
        return self.annotate(number=Count("votes")).order_by("position", "pk")


class PollOption(OutOfTheCms):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options", db_index=False, verbose_name=_("poll"))
    position = models.PositiveSmallIntegerField(_("position"))
    words = models.CharField(_("answer"), max_length=OPTION_LIMIT)

    objects = ScopedManager(
        municipality="poll__group__municipality", _manager_class=models.Manager.from_queryset(PollOptionQuerySet)
    )

    class Meta:
        verbose_name = _("answer of a poll")
        verbose_name_plural = _("answers of a poll")
        constraints = [models.UniqueConstraint("poll", "position", name="one_option_per_position")]

    def __str__(self):
        return f"{self.poll_id}/{self.position}"


class VoteQuerySet(models.QuerySet):
    def by_poll(self, member):
        """Key of the poll → key of the answer that this member chose."""
        return dict(self.filter(member=member).values_list("poll", "option"))


class Vote(OutOfTheCms):
    """One for each member and poll. Of an ended poll it may stand without the member, who left."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes", db_index=False, verbose_name=_("poll"))
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="votes", verbose_name=_("answer"))
    member = models.ForeignKey(
        GroupMember, models.SET_NULL, null=True, related_name="votes", verbose_name=_("member of a group")
    )

    objects = ScopedManager(
        municipality="poll__group__municipality", _manager_class=models.Manager.from_queryset(VoteQuerySet)
    )

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint("poll", "member", name="one_vote_per_member")]

    def __str__(self):
        return str(self.pk)
