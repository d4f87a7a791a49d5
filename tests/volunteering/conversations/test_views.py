"""The page of a conversation: who finds it, what a form answers, and what nobody else ever gets."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scope

from notifications import delivery
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import BlockFactory, CommitmentFactory, StandingFactory, VisitFactory
from volunteering.domain import conversation_safety, conversations
from volunteering.domain.photos import Redrawn
from volunteering.models import Block, Conversation, Message, Participant, Photo

ACTS = ("cisza", "centrum", "zgloszenie", "blokada")
DESK_ACTS = ("wejscie", "wyjscie", "zalatwione", "zamkniecie")
# What the two sides never learn of each other here.
PRIVATE = ("Wymyślona", "Pomocny", "kanarek@example.org", "601000008", "601 000 008", "601000009", "601 000 009")


def path(conversation, act=""):
    return f"/rozmowy/{conversation.pk}/{act}/".replace("//", "/")


def say(conversation, actor, text="Dzień dobry!", **more):
    return conversations.say(conversation, actor=actor, key=uuid.uuid4(), text=text, **more)


def letter(text="Dzień dobry!", **more):
    return {"key": str(uuid.uuid4()), "text": text, **more}


def said(conversation):
    return [message.text for message in Message.objects.of(conversation).after(0) if message.text]


def unread(user):
    return Notification.objects.of(user.pk).unread().count()


def deliver():
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)


@pytest.fixture
def with_photo(conversation, helper):
    return say(conversation, helper, photo=Redrawn(b"\xff\xd8jpeg", 4, 3), alt="Kran")


# --- Who finds it -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["stranger", "helper nearby", "organiser", "organiser elsewhere", "superuser"])
def outsider(request, municipality, organiser):
    if request.param == "organiser":
        return organiser
    if request.param == "organiser elsewhere":
        return MembershipFactory(municipality=MunicipalityFactory()).user
    user = UserFactory(superuser=request.param == "superuser")
    if request.param == "helper nearby":
        StandingFactory(municipality=municipality, volunteer=user)
    return user


def test_nobody_else_finds_anything(conversation, with_photo, enter, outsider):
    client = enter(outsider)
    addresses = [path(conversation), f"{path(conversation)}?po=0", f"{path(conversation)}zdjecia/{with_photo.pk}/"]

    answers = [client.get(address).status_code for address in addresses]
    answers += [client.post(path(conversation), letter()).status_code]
    answers += [client.post(path(conversation, act)).status_code for act in ACTS]

    assert answers == [404] * 8
    assert (said(conversation), Block.objects.count(), conversation.reports.count()) == (["Dzień dobry!"], 0, 0)


def test_nobody_else_is_told_or_begins_it(conversation, promise, helper, enter, outsider):
    say(conversation, helper)
    deliver()

    answer = enter(outsider).post(f"/prosby/{promise.visit.help_request.reference}/pomoc/{promise.pk}/rozmowa/")

    assert (answer.status_code, Notification.objects.of(outsider.pk).count()) == (404, 0)


def test_it_is_there_on_its_own_site_only(conversation, helper):
    elsewhere = MunicipalityFactory()
    client = Client(HTTP_HOST=elsewhere.site.hostname)
    sign_in(client, helper)

    assert client.get(path(conversation)).status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(conversation, with_photo, municipality):
    client = Client(HTTP_HOST=municipality.site.hostname)

    answers = [client.get(path(conversation)), client.get(f"{path(conversation)}zdjecia/{with_photo.pk}/")]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_photo_belongs_to_its_conversation(conversation, with_photo, promise, helper, enter):
    later = VisitFactory(help_request=promise.visit.help_request, starts_at=promise.visit.starts_at + timedelta(days=1))
    other = conversations.begin(CommitmentFactory(visit=later, volunteer=helper), actor=helper)

    assert enter(helper).get(f"{path(other)}zdjecia/{with_photo.pk}/").status_code == 404


def test_staff_show_their_second_factor_first(conversation, helper, organiser, enter):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)

    without, shown = (enter(organiser, second_factor=proof).get(path(conversation)) for proof in (False, True))

    assert (without.status_code, shown.status_code) == (302, 200)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_both_sides_read_first_names_and_nothing_more(conversation, helper, resident, with_photo, enter):
    say(conversation, resident, "Kiedy?")

    pages = {user: enter(user).get(path(conversation)).text for user in (helper, resident)}

    assert "Zofia" in pages[helper]
    assert "Jan" in pages[resident]
    for page in pages.values():
        assert [secret for secret in PRIVATE if secret in page] == []


def test_words_are_shown_as_they_were_typed(conversation, helper, resident, enter):
    say(conversation, helper, "<script>alert(1)</script>\nw domu")

    page = enter(resident).get(path(conversation)).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>w\u00a0domu" in page


def test_the_photo_is_private(conversation, resident, with_photo, enter):
    client = enter(resident)

    page = client.get(path(conversation)).text
    answer = client.get(f"{path(conversation)}zdjecia/{with_photo.pk}/")

    assert 'alt="Kran"' in page
    assert (answer.content, answer["Content-Type"]) == (b"\xff\xd8jpeg", "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "/media/" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_equally_often(conversation, resident, enter, count, django_assert_max_num_queries):
    for number in range(count):
        say(conversation, conversation.commitment.volunteer, str(number), photo=Redrawn(b"jpeg", 4, 3))
    client = enter(resident)
    client.get(path(conversation))

    with django_assert_max_num_queries(60) as counted:
        client.get(path(conversation))

    assert len([query for query in counted if '"volunteering_' in query["sql"]]) == 8


@pytest.mark.parametrize("count", [1, 3])
def test_live_news_ask_the_database_equally_often(conversation, resident, enter, count, django_assert_max_num_queries):
    for number in range(count):
        say(conversation, conversation.commitment.volunteer, str(number))
    client = enter(resident)

    with django_assert_max_num_queries(60) as counted:
        client.get(f"{path(conversation)}?po=0")

    assert len([query for query in counted if '"volunteering_' in query["sql"]]) == 5


def test_earlier_messages_are_a_page_away(conversation, helper, resident, enter, clock):
    for number in range(60):
        Message.objects.create(conversation=conversation, sender=helper, text=f"słowo {number:02}")
    client = enter(resident)

    newest = client.get(path(conversation)).text
    earlier = client.get(path(conversation) + re.search(r"\?przed=\d+", newest)[0]).text

    assert [number for number in range(60) if f"słowo {number:02}" in newest] == list(range(10, 60))
    assert [number for number in range(60) if f"słowo {number:02}" in earlier] == list(range(10))


@pytest.mark.parametrize("address", ["?po=abc", "?po=9" + "9" * 30, "?przed=-1", "?przed=²", "?po="])
def test_nonsense_in_the_address_breaks_nothing(conversation, helper, enter, address):
    assert enter(helper).get(path(conversation) + address).status_code == 200


def test_opening_the_page_marks_it_read(conversation, helper, resident, enter):
    say(conversation, helper)
    deliver()
    before = unread(resident)

    enter(resident).get(path(conversation))

    assert (before, unread(resident)) == (1, 0)
    assert Participant.objects.get(user=resident).read_up_to == Message.objects.of(conversation).newest_first()[0].pk


def test_a_tab_in_the_background_marks_nothing_read(conversation, helper, resident, enter):
    say(conversation, helper)
    deliver()
    client = enter(resident)

    hidden = client.get(f"{path(conversation)}?po=0&ukryta=1")
    between = unread(resident)
    seen = client.get(f"{path(conversation)}?po=0")

    assert ("X-Seen" in hidden, between, seen["X-Seen"], unread(resident)) == (False, 1, "1", 0)


def test_live_news_are_what_came_after(conversation, helper, resident, enter):
    first, second = say(conversation, helper, "raz"), say(conversation, helper, "dwa")

    news = enter(resident).get(f"{path(conversation)}?po={first.pk}")

    assert re.findall(r'data-message="(\d+)"', news.text) == [str(second.pk)]
    assert "<html" not in news.text


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_a_message_is_sent_without_scripts(conversation, helper, enter):
    answer = enter(helper).post(path(conversation), letter("Będę o piętnastej."))

    assert (answer.status_code, said(conversation)) == (302, ["Będę o piętnastej."])


def test_pressing_twice_sends_once(conversation, helper, enter):
    client, twice = enter(helper), letter("Raz")

    answers = [client.post(path(conversation), twice) for _ in range(2)]
    live = client.post(path(conversation), twice | {"po": "0"}, headers={"X-Live": "1"})

    assert (said(conversation), answers[0].url) == (["Raz"], answers[1].url)
    assert live.status_code == 200
    assert live.text.count("Raz") == 1


def test_a_live_answer_brings_what_came_meanwhile_too(conversation, helper, resident, enter):
    seen = say(conversation, helper, "raz")
    say(conversation, resident, "dwa")

    answer = enter(helper).post(path(conversation), letter("trzy", po=seen.pk), headers={"X-Live": "1"})

    assert [word for word in ("raz", "dwa", "trzy") if word in answer.text] == ["dwa", "trzy"]
    assert uuid.UUID(answer["X-Next-Key"])


@pytest.mark.parametrize("live", [{}, {"X-Live": "1"}])
def test_what_was_typed_is_not_lost(conversation, helper, resident, enter, live):
    client = enter(helper)
    BlockFactory(by=resident, against=helper)

    answer = client.post(path(conversation), letter("Kanarek moich słów"), headers=live)

    assert answer.status_code == 409
    assert said(conversation) == []
    # Where the page asked by itself, the words are still in its form.
    assert live or "Kanarek moich słów" in answer.text


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_an_empty_or_endless_message_is_shown_again(conversation, helper, enter, text):
    answer = enter(helper).post(path(conversation), letter(text))

    assert (answer.status_code, said(conversation)) == (200, [])
    assert "error-summary" in answer.text


def test_a_message_without_a_key_is_not_sent(conversation, helper, enter):
    for key in ("", "nonsense", "\x00"):
        enter(helper).post(path(conversation), {"key": key, "text": "a"})

    assert said(conversation) == []


def test_a_photo_loses_its_notes_on_the_way(conversation, helper, resident, enter, picture):
    enter(helper).post(path(conversation), letter("", photo=picture(gps=True), alt="Kran"))

    photo = Photo.objects.get()
    content = enter(resident).get(f"{path(conversation)}zdjecia/{photo.pk}/").content
    assert (photo.alt, b"Kanarek" in content, b"Exif" in content) == ("Kran", False, False)


def test_what_is_no_photo_is_not_sent(conversation, helper, enter, picture):
    client = enter(helper)

    answer = client.post(path(conversation), letter("Proszę", photo=picture(kind="GIF", name="a.jpg")))

    assert (answer.status_code, said(conversation), Photo.objects.count()) == (200, [], 0)
    assert "Proszę" in answer.text


def test_a_closed_conversation_has_no_form(conversation, helper, enter):
    say(conversation, helper, "Było")
    conversations.close(conversation, why="over")

    page = enter(helper).get(path(conversation)).text

    assert ("Było" in page, "data-thread-form" in page, 'class="alert alert--info"' in page) == (True, False, True)


# --- Acts -------------------------------------------------------------------------------------------------------------


def test_either_side_begins_it_from_the_request(promise, helper, resident, enter):
    address = f"/prosby/{promise.visit.help_request.reference}/pomoc/{promise.pk}/rozmowa/"

    pages = [enter(user).get(promise.visit.help_request.get_absolute_url()).text for user in (helper, resident)]
    answers = [enter(user).post(address) for user in (helper, resident)]

    assert [address in page for page in pages] == [True, True]
    assert [answer.url for answer in answers] == [path(Conversation.objects.get())] * 2


def test_a_promise_that_is_not_agreed_begins_nothing(promise, helper, enter):
    promise.state = "proposed"
    promise.save()

    enter(helper).post(f"/prosby/{promise.visit.help_request.reference}/pomoc/{promise.pk}/rozmowa/")

    assert Conversation.objects.count() == 0


def test_muting_stops_the_notices_and_not_the_words(conversation, helper, resident, enter):
    enter(resident).post(path(conversation, "cisza"), {"muted": "1"})
    say(conversation, helper)
    deliver()
    muted = unread(resident)
    enter(resident).post(path(conversation, "cisza"), {"muted": "0"})
    say(conversation, helper)
    deliver()

    assert (muted, unread(resident), unread(helper)) == (0, 1, 0)


def test_asking_reporting_and_blocking_say_what_happened(conversation, resident, enter):
    client = enter(resident)

    answers = [client.post(path(conversation, act), {"text": "Prosi o pieniądze."}) for act in ACTS[1:]]

    assert [answer.status_code for answer in answers] == [302] * 3
    conversation.refresh_from_db()
    assert (conversation.reports.get().words, conversation.closed_why) == ("Prosi o pieniądze.", "blocked")


@pytest.mark.parametrize("act", ACTS)
def test_acts_want_a_press(conversation, resident, enter, act):
    assert enter(resident).get(path(conversation, act)).status_code == 405


@pytest.mark.parametrize("act", DESK_ACTS)
def test_the_desk_is_closed_to_the_sides(conversation, resident, enter, act):
    assert enter(resident).post(f"/biurko/rozmowy/{conversation.pk}/{act}/").status_code == 404


@pytest.mark.parametrize("act", DESK_ACTS)
def test_the_desk_does_nothing_uninvited(conversation, organiser, enter, act):
    enter(organiser).post(f"/biurko/rozmowy/{conversation.pk}/{act}/")

    conversation.refresh_from_db()
    assert conversation.closed_at is None
    assert Participant.objects.count() == 2


def test_the_desk_joins_settles_closes_and_leaves(conversation, resident, organiser, enter, municipality):
    conversation_safety.report(conversation, actor=resident, text="Prosi o pieniądze.")
    client, address = enter(organiser), f"/biurko/rozmowy/{conversation.pk}/"
    reference = conversation.commitment.visit.help_request.reference

    today, request_page = client.get("/biurko/").text, client.get(f"/biurko/prosby/{reference}/").text
    joined = client.post(f"{address}wejscie/")
    page = client.get(joined.url).text
    for act in ("zalatwione", "zamkniecie", "wyjscie"):
        client.post(f"{address}{act}/")

    assert f"/biurko/prosby/{reference}/#rozmowy" in today
    assert f"{address}wejscie/" in request_page
    assert "Prosi o\u00a0pieniądze." in page
    conversation.refresh_from_db()
    assert (conversation.closed_why, conversation.reports.get().settled_by) == ("centre", organiser)
    with scope(municipality=municipality):
        assert not Conversation.objects.visible_to(organiser).exists()


def test_the_reporter_stays_unknown_to_the_other_side(conversation, helper, resident, organiser, enter):
    conversation_safety.report(conversation, actor=resident, text="Kanarek zgłoszenia")
    conversation_safety.join(conversation, actor=organiser)

    page = enter(helper).get(path(conversation)).text

    assert "Kanarek zgłoszenia" not in page
    assert "data-thread-form" in page
