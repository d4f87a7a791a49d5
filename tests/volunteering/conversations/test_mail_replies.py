"""Answers by e-mail: through the mail service's webhook into the conversation, and what is refused on the way."""

import base64
import json
import uuid
from datetime import timedelta

import pytest
from anymail.signals import inbound
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.core import mail
from django_scopes import scopes_disabled

from neighbourhoods.models import Membership
from notifications import delivery, letters, replies, reply_addresses
from notifications.models import Event, Notification
from notifications.registry import NOTICES
from tests.notifications.mails import ADDRESS, SERVICE, brought, raw, written
from volunteering.domain import conversation_safety, conversations, mail_replies
from volunteering.domain.conversations import participant_of
from volunteering.models import ClosedWhy, Message, Standing
from volunteering.notices.conversations import PATIENCE
from volunteering.states import CommitmentState, StandingState

pytestmark = pytest.mark.usefixtures("service")

SAY, UNSAID = "volunteering.conversation_say", "volunteering.conversation_unsaid"
LARGE = (900, 900)


@pytest.fixture
def service(settings):
    for name, value in SERVICE.items():
        setattr(settings, name, value)
    settings.ANYMAIL = {"WEBHOOK_SECRET": SERVICE["MAIL_WEBHOOK_SECRET"]}
    settings.DEFAULT_FROM_EMAIL = "Ogniwo <ogniwo@ogniwo.example>"
    replies.connect()
    yield
    inbound.disconnect(dispatch_uid="notifications.replies")


@pytest.fixture
def bring(service, rf):
    """The mail service brings a mail. Returns the status of the answer."""

    def bring(content, *, secret=SERVICE["MAIL_WEBHOOK_SECRET"]):
        headers = [{"Name": "Return-Path", "Value": "<somebody@example.org>"}]
        body = {"Headers": headers, "RawEmail": content.decode("utf-8", "surrogateescape")}
        request = rf.post(
            "/poczta/postmark/inbound/",
            json.dumps(body),
            content_type="application/json",
            HTTP_AUTHORIZATION="Basic " + base64.b64encode(secret.encode()).decode(),
        )
        with scopes_disabled():
            return PostmarkInboundWebhookView.as_view()(request).status_code

    return bring


@pytest.fixture
def address(service, conversation):
    """Function: where this person can answer."""

    def address(person):
        participant = participant_of(conversation, person)
        return mail_replies.reply_address(conversation, participant) if participant else ""

    return address


@pytest.fixture
def answer(bring, address):
    """A mail of this person to their address, from their mailbox."""

    def answer(person, text="Kanarek słów", **changes):
        bring(written(text, **{"to": address(person), "sender": person.email, **changes}))

    return answer


def said(conversation):
    """What people said: who and what."""
    return [
        (it.sender, it.text or "[photo]") for it in Message.objects.of(conversation).exclude(sender=None).order_by("pk")
    ]


def troubles():
    return [(event.data["user"], event.data["trouble"]) for event in Event.objects.filter(kind=UNSAID).order_by("pk")]


def deliver():
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)


def post(clock, later=PATIENCE):
    deliver()
    mail.outbox.clear()
    clock.shift(later)
    letters.send_due()
    return list(mail.outbox)


def speak(conversation, person):
    conversations.say(conversation, actor=person, key=uuid.uuid4(), text="Kanarek słów")


# --- Letters ----------------------------------------------------------------------------------------------------------


def test_letter_about_a_message_can_be_answered(conversation, helper, resident, clock, address):
    speak(conversation, helper)

    [letter] = post(clock)

    assert letter.reply_to == [address(resident)]
    assert letter.body.startswith("##- ")
    assert "##- " in letter.alternatives[0].content
    assert reply_addresses.token_in(letter.reply_to[0]).number == participant_of(conversation, resident).pk


