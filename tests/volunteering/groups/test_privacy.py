"""That somebody belongs to a group is read nowhere outside of it.

The same story is told twice from one state of the database, with a frozen clock: once somebody joins the closed group
and is written to there, once not. What strangers, neighbours, organisers and editors get is the same, byte for byte;
what the person gets outside the page of the group does not name it.
"""

import re
import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from wagtail.models import ReferenceIndex

from notifications import delivery, frames, letters
from notifications.models import Delivery, Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupMemberFactory
from tests.factories.neighbourhoods import MembershipFactory
from tests.factories.volunteering import MeetingFactory, StandingFactory
from volunteering.domain import discreet, group_posts, groups
from volunteering.models import ShownTo
from volunteering.models.groups import OutOfTheCms

NOW = datetime(2027, 4, 21, 10, tzinfo=UTC)
# Tokens differ at every answer; numbers of the content's version in addresses of styles say nothing about people.
NOISE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"csrfToken": "[^"]*"|nonce="[^"]*"')
SECRET = "Grupa rodzin"


@pytest.fixture
def circle(closed_group, organiser, municipality):
    """A closed group with a facilitator and a meeting; a helper, an organiser and an editor of the same gmina."""
    closed_group.initiative.title = SECRET
    closed_group.initiative.save()
    leader = GroupMemberFactory(group=closed_group, leads=True, named=True, user__display_name="Anna Wymyślona")
    MeetingFactory(initiative=closed_group.initiative, place="tajna świetlica")
    helper, editor = UserFactory(), UserFactory()
    StandingFactory(municipality=municipality, volunteer=helper)
    MembershipFactory(municipality=municipality, user=editor, editor=True)
    return {"group": closed_group, "leader": leader, "helper": helper, "organiser": organiser, "editor": editor}


def story(circle, person, *, belongs):
    """The group invites; the person comes in, or not; something is written there and told."""
    groups.invite(circle["group"])
    if belongs:
        GroupMemberFactory(group=circle["group"], user=person, shown_to=ShownTo.GROUP)
    group_posts.say(circle["leader"], key=uuid.UUID(int=7), text="Kanarek w słowach")
    deliver()
    # A letter that cannot be sent is no word to the centre either.
    Delivery.objects.filter(notification__user=person).update(state="failed", error="SMTPDataError: x", attempts=3)


def deliver():
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)


PATHS = ("/", "/inicjatywy/", "/prosby/", "/grupy/1/", "/grupy/1/osoby/", "/inicjatywy/{slug}/")
SIGNED_IN = (*PATHS, "/moje/", "/grupy/", "/moje/powiadomienia/")
DESK = (
    "/biurko/",
    "/biurko/?kolejka=listy",
    "/biurko/inicjatywy/",
    "/biurko/inicjatywy/{slug}/",
    "/biurko/spotkania/{meeting}/",
    "/biurko/wolontariusze/",
    "/biurko/wolontariusze/{person}/",
    "/biurko/ogloszenia/",
    "/biurko/ogloszenia/nowe/?do=initiative:{slug}",
    "/biurko/ustawienia/powiadomienia/",
)
CMS = (
    "/cms/",
    "/cms/snippets/volunteering/initiative/",
    "/cms/snippets/volunteering/initiative/edit/{initiative}/",
    "/cms/snippets/volunteering/initiative/usage/{initiative}/",
    "/cms/snippets/volunteering/initiative/history/{initiative}/",
    "/cms/snippets/volunteering/initiative/?export=csv",
    "/cms/reports/site-history/",
)


