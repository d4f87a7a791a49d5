"""Where features declare what people are told (notices) and what must be done regularly (duties).

Each app puts its notices into `notices.py` and its duties into `duties.py`; both are found at start-up.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

NOTICES = {}
DUTIES = {}
UNSCOPED_TASKS = set()


class Notice:
    """What is told of one kind of event: to whom, in which words. Words are rendered late, in the reader's language.

    `template` renders to plain text (nothing is escaped): the first line is the title (also the subject of the mail),
    the rest the body. It gets `event`, `subject`, everything from `context()` and, for the readers that `personal()`
    names, `reader` and their values. Whoever is not named there reads what all others read: it is rendered once for
    each language. No address and no phone belong into it: the same words go out by mail.

    All methods run inside the scope of the event's municipality; outside any where the event has none.
    """

    kind = ""
    template = ""
    # What the kind is called where people choose their mail: “Somebody wants to help me”. Without it the kind is not
    # offered there.
    label = ""
    # Whether the notice also goes by mail where the reader said nothing else.
    mail = True
    # How long its letter waits at least: whoever reads the notice on the page meanwhile needs none.
    mail_after = timedelta(0)
    # The same for devices on which the reader asked for word; None: as by mail.
    push = None
    # Whether what is urgent also goes as a text message where the reader said nothing else: it costs money, so it is
    # their choice.
    sms = False
    # Whether staff ring a person whom neither mail nor a message reaches. Staff do not ring each other.
    call = True
    # Whether it may wait for the daily or weekly summary of those who chose one. What is over by then, or asks for an
    # answer, may not.
    can_wait = True
    # Whether even the staff of the centre never learn of it, not of a letter that failed either: that somebody is told
    # may say something about them.
    discreet = False
    # What is loaded together with the subject (`select_related`), so that a page of notices costs one query for it.
    related = ()

    @staticmethod
    def recipients(event):
        """Ids of the people to tell. The actor is left out afterwards: nobody is told of their own act."""
        raise NotImplementedError

    @staticmethod
    def prepare(events, user_ids):
        """Called once before several events of this kind are put into words: the place to fetch for all of them at
        once what `context()` and `personal()` need, and to keep it on the events."""

    @staticmethod
    def context(event):
        """Values shared by all readers."""
        return {}

    @staticmethod
    def personal(event, user_ids):
        """Values of single readers: id of the user → dict. One query for all of them."""
        return {}

    @staticmethod
    def url(event):
        """Path of the page that the notice leads to, on the site of the event's municipality."""
        return "/"

    @staticmethod
    def reply_address(event, user):
        """Where this reader can answer its letter (`reply_addresses`); empty: nowhere."""
        return ""

    @staticmethod
    def is_obsolete(event):
        """Whether there is nothing left to tell: checked before anything leaves the page (mail)."""
        return False

    @staticmethod
    def is_settled_for(event, user):
        """Whether this reader needs no word outside the page, although others may: asked just before it would leave."""
        return False

    @staticmethod
    def is_urgent(event):
        """Whether it cannot wait for the morning: it ignores quiet hours, caps and summaries, and may go by SMS."""
        return False

    @staticmethod
    def rings(event):
        """Whether somebody without an account is concerned, whom staff have to ring."""
        return False

    @staticmethod
    def why(event, user):
        """Why this person is told, as one sentence to them; empty: they are named as one of those concerned."""
        return ""

    @staticmethod
    def concerns(user):
        """Whether this person may ever be told this: other kinds are not offered in their settings."""
        return True


def register(notice):
    """Class decorator: this notice is told whenever an event of its kind is published."""
    NOTICES[notice.kind] = notice
    return notice


def discreet_kinds():
    return [notice.kind for notice in NOTICES.values() if notice.discreet]


def run_without_scope(task):
    """A task of a library that knows nothing of scopes, and so finds no row of a municipality: the worker runs it with
    all of them in sight. Tasks of our own open the scope that they need."""
    UNSCOPED_TASKS.add(task.module_path)


@dataclass(frozen=True)
class DutyEntry:
    name: str
    run: object
    every: timedelta


def duty(*, every):
    """Decorator: the worker calls the function, without arguments and outside any scope, at this rhythm.

    Duties are idempotent, run in one worker at a time and catch up after a pause.
    """

    def decorate(function):
        name = f"{function.__module__}.{function.__name__}"
        DUTIES[name] = DutyEntry(name, function, every)
        return function

    return decorate


_origins = []


def set_origin(function):
    """Registers `function(municipality_id)` → scheme, host and port of that municipality's site, or None where there
    is no such municipality. The app that knows municipalities lies above this one, so it says so here."""
    _origins[:] = [function]
    return function


def origin_of(municipality_id):
    """Scheme, host and port that links in mails begin with: the municipality's own site, or else the portal."""
    origin = _origins[0](municipality_id) if _origins and municipality_id is not None else None
    return origin or settings.WAGTAILADMIN_BASE_URL


@dataclass(frozen=True)
class Centre:
    """What a message says of who sends it, and what that centre pays for."""

    name: str
    phone: str = ""
    sms_per_month: int = 0


_centres = []
_homes = []


def set_centre(function):
    """Registers `function(municipality_id)` → Centre, or None where there is no such municipality."""
    _centres[:] = [function]
    return function


def centre_of(municipality_id):
    centre = _centres[0](municipality_id) if _centres and municipality_id is not None else None
    return centre or Centre("Ogniwo")


def set_homes(function):
    """Registers `function(user_id)` → ids of the municipalities whose centres know this person."""
    _homes[:] = [function]
    return function


def centres_of(user_id):
    """Ids of the municipalities whose centres know this person."""
    return _homes[0](user_id) if _homes else []


_answers = []


def set_answers(function):
    """Registers `function(reply)`, which takes what people answer to letters: a `replies.Reply`."""
    _answers[:] = [function]
    return function


def answer(reply):
    """Hands an answer to whoever makes the addresses for answers."""
    for function in _answers:
        function(reply)


_listeners = []


def hear_of_addresses(function):
    """Registers `function(address, *, is_dead)`, which is told of every address that died (`is_dead`) or whose owner
    called our mail a nuisance: for those who write to people without an account."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def tell_of_address(address, *, is_dead):
    for function in _listeners:
        function(address, is_dead=is_dead)
