"""About groups. All of it is one notice that says nothing: a phone lies on the kitchen table, and that somebody belongs
to a group can say what troubles them. Kind, label, title, letter and frame are the same for all groups and all news."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from notifications.registry import Notice, register
from volunteering.domain import discreet
from volunteering.models import ExchangeState, GroupMember, GroupPost, MemberState, TimeExchange
from volunteering.notices.who import DeskNotice

PATIENCE = timedelta(minutes=5)
# A post that comes so soon after an unread one is announced already.
ANNOUNCED = timedelta(hours=1)


@register
class Word(Notice):
    kind = discreet.KIND
    label = _("A message for me in Ogniwo")
    template = "volunteering/notices/word.txt"
    mail_after = PATIENCE
    # Staff neither ring nor learn that there was something to tell.
    call = False
    discreet = True

    @staticmethod
    def recipients(event):
        with scopes_disabled():
            return list(RECIPIENTS[event.data["what"]](event))

    @staticmethod
    def is_settled_for(event, user):
        """Read on the page, done meanwhile, muted, announced a moment ago, or of no more concern: who has left a group
        gets no letter about it."""
        with scopes_disabled():
            what = event.data["what"]
            member = GroupMember.objects.of(user).filter(group=event.subject_id).first()
            if what == discreet.ANSWERED:
                return member is None
            if member is None or member.state != MemberState.MEMBER:
                return True
            if what == discreet.ASKED:
                return not GroupMember.objects.asking().filter(group=event.subject_id).exists()
            if what == discreet.EXCHANGE:
                return not TimeExchange.objects.proposed().filter(pk=event.data["exchange"]).exists()
            return what == discreet.POST and _is_read(event, member)

    @staticmethod
    def url(event):
        what, group = event.data["what"], event.subject_id
        if what in {discreet.ASKED, discreet.REPORTED}:
            return reverse("volunteering:group_leading", args=[group])
        if what == discreet.EXCHANGE:
            return reverse("volunteering:time_bank", args=[group])
        # Who was declined has no page of the group: the list of one's own groups says so.
        return reverse("volunteering:groups") if what == discreet.ANSWERED else event.subject.get_absolute_url()

    @staticmethod
    def why(event, user):
        return _("It is meant for you and nobody else.")


def _is_read(event, member):
    if member.is_muted:
        return True
    post = event.data.get("post")
    if post is None:
        return False
    unread = GroupPost.objects.of(event.subject_id).after(member.read_up_to)
    if post <= member.read_up_to or not unread.filter(pk=post).exists():
        return True
    earlier = unread.before(post).since(event.created_at - ANNOUNCED)
    return earlier.exclude(author=member.user_id).exists()


def _members(event):
    """Everybody who wants to hear, without who wrote it."""
    people = GroupMember.objects.who_want_to_hear().filter(group=event.subject_id).values_list("user_id", flat=True)
    post = GroupPost.objects.filter(pk=event.data.get("post")).values_list("author_id", flat=True).first()
    return set(people) - {post}


def _facilitators(event):
    return GroupMember.objects.facilitators().filter(group=event.subject_id).values_list("user_id", flat=True)


def _asker(event):
    return GroupMember.objects.filter(pk=event.data["member"]).values_list("user_id", flat=True)


def _receiver(event):
    waiting = TimeExchange.objects.filter(pk=event.data["exchange"], state=ExchangeState.PROPOSED)
    return waiting.values_list("receiver__user_id", flat=True)


RECIPIENTS = {
    discreet.POST: _members,
    discreet.MEETING: _members,
    discreet.ASKED: _facilitators,
    discreet.REPORTED: _facilitators,
    discreet.ANSWERED: _asker,
    discreet.EXCHANGE: _receiver,
}


@register
class PostReportedToCentre(DeskNotice):
    """The desk reads the words of a post, and nobody's name."""

    kind = "volunteering.group_report"
    label = _("A post in a group was reported to the centre")
    template = "volunteering/notices/group_report.txt"

    @staticmethod
    def context(event):
        with scopes_disabled():
            return {"initiative": event.subject.initiative}

    @staticmethod
    def url(event):
        with scopes_disabled():
            return reverse("desk:initiative", args=[event.subject.initiative.slug]) + "#group-title"
