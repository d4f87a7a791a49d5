"""The worked examples of the documentation are what the engine computes today."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from volunteering.matching.types import Weights


def printed():
    output = StringIO()
    call_command("explain_matching", stdout=output)
    return output.getvalue()


def documentation():
    return (settings.BASE_DIR / "docs" / "matching.md").read_text(encoding="utf-8")


def test_the_documentation_shows_what_the_command_prints():
    assert f"```text\n{printed()}```\n" in documentation()


def test_the_examples_add_up():
    """The score of the first line is the weighted mean of the parts beside it."""
    _title, _head, weights, first, *_rest = printed().splitlines()
    weights = list(map(float, weights.split()[1:]))
    score, *parts = map(float, first.split()[1:])

    assert sum(weights) == Weights().total
    assert abs(sum(w * p for w, p in zip(weights, parts, strict=True)) / sum(weights) - score) < 0.001
