"""What people of a group write, and what becomes of it: pinned, hidden, reported, taken back; and polls.

The group's row is locked by whoever writes, so the keys of posts become visible in order: who has read up to one has
missed nothing before it. That lock is taken after all others of a transaction.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import inboxes
from notifications.outbox import publish
from volunteering.domain import discreet, words
from volunteering.domain.conversations import MESSAGES_WITHIN, MOST_MESSAGES, MOST_PHOTOS, PHOTOS_WITHIN
from volunteering.domain.groups import is_running, lock, membership_now, must_agree
from volunteering.domain.one_row import one_row
from volunteering.errors import Refused
from volunteering.models import (
    ALT_LIMIT,
    MESSAGE_LIMIT,
    GroupMember,
    GroupPhoto,
    GroupPost,
    GroupReport,
    GroupRole,
    Poll,
    PollOption,
    Vote,
)

MOST_PINNED = 3
MOST_OPEN_POLLS = 5
FEWEST_OPTIONS, MOST_OPTIONS = 2, 8
# What was written and voted is kept so long; pinned posts stay.
KEPT = timedelta(days=365)


def reasons_against_saying(group, membership):
    """Why this person cannot write now; empty when they can."""
    if membership is None:
        return [_("You do not belong to this group any more.")]
    if not is_running(group):
        return [_("This group has come to an end. What was written can be read for some time yet.")]
    if must_agree(membership):
        return [_("Please accept the agreement of the group first.")]
    return []


@transaction.atomic
def say(membership, *, key, text="", photo=None, alt=""):
    """Writes one post. `key`: one for each filled-in form; the same one again gives the same post."""
    group, membership = lock(membership.group), membership_now(membership)
    if membership is not None:
        membership.group = group
        said = GroupPost.objects.of(group).by(membership.user_id).filter(key=key).first()
        if said is not None:
            return said
    text, alt = words.clean(text).strip(), words.clean(alt).strip()
    reasons = reasons_against_saying(group, membership) or _reasons_in(membership.user_id, text, photo, alt)
    if reasons:
        raise Refused(*reasons)
    post = GroupPost.objects.create(
        group=group, author_id=membership.user_id, text=text, has_photo=photo is not None, key=key
    )
    if photo is not None:
        GroupPhoto.objects.create(post=post, content=photo.content, width=photo.width, height=photo.height, alt=alt)
    discreet.tell(group, discreet.POST, post=post.pk)
    return post


def _reasons_in(author, text, photo, alt):
    if not text and photo is None:
        return [_("Write something, or add a photo.")]
    if len(text) > MESSAGE_LIMIT or len(alt) > ALT_LIMIT:
        return [_("That is too long. Write it in several messages.")]
    now, lately = timezone.now(), GroupPost.objects.by(author)
    if lately.since(now - MESSAGES_WITHIN).count() >= MOST_MESSAGES:
        return [_("These were many messages in a short time. Wait a few minutes, then go on.")]
    if photo is not None and lately.since(now - PHOTOS_WITHIN).filter(has_photo=True).count() >= MOST_PHOTOS:
        return [_("These were many photos in a short time. Send the next ones in an hour.")]
    return []


def seen(membership, *, up_to):
    """This member has read up to this post. Returns how many notices were settled by it."""
    one_row(GroupMember, membership.pk).filter(read_up_to__lt=up_to).update(read_up_to=up_to)
    return inboxes.mark_read_about(membership.user, membership.group)


@transaction.atomic
def take_back(post):
    """The author, or the facilitator of words that nobody stands for any more, removes a post for good."""
    GroupPost.objects.filter(pk=post.pk).delete()


@transaction.atomic
def pin(post):
    group = lock(post.group)
    post = GroupPost.objects.of(group).filter(pk=post.pk).first()
    if post is None or post.hidden_at or post.system:
        raise Refused(_("This cannot be put on top."))
    if GroupPost.objects.of(group).pinned().exclude(pk=post.pk).count() >= MOST_PINNED:
        raise Refused(_("Three posts are on top already. Take one of them down first."))
    GroupPost.objects.filter(pk=post.pk, pinned_at=None).update(pinned_at=timezone.now())


def unpin(post):
    GroupPost.objects.filter(pk=post.pk).update(pinned_at=None)


@transaction.atomic
def hide(post):
    """Others no longer read it; whoever reported it has been heard."""
    lock(post.group)
    GroupPost.objects.filter(pk=post.pk, hidden_at=None).update(hidden_at=timezone.now(), pinned_at=None)
    settle(post)


def show(post):
    GroupPost.objects.filter(pk=post.pk).update(hidden_at=None)


def settle(post):
    """Looked at: the post stays as it is."""
    GroupReport.objects.filter(post=post, settled_at=None).update(settled_at=timezone.now())


@transaction.atomic
def report(post, *, membership, text="", to_centre=False):
    """Says that a post is not right. What a facilitator wrote goes to the centre in any case; it reads the words of the
    post and nobody's name. A second report by the same person adds nothing."""
    if post.system or post.author_id == membership.user_id:
        raise Refused(_("This is nothing that can be reported."))
    to_centre = to_centre or leads(post.group, post.author_id)
    made, is_new = GroupReport.objects.get_or_create(
        post=post,
        by_id=membership.user_id,
        settled_at=None,
        defaults={"words": words.clean(text).strip()[:MESSAGE_LIMIT], "to_centre": to_centre},
    )
    if is_new and to_centre:
        publish("volunteering.group_report", post.group, actor=None, municipality=post.group.municipality)
    elif is_new:
        discreet.tell(post.group, discreet.REPORTED)
    return made


def leads(group, user_id):
    return GroupMember.objects.filter(group=group, user=user_id, role=GroupRole.FACILITATOR).exists()


# --- Polls ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(membership, *, question, options, ends_at):
    """Puts a question to the group."""
    group, membership = lock(membership.group), membership_now(membership)
    if reasons := reasons_against_saying(group, membership):
        raise Refused(*reasons)
    options = list(dict.fromkeys(words.clean(option).strip() for option in options if option.strip()))
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Refused(_("Give from two to eight different answers."))
    if ends_at <= timezone.now():
        raise Refused(_("Choose a later day: the poll would be over already."))
    if Poll.objects.of(group).open().count() >= MOST_OPEN_POLLS:
        raise Refused(_("There are five open polls already. Wait until one is over."))
    poll = Poll.objects.create(group=group, question=words.clean(question).strip(), ends_at=ends_at)
    PollOption.objects.bulk_create(
        PollOption(poll=poll, position=place, words=option) for place, option in enumerate(options)
    )
    discreet.tell(group, discreet.POST, poll=poll.pk)
    return poll


@transaction.atomic
def vote(membership, *, option):
    """One vote for each member; until the end one may change one's mind."""
    group, membership = lock(membership.group), membership_now(membership)
    if reasons := reasons_against_saying(group, membership):
        raise Refused(*reasons)
    poll = Poll.objects.of(group).open().filter(pk=option.poll_id).first()
    if poll is None:
        raise Refused(_("This poll is over."))
    Vote.objects.update_or_create(poll=poll, member=membership, defaults={"option": option})


@transaction.atomic
def end(poll):
    """Now instead of later."""
    lock(poll.group)
    Poll.objects.open().filter(pk=poll.pk).update(ends_at=timezone.now())


def forget_old(now):
    """Of the open municipality."""
    GroupPost.objects.written_before(now - KEPT).delete()
    Poll.objects.over_before(now - KEPT).delete()
