"""States of what is live around pages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegistrationState(TextChoices):
    JOINED = "joined", _("registered")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("was offered a free place")
    LEFT = "left", _("signed off")
    CANCELLED = "cancelled", _("taken off by staff")


# Registrations that hold one of the places: an offered place is kept for whom it was offered to.
HOLDING = (RegistrationState.JOINED, RegistrationState.OFFERED)
# Registrations of people who count on being told.
LIVE = (*HOLDING, RegistrationState.WAITING)


class SignUp(TextChoices):
    """How things stand with registering for an event, for everybody who reads its page."""

    NONE = "none", _("no registration")
    OPEN = "open", _("registration is open")
    WAITING = "waiting", _("all places are taken, there is a waiting list")
    FULL = "full", _("all places are taken")
    CLOSED = "closed", _("registration is over")
    PAST = "past", _("it has taken place")
    CALLED_OFF = "called_off", _("called off")


class CallStatus(TextChoices):
    UPCOMING = "upcoming", _("opens soon")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed, results to come")
    RESOLVED = "resolved", _("decided")


class SubscriberState(TextChoices):
    """Where somebody stands who wants the newsletter."""

    PENDING = "pending", _("has to confirm")
    CONFIRMED = "confirmed", _("gets the newsletter")
    LEFT = "left", _("has left")


# Verb → from which states, to which one.
SUBSCRIBER = {
    "ask": ({SubscriberState.PENDING, SubscriberState.LEFT}, SubscriberState.PENDING),
    "confirm": ({SubscriberState.PENDING}, SubscriberState.CONFIRMED),
    "leave": ({SubscriberState.PENDING, SubscriberState.CONFIRMED}, SubscriberState.LEFT),
}


class LeftWhy(TextChoices):
    NONE = "", _("not left")
    ASKED = "asked", _("the person wanted it")
    COMPLAINED = "complained", _("the person called a letter a nuisance")
    DEAD = "dead", _("there is no such mailbox")
    NEVER_CONFIRMED = "silent", _("never confirmed")


class IssueState(TextChoices):
    DRAFT = "draft", _("draft")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent to readers")
    STOPPED = "stopped", _("stopped")


ISSUE = {
    "edit": ({IssueState.DRAFT}, IssueState.DRAFT),
    "send": ({IssueState.DRAFT}, IssueState.SENDING),
    "complete": ({IssueState.SENDING}, IssueState.SENT),
    "stop": ({IssueState.SENDING}, IssueState.STOPPED),
}
# Issues that everybody can read in the archive.
PUBLIC_ISSUES = (IssueState.SENDING, IssueState.SENT)


class LetterState(TextChoices):
    """What became of one issue for one subscriber."""

    WAITING = "waiting", _("not sent yet")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("nothing of what the person chose, or has left")
    FAILED = "failed", _("could not be delivered")
