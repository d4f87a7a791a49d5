"""Groups: who comes in, who leads, what has been agreed upon, who goes.

Joining and leaving are nobody's business but the group's: their events name no person, and leaving says nothing to
anybody. The row of the group is locked by whatever could let in one too many, so verbs of one group follow each other.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.domain.freshness import content_changed
from notifications import inboxes
from notifications.outbox import publish
from volunteering.domain import discreet, time_banks, words
from volunteering.errors import Refused
from volunteering.models import (
    AGREEMENT_LIMIT,
    WORD_LIMIT,
    Group,
    GroupAgreement,
    GroupInvitation,
    GroupMember,
    GroupPost,
    GroupReport,
    GroupRole,
    GroupSays,
    Joining,
    MemberState,
    Poll,
    ShownTo,
    Vote,
)
from volunteering.states import LifecycleState

INVITED_FOR = timedelta(days=14)
# Letters that are not mistaken for each other on paper or on the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16
# Whoever was declined may ask again after that long; whoever was taken out is forgotten after the other.
ASK_AGAIN, REMOVED_KEPT = timedelta(days=30), timedelta(days=365)
INVITATIONS_KEPT = timedelta(days=7)
# Fewer people are never counted aloud; a closed group's number is rounded down to these steps.
FEW, STEP = 5, 5


# --- Opening ----------------------------------------------------------------------------------------------------------


def may_have_group(initiative):
    """Whether the centre is offered to open a group for it."""
    return initiative.kind.has_members or initiative.joining != Joining.OPEN


@transaction.atomic
def open_for(initiative, *, actor):
    """The initiative has people who belong to it from now on. Opening twice opens once."""
    group, is_new = Group.objects.get_or_create(
        initiative=initiative,
        defaults={"municipality": initiative.municipality, "is_closed": initiative.joining == Joining.CLOSED},
    )
    if is_new:
        publish("volunteering.group_open", initiative, actor=actor, municipality=initiative.municipality)
        content_changed(initiative.municipality)
    return group


# --- Coming in --------------------------------------------------------------------------------------------------------


def is_running(group):
    lifecycle = getattr(group.initiative, "lifecycle", None)
    return lifecycle is not None and lifecycle.state == LifecycleState.RUNNING


def membership_of(group, user):
    """How this person stands to the group; None where they do not."""
    return GroupMember.objects.of(user).filter(group=group).first()


def membership_now(membership):
    """The row as it is now; None where this person does not belong to the group any more."""
    return GroupMember.objects.filter(pk=membership.pk, state=MemberState.MEMBER).select_related("group").first()


def reasons_against_joining(group, membership=None):
    """Why this person cannot join or ask now, the weightiest first; empty when they can."""
    if group.is_closed:
        return [_("This is a closed group: its facilitator invites people in.")]
    if not is_running(group):
        return [_("This group has come to an end.")]
    state = membership.state if membership else ""
    if state == MemberState.DECLINED and membership.changed_at > timezone.now() - ASK_AGAIN:
        return [_("The facilitator could not take you in this time. Ring the centre: we will look for another group.")]
    if state == MemberState.REMOVED:
        return [_("Please ring the centre if you would like to come back to this group.")]
    return []


@transaction.atomic
def join(group, *, user, word="", shown_to=ShownTo.NOBODY):
    """Comes into an open group, or asks the facilitator of one on request. Pressing twice changes nothing."""
    group = lock(group)
    membership = membership_of(group, user)
    if membership is not None and membership.state in {MemberState.MEMBER, MemberState.ASKED}:
        return membership
    if reasons := reasons_against_joining(group, membership):
        raise Refused(*reasons)
    if group.initiative.joining == Joining.OPEN:
        return _put(group, user, state=MemberState.MEMBER, shown_to=_allowed(shown_to))
    word = words.clean(word).strip()[:WORD_LIMIT]
    asked = _put(group, user, state=MemberState.ASKED, word=word, shown_to=_allowed(shown_to))
    discreet.tell(group, discreet.ASKED)
    return asked


def _allowed(shown_to):
    return ShownTo.GROUP if shown_to == ShownTo.GROUP else ShownTo.NOBODY


def _put(group, user, **values):
    """The row of this person, as it is from now on. What is old is not told as news."""
    last = GroupPost.objects.of(group).newest_first().values_list("pk", flat=True).first()
    values = {"word": "", "role": GroupRole.MEMBER, "read_up_to": last or 0, "changed_at": timezone.now(), **values}
    values["is_closed"] = group.is_closed
    if group.is_closed and values.get("shown_to") == ShownTo.EVERYBODY:
        values["shown_to"] = ShownTo.GROUP
    return GroupMember.objects.update_or_create(group=group, user=user, defaults=values)[0]


@transaction.atomic
def withdraw(membership):
    """Asks no longer. Nothing is left of it."""
    lock(membership.group)
    GroupMember.objects.filter(pk=membership.pk, state__in=[MemberState.ASKED, MemberState.DECLINED]).delete()


@transaction.atomic
def accept(membership):
    """The facilitator lets somebody in who asked."""
    _answer(membership, MemberState.MEMBER)


@transaction.atomic
def decline(membership):
    """Not this time; they are told so kindly, and where else to turn."""
    _answer(membership, MemberState.DECLINED)


def _answer(membership, state):
    lock(membership.group)
    last = GroupPost.objects.of(membership.group).newest_first().values_list("pk", flat=True).first()
    changed = GroupMember.objects.filter(pk=membership.pk, state=MemberState.ASKED).update(
        state=state, word="", changed_at=timezone.now(), read_up_to=last or 0
    )
    if not changed:
        raise Refused(_("This person does not ask any more."))
    discreet.tell(membership.group, discreet.ANSWERED, member=membership.pk)


# --- Invitations ------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(group, *, role=GroupRole.MEMBER, by_centre=None):
    """A code for one person and a fortnight. It is shown once: afterwards only its digest is known. `by_centre`: the
    member of staff who appoints a facilitator; that leaves a trace."""
    code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
    now = timezone.now()
    GroupInvitation.objects.create(
        group=group, digest=digest_of(code), role=role, created_at=now, expires_at=now + INVITED_FOR
    )
    if by_centre is not None:
        publish("volunteering.group_appoint", group.initiative, actor=by_centre, municipality=group.municipality)
    return code


def digest_of(code):
    """Of a code as people type it: small letters, gaps and dashes do not matter."""
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()


def invitation_of(code):
    """The invitation of the open municipality that this code opens; None where it opens nothing (any more)."""
    found = GroupInvitation.objects.usable().filter(digest=digest_of(code))
    return found.select_related("group__initiative__lifecycle", "group__municipality__site").first()


def useless_words():
    return _("This invitation is not valid any more. Ask the person who gave it to you for a new one.")


@transaction.atomic
def use(code, *, user, shown_to=ShownTo.NOBODY):
    """Comes in by an invitation: one person by each, however many press at once. Who belongs to the group already, and
    is not made facilitator by it, leaves it unused."""
    invitation = invitation_of(code)
    if invitation is None or not is_running(invitation.group):
        raise Refused(useless_words())
    group = lock(invitation.group)
    membership = membership_of(group, user)
    is_in = membership is not None and membership.state == MemberState.MEMBER
    leads = invitation.role == GroupRole.FACILITATOR
    if is_in and (membership.is_facilitator or not leads):
        return membership
    if not GroupInvitation.objects.usable().filter(pk=invitation.pk).update(used_at=timezone.now()):
        raise Refused(useless_words())
    kept = {"shown_to": membership.shown_to, "agreement_version": membership.agreement_version} if is_in else {}
    membership = _put(
        group, user, state=MemberState.MEMBER, role=invitation.role, **{"shown_to": _allowed(shown_to), **kept}
    )
    if leads:
        say_by_itself(group, GroupSays.APPOINTED)
    return membership


def say_by_itself(group, system):
    """Everybody in the group reads it. For verbs, under the group's lock."""
    post = GroupPost.objects.create(group=group, system=system)
    discreet.tell(group, discreet.POST, post=post.pk)