@pytest.mark.parametrize("missing", list(SERVICE))
def test_letter_leads_to_the_page_only_where_answers_are_not_set_up(missing, settings, conversation, helper, clock):
    setattr(settings, missing, "")
    speak(conversation, helper)

    [letter] = post(clock)

    assert letter.reply_to == []
    assert "##-" not in letter.body + letter.alternatives[0].content


def test_everybody_has_an_address_of_their_own_and_it_names_nobody(conversation, helper, resident, address):
    both = {address(helper), address(resident)}

    assert len(both) == 2
    assert not any(word in made for made in both for word in ("jan", "zofia", "kanarek"))


def test_staff_answer_on_the_page_with_their_second_factor(conversation, helper, organiser, clock, address):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)
    speak(conversation, helper)

    found = {letter.to[0]: letter for letter in post(clock)}

    assert found[organiser.email].reply_to == []
    assert {letter.subject for letter in found.values()} == {"Nowa wiadomość: Jan"}
    assert address(organiser) == ""


def test_letter_of_several_news_cannot_be_answered(conversation, helper, resident, clock):
    speak(conversation, helper)
    with scopes_disabled():
        mail_replies._tell("empty", conversation, participant_of(conversation, resident))
    deliver()

    [letter] = post(clock)

    assert letter.body.count("/moje/powiadomienia/") >= 2
    assert letter.reply_to == []


def test_closed_conversation_gives_no_address(conversation, helper, resident):
    participant = participant_of(conversation, resident)
    closed = conversations.close(conversation, why=ClosedWhy.CENTRE)

    assert mail_replies.reply_address(closed, participant) == ""


# --- What is said -----------------------------------------------------------------------------------------------------


def test_answer_becomes_a_message_as_if_typed_on_the_page(answer, conversation, resident, helper, clock):
    answer(resident, "Będę o dziesiątej.")

    deliver()
    told = Notification.objects.filter(event__kind=SAY)
    assert said(conversation) == [(resident, "Będę o dziesiątej.")]
    assert [notification.user for notification in told] == [helper]
    assert troubles() == []


def test_answers_go_back_and_forth(conversation, bring, helper, resident, clock):
    speak(conversation, helper)
    [first] = post(clock)
    bring(written("Tak.", to=first.reply_to[0], sender=first.to[0]))
    [second] = post(clock)

    bring(written("Dobrze.", to=second.reply_to[0], sender=second.to[0], Message_ID="<2@example.org>"))

    assert said(conversation) == [(helper, "Kanarek słów"), (resident, "Tak."), (helper, "Dobrze.")]


def test_open_page_gets_the_answer_as_news(answer, conversation, resident, helper, enter):
    client = enter(helper)
    last = Message.objects.of(conversation).newest_first().first()

    answer(resident, "Będę <b>jutro</b>.")

    page = client.get(conversation.get_absolute_url(), {"po": last.pk}, headers={"X-Live": "1"}).content.decode()
    assert "Będę &lt;b&gt;jutro&lt;/b&gt;." in page
    assert "@" not in page


@pytest.mark.postgres
@pytest.mark.parametrize("same", [{}, {"Message_ID": None, "Date": "Wed, 21 Apr 2027 12:00:00 +0200"}])
def test_mail_that_comes_twice_is_said_once(same, answer, conversation, resident, picture):
    photo = (picture(LARGE).read(), "image/jpeg", "a.jpg")

    for _ in range(3):
        answer(resident, files=[photo], **same)

    assert said(conversation) == [(resident, "Kanarek słów"), (resident, "[photo]")]
    assert troubles() == []


def test_mail_that_comes_again_after_the_end_is_no_trouble(answer, bring, address, conversation, resident):
    content = written("Tak.", to=address(resident), sender=resident.email)
    bring(content)
    conversations.close(conversation, why=ClosedWhy.CENTRE)

    bring(content)

    assert troubles() == []


def test_two_people_may_name_their_mails_alike(answer, conversation, helper, resident):
    answer(helper)
    answer(resident)

    assert [sender for sender, _text in said(conversation)] == [helper, resident]