def answers(circle, person, enter, municipality):
    """What everybody else is answered, by who asks and where."""
    group = circle["group"]
    names = {
        "slug": group.initiative.slug,
        "initiative": group.initiative_id,
        "meeting": group.initiative.meetings.get().pk,
        "person": person.pk,
    }
    asked = [(Client(HTTP_HOST=municipality.site.hostname), "stranger", PATHS)]
    asked += [(enter(circle["helper"]), "neighbour", SIGNED_IN), (enter(circle["editor"]), "editor", CMS)]
    asked += [(enter(circle["organiser"]), "organiser", (*SIGNED_IN, *DESK))]
    found = {}
    for client, who, paths in asked:
        for path in paths:
            answer = client.get(path.format(**names))
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[who, path] = (answer.status_code, answer.headers.get("Location"), NOISE.sub(b"", content))
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's sequences do not roll back: ids differ")
@time_machine.travel(NOW, tick=False)
def test_membership_of_a_closed_group_changes_nothing_for_anybody_else(circle, person, enter, municipality):
    seen = []
    for belongs in (True, False):
        with transaction.atomic():
            story(circle, person, belongs=belongs)
            seen.append(answers(circle, person, enter, municipality))
            transaction.set_rollback(True)

    different = [key for key in seen[0] if seen[0][key] != seen[1][key]]
    assert different == []
    assert {key for key, (status, *_rest) in seen[0].items() if status >= 500} == set()
    assert seen[0]["neighbour", "/grupy/"][0] == 200
    everything = b"".join(content for _status, _to, content in seen[0].values())
    for secret in ("Kanarek", "Zofia", "Anna"):
        assert secret.encode() not in everything
    public = b"".join(
        content for (who, _path), (*_rest, content) in seen[0].items() if who in {"stranger", "neighbour"}
    )
    assert "tajna świetlica".encode() not in public


@time_machine.travel(NOW, tick=False)
def test_letters_frames_and_inbox_do_not_name_the_group(circle, person, enter):
    GroupMemberFactory(group=circle["group"], user=person)
    group_posts.say(circle["leader"], key=uuid.uuid4(), text="Kanarek w słowach")
    deliver()
    with time_machine.travel(NOW.replace(minute=10), tick=False):
        letters.send_due()

    notices = list(Notification.objects.select_related("event").filter(user=person))
    told = repr(frames.of_notifications(notices, person, "pl")) + enter(person).get("/moje/powiadomienia/").text
    letter = mail.outbox[0]
    sent = repr((letter.subject, letter.body, letter.alternatives, letter.extra_headers, letter.from_email))
    for word in (SECRET, "rodzin", "Kanarek", "Anna", "grupa", "grupy", "group", circle["group"].initiative.slug):
        assert word not in sent
        assert word not in repr(frames.of_notifications(notices, person, "pl"))
    for word in (SECRET, "Kanarek", "Anna"):
        assert word not in told
    assert (len(notices), len(mail.outbox), notices[0].event.actor) == (1, 1, None)


def test_every_group_is_told_of_in_the_same_words(group, leader, circle, person, say):
    for each in (group, circle["group"]):
        GroupMemberFactory(group=each, user=person)
    say(leader)
    say(circle["leader"])
    deliver()

    first, second = Notification.objects.select_related("event").filter(user=person).order_by("seq")
    one, other = (repr(frames.of_notifications([it], person, "pl")[0][1]) for it in (first, second))
    without_number = re.compile(r'"seq":\d+,"url":"[^"]*"|"at":"[^"]*"|"when":"[^"]*"')

    assert without_number.sub("", one) == without_number.sub("", other)


def test_the_link_to_stop_mail_does_not_name_groups():
    assert "group" not in discreet.KIND


def test_no_event_of_a_group_names_a_person(circle, person):
    Event.objects.all().delete()
    code = groups.invite(circle["group"])
    membership = groups.use(code, user=person)
    group_posts.say(membership, key=uuid.uuid4(), text="Dzień dobry")
    groups.leave(membership)

    assert {event.actor_id for event in Event.objects.all()} == {None}


def test_wagtails_index_of_references_knows_nothing_of_groups():
    """It would list members as “uses” of the initiative, to every editor."""
    kept_out = [model for model in apps.get_models() if issubclass(model, OutOfTheCms)]

    assert len(kept_out) == 15
    assert [model for model in kept_out if ReferenceIndex.model_is_indexable(model)] == []


def test_desk_rings_nobody_about_a_group(circle, person, enter, organiser):
    person.email = ""
    person.save()
    GroupMemberFactory(group=circle["group"], user=person)
    group_posts.say(circle["leader"], key=uuid.uuid4(), text="Kanarek")
    deliver()

    assert "Zofia" not in enter(organiser).get("/biurko/").text


def test_an_organiser_who_is_a_member_reads_the_group_and_no_more_at_the_desk(circle, enter, organiser):
    GroupMemberFactory(group=circle["group"], user=organiser)

    client = enter(organiser)

    assert client.get(circle["group"].get_absolute_url()).status_code == 200
    assert "Anna" not in client.get(f"/biurko/inicjatywy/{circle['group'].initiative.slug}/").text
