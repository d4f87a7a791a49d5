"""Pages that the law wants looked through again, and the reminders that were sent of it."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reviewed(models.Model):
    """Mixin of such pages: `next_review()` says by which day, and `REMIND_BEFORE` how long before editors are told."""

    REMIND_BEFORE = timedelta(days=30)

    # Follows from the page's own dates each time it is published.
    review_due = models.DateField(_("to be reviewed by"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def next_review(self):
        """The day by which somebody has to look through the page again; None where that cannot be said yet."""
        raise NotImplementedError

    def clean(self):
        super().clean()
        self.review_due = self.next_review()

    @property
    def reminded_from(self):
        return self.review_due - self.REMIND_BEFORE


class ReviewReminder(models.Model):
    """That editors were told of one review. A review that was done moves the day on, and so arms the next reminder."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page"))
    due_on = models.DateField(_("to be reviewed by"))

    class Meta:
        verbose_name = _("reminder of a review")
        verbose_name_plural = _("reminders of reviews")
        constraints = [models.UniqueConstraint("page", "due_on", name="one_reminder_per_review")]

    def __str__(self):
        return f"{self.page_id} {self.due_on}"