def test_answer_without_tags_is_what_a_mail_of_html_says(bring, address, conversation, resident):
    html = "<p>Będę<script>alert(1)</script></p><blockquote>##- x</blockquote>"

    bring(written(html=html, to=address(resident), sender=resident.email))

    assert said(conversation) == [(resident, "Będę")]


@pytest.mark.postgres
def test_own_mailbox_and_the_address_of_the_letter_are_never_shown(answer, address, conversation, resident):
    secret = address(resident)

    answer(resident, f"Tak.\n{resident.email.upper()}.\nDo: {secret}\nPisz na inna@example.org albo 601 000 008.")

    [(_sender, text)] = said(conversation)
    assert text == "Tak.\n[…].\nDo: […]\nPisz na inna@example.org albo 601 000 008."


def test_photos_are_drawn_anew(answer, conversation, resident, picture):
    files = [(picture(LARGE, gps=True).read(), "image/jpeg", "a.jpg"), (picture(LARGE).read(), "image/png", "b.png")]

    answer(resident, "Oto klucz", files=files)

    photos = [it.photo for it in Message.objects.of(conversation).filter(has_photo=True)]
    assert said(conversation) == [(resident, "Oto klucz"), (resident, "[photo]"), (resident, "[photo]")]
    assert all(
        b"Kanarek" not in bytes(photo.content) and bytes(photo.content)[:3] == b"\xff\xd8\xff" for photo in photos
    )
    assert troubles() == []


def test_photo_needs_no_words(answer, conversation, resident, picture):
    answer(resident, "", files=[(picture().read(), "image/jpeg", "a.jpg")])

    assert said(conversation) == [(resident, "[photo]")]


# --- What is not ------------------------------------------------------------------------------------------------------


def test_webhook_without_its_secret_brings_nothing(bring, address, conversation, resident):
    with pytest.raises(Exception, match="Missing or invalid basic auth"):
        bring(written("Tak.", to=address(resident), sender=resident.email), secret="poczta:inne")

    assert said(conversation) == []


@pytest.mark.parametrize(
    "forge", [lambda it: "b" + it[1:] if it[0] == "a" else "a" + it[1:], lambda it: it[:19] + "22"]
)
def test_forged_address_is_answered_by_nothing(forge, bring, address, conversation, resident):
    token = address(resident).removeprefix("rozmowy+")

    bring(written("Tak.", to=f"rozmowy+{forge(token)}", sender=resident.email))
    bring(written("Tak.", to=ADDRESS, sender=resident.email))

    assert (said(conversation), troubles()) == ([], [])


def test_mark_of_one_person_does_not_open_for_another(bring, address, conversation, helper, resident):
    number = str(participant_of(conversation, helper).pk)

    bring(written("Tak.", to=f"{address(resident).split('@')[0][:28]}{number}@odpowiedzi.example", sender=helper.email))

    assert (said(conversation), troubles()) == ([], [])


@pytest.mark.parametrize(
    "sender",
    [
        "obcy@example.org",
        "zofia.kanarek@example.org.evil.example",
        "zofia.kanarek@example.org, obcy@example.org",
        '"zofia.kanarek@example.org" <obcy@example.org>',
        "",
    ],
)
def test_foreign_sender_says_nothing_and_its_owner_hears_of_it(sender, answer, conversation, resident, clock):
    answer(resident, sender=sender)

    [letter] = post(clock)
    assert said(conversation) == []
    assert troubles() == [(resident.pk, "foreign")]
    assert (letter.to, letter.reply_to) == ([resident.email], [])
    assert "Kanarek" not in letter.body


def test_other_side_cannot_use_the_address_either(answer, conversation, helper, resident):
    answer(resident, sender=helper.email)

    assert (said(conversation), troubles()) == ([], [(resident.pk, "foreign")])


def test_own_mailbox_is_known_however_it_is_written(answer, conversation, resident):
    answer(resident, "Tak.", sender=f"Zofia <{resident.email.upper()}>")

    assert said(conversation) == [(resident, "Tak.")]


def block(conversation, helper, resident):
    conversation_safety.block(conversation, actor=helper)


