"""Lines of the log: one JSON object each, and nothing that tells who somebody is."""

import json
import logging

import pytest

from config.logs import JsonFormatter, masked


def record(message, *arguments, **values):
    made = logging.LogRecord(
        "ogniwo.tests", logging.INFO, __file__, 1, message, arguments, values.pop("exc_info", None)
    )
    made.__dict__.update(values)
    return made


def test_line_is_one_json_object():
    line = JsonFormatter().format(record("request %s\nopened", "RS-7K4M", status_code=404))

    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed.pop("time").endswith("+00:00")
    assert parsed == {
        "level": "INFO",
        "logger": "ogniwo.tests",
        "message": "request RS-7K4M\nopened",
        "status": 404,
    }


def test_exception_is_part_of_the_line():
    try:
        raise ValueError("Key (email)=(zofia.łęcka@example.com) already exists")
    except ValueError as error:
        line = JsonFormatter().format(record("failed", exc_info=(type(error), error, error.__traceback__)))

    assert "ValueError: Key (email)=([e-mail]) already exists" in json.loads(line)["exception"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sent to ola+a@gmina.example.pl.", "sent to [e-mail]."),
        ("phone +48 601 234 567 called", "phone [number] called"),
        ("phone 601-234-567", "phone [number]"),
        ("PESEL 44051401359", "PESEL [number]"),
        ("GET /kalendarz/3kX_-9q.ics", "GET /kalendarz/[token].ics"),
    ],
)
def test_people_are_masked(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    ["request RS-7K4M", "event 1234567", "2026-11-21T21:11:57.204+00:00", "visit 12 of user 345", "taken in 12.5 s"],
)
def test_ids_and_times_stay(text):
    assert masked(text) == text