# --- Belonging --------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_own(membership, *, shown_to, is_muted):
    """Who reads my first name, and whether I want notices. Only who leads an open group can be named to everybody."""
    group, membership = lock(membership.group), membership_now(membership)
    if membership is None:
        raise Refused(_("You do not belong to this group any more."))
    in_public = shown_to == ShownTo.EVERYBODY
    if in_public and (group.is_closed or not membership.is_facilitator):
        raise Refused(_("Only the facilitator of a group that is not closed can be named to everybody."))
    was_public = membership.shown_to == ShownTo.EVERYBODY
    GroupMember.objects.filter(pk=membership.pk).update(shown_to=shown_to, is_muted=is_muted)
    if in_public or was_public:
        content_changed(group.municipality)


@transaction.atomic
def write_agreement(group, *, text):
    """A new version; everybody has to accept it before they read on. The same words again are no new version."""
    group = lock(group)
    text = words.clean(text).strip()[:AGREEMENT_LIMIT]
    if not text:
        raise Refused(_("Write what you agree upon."))
    current = agreement_of(group)
    if current is not None and current.text == text:
        return current
    agreement = GroupAgreement.objects.create(group=group, version=group.agreement_version + 1, text=text)
    Group.objects.filter(pk=group.pk).update(agreement_version=agreement.version)
    return agreement


def agreement_of(group):
    return GroupAgreement.objects.filter(group=group, version=group.agreement_version).first()


