"""Plain words, measured by a documented formula, and advice made of it."""

import pytest

from cms import wording
from cms.domain import advice
from cms.models import StandardPage
from tests.cms.test_pages import every_block, fill
from tests.factories.cms import make_words

EASY = "Klub jest w środę. Przyjdź do nas. Nie musisz się zapisać. Mamy kawę i ciasto. " * 6
HARD = (
    "Przedmiotowe postępowanie kwalifikacyjne przeprowadzane jest na podstawie obowiązującej uchwały ustanawiającej "
    "szczegółowe zasady przyznawania odpłatności za świadczone usługi opiekuńcze oraz specjalistyczne usługi "
    "opiekuńcze dla mieszkańców uprawnionych do korzystania ze świadczeń organizowanych przez administrację "
    "samorządową. "
) * 3


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("kot", 1),
        ("w", 1),
        ("mama", 2),
        ("babcia", 2),
        ("ciasto", 2),
        ("dzień", 1),
        ("niania", 2),
        ("mieszkaniec", 3),
        ("uchwała", 3),
        ("organizowanych", 6),
        ("świadczenie", 3),
        ("ósmy", 2),
        ("źródło", 2),
    ],
)
def test_syllables_of_polish_words(word, count):
    assert wording.syllables(word) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dzień dobry. Zapraszamy!", 2),
        ("Klub, ul. Bajkowa 1, jest czynny np. we wtorki.", 1),
        ("Spotkanie 24. kwietnia o godz. 15.30 w sali nr. 3.", 1),
        ("punkt pierwszy\npunkt drugi", 2),
        ("Co? Gdzie? Kiedy…", 3),
        ("12 345", 0),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text, count):
    assert len(wording.sentences(text)) == count


def test_index_follows_the_formula():
    text = ("ala ma kota. " * 19) + ("organizowanych świadczeniodawca administracja. " * 1)

    reading = wording.reading(text)

    assert (reading.words, reading.sentence) == (60, 3)
    assert reading.hard == pytest.approx(100 * 3 / 60)
    assert reading.index == pytest.approx(0.4 * (3 + 5))


def test_easy_text_is_easy_and_hard_text_is_hard():
    assert wording.reading(EASY).index < wording.WISHED < wording.TOLERATED < wording.reading(HARD).index


def test_short_text_is_not_judged():
    assert wording.reading("Zapraszamy na spotkanie mieszkańców.") is None
    assert wording.reading("") is None


@pytest.mark.parametrize(
    "words",
    [
        "tutaj",
        "Kliknij tutaj!",
        "  TU ",
        "więcej…",
        "czytaj więcej »",
        "https://example.org/x",
        "www.example.org",
        "here",
        "",
    ],
)
def test_link_that_says_nothing(words):
    assert wording.says_nothing(words)


@pytest.mark.parametrize("words", ["Regulamin klubu", "Więcej o banku czasu", "Formularz zgłoszenia (PDF)", "ecus.pl"])
def test_link_that_says_where_it_leads(words):
    assert not wording.says_nothing(words)


def page(text, **fields):
    return StandardPage(title="Strona", body=[("paragraph", text)], **fields)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>Zapisy są <a href="/x/">tutaj</a>.</p>', "tutaj"),
        ('<p><a href="https://example.org/">https://example.org/</a></p>', "https://example.org/"),
        ('<p><a href="/x/"></a></p>', ""),
        (f"<p>{HARD}</p>", ""),
    ],
)
def test_advice_is_given(html, expected):
    sentences = advice.advice_on(page(html))

    assert sentences
    assert expected in sentences[0]


def test_lower_heading_without_a_main_one():
    odd = StandardPage(title="Strona", body=[("heading", {"text": "Niżej", "level": "h3"})])

    assert ["Niżej" in sentence for sentence in advice.advice_on(odd)] == [True]


def test_hostile_words_are_only_read():
    sentences = advice.advice_on(page("<p><a href='x'>" + "tutaj<" * 2000 + "</p></a></h2></p><h2"))

    assert isinstance(sentences, list)


@pytest.mark.django_db
def test_good_page_gets_no_advice(centre):
    words = make_words(centre)
    fill(words, centre, body=every_block(centre, words))

    assert advice.advice_on(words) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("wagtails_templates")
def test_advice_stands_beside_the_editor(desk, centre):
    words = make_words(centre, body=[("paragraph", '<p><a href="https://example.org/">kliknij tutaj</a></p>')])

    html = desk.get(f"/cms/pages/{words.pk}/edit/").text

    assert "kliknij tutaj” " in html.replace("\xa0", " ")