def close(conversation, helper, resident):
    conversations.close(conversation, why=ClosedWhy.CENTRE)


def erase(conversation, helper, resident):
    conversations.erase(conversation)


def suspend(conversation, helper, resident):
    Standing.objects.of(helper).update(state=StandingState.SUSPENDED)


def give_back(conversation, helper, resident):
    commitment = conversation.commitment
    commitment.state = CommitmentState.RELEASED
    commitment.save(update_fields=["state"])


@pytest.mark.parametrize("end", [block, close, erase, suspend, give_back])
def test_answer_where_nobody_writes_is_told_to_its_writer(end, bring, address, conversation, resident):
    to = address(resident)
    end(conversation, conversation.commitment.volunteer, resident)

    bring(written("Tak.", to=to, sender=resident.email))

    assert said(conversation) == []
    assert troubles() == [(resident.pk, "closed")]


def test_answer_long_after_the_visit_is_refused(bring, address, conversation, resident, clock):
    to = address(resident)
    clock.shift(timedelta(days=60))

    bring(written("Tak.", to=to, sender=resident.email))

    assert (said(conversation), troubles()) == ([], [(resident.pk, "closed")])


def deactivate(conversation, resident):
    resident.is_active = False
    resident.save()


def move(conversation, resident):
    resident.email = "nowa@example.org"
    resident.save()


def leave(conversation, resident):
    participant_of(conversation, resident).delete()


@pytest.mark.parametrize("part", [deactivate, move, leave])
def test_address_of_who_takes_part_no_more_is_dead(part, bring, address, conversation, resident):
    to = address(resident)
    part(conversation, resident)

    for sender in ("zofia.kanarek@example.org", "nowa@example.org"):
        bring(written("Tak.", to=to, sender=sender))

    assert (said(conversation), troubles()) == ([], [])


def test_staff_cannot_answer_by_mail(bring, conversation, helper, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)
    participant = participant_of(conversation, organiser)
    to = reply_addresses.address_of(participant.pk, bound_to=mail_replies._bound_to(participant))

    bring(written("Tak.", to=to, sender=organiser.email))

    assert (said(conversation), troubles()) == ([], [])


def test_with_somebody_under_age_nothing_is_said_without_the_centre(bring, address, conversation, resident):
    conversation.with_minor = True
    conversation.save(update_fields=["with_minor"])
    Membership.objects.all().delete()

    bring(written("Tak.", to=address(resident), sender=resident.email))

    assert (said(conversation), troubles()) == ([], [(resident.pk, "closed")])


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Auto_Response_Suppress": "OOF, AutoReply"}],
)
def test_out_of_office_says_nothing_and_is_not_answered(headers, answer, conversation, resident):
    answer(resident, "Jestem na urlopie.", **headers)

    assert (said(conversation), troubles()) == ([], [])


def test_our_own_letters_never_answer_each_other(bring, conversation, helper, clock):
    """Somebody's mailbox sends everything back: each letter to where it can be answered, from the right sender."""
    speak(conversation, helper)
    for _ in range(5):
        for letter in post(clock):
            content = letter.message().as_bytes()
            to = (letter.reply_to or [ADDRESS])[0]
            bring(b"\r\n".join([f"From: {letter.to[0]}\r\nTo: {to}".encode(), content.split(b"\n", 3)[3]]))

    assert said(conversation) == [(helper, "Kanarek słów")]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "empty"),
        (" \n\t\n ", "empty"),
        ("> Zofia napisała\n> do Ciebie", "empty"),
        ("##- Aby odpowiedzieć\nZofia", "empty"),
        ("-- \nJan Pomocny", "empty"),
        ("\u202e\u200b\x00", "empty"),
        ("a" * 1001, "too_long"),
        ("ż" * 200_000, "too_long"),
    ],
)
def test_no_words_or_too_many_are_told_kindly(text, trouble, answer, conversation, resident):
    answer(resident, text)

    assert (said(conversation), troubles()) == ([], [(resident.pk, trouble)])


