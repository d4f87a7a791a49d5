"""What editors of a site are told of reviews that the law sets."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain import people
from cms.domain.reviews import KIND
from cms.models import EditorialTeam
from notifications.registry import Notice, register


@register
class ReviewDue(Notice):
    """To the editors of the site: a page has to be looked through by a day that the law sets."""

    kind = KIND
    label = _("A page of the site has to be reviewed")
    template = "cms/notices/review_due.txt"
    call = False

    @staticmethod
    def recipients(event):
        teams = EditorialTeam.objects.responsible_for(event.subject)
        return list(teams.filter(group__user__is_active=True).values_list("group__user", flat=True))

    @staticmethod
    def context(event):
        return {"due": date.fromisoformat(event.data["due"]), "title": event.subject.title}

    @staticmethod
    def url(event):
        return reverse("wagtailadmin_pages:edit", args=[event.subject.pk])

    @staticmethod
    def is_obsolete(event):
        page = event.subject
        return not page.live or page.review_due is None or page.review_due.isoformat() != event.data["due"]

    @staticmethod
    def concerns(user):
        return people.is_staff(user)
