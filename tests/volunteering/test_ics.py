"""Files for calendars: what RFC 5545 wants of every line, whatever people type."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from volunteering.ics import Entry, folded, text, written

START = datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("Europe/Warsaw"))


def entry(**fields):
    fields = {"uid": "1@example.org", "title": "Spotkanie", "starts_at": START, **fields}
    return Entry(ends_at=START + timedelta(hours=2), changed_at=datetime(2027, 1, 1, tzinfo=UTC), **fields)


def test_moments_are_in_utc_also_when_clocks_change():
    """1:30 in the night when 2:00 becomes 3:00: local wall time says 3:30 after two hours on the clock."""
    lines = written([entry()], name="Ogniwo", now=START).decode().split("\r\n")

    assert "DTSTART:20270328T003000Z" in lines
    assert "DTEND:20270328T013000Z" in lines


def test_empty_values_are_left_out():
    words = written([entry()], name="Ogniwo", now=START).decode()

    assert "LOCATION" not in words
    assert "URL" not in words


@given(st.text())
def test_text_never_ends_its_line(words):
    assert not set(text(words)) & set("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=400))
def test_folded_line_is_short_and_unfolds_to_itself(line):
    lines = folded(line)

    assert all(len(piece) <= 75 for piece in lines.split(b"\r\n"))
    assert lines.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode() == line
