"""Our reader of pages finds what it is there to find."""

import pytest

from tests.markup import Markup

PAGE = '<!DOCTYPE html><html lang="pl"><head><title>Strona</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<h1>A</h1><p>B</div>", "end-tag-too-early"),
        ('<h1 id="a" id="b">A</h1>', "duplicate-attribute"),
        ("<h1>A</h1><table><tr><td>B</td><p>C</p></tr></table>", "voodoo"),
        ('<h1 id="a">A</h1><p id="a">B</p>', "stands 2 times"),
        ('<h1>A</h1><label for="b">B</label>', "names 'b'"),
        ('<h1>A</h1><p aria-describedby="c">B</p>', "names 'c'"),
        ('<h1>A</h1><a href="#b">B</a>', "leads to #b"),
        ('<h1>A</h1><input name="b">', "has no label"),
        ("<h2>A</h2>", "0 headings of the first level"),
        ("<h1>A</h1><h3>B</h3>", "jumps from level 1 to 3"),
        ("<h1>A</h1><h2> </h2>", "is empty"),
        ("<h1>A</h1><ul><div>B</div></ul>", "<div> right in <ul>"),
        ("<h1>A</h1><span><div>B</div></span>", "holds words only"),
        ('<h1>A</h1><a href="/"><button type="button">B</button></a>', "one target in another"),
        ('<h1>A</h1><img src="a" width="1" height="1">', "has no alt"),
        ('<h1>A</h1><img src="a" alt="">', "has no size"),
        ('<h1>A</h1><a href="/"><img src="a" alt="" width="1" height="1"></a>', "has no words"),
        ('<h1>A</h1><a href="">B</a>', "leads nowhere"),
        ('<h1 style="color: red">A</h1>', "has style="),
        ("<h1>A</h1><center>B</center>", "taken out of HTML"),
    ],
)
def test_what_is_wrong_is_named(body, problem):
    found = Markup(PAGE.format(body)).problems

    assert [words for words in found if problem in words], found


def test_what_is_right_is_left_alone():
    body = (
        '<h1 id="a">A</h1><ul><li><a href="#a">B</a></li></ul><label>C <input name="c"></label>'
        "<details><summary><h2>D</h2></summary><dl><div><dt>E</dt><dd><p>F</p></dd></div></dl></details>"
        '<svg viewBox="0 0 1 1"><a href="/g"><text>G</text></a></svg><template><a href=""></a></template>'
    )

    assert Markup(PAGE.format(body)).problems == []


def test_words_in_other_languages_are_not_of_the_page():
    page = Markup(
        PAGE.format('<h1>Tytuł\xa0strony</h1><p>Słowa <b lang="en">Some words</b> dalej</p><script>x</script>')
    )

    assert page.sentences == ["Strona", "Tytuł strony", "Słowa", "dalej"]
