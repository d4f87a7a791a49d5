"""Words of initiatives as plain text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteering.plain_words import as_html, as_text, loses_something


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>Jeden.</p><p>Dwa &amp; trzy.</p>", "Jeden.\n\nDwa & trzy."),
        ("<h3>Kiedy</h3><p>W czwartki.</p>", "## Kiedy\n\nW czwartki."),
        ("<p>Weź:</p><ul><li>kapcie</li><li>kubek</li></ul><p>I już.</p>", "Weź:\n\n- kapcie\n- kubek\n\nI już."),
    ],
)
def test_words_come_back_as_they_were(html, text):
    assert as_text(html) == text
    assert as_html(text) == html


def test_markup_is_shown_and_never_run():
    assert as_html('<script>alert("ą")</script>') == "<p>&lt;script&gt;alert(&quot;ą&quot;)&lt;/script&gt;</p>"


def test_links_are_named_as_lost():
    assert loses_something('<p><a href="https://example.org">tu</a></p>')
    assert not loses_something("<ul><li>kapcie</li></ul>")


@given(st.text(alphabet="ab-–• #<>&\n", max_size=60))
def test_reading_twice_changes_nothing_more(text):
    once = as_text(as_html(text))

    assert as_text(as_html(once)) == once
