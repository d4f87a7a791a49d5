"""Logs as one JSON object a line. Messages carry ids and codes; words about people do not belong there."""

import json
import logging
import re
from datetime import UTC, datetime

# What slips in all the same, mostly inside other people's exceptions: "Key (email)=(ola@example.com) already exists".
MASKS = (
    (re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]*\w"), "[e-mail]"),
    (re.compile(r"(?<![\w.:-])\+?\d(?:[ -]?\d){8,11}(?![\w.:-])"), "[number]"),
    (re.compile(r"(?<=\.ics\?token=)[\w-]+|(?<=/kalendarz/)[\w-]+"), "[token]"),
)


def masked(text):
    """The text without e-mail addresses, numbers as long as a phone's or a PESEL, and tokens of private calendars."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
