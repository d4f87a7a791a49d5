"""About what people follow: requests like one that they watch, and what happens around them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from notifications.registry import Notice, register
from volunteering.domain import news
from volunteering.domain.weeks import week_of
from volunteering.models import News, Standing, Visit


class NewsNotice(Notice):
    """At once, to those who wished for that. Only in the inbox, unless somebody asks for mail."""

    mail = False
    call = False

    @staticmethod
    def recipients(event):
        return news.told_at_once(event.subject) if event.subject else []

    @staticmethod
    def is_obsolete(event):
        return not news.is_current(event.subject)


@register
class WatchedRequest(NewsNotice):
    """No more than the list says: kind, neighbourhood, week. The page that it leads to knows who is reading."""

    kind = "volunteering.news_request"
    label = _("A request like those that I watch")
    template = "volunteering/notices/news_request.txt"
    related = ("help_request__category", "help_request__neighbourhood")

    @staticmethod
    def context(event):
        with scopes_disabled():
            help_request = event.subject.help_request
            visit = Visit.objects.open().of_request(help_request).first()
            return {"help_request": help_request, "week": week_of(visit.starts_at).label if visit else ""}

    @staticmethod
    def url(event):
        with scopes_disabled():
            return event.subject.help_request.get_absolute_url()

    @staticmethod
    def concerns(user):
        with scopes_disabled():
            return Standing.objects.of(user).exists()


@register
class FollowedInitiative(NewsNotice):
    kind = "volunteering.news_initiative"
    label = _("A new initiative where I follow")
    template = "volunteering/notices/news_initiative.txt"
    related = ("initiative__kind",)

    @staticmethod
    def context(event):
        return {"initiative": event.subject.initiative}

    @staticmethod
    def url(event):
        return event.subject.initiative.get_absolute_url()


@register
class FollowedMeeting(NewsNotice):
    kind = "volunteering.news_meeting"
    label = _("A new meeting where I follow")
    template = "volunteering/notices/news_meeting.txt"
    related = ("meeting__initiative",)

    @staticmethod
    def context(event):
        return {"meeting": event.subject.meeting, "initiative": event.subject.meeting.initiative}

    @staticmethod
    def url(event):
        return event.subject.meeting.initiative.get_absolute_url()


@register
class DigestOfNews(Notice):
    """What a day or a week brought, in one notice. What is over when it is read is no longer named."""

    kind = "volunteering.digest"
    label = _("A digest of what I follow")
    template = "volunteering/notices/digest.txt"
    mail = False
    call = False
    # It comes at an hour that its reader chose: no second one may hold it back.
    can_wait = False

    @staticmethod
    def recipients(event):
        return [event.data["user"]]

    @staticmethod
    def prepare(events, user_ids):
        """The lines of all digests on a page at once, without those of what is over."""
        keys = {key for event in events for key in event.data["news"]}
        rows = {it.pk: it for it in news.current(list(News.objects.filter(pk__in=keys).with_things()))}
        for event in events:
            event.lines = [rows[key] for key in event.data["news"] if key in rows]

    @staticmethod
    def context(event):
        return {"lines": event.lines, "number": len(event.data["news"])}

    @staticmethod
    def url(event):
        return reverse("volunteering:following")

    @staticmethod
    def is_obsolete(event):
        return not news.current(list(News.objects.filter(pk__in=event.data["news"])))
