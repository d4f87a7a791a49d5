"""What the centre writes to many people at once: written, tried out, approved where they are many, sent, withdrawn.

Above a number of people (a setting of the municipality) an announcement needs a second pair of eyes: it waits until
somebody else than the author approves it, and whoever approves it sends it. The list of people is written when the
sending begins; the worker tells them (`announcement_work`).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.models import Membership
from notifications.outbox import publish
from volunteering.domain import announcement_work, audiences
from volunteering.errors import Refused, TransitionError
from volunteering.models import Announcement
from volunteering.models.announcements import SUBJECTS
from volunteering.states import ANNOUNCEMENT, AnnouncementState
from volunteering.tasks import send_announcement


@transaction.atomic
def write(municipality, *, actor, audience, title, body, subject=None):
    """A new draft. `audience`: one of `Addressees`; `subject`: the thing that it asks for. Raises Refused where that
    is of another municipality."""
    now = timezone.now()
    announcement = Announcement(
        municipality=municipality, author=actor, title=title, body=body, created_at=now, touched_at=now
    )
    _address(announcement, audience, subject)
    announcement.save()
    publish("volunteering.announcement_write", announcement, actor=actor)
    return announcement


@transaction.atomic
def edit(announcement, *, actor, audience, title, body, subject=None):
    """Other words or other people. Whoever changes a draft is its author from now on: another one approves it."""
    locked = _move(announcement, "edit", author=actor, title=title, body=body)
    _address(locked, audience, subject)
    locked.save(update_fields=["audience", *SUBJECTS])
    publish("volunteering.announcement_edit", locked, actor=actor)
    return locked


@transaction.atomic
def test(announcement, *, actor):
    """Sends it to the one who asks, as the others will get it, marked as a test."""
    if announcement.state not in {AnnouncementState.DRAFT, AnnouncementState.WAITING}:
        raise TransitionError(WHY_NOT[announcement.state]())
    # No actor: nobody is told of their own act, and this is one.
    publish("volunteering.announcement_test", announcement, to=actor.pk)


@transaction.atomic
def ask(announcement, *, actor, version=None):
    """Somebody else is to read it before it is sent. Raises Refused where nobody else works here."""
    locked = _move(announcement, "ask", version=version, asked_at=timezone.now(), note="")
    if not audiences.size(locked):
        raise Refused(nobody())
    if not others(locked).exists():
        raise Refused(_("Nobody else works at the desk of this centre, so nobody can approve it."))
    publish("volunteering.announcement_ask", locked, actor=actor)
    return locked


@transaction.atomic
def hand_back(announcement, *, actor, note):
    """It is a draft again; its author is told what to change."""
    locked = _move(announcement, "hand_back", note=note)
    publish("volunteering.announcement_hand_back", locked, actor=actor, to=locked.author_id)
    return locked


@transaction.atomic
def approve(announcement, *, actor, version=None):
    """A second person has read it: it is sent. Raises Refused for the author."""
    locked = _move(
        announcement, "approve", version=version, not_by_author=actor, approved_by=actor, approved_at=timezone.now()
    )
    return _begin(locked, "approve", actor=actor)


@transaction.atomic
def send(announcement, *, actor, version=None):
    """Sends it to few enough people that one may decide about it. Raises Refused where they are more."""
    locked = _move(announcement, "send", version=version)
    return _begin(locked, "send", actor=actor)


@transaction.atomic
def cancel(announcement, *, actor):
    """Throws a draft away, or stops the sending before the next portion. Those told by then read that it is withdrawn,
    and no more mail leaves."""
    locked = _move(announcement, "cancel", ended_at=timezone.now())
    publish("volunteering.announcement_cancel", locked, actor=actor, told=locked.told)
    return locked


def needs_approval(announcement, size):
    return size > announcement.municipality.approval_above


def others(announcement):
    """Roles of those who may approve it: the case workers of the municipality, but the author."""
    return (
        Membership.objects.of_case_workers()
        .filter(municipality=announcement.municipality_id)
        .exclude(user=announcement.author_id)
    )


def nobody():
    return _("There is nobody to write to.")


def _begin(announcement, verb, *, actor):
    announcement.total = audiences.write_list(announcement)
    announcement.approval_above = announcement.municipality.approval_above
    if not announcement.total:
        raise Refused(nobody())
    if verb == "send" and needs_approval(announcement, announcement.total):
        raise Refused(_("These are many people. Ask a second person to read it first."))
    announcement.sent_by = actor
    announcement.sending_at = timezone.now()
    announcement.state = ANNOUNCEMENT[verb].target
    announcement.save(update_fields=["total", "approval_above", "sent_by", "sending_at", "state"])
    publish(f"volunteering.announcement_{verb}", announcement, actor=actor, people=announcement.total)
    send_announcement.enqueue(announcement.pk)
    return announcement


def _address(announcement, audience, subject):
    if subject is not None and _municipality_of(subject) != announcement.municipality_id:
        raise Refused(_("That belongs to another centre."))
    announcement.audience = audience
    for name in SUBJECTS:
        setattr(announcement, name, subject if name == audience else None)


def _municipality_of(subject):
    for path in ("help_request", "initiative"):
        subject = getattr(subject, path, subject)
    return subject.municipality_id


# Verbs that begin the sending write their state together with the list, where the database can see that both agree.
BEGINNING = frozenset({"send", "approve"})


def _move(announcement, verb, *, version=None, not_by_author=None, **changes):
    """The announcement, locked and in its next state. Raises Refused where `version` is no longer the one."""
    locked = announcement_work.lock(announcement.pk)
    if locked is None:
        raise Refused(_("This announcement is gone."))
    if locked.state not in ANNOUNCEMENT[verb].sources:
        raise TransitionError(WHY_NOT[locked.state]())
    if version is not None and locked.version != version:
        raise Refused(_("Somebody has changed the announcement meanwhile. Read it again, please."))
    if not_by_author is not None and not_by_author.pk == locked.author_id:
        raise Refused(_("You wrote it yourself. Somebody else has to read it."))
    if verb not in BEGINNING:
        changes["state"] = ANNOUNCEMENT[verb].target
    for field, value in {**changes, "version": locked.version + 1, "touched_at": timezone.now()}.items():
        setattr(locked, field, value)
    locked.save(update_fields=["version", "touched_at", *changes])
    return locked


WHY_NOT = {
    AnnouncementState.DRAFT: lambda: _("The announcement is a draft."),
    AnnouncementState.WAITING: lambda: _("The announcement waits for a second person."),
    AnnouncementState.SENDING: lambda: _("The announcement is just being sent."),
    AnnouncementState.SENT: lambda: _("The announcement has been sent."),
    AnnouncementState.CANCELLED: lambda: _("The announcement has been withdrawn."),
}


# Left behind ---------------------------------------------------------------------------------------------------------


def take_up_again(moment):
    """What a worker left behind since then goes on with the next portion."""
    for announcement in Announcement.objects.left_behind(moment):
        Announcement.objects.filter(pk=announcement.pk).update(touched_at=timezone.now())
        send_announcement.enqueue(announcement.pk)


def forget_old(moment):
    """Announcements that ended before go, with their lists; so do the counts of past days."""
    Announcement.objects.ended_before(moment).delete()
    announcement_work.forget_old_counts()
