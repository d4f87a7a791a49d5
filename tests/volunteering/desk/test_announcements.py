"""Announcements at the desk: what is shown, what can be done, by whom, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django_scopes import scope

from notifications.models import Event
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    CommitmentFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipationFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from tests.volunteering.desk.conftest import NASTY
from volunteering.domain import announcements
from volunteering.models import Addressees, Announcement
from volunteering.states import AnnouncementState
from volunteering.tasks import send_announcement

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)
WORDS = {"title": "W piątek zamknięte", "body": "Do zobaczenia."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def crowd(municipality):
    return [StandingFactory(municipality=municipality).volunteer for _ in range(3)]


@pytest.fixture
def draft(municipality, organiser, crowd):
    return announcements.write(municipality, actor=organiser.user, audience=Addressees.HELPERS, **WORDS)


@pytest.fixture
def colleague(enter):
    return enter({"coordinator": True})


@pytest.fixture
def few(municipality):
    """Two people are many."""
    municipality.approval_above = 2
    municipality.save(update_fields=["approval_above"])


def address(name, announcement):
    return reverse(f"desk:announcement{name}", args=[announcement.pk])


def post(client, name, announcement, **data):
    return client.post(address(name, announcement), data)


def decide(client, name, announcement):
    return post(client, name, announcement, version=again(announcement).version)


def again(announcement):
    return Announcement.objects.with_people().get(pk=announcement.pk)


def texts(response):
    return " ".join(response.text.split())


# The list ------------------------------------------------------------------------------------------------------------


def test_before_the_first_one_the_list_says_what_they_are(organiser):
    response = organiser.get("/biurko/ogloszenia/")

    assert response.context["rows"] == []
    assert 'class="empty"' in response.text
    assert reverse("desk:announcement_write") in response.text


def test_the_list_says_to_whom_and_how_many(organiser, municipality, neighbourhood):
    place = AnnouncementFactory(
        municipality=municipality, audience=Addressees.NEIGHBOURHOOD, to=neighbourhood, sent=True, told=17, total=17
    )
    newest = AnnouncementFactory(municipality=municipality)

    response = organiser.get("/biurko/ogloszenia/")

    assert [row for row, _to_whom in response.context["rows"]] == [newest, place]
    assert neighbourhood.name in response.context["rows"][1][1]
    assert ">17<" in response.text


@pytest.fixture
def make_one_of_each(municipality, neighbourhood, make_request):
    def make():
        visit = VisitFactory(help_request=make_request())
        meeting = MeetingFactory(initiative__municipality=municipality)
        things = {"helpers": None, "neighbourhood": neighbourhood, "meeting": meeting, "visit": visit}
        things["initiative"] = meeting.initiative
        for audience, to in things.items():
            AnnouncementFactory(municipality=municipality, audience=audience, to=to)

    return make


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_list(organiser, frame, make_one_of_each, django_assert_num_queries, count):
    for _ in range(count):
        make_one_of_each()

    with django_assert_num_queries(frame + 1):
        response = organiser.get("/biurko/ogloszenia/")

    assert len(response.context["rows"]) == 5 * count


def test_a_long_list_has_pages(organiser, municipality):
    AnnouncementFactory.create_batch(21, municipality=municipality)

    first = organiser.get("/biurko/ogloszenia/")
    second = organiser.get("/biurko/ogloszenia/" + first.context["links"]["next_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (20, 1)


def test_announcements_of_other_centres_are_not_there(organiser, crowd):
    elsewhere = MunicipalityFactory()
    with scope(municipality=elsewhere):
        foreign = AnnouncementFactory(municipality=elsewhere, title="Cudze")

    assert "Cudze" not in organiser.get("/biurko/ogloszenia/").text
    assert organiser.get(address("", foreign)).status_code == 404


# Writing -------------------------------------------------------------------------------------------------------------


def test_writing_makes_a_draft_and_tells_nobody(organiser, crowd, neighbourhood):
    response = organiser.post("/biurko/ogloszenia/nowe/", {"to": f"neighbourhood:{neighbourhood.slug}", **WORDS})

    announcement = Announcement.objects.get()
    assert response.url == address("", announcement)
    assert (announcement.neighbourhood, announcement.state) == (neighbourhood, AnnouncementState.DRAFT)
    assert announcement.author == organiser.user


def test_one_comes_from_the_page_of_a_thing(organiser, municipality, neighbourhood, make_request):
    visit = VisitFactory(help_request=make_request())
    CommitmentFactory(visit=visit)
    meeting = MeetingFactory(initiative__municipality=municipality)
    ParticipationFactory(meeting=meeting)
    pages = {
        reverse("desk:request", args=[visit.help_request.reference]): f"visit:{visit.pk}",
        reverse("desk:meeting", args=[meeting.pk]): f"meeting:{meeting.pk}",
        reverse("desk:initiative", args=[meeting.initiative.slug]): f"initiative:{meeting.initiative.slug}",
        f"/biurko/wolontariusze/?gdzie={neighbourhood.slug}": f"neighbourhood:{neighbourhood.slug}",
        "/biurko/wolontariusze/": "helpers",
    }

    for page, key in pages.items():
        assert f"?do={key}" in organiser.get(page).text
        form = organiser.get(f"/biurko/ogloszenia/nowe/?do={key}")
        assert f'<option value="{key}" selected>' in form.text
        organiser.post("/biurko/ogloszenia/nowe/", {"to": key, **WORDS})

    written = Announcement.objects.order_by("pk")
    assert [it.audience for it in written] == ["visit", "meeting", "initiative", "neighbourhood", "helpers"]
    assert [it.subject for it in written] == [visit, meeting, meeting.initiative, neighbourhood, None]


def test_people_are_counted_while_one_writes(organiser, crowd, neighbourhood, few):
    VolunteerProfileFactory(user=crowd[0], home_neighbourhood=neighbourhood)

    def count(key):
        response = organiser.get("/biurko/ogloszenia/ile/", {"to": key})
        return response.context["size"], response.context["is_large"]

    assert count("helpers") == (3, True)
    assert count(f"neighbourhood:{neighbourhood.slug}") == (1, False)
    assert count("neighbourhood:nowhere") == (None, False)


@pytest.mark.parametrize("key", ["", "everybody", "visit:", "visit:x", "visit:١", "meeting:9" * 50, "visit:0", *NASTY])
def test_addressees_of_nothing_are_refused(organiser, crowd, key):
    response = organiser.post("/biurko/ogloszenia/nowe/", {"to": key, **WORDS})

    assert response.status_code == 200
    assert "to" in response.context["form"].errors
    assert organiser.get("/biurko/ogloszenia/nowe/", {"do": key}).status_code == 200
    assert organiser.get("/biurko/ogloszenia/ile/", {"to": key}).context["size"] is None
    assert not Announcement.objects.exists()


def test_things_of_another_centre_cannot_be_written_to(organiser, crowd):
    elsewhere = MunicipalityFactory()
    with scope(municipality=elsewhere):
        keys = [
            f"neighbourhood:{NeighbourhoodFactory(municipality=elsewhere).slug}",
            f"initiative:{InitiativeFactory(municipality=elsewhere).slug}",
            f"meeting:{MeetingFactory(initiative__municipality=elsewhere).pk}",
            f"visit:{VisitFactory(help_request__municipality=elsewhere).pk}",
        ]

    answers = [organiser.post("/biurko/ogloszenia/nowe/", {"to": key, **WORDS}) for key in keys]

    assert all("to" in answer.context["form"].errors for answer in answers)
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("fields", [["title"], ["title", "body"]], ids=["title", "both"])
def test_what_breaks_forms_breaks_nothing_here(organiser, crowd, fields, nasty):
    answers = {"to": "helpers", **WORDS, **dict.fromkeys(fields, nasty)}

    response = organiser.post("/biurko/ogloszenia/nowe/", answers, follow=True)

    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_form_do_not_grow(organiser, frame, municipality, django_assert_num_queries, count):
    NeighbourhoodFactory.create_batch(count, municipality=municipality)
    InitiativeFactory.create_batch(count, municipality=municipality)

    # Places, initiatives, how many people.
    with django_assert_num_queries(frame + 3):
        organiser.get("/biurko/ogloszenia/nowe/")


def test_a_draft_can_be_changed(organiser, draft):
    page = organiser.get(address("_edit", draft))
    assert WORDS["title"] in page.text

    response = post(organiser, "_edit", draft, to="helpers", title="Inaczej", body="Tak.")

    assert response.url == address("", draft)
    assert again(draft).title == "Inaczej"


def test_what_is_sent_cannot_be_changed(organiser, municipality):
    sent = AnnouncementFactory(municipality=municipality, sent=True)

    assert organiser.get(address("_edit", sent)).status_code == 302
    assert post(organiser, "_edit", sent, to="helpers", **WORDS).status_code == 409
    assert again(sent).body != WORDS["body"]


# The page of one -----------------------------------------------------------------------------------------------------


def test_the_preview_is_what_others_will_read(organiser, draft, municipality):
    response = organiser.get(address("", draft))

    page = response.context["page"]
    assert (page.size, page.may_send, page.may_ask) == (3, True, False)
    assert page.words.title == WORDS["title"]
    assert page.words.paragraphs[-1] == WORDS["body"]
    assert municipality.centre_name in page.words.paragraphs[0]


def test_words_are_plain_text(organiser, municipality, crowd):
    body = "<b>Uwaga</b> https://example.org/x\n\n{{ 7|add:7 }} & {% now 'Y' %}"
    announcement = AnnouncementFactory(municipality=municipality, title="<i>Tytuł</i>", body=body)

    response = organiser.get(address("", announcement))

    assert "&lt;b&gt;Uwaga&lt;/b&gt; https://example.org/x" in response.text
    assert "{{ 7|add:7 }}" in response.text
    assert "<i>" not in response.text
    assert 'href="https://example.org' not in response.text


def test_private_details_are_pointed_out(organiser, municipality, crowd):
    plain = AnnouncementFactory(municipality=municipality)
    telling = AnnouncementFactory(municipality=municipality, body="Pani Zofia, ul. Markowa 7 m. 3, tel. 512 345 678")

    assert organiser.get(address("", plain)).context["page"].gives_away == set()
    assert organiser.get(address("", telling)).context["page"].gives_away == {"address", "phone"}


def test_who_has_no_account_is_to_be_rung(organiser, municipality):
    meeting = MeetingFactory(initiative__municipality=municipality)
    ParticipationFactory(meeting=meeting, user=None, name="Pani Zofia")
    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.MEETING, to=meeting)

    page = organiser.get(address("", announcement)).context["page"]

    assert (page.size, page.by_phone, page.may_send) == (0, 1, False)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_page_do_not_grow_with_people(organiser, frame, municipality, django_assert_num_queries, count):
    StandingFactory.create_batch(count, municipality=municipality)
    announcement = AnnouncementFactory(municipality=municipality)

    # The announcement, how many people, how many have had enough today.
    with django_assert_num_queries(frame + 3):
        organiser.get(address("", announcement))


# Sending -------------------------------------------------------------------------------------------------------------


def test_one_looks_again_before_it_is_sent(organiser, draft):
    page = organiser.get(address("_confirm", draft))
    assert "3" in texts(page)

    response = decide(organiser, "_send", draft)

    assert response.url == address("", draft)
    assert (again(draft).state, again(draft).total) == (AnnouncementState.SENDING, 3)


def test_what_was_changed_meanwhile_is_not_sent(organiser, draft):
    response = post(organiser, "_send", draft, version=99)

    assert response.status_code == 409
    assert again(draft).state == AnnouncementState.DRAFT


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
@pytest.mark.parametrize("name", ["_send", "_ask", "_approve"])
def test_without_the_version_nothing_is_sent(organiser, draft, name, version):
    assert post(organiser, name, draft, version=version).status_code == 409
    assert again(draft).state == AnnouncementState.DRAFT


def test_sending_twice_sends_once(organiser, draft):
    first = post(organiser, "_send", draft, version=draft.version)
    second = post(organiser, "_send", draft, version=draft.version)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Event.objects.filter(kind="volunteering.announcement_send").count() == 1


def test_a_test_can_be_sent_to_oneself(organiser, draft):
    response = post(organiser, "_test", draft)

    assert response.url == address("", draft)
    assert Event.objects.get(kind="volunteering.announcement_test").data == {"to": organiser.user.pk}


def test_progress_is_shown_and_ends_with_a_fresh_page(organiser, draft):
    announcements.send(draft, actor=organiser.user)

    page = organiser.get(address("", draft))
    part = organiser.get(address("", draft), headers={"HX-Request": "true"})
    assert '<progress aria-labelledby="postep-label" max="3" value="0">' in texts(page)
    assert part.text.strip().startswith("<div")
    assert "<html" not in part.text

    send_announcement.call(draft.pk)
    assert organiser.get(address("", draft), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "<progress" not in organiser.get(address("", draft)).text


def test_a_sending_that_stands_still_says_so(organiser, draft, clock):
    announcements.send(draft, actor=organiser.user)
    assert not organiser.get(address("", draft)).context["page"].stands_still
    clock.shift(timedelta(minutes=3))

    assert organiser.get(address("", draft)).context["page"].stands_still


def test_sending_can_be_stopped(organiser, draft):
    announcements.send(draft, actor=organiser.user)

    response = post(organiser, "_cancel", draft)

    assert response.url == address("", draft)
    stopped = organiser.get(address("", draft)).context["page"]
    assert (stopped.announcement.state, stopped.waiting) == (AnnouncementState.CANCELLED, 3)
    assert post(organiser, "_cancel", draft).status_code == 409


# A second pair of eyes -----------------------------------------------------------------------------------------------


def test_many_people_need_a_colleague(few, organiser, colleague, draft):
    assert organiser.get(address("_confirm", draft)).status_code == 302
    assert decide(organiser, "_send", draft).status_code == 409

    asked = decide(organiser, "_ask", draft)

    assert asked.url == address("", draft)
    own, other = (client.get(address("", draft)).context["page"] for client in (organiser, colleague))
    assert (own.may_approve, other.may_approve) == (False, True)
    assert decide(organiser, "_approve", draft).status_code == 409
    assert decide(colleague, "_approve", draft).status_code == 302
    assert again(draft).state == AnnouncementState.SENDING


def test_what_waits_stands_on_the_first_page_of_the_desk(few, organiser, colleague, draft):
    decide(organiser, "_ask", draft)

    [queue] = colleague.get("/biurko/").context["queues"]

    assert (queue.name, queue.rows, queue.since) == ("ogloszenia", [draft], NOON)
    assert address("", draft) in colleague.get("/biurko/").text


def test_a_colleague_gives_it_back_with_a_word(few, organiser, colleague, draft):
    decide(organiser, "_ask", draft)

    without = post(colleague, "_hand_back", draft)
    given = post(colleague, "_hand_back", draft, note="Krócej, proszę.")

    assert (without.status_code, "note" in without.context["form"].errors) == (200, True)
    assert given.status_code == 302
    assert "Krócej, proszę." in organiser.get(address("", draft)).text


def test_alone_at_the_desk_nobody_can_be_asked(few, organiser, draft):
    response = decide(organiser, "_ask", draft)

    assert response.status_code == 409
    assert again(draft).state == AnnouncementState.DRAFT


@pytest.mark.parametrize("name", ["_send", "_ask", "_approve", "_hand_back", "_test", "_cancel"])
def test_people_of_other_centres_decide_nothing(enter, draft, name):
    elsewhere = MunicipalityFactory()
    foreign = enter({"municipality": elsewhere}, host=elsewhere.site.hostname)

    assert post(foreign, name, draft, version=draft.version, note="x").status_code == 404
    assert again(draft).version == draft.version
