"""Dates as a file that calendars understand (RFC 5545). Moments are written in UTC, so that they are right in every
calendar, also on the two nights a year when clocks change. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75


@dataclass(frozen=True)
class Entry:
    """One date. `uid` stays the same for ever; a higher `sequence` replaces what a calendar has."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    place: str = ""
    words: str = ""
    url: str = ""
    sequence: int = 0
    called_off: bool = False


def write(entries, *, name="Ogniwo"):
    """The file, as bytes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ogniwo//Ogniwo//PL", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escape(name)}"]
    for entry in entries:
        lines += lines_of(entry)
    lines += ["END:VCALENDAR"]
    return b"".join(fold(line) for line in lines)


def lines_of(entry):
    values = [
        ("UID", escape(entry.uid)),
        ("DTSTAMP", moment(entry.changed_at)),
        ("DTSTART", moment(entry.starts_at)),
        ("DTEND", moment(entry.ends_at)),
        ("SEQUENCE", str(entry.sequence)),
        ("STATUS", "CANCELLED" if entry.called_off else "CONFIRMED"),
        ("SUMMARY", escape(entry.title)),
        ("LOCATION", escape(entry.place)),
        ("DESCRIPTION", escape(entry.words)),
        # A URI is no text: nothing in it is escaped.
        ("URL", "".join(entry.url.split())),
    ]
    return ["BEGIN:VEVENT", *(f"{key}:{value}" for key, value in values if value), "END:VEVENT"]


def moment(at):
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text):
    """Text of a value: what would end the value or the line is taken out of its meaning."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def fold(line):
    """The line, broken after 75 bytes at most and never within a letter; each further piece begins with a space."""
    pieces, piece = [], b""
    for letter in line:
        coded = letter.encode()
        if len(piece) + len(coded) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += coded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
