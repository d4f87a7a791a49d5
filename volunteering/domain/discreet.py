"""Word for people in groups: one kind of event for all of it, without an actor, so that neither a trail nor a letter
nor a frame tells that somebody belongs to a group, or to which one. Its notice says only that there is a message."""

from notifications.outbox import publish

KIND = "volunteering.word"

POST = "post"
MEETING = "meeting"
ASKED = "asked"
ANSWERED = "answered"
REPORTED = "reported"
EXCHANGE = "exchange"


def tell(group, what, **keys):
    """`what`: one of the above; `keys`: keys of rows of the group that say whom it concerns, never of people."""
    publish(KIND, group, actor=None, municipality=group.municipality, what=what, **keys)


def tell_of_meeting(meeting):
    """The people of the initiative's group, where it has one."""
    group = getattr(meeting.initiative, "group", None)
    if group is not None:
        tell(group, MEETING, meeting=meeting.pk)
