"""A whole new site in a real browser: nothing that axe objects to, nothing wider than the narrowest screen, nothing in
the way of the main act where pages are enlarged to 400 %."""

import pytest

from tests.browser.axe import violations
from tests.browser.person import DESKTOP, PHONE

pytestmark = [pytest.mark.browser]

# 1280 by 1024 pixels at 400 %.
ENLARGED = {"width": 320, "height": 256}
# What a bar that stays in place may take of them.
MOST_COVERED = ENLARGED["height"] / 4
IN_THE_WAY = """() => [...document.querySelectorAll("body *")].filter(node => {
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    return ["fixed", "sticky"].includes(style.position) && style.visibility !== "hidden" && box.width && box.height;
}).map(node => [node.className || node.tagName, node.getBoundingClientRect().height])"""
# The main act of a page: whether what lies in its middle is itself, once it is scrolled to.
ACTS = "main .button--primary, main .door, main form button:not([type=button])"
IS_COVERED = """node => {
    node.scrollIntoView({block: "nearest", behavior: "instant"});
    const box = node.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !(top && (node.contains(top) || top.contains(node)));
}"""


@pytest.fixture
def visit(browser, whole_site):
    """Function: opens a path in a language and says what is wrong with it on screens of the given sizes."""
    pages = {}

    def visit(path, *, language="pl", sizes=(PHONE, DESKTOP)):
        if language not in pages:
            context = browser.new_context(locale="pl-PL")
            context.add_cookies([{"name": "language", "value": language, "url": whole_site.origin}])
            pages[language] = context.new_page()
        page = pages[language]
        page.set_viewport_size(ENLARGED)
        page.goto(whole_site.origin + path)
        return [f"{language} {path}: {problem}" for problem in (*enlarged(page), *objections(page, sizes))]

    return visit


def enlarged(page):
    if (width := page.evaluate("document.documentElement.scrollWidth")) > ENLARGED["width"]:
        yield f"{width} pixels wide"
    bars = page.evaluate(IN_THE_WAY)
    yield from (f"{name} covers {height} pixels" for name, height in bars if height > MOST_COVERED)
    act = page.locator(ACTS).first
    if act.count() and act.is_visible() and act.evaluate(IS_COVERED):
        yield "the main act lies under something"


def objections(page, sizes):
    for size in sizes:
        page.set_viewport_size(size)
        if found := violations(page):
            yield f"{size['width']}\n{found}"


def test_pages_of_a_whole_site_are_accessible(whole_site, visit):
    addresses = whole_site.addresses
    problems = [problem for path in addresses["pages"]["pl"] for problem in visit(path)]
    for language in ("en", "uk"):
        for path in addresses["founded"][language]:
            problems += visit(path, language=language, sizes=[PHONE])

    assert problems == []


def test_pages_of_the_application_are_accessible(whole_site, visit):
    plain = ["/prosby/", "/prosby/nowa/", "/pomagam/", "/opinia/", "/opinia/dziekujemy/", "/szukaj/", "/bez-sieci/",
             "/konto/login/code/", "/inicjatywy/", "/inicjatywy/kalendarz/", "/inicjatywy/kalendarz/?widok=agenda",
             "/inicjatywy/mapa/", "/inicjatywy/zakonczone/", "/inicjatywy/zaproponuj/"]  # fmt: skip
    problems = [problem for path in (*plain, *whole_site.addresses["application"]) for problem in visit(path)]

    assert problems == []


def test_forms_with_mistakes_are_accessible(browser, whole_site):
    problems = []
    page = browser.new_context(locale="pl-PL").new_page()
    for path in whole_site.addresses["forms"]:
        page.set_viewport_size(ENLARGED)
        page.goto(whole_site.origin + path)
        page.locator("main form[method=post] button").first.click()
        page.wait_for_load_state()
        assert page.locator(".error-summary").count() == 1, path
        problems += [f"{path}: {problem}" for problem in (*enlarged(page), *objections(page, [PHONE]))]

    assert problems == []
