"""Issues of the newsletter: what stands in them, and to whom each was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from cms.models.newsletter import Subscriber, Topic
from cms.states import PUBLIC_ISSUES, IssueState, LetterState
from neighbourhoods.models import Municipality
from volunteering.models import Initiative

TITLE_LIMIT, LEAD_LIMIT = 100, 1500


class IssueQuerySet(models.QuerySet):
    def public(self):
        """What the archive shows, the newest first."""
        return self.filter(state__in=PUBLIC_ISSUES).order_by("-number")

    def drafts(self):
        return self.filter(state=IssueState.DRAFT)

    def with_people(self):
        return self.select_related("municipality__site", "author", "sent_by")

    def left_behind(self, moment):
        """Being sent, without a sign of life since then: to be begun again, or waiting for a mail server."""
        return self.filter(state=IssueState.SENDING, touched_at__lt=moment)

    def ended_before(self, moment):
        return self.filter(ended_at__lt=moment)


class NewsletterIssue(models.Model):
    """One issue. Its title and lead are written in Polish, in other languages where somebody did it. It gets its number
    when it is sent."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="+", db_index=False, verbose_name=_("municipality")
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=IssueState, default=IssueState.DRAFT)
    title_pl = models.CharField(_("title"), max_length=TITLE_LIMIT)
    lead_pl = models.TextField(_("a few words at the beginning"), max_length=LEAD_LIMIT, blank=True)
    title_en = models.CharField(_("title in English"), max_length=TITLE_LIMIT, blank=True)
    lead_en = models.TextField(_("the beginning in English"), max_length=LEAD_LIMIT, blank=True)
    title_uk = models.CharField(_("title in Ukrainian"), max_length=TITLE_LIMIT, blank=True)
    lead_uk = models.TextField(_("the beginning in Ukrainian"), max_length=LEAD_LIMIT, blank=True)
    # From when on published things are new, as of the day on which the issue was begun.
    since = models.DateTimeField(_("gathered since"))
    # Raised by every change: nobody sends other words than they have read.
    version = models.PositiveIntegerField(_("version"), default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    touched_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    sending_at = models.DateTimeField(_("sending began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Counted anew from the letters after each batch, and kept when these are erased.
    total = models.PositiveIntegerField(_("people"), default=0)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    skipped = models.PositiveIntegerField(_("left out"), default=0)
    failed = models.PositiveIntegerField(_("not delivered"), default=0)

    objects = ScopedManager(municipality="municipality", _manager_class=models.Manager.from_queryset(IssueQuerySet))

    class Meta:
        verbose_name = _("issue of the newsletter")
        verbose_name_plural = _("issues of the newsletter")
        constraints = [
            models.UniqueConstraint("municipality", "number", name="one_issue_per_number"),
            models.CheckConstraint(condition=Q(state__in=IssueState.values), name="issue_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=IssueState.DRAFT, number=None, sending_at=None)
                | (~Q(state=IssueState.DRAFT) & Q(number__isnull=False, sending_at__isnull=False)),
                name="an_issue_that_is_sent_has_a_number",
            ),
        ]

    def __str__(self):
        return self.title_pl

    def get_absolute_url(self):
        return reverse("cms:newsletter_issue", args=[self.number])

    def words(self, language):
        """Title, lead and the language that they are in."""
        title = getattr(self, f"title_{language}", "")
        language = language if title else "pl"
        return getattr(self, f"title_{language}"), getattr(self, f"lead_{language}"), language

    @property
    def done(self):
        return self.sent + self.skipped + self.failed

    @property
    def waiting(self):
        return self.total - self.done


class NewsletterItem(models.Model):
    """One thing in an issue, in the words that it had when the issue was sent: what is taken down later stays told, but
    leads nowhere any more."""

    issue = models.ForeignKey(NewsletterIssue, models.CASCADE, related_name="items", verbose_name=_("issue"))
    position = models.PositiveSmallIntegerField(_("position"))
    topic = models.CharField(_("topic"), max_length=11, choices=Topic)
    page = models.ForeignKey(
        "wagtailcore.Page", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("page")
    )
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("initiative")
    )
    # Language → title and summary.
    words = models.JSONField(_("words"), default=dict)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    # Keys of the neighbourhoods that it is about; none: everybody.
    places = models.JSONField(_("neighbourhoods"), default=list, blank=True)

    objects = ScopedManager(municipality="issue__municipality")

    class Meta:
        verbose_name = _("item of an issue")
        verbose_name_plural = _("items of an issue")
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(topic__in=Topic.values), name="item_topic_is_known")]

    def __str__(self):
        return f"{self.issue_id}: {self.position}"


class LetterQuerySet(models.QuerySet):
    def of_issue(self, pk):
        return self.filter(issue=pk)

    def waiting(self):
        return self.filter(state=LetterState.WAITING)

    def due(self, now):
        """Not sent yet, and in nobody's hands."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.waiting().filter(free, not_before__lte=now)


class NewsletterLetter(models.Model):
    """One issue for one subscriber: at most one row, so at most one letter however often the sending begins again."""

    issue = models.ForeignKey(
        NewsletterIssue, models.CASCADE, related_name="letters", db_index=False, verbose_name=_("issue")
    )
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="letters", verbose_name=_("subscriber"))
    state = models.CharField(_("state"), max_length=7, choices=LetterState, default=LetterState.WAITING)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = ScopedManager(
        municipality="issue__municipality", _manager_class=models.Manager.from_queryset(LetterQuerySet)
    )

    class Meta:
        verbose_name = _("letter of the newsletter")
        verbose_name_plural = _("letters of the newsletter")
        constraints = [
            models.UniqueConstraint("issue", "subscriber", name="one_letter_per_issue_and_subscriber"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["issue", "id"], condition=Q(state=LetterState.WAITING), name="newsletter_to_send"),
            models.Index(fields=["issue", "state"], name="newsletter_outcomes"),
        ]

    def __str__(self):
        return f"{self.issue_id} → {self.subscriber_id}: {self.state}"