def test_as_many_words_as_on_the_page_are_taken(answer, conversation, resident):
    answer(resident, "ż" * 1000)

    assert said(conversation) == [(resident, "ż" * 1000)]


def test_letters_that_nobody_can_read_are_told_kindly(address, conversation, resident):
    content = raw("Zażółć".encode("cp1250"), "text/plain; charset=utf-8", To=address(resident), From=resident.email)
    with scopes_disabled():
        mail_replies.take(replies.Reply(brought(content)))

    assert (said(conversation), troubles()) == ([], [(resident.pk, "unreadable")])


@pytest.mark.parametrize(
    "file",
    [
        (b"%PDF-1.4", "application/pdf", "a.pdf"),
        (b"no picture at all", "image/jpeg", "a.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "a.svg"),
        (b"GIF89a", "image/gif", "a.gif"),
        (b"<p>x</p>", "text/html", "a.html"),
    ],
)
def test_file_that_is_no_photo_is_left_out_and_told(file, answer, conversation, resident):
    answer(resident, "Oto plik", files=[file])

    assert said(conversation) == [(resident, "Oto plik")]
    assert troubles() == [(resident.pk, "left_out")]


def test_more_photos_than_we_take_are_left_out_and_told(answer, conversation, resident, picture):
    photo = (picture().read(), "image/jpeg", "a.jpg")

    answer(resident, "", files=[photo] * 6)
    answer(resident, "", files=[photo] * 6, Message_ID="<2@example.org>")
    answer(resident, "", files=[photo] * 6, Message_ID="<3@example.org>")

    assert len(said(conversation)) == conversations.MOST_PHOTOS
    assert troubles() == [(resident.pk, "left_out")]


def test_who_writes_without_end_is_stopped_as_on_the_page(answer, conversation, resident):
    for number in range(conversations.MOST_MESSAGES + 3):
        answer(resident, Message_ID=f"<{number}@example.org>")

    assert len(said(conversation)) == conversations.MOST_MESSAGES
    assert troubles() == [(resident.pk, "many")]


# --- What is told of it -----------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_trouble_is_told_once_in_a_while(answer, conversation, resident, clock):
    for _ in range(3):
        answer(resident, "")
    clock.shift(timedelta(minutes=16))
    answer(resident, "")
    answer(resident, "a" * 1001)

    assert troubles() == [(resident.pk, "empty"), (resident.pk, "empty"), (resident.pk, "too_long")]


def test_trouble_is_not_told_all_day(answer, conversation, resident, clock):
    for _ in range(20):
        answer(resident, "")
        clock.shift(timedelta(minutes=16))

    assert len(troubles()) == mail_replies.MOST_TOLD_A_DAY


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pl", ("Twojego e-maila nie ma w rozmowie", "Jest dłuższy niż 1000 znaków")),
        ("uk", ("Вашого листа немає в розмові", "довший за 1000 знаків")),
        ("en", ("Your e-mail is not in the conversation", "longer than 1000 characters")),
    ],
)
def test_trouble_is_told_in_the_readers_language(language, expected, answer, resident, clock):
    resident.language = language
    resident.save()

    answer(resident, "a" * 1001)

    [letter] = post(clock)
    title, words = expected
    assert letter.subject == title
    assert words in letter.body
    assert "/moje/powiadomienia/" in letter.body
    assert (letter.reply_to, letter.extra_headers["Auto-Submitted"]) == ([], "auto-generated")


def test_trouble_is_told_to_nobody_else(answer, conversation, helper, resident):
    answer(resident, "")

    deliver()
    assert [it.user for it in Notification.objects.filter(event__kind=UNSAID)] == [resident]


def test_why_somebody_is_told_can_be_looked_up(answer, conversation, resident):
    answer(resident, "")
    deliver()

    told = Notification.objects.get(event__kind=UNSAID)
    assert NOTICES[UNSAID].why(told.event, resident) == "You answered a message of this conversation by e-mail."
