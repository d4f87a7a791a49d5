"""Where features declare what people are told (notices) and what must be done regularly (duties).

Each app puts its notices into `notices.py` and its duties into `duties.py`; both are found at start-up.
"""

from dataclasses import dataclass
from datetime import timedelta

NOTICES = {}
DUTIES = {}


class Notice:
    """What is told of one kind of event: to whom, in which words. Words are rendered late, in the reader's language.

    `template` renders to text: the first line is the title (also the subject of the mail), the rest the body.
    It gets `event`, `subject`, `reader`, everything from `context()` and what `personal()` gave for this reader.
    """

    kind = ""
    template = ""
    # Whether the notice also goes by mail where the reader said nothing else.
    mail = True

    @staticmethod
    def recipients(event):
        """Ids of the people to tell. The actor is left out afterwards: nobody is told of their own act."""
        raise NotImplementedError

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
    def is_obsolete(event):
        """Whether there is nothing left to tell: checked before anything leaves the page (mail)."""
        return False


def register(notice):
    """Class decorator: this notice is told whenever an event of its kind is published."""
    NOTICES[notice.kind] = notice
    return notice


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