def must_agree(membership):
    return membership.agreement_version < membership.group.agreement_version


@transaction.atomic
def agree(membership, *, version):
    """Accepts the version that was read. Raises Refused where a newer one was written meanwhile."""
    group = lock(membership.group)
    if version != group.agreement_version:
        raise Refused(_("The agreement was changed a moment ago. Please read it once more."))
    GroupMember.objects.filter(pk=membership.pk).update(agreement_version=version)


@transaction.atomic
def hand_over(membership, *, to):
    """Another member leads from now on, in one's own place."""
    group, membership = lock(membership.group), membership_now(membership)
    if membership is None or not membership.is_facilitator:
        raise Refused(_("You have handed the group over already."))
    chosen = GroupMember.objects.filter(pk=to.pk, group=group, state=MemberState.MEMBER).exclude(pk=membership.pk)
    if not chosen.update(role=GroupRole.FACILITATOR):
        raise Refused(_("This person does not belong to the group any more."))
    GroupMember.objects.filter(pk=membership.pk).update(role=GroupRole.MEMBER, shown_to=_allowed(membership.shown_to))
    say_by_itself(group, GroupSays.HANDED_OVER)
    content_changed(group.municipality)


# --- Going ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def leave(membership, *, remove_words=False):
    """One press, and nobody is told. What was written stays without a name, as that of members who show none, or goes
    along. Leaving twice is leaving once."""
    lock(membership.group)
    _let_go(membership, remove_words=remove_words)
    GroupMember.objects.filter(pk=membership.pk).delete()
    if membership.shown_to == ShownTo.EVERYBODY:
        content_changed(membership.group.municipality)


@transaction.atomic
def remove(membership):
    """The facilitator takes a member out; they cannot come back by themselves."""
    lock(membership.group)
    if membership.is_facilitator:
        raise Refused(_("A facilitator hands the role over first. The centre can help."))
    changed = GroupMember.objects.filter(pk=membership.pk, state=MemberState.MEMBER, role=GroupRole.MEMBER).update(
        state=MemberState.REMOVED, changed_at=timezone.now(), shown_to=ShownTo.NOBODY
    )
    if not changed:
        raise Refused(_("This person does not belong to the group any more."))
    _let_go(membership, remove_words=False)


def _let_go(membership, *, remove_words):
    """Posts, votes that still count, reports, the account in a time bank, and notices about the group."""
    own = GroupPost.objects.of(membership.group).by(membership.user)
    if remove_words:
        own.delete()
    else:
        own.update(author=None)
    Vote.objects.filter(member=membership, poll__in=Poll.objects.open().of(membership.group)).delete()
    GroupReport.objects.of_group(membership.group).filter(by=membership.user).update(by=None)
    time_banks.close_account(membership.group, membership.user)
    inboxes.mark_read_about(membership.user, membership.group)


@transaction.atomic
def forget(user):
    """Of an account that is being erased: everywhere, with all that was written."""
    for membership in (
        GroupMember.objects.of(user).select_related("group__municipality__site", "user").order_by("group")
    ):
        leave(membership, remove_words=True)


# --- Numbers and the end ----------------------------------------------------------------------------------------------


def size_of(group):
    """How many belong to it, as (at least so many, whether that is exact). (0, False): fewer than five, or none. Of a
    closed group the number goes in steps, so that it does not tell who came and went."""
    number = GroupMember.objects.filter(group=group).present().count()
    if number < FEW:
        return 0, False
    return (number // STEP * STEP, False) if group.is_closed else (number, True)


def has_facilitator(group):
    return GroupMember.objects.filter(group=group).facilitators().exists()


def has_another_facilitator(membership):
    others = GroupMember.objects.facilitators().of_group(membership.group).exclude(pk=membership.pk)
    return others.exists()


def names_in(group):
    """Key of each person who shows the group a first name → that name."""
    shown = GroupMember.objects.present().of_group(group).named().select_related("user")
    return {it.user_id: it.user.first_name for it in shown if it.user.first_name}


def named_in_public(group):
    """First names of those who lead it and wished to be named to everybody."""
    return [it.user.first_name for it in GroupMember.objects.of_group(group).named_in_public() if it.user.first_name]


def nameless():
    """The same for who shows no name and who has left: nobody can tell one from the other."""
    return _("Somebody from the group")


def forget_old(now):
    """Of the open municipality: declined and taken out people, invitations that nobody can use."""
    GroupMember.objects.over_before(MemberState.DECLINED, now - ASK_AGAIN).delete()
    GroupMember.objects.over_before(MemberState.REMOVED, now - REMOVED_KEPT).delete()
    GroupInvitation.objects.over(now - INVITATIONS_KEPT).delete()


def lock(group):
    return Group.objects.with_details().select_for_update(of=("self",)).get(pk=group.pk)
