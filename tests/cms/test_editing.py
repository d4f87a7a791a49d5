"""Editors at work: what they cannot smuggle in, what they cannot see, and whether every block helps them."""

import json
import re

import pytest
from django.forms import DateField, DateTimeField
from django.urls import reverse
from django.utils.translation import override
from wagtail.blocks import StructBlockValidationError

from cms.blocks import BodyBlock, DocumentGroupsBlock, HomeBlock, QuestionGroupsBlock
from cms.checker import WORDS
from cms.models import NewsPage, StandardPage
from tests.factories.cms import home_of, make_home, make_news_index, make_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]

ACTS = re.compile(r"<\s*(script|iframe|object|embed|style|table|form|svg|img)|javascript:|\bon\w+\s*=", re.IGNORECASE)


def contentstate(text="Zwykły tekst", *, kind="unstyled", entity=None, styles=()):
    """What the editor's browser sends of one paragraph."""
    block = {
        "key": "aaaaa",
        "text": text,
        "type": kind,
        "depth": 0,
        "inlineStyleRanges": list(styles),
        "entityRanges": [],
    }
    if entity:
        block["entityRanges"] = [{"offset": 0, "length": len(text), "key": 0}]
    return json.dumps({"blocks": [block], "entityMap": {"0": entity} if entity else {}})


FORGED = [
    contentstate("<script>alert(1)</script><iframe src='https://example.org'></iframe><img src=x onerror=alert(1)>"),
    contentstate("odnośnik", entity={"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}),
    contentstate(
        "odnośnik", entity={"type": "LINK", "mutability": "MUTABLE", "data": {"url": '"><script>alert(1)</script>'}}
    ),
    contentstate("film", entity={"type": "EMBED", "mutability": "IMMUTABLE", "data": {"url": "https://example.org/f"}}),
    contentstate("obraz", entity={"type": "IMAGE", "mutability": "IMMUTABLE", "data": {"id": 1, "alt": "x"}}),
    contentstate("x", entity={"type": "SCRIPT", "mutability": "IMMUTABLE", "data": {}}),
    contentstate("nagłówek", kind="header-one"),
    contentstate("x", kind="table"),
    contentstate("styl", styles=[{"offset": 0, "length": 4, "style": "CODE"}]),
]


def send(desk, index, value):
    sent = {
        "title": "Wiadomość",
        "slug": "wiadomosc",
        "date": "2026-11-21",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "paragraph",
        "body-0-id": "",
        "body-0-value": value,
        "action-publish": "1",
    }
    return desk.post(f"/cms/pages/add/cms/newspage/{index.pk}/", sent)


@pytest.mark.parametrize("value", FORGED, ids=range(len(FORGED)))
def test_forged_words_are_only_words(desk, browse, centre, value, logged_errors):
    """Wagtail logs what it throws away."""
    index = make_news_index(centre)

    response = send(desk, index, value)

    assert response.status_code < 500
    page = browse(centre).get("/aktualnosci/wiadomosc/")
    if page.status_code == 200:
        body = re.search(r'<div class="prose">(.*?)</article>', page.text, re.DOTALL)[1]
        assert ACTS.findall(re.sub("&lt;.*?&gt;", "", body)) == []


@pytest.mark.parametrize("kind", ["raw_html", "embed", "table", "html", "static"])
def test_block_that_is_not_offered_is_not_taken(desk, centre, kind):
    index = make_news_index(centre)
    sent = {
        "title": "Wiadomość",
        "slug": "wiadomosc",
        "date": "2026-11-21",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": kind,
        "body-0-id": "",
        "body-0-value": "<script>alert(1)</script>",
        "action-publish": "1",
    }

    desk.post(f"/cms/pages/add/cms/newspage/{index.pk}/", sent)

    assert all("script" not in str(page.body.raw_data) for page in NewsPage.objects.all())


@pytest.mark.parametrize("words", ["tutaj", "kliknij tutaj", "https://example.org/"])
def test_link_of_a_list_says_where_it_leads(words):
    links = BodyBlock.base_blocks["links"].child_block

    with pytest.raises(StructBlockValidationError) as refusal:
        links.clean(links.to_python({"text": words, "page": None, "url": "https://example.org/"}))

    assert "text" in refusal.value.block_errors


# --- Help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        (stream, name)
        for stream in (BodyBlock, HomeBlock, DocumentGroupsBlock, QuestionGroupsBlock)
        for name in stream.base_blocks
    ],
)
def test_every_block_is_described_and_can_be_previewed(desk, stream, name):
    block = stream.base_blocks[name]

    response = desk.get(f"{reverse('wagtailadmin_block_preview')}?id={block.definition_prefix}")

    assert str(block.get_description())
    assert block.is_previewable
    assert response.status_code == 200
    assert "https://" not in re.sub(r'href="https://przyklad.pl/"|itemtype="https://schema.org/\w+"', "", response.text)


