"""Calendars in the format that every calendar program reads (RFC 5545). Moments are written in UTC: each program shows
them on its own clocks, also on the two nights a year when clocks change."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Octets of a line; a longer one goes on in the next, after a space.
LINE = 75
NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One dated occasion. `uid` stays the same for ever: a program that has it already changes it, to what has the
    higher `sequence`. `changed_at`: when it became as it is; None for the moment of asking."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    words: str = ""
    url: str = ""
    is_cancelled: bool = False
    sequence: int = 0
    changed_at: datetime | None = None


def written(entries, *, name, now):
    """The calendar as bytes. `name`: what programs call it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ogniwo//Ogniwo//PL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for entry in entries:
        lines += event(entry, now)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def event(entry, now):
    yield "BEGIN:VEVENT"
    yield f"UID:{text(entry.uid)}"
    yield f"DTSTAMP:{moment(entry.changed_at or now)}"
    yield f"DTSTART:{moment(entry.starts_at)}"
    yield f"DTEND:{moment(entry.ends_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"SUMMARY:{text(entry.title)}"
    if entry.place:
        yield f"LOCATION:{text(entry.place)}"
    if entry.words:
        yield f"DESCRIPTION:{text(entry.words)}"
    if entry.url:
        yield f"URL:{''.join(entry.url.split())}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def moment(value):
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(value):
    """Words as a value: what would end it is escaped."""
    value = NOT_TEXT.sub("", "\n".join(value.splitlines()))
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\n", "\\n")


def folded(line):
    """A line, and the lines in which it goes on; no letter is cut in two."""
    pieces, piece, size = [], [], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE:
            pieces.append("".join(piece))
            # The space at the beginning of the next line counts.
            piece, size = [], 1
        piece.append(letter)
        size += octets
    pieces.append("".join(piece))
    return "\r\n ".join(pieces).encode() + b"\r\n"
