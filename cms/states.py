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
