"""What other programs read: .ics and Atom."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django_scopes import scope

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, InitiativeKindFactory, MeetingFactory
from volunteering import ics
from volunteering.states import MeetingState

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(client, municipality):
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def meeting(municipality):
    return MeetingFactory(initiative=InitiativeFactory(municipality=municipality, title="Szachy; „żółw”, i\\co"))


def events(response):
    """Events as dictionaries, their lines put together again."""
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.decode().replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = value
    return found


def test_meeting_is_one_event(page, municipality, meeting):
    [event] = events(page.get(f"{meeting.initiative.get_absolute_url()}spotkania/{meeting.pk}/kalendarz.ics"))

    assert event["UID"] == f"spotkanie-{meeting.pk}@{municipality.site.hostname}"
    assert event["DTSTART"] == f"{meeting.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert event["SUMMARY"] == "Szachy\\; „żółw”\\, i\\\\co"
    assert event["STATUS"] == "CONFIRMED"


def test_initiative_has_all_of_its_coming_meetings(page, meeting):
    second = MeetingFactory(initiative=meeting.initiative, starts_at=meeting.starts_at + timedelta(days=7))
    MeetingFactory(initiative=meeting.initiative, state=MeetingState.DONE)

    found = events(page.get(f"{meeting.initiative.get_absolute_url()}kalendarz.ics"))

    assert [event["UID"].partition("@")[0] for event in found] == [f"spotkanie-{it.pk}" for it in (meeting, second)]


def test_meeting_that_was_called_off_says_so_to_programs_that_have_it(page, meeting):
    meeting.state = MeetingState.CANCELLED
    meeting.save()

    [event] = events(page.get("/inicjatywy/kalendarz.ics"))

    assert event["STATUS"] == "CANCELLED"


def test_calendar_of_the_centre_can_be_narrowed(page, municipality, meeting):
    kind = InitiativeKindFactory(code="ogrod")
    wanted = MeetingFactory(initiative=InitiativeFactory(municipality=municipality, kind=kind))

    found = events(page.get("/inicjatywy/kalendarz.ics?rodzaj=ogrod"))

    assert [event["UID"].partition("@")[0] for event in found] == [f"spotkanie-{wanted.pk}"]


@pytest.mark.parametrize("trait", [{"unpublished": True}, {"live": False}])
def test_what_is_not_published_is_in_no_feed(page, municipality, trait):
    hidden = InitiativeFactory(municipality=municipality, **trait)
    meeting = MeetingFactory(initiative=hidden)

    assert events(page.get("/inicjatywy/kalendarz.ics")) == []
    assert page.get(f"{hidden.get_absolute_url()}kalendarz.ics").status_code == 404
    assert page.get(f"{hidden.get_absolute_url()}spotkania/{meeting.pk}/kalendarz.ics").status_code == 404
    assert hidden.title not in page.get("/inicjatywy/kanal.atom").content.decode()


def test_things_of_another_centre_are_in_no_feed(page):
    meeting = MeetingFactory(initiative=InitiativeFactory(municipality=MunicipalityFactory()))

    assert events(page.get("/inicjatywy/kalendarz.ics")) == []
    assert page.get(f"{meeting.initiative.get_absolute_url()}kalendarz.ics").status_code == 404


def test_meeting_is_found_under_its_own_initiative_only(page, municipality, meeting):
    other = InitiativeFactory(municipality=municipality)

    assert page.get(f"{other.get_absolute_url()}spotkania/{meeting.pk}/kalendarz.ics").status_code == 404


def test_atom_names_the_newest_first(page, municipality):
    moment = datetime(2027, 4, 1, 10, tzinfo=UTC)
    old, new = (
        InitiativeFactory(municipality=municipality, first_published_at=moment + timedelta(days=days))
        for days in (0, 1)
    )

    feed = ElementTree.fromstring(page.get("/inicjatywy/kanal.atom").content)  # noqa: S314 -- our own feed

    assert [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")] == [new.title, old.title]
    assert feed.find(f"{ATOM}entry/{ATOM}link").get("href").endswith(new.get_absolute_url())


def test_feeds_are_the_same_for_everybody_and_start_no_session(page, meeting):
    for path in ("/inicjatywy/kalendarz.ics", "/inicjatywy/kanal.atom"):
        response = page.get(path)
        assert not response.cookies
        assert page.get(path).content == response.content


# --- Writing calendars ------------------------------------------------------------------------------------------------


def test_long_lines_are_folded_without_cutting_letters():
    line = "SUMMARY:" + "żółć" * 60

    folded = ics.folded(line)

    assert folded.decode().replace("\r\n ", "") == line + "\r\n"
    assert all(len(piece) <= 75 for piece in folded.split(b"\r\n"))


@pytest.mark.parametrize("evil", ["a\nEND:VEVENT", "a\r\nX:1", "a\rX:1", "a\x00b", "a\x0bb\x1f"])
def test_words_cannot_break_out_of_their_line(evil):
    entry = ics.Entry(
        "1", *[datetime(2027, 4, 1, tzinfo=UTC)] * 2, title=evil, place=evil, words=evil, url="http://x/\n"
    )

    text = ics.written([entry], name=evil, now=datetime(2027, 4, 1, tzinfo=UTC)).decode()

    assert text.split("\r\n").count("END:VEVENT") == 1
    assert text.replace("\r\n", "").isprintable()