def test_preview_is_checked_by_our_rules_in_polish(desk, centre):
    page = make_words(centre)

    html = desk.get(f"/cms/pages/{page.pk}/edit/").text
    configuration = json.loads(re.search(r'id="checker-axe-configuration"[^>]*>(.*?)</script>', html, re.DOTALL)[1])

    assert configuration["options"]["runOnly"] == list(WORDS)
    with override("pl"):
        assert configuration["messages"]["link-name"]["error_name"] == str(WORDS["link-name"][0])


def test_help_is_our_own_and_in_the_language_of_the_editor(desk):
    first_page, guide = desk.get("/cms/"), desk.get("/cms/guide/")

    assert "guide.wagtail.org" not in first_page.text + guide.text
    assert 'href="/cms/guide/"' in first_page.text
    assert "Inicjatywa z serią spotkań" in guide.text


def test_guide_of_the_portal_leaves_out_what_it_has_not(browse, portal, superuser):
    guide = browse(None, superuser).get("/cms/guide/").text

    assert ("Wydarzenie z zapisami" in guide, "Inicjatywa z serią spotkań" in guide) == (True, False)


def test_side_panel_leads_nowhere_else(desk, centre):
    html = desk.get(f"/cms/pages/{make_words(centre).pk}/edit/").text

    assert "guide.wagtail.org" not in html


def test_moment_is_typed_as_the_help_says_in_every_language_of_the_cms():
    """English and Ukrainian have other habits; Wagtail shows and sends one format to all."""
    for language in ("pl", "en", "uk"):
        with override(language):
            moment = DateTimeField().clean("24.04.2027 10:00")
            assert (moment.month, moment.day, DateField().clean("24.04.2027").day) == (4, 24, 24)


# --- Dashboard --------------------------------------------------------------------------------------------------------


def test_dashboard_shows_what_waits_for_the_editor(desk, centre, stranger, editor):
    mine = make_words(centre, title="Mój szkic", live=False)
    mine.save_revision(user=editor)
    make_words(stranger, title="Cudzoziemski szkic", live=False).save_revision(user=editor)

    words = desk.get("/cms/").text

    assert ("Mój szkic" in words, "Cudzoziemski szkic" in words) == (True, False)
    assert f"/cms/pages/add/cms/accessibilitystatementpage/{home_of(centre).pk}/" in words


def test_dashboard_of_the_portal_opens(browse, portal, superuser):
    assert browse(None, superuser).get("/cms/").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_dashboard_asks_as_often_for_one_as_for_three(desk, centre, editor, number, django_assert_max_num_queries):
    for place in range(number):
        make_words(centre, title=f"Szkic {place}", live=False).save_revision(user=editor)
    desk.get("/cms/")

    with django_assert_max_num_queries(130):
        desk.get("/cms/")


# --- Translations -----------------------------------------------------------------------------------------------------


def test_translated_statement_home_is_in_the_list(desk, centre):
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))

    words = desk.get("/cms/").text

    assert f"/cms/pages/add/cms/accessibilitystatementpage/{english.pk}/" in words
    assert StandardPage.objects.count() == 0
