"""People's own words: what is found in them that strangers may not read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteering.domain import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Proszę o zakupy: chleb, mleko i 2 kg ziemniaków.", set()),
        ("Zakupy 24.04.2027 o 10:30, potem 12.30-14.00.", set()),
        ("Potrzebne 3 osoby na 2 godziny, budżet 1500 zł.", set()),
        ("Obiad dla 4 os. na godz. 13", set()),
        ("Recepta z 12-04-2027", set()),
        ("tel. 512 345 678", {"phone"}),
        ("dzwonić 512345678", {"phone"}),
        ("dzwonić 512-345-678 po 16", {"phone"}),
        ("dzwonić 512.345.678", {"phone"}),
        ("+48 512 345 678", {"phone"}),
        ("0048512345678", {"phone"}),
        ("32 244 00 00", {"phone"}),
        ("mój PESEL 44051401359", {"phone"}),
        ("anna.nowak@example.com", {"email"}),
        ("pisać: anna+pomoc@poczta.gmina.pl", {"email"}),
        ("ul. Markowa 20", {"address"}),
        ("przy ulicy Ogrodowej 7/12", {"address"}),
        ("os. Kaufhaus 5", {"address"}),
        ("aleja Róż 3", {"address"}),
        ("m. 12", {"address"}),
        ("mieszkanie 4", {"address"}),
        ("kod do bramy 1234", {"address"}),
        ("kod domofonu: 17#", {"address"}),
        ("41-709 Ruda Śląska", {"address"}),
        ("Markowa, ul. Markowa 20 m. 5, tel. 512 345 678, a@b.pl", {"address", "phone", "email"}),
    ],
)
def test_gives_away_finds_contact_details_only(text, found):
    assert words.gives_away(text) == found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zakupy, proszę dzwonić 512 345 678 po południu.", "Zakupy, proszę dzwonić […] po południu."),
        ("Pies czeka przy ul. Markowa 20/5, szczeka.", "Pies czeka przy […], szczeka."),
        ("Pisz na anna@example.com", "Pisz na […]"),
        ("Dwa kilo ziemniaków", "Dwa kilo ziemniaków"),
    ],
)
def test_cut_leaves_the_rest_of_the_words(text, left):
    assert words.cut(text) == left


@given(st.text(max_size=300))
def test_cut_words_give_nothing_away(text):
    assert words.gives_away(words.cut(text)) == set()


@given(st.text(max_size=300))
def test_clean_words_hold_nothing_unseen(text):
    cleaned = words.clean(text)

    cleaned.encode()
    assert "\x00" not in cleaned
    assert "\u202e" not in cleaned
    assert words.clean(cleaned) == cleaned


@pytest.mark.parametrize("text", ["a" * 100_000, "5" * 100_000, "ul. " * 25_000, "512 345 " * 12_000, "a@" * 50_000])
def test_long_words_are_read_in_no_time(text):
    begun = time.perf_counter()

    words.gives_away(text)

    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Żółć", "zolc"), ("ŁÓDŹ", "lodz"), ("Straße", "strasse"), ("ﬁrma", "firma"), ("Їжак", "іжак")],
)
def test_fold_makes_spellings_meet(text, folded):
    assert words.fold(text) == folded
