"""What free words are about, and for whom."""

import pytest

from volunteering.domain.stems import audiences_told, stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zepsuł mi się toster", "Naprawiamy tostery"),
        ("czajnik", "CZAJNIKA,"),
        ("lampę", "(lampy)"),
        ("stos lamp", "lampa"),
        ("kawy", "kawa"),
        ("Żółwie", "zolwi"),
        ("розмова", "розмови"),
    ],
)
def test_forms_of_a_word_meet(one, other):
    assert stems(one) & stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Proszę o pomoc, mieszkam sama", "Pomagamy sobie w każdy czwartek"),
        ("zakupy", "ogród"),
        ("psa", "pies"),
        ("", "ogród"),
        ("12 34", "12 34"),
    ],
)
def test_words_that_have_nothing_in_common(one, other):
    assert not stems(one) & stems(other)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Zakupy dla mojej BABCI", {"seniors"}),
        ("Mama ma 82 lata i mieszka sama", {"seniors"}),
        ("Jestem samotną emerytką", {"seniors", "lonely"}),
        ("Korepetycje dla licealistki", {"young"}),
        ("Syn, 14 lat, potrzebuje rozmowy", {"young"}),
        ("Opiekuję się mężem", {"carers"}),
        ("Mój pies ma 3 lata", set()),
        ("Proszę o wyniesienie mebli", set()),
        ("", set()),
    ],
)
def test_for_whom_the_words_ask(words, found):
    assert audiences_told(words)[0] == found


def test_the_kind_of_help_and_the_language_tell_for_whom_too():
    assert audiences_told("", category="respite")[0] == {"carers"}
    assert audiences_told("", language="uk")[0] == {"newcomers"}
    assert audiences_told("", category="shopping", language="pl")[0] == set()


def test_who_is_old_is_not_young_unless_both_are_spoken_of():
    assert audiences_told("dla seniora")[1] == {"young"}
    assert audiences_told("dla licealisty")[1] == {"seniors"}
    assert audiences_told("dla babci i licealisty") == ({"seniors", "young"}, frozenset())
    assert audiences_told("dla samotnej")[1] == set()
