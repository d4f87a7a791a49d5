"""Who an announcement is for. Every answer is one query, however many people it names.

Only open accounts; nobody who is not to meet the author (by either one's wish), and never the author. Staff ring those
who have no account.
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from volunteering.models import AnnouncementRecipient, Block, Commitment, Meeting, Participation, Standing
from volunteering.states import HOLDING

# Who was signed up for a meeting that long ago still belongs to the initiative: “we pause in August” is for them too.
RECENTLY = timedelta(days=30)


def people(announcement):
    """The people concerned now, as accounts."""
    found = get_user_model().objects.filter(CONCERNED[announcement.audience](announcement), is_active=True)
    if announcement.author_id is None:
        return found
    author, person = announcement.author_id, OuterRef("pk")
    kept_apart = Block.objects.filter(municipality=announcement.municipality_id).filter(
        Q(by=person, against=author) | Q(by=author, against=person)
    )
    return found.exclude(pk=author).exclude(Exists(kept_apart))


def size(announcement):
    return people(announcement).count()


def without_account(announcement):
    """How many are concerned whom only the phone reaches."""
    if announcement.visit_id:
        return int(announcement.visit.help_request.requester_id is None)
    if announcement.audience in {"initiative", "meeting"}:
        return _signed_up(announcement).filter(user=None).values("name", "phone").distinct().count()
    return 0


def _helpers(announcement):
    active = Standing.objects.active().filter(municipality=announcement.municipality_id)
    return Q(pk__in=active.values("volunteer"))


def _neighbourhood(announcement):
    """Those who live there, not those whose radius reaches there: in a small town that would be everybody. The home is
    the one of the profile, which was taken from its cell."""
    lives_there = Q(volunteer_profile__home_neighbourhood=announcement.neighbourhood_id)
    return _helpers(announcement) & lives_there


def _participants(announcement):
    return Q(pk__in=_signed_up(announcement).values("user"))


def _signed_up(announcement):
    if announcement.meeting_id:
        return Participation.objects.seated().at([announcement.meeting_id])
    recent = Meeting.objects.of_initiative(announcement.initiative_id).filter(ends_at__gt=timezone.now() - RECENTLY)
    return Participation.objects.seated().at(recent.order_by().values("pk"))


def _visit(announcement):
    """Both sides: whoever holds a place, and the resident."""
    coming = Commitment.objects.filter(visit=announcement.visit_id, state__in=HOLDING)
    return Q(pk__in=coming.order_by().values("volunteer")) | Q(pk=announcement.visit.help_request.requester_id)


CONCERNED = {
    "helpers": _helpers,
    "neighbourhood": _neighbourhood,
    "initiative": _participants,
    "meeting": _participants,
    "visit": _visit,
}


# The list ------------------------------------------------------------------------------------------------------------

WRITE_LIST = """
    insert into {recipients} (announcement_id, user_id, outcome)
    select %s, concerned.id, '' from ({people}) concerned"""


def write_list(announcement):
    """Writes down who is concerned now, in one statement; returns how many. For verbs: in their transaction."""
    sql, values = people(announcement).order_by().values("id").query.sql_with_params()
    statement = WRITE_LIST.replace("{recipients}", AnnouncementRecipient._meta.db_table).replace("{people}", sql)
    with connection.cursor() as cursor:
        cursor.execute(statement, [announcement.pk, *values])
        return cursor.rowcount
