"""Addresses of pages in three languages: the prefix alone decides."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from cms.addresses import LanguagePrefix
from cms.editing import RESERVED_SLUGS
from cms.models import StandardPage
from tests.factories.cms import home_of, make_home, make_page, make_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(centre):
    """The centre's home in English."""
    return make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))


def translate(page, *, below, **fields):
    translation = StandardPage(translation_key=page.translation_key, **fields)
    return make_page(translation, below=below, language=below.locale.language_code)


def language_of(response):
    return re.search(r'<html lang="(\w+)"', response.content.decode())[1], response.headers["Content-Language"]


def test_addresses_without_a_prefix_are_polish(browse, centre):
    make_words(centre, title="Kontakt", slug="kontakt")

    assert language_of(browse(centre).get("/kontakt/")) == ("pl", "pl")


@pytest.mark.parametrize("cookie", ["uk", "en", "xx", ""])
def test_polish_pages_stay_polish_whatever_was_chosen(browse, centre, cookie):
    make_words(centre, title="Kontakt", slug="kontakt")

    response = browse(centre, language=cookie).get("/kontakt/")

    assert response.status_code == 200
    assert language_of(response) == ("pl", "pl")


def test_prefix_opens_the_tree_of_its_language(browse, centre, english):
    translate(make_words(centre, title="Kontakt", slug="kontakt"), below=english, title="Contact", slug="contact")

    response = browse(centre, language="uk").get("/en/contact/")

    assert "Contact" in response.content.decode()
    assert language_of(response) == ("en", "en")


def test_prefix_without_a_tree_is_no_page(browse, centre):
    make_words(centre, slug="kontakt")

    assert browse(centre).get("/uk/").status_code == 404
    assert browse(centre).get("/uk/kontakt/").status_code == 404


def test_polish_addresses_do_not_work_under_a_prefix(browse, centre, english):
    make_words(centre, slug="kontakt")

    assert browse(centre).get("/en/kontakt/").status_code == 404


def test_prefix_of_polish_is_no_address(browse, centre):
    assert browse(centre).get("/pl/").status_code == 404


def test_front_door_leads_on_to_the_chosen_language(browse, centre, english):
    response = browse(centre, language="en").get("/")

    assert (response.status_code, response.url) == (302, "/en/")
    assert "Cookie" in response.headers["Vary"]


def test_front_door_stays_polish_where_the_chosen_language_has_no_home(browse, centre, english):
    assert browse(centre, language="uk").get("/").status_code == 200


def test_front_door_stays_polish_while_the_translation_is_a_draft(browse, centre, english):
    english.unpublish()

    assert browse(centre, language="en").get("/").status_code == 200


def test_addresses_of_translations_bear_their_prefix(centre, english):
    page = translate(make_words(centre, slug="kontakt"), below=english, title="Contact", slug="contact")

    host = centre.site.hostname
    assert (english.full_url, page.full_url) == (f"http://{host}/en/", f"http://{host}/en/contact/")


def test_application_has_no_prefix_in_any_language(browse, centre, english):
    assert browse(centre).get("/en/inicjatywy/").status_code == 404
    assert browse(centre, language="en").get("/inicjatywy/").status_code == 200


def test_page_names_its_translations(browse, centre, english):
    page = make_words(centre, slug="kontakt")
    translate(page, below=english, title="Contact", slug="contact")

    response = browse(centre).get("/kontakt/")

    host = centre.site.hostname
    found = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', response.content.decode())
    assert found == [("pl", f"http://{host}/kontakt/"), ("en", f"http://{host}/en/contact/")]


def test_language_switch_leads_to_the_translation(browse, centre, english):
    page = make_words(centre, slug="kontakt")
    translate(page, below=english, title="Contact", slug="contact")

    response = browse(centre).get("/kontakt/")

    assert response.context["translated_addresses"] == {"pl": "/kontakt/", "en": "/en/contact/"}


def test_language_switch_leads_to_the_nearest_page_above_that_is_translated(browse, centre, english):
    make_words(centre, slug="kontakt")

    response = browse(centre).get("/kontakt/")

    assert response.context["translated_addresses"] == {"pl": "/kontakt/", "en": "/en/"}
    assert 'hreflang="en"' not in response.content.decode()


# --- Addresses that belong to the application -------------------------------------------------------------------------


def first_words(patterns):
    """First words of the addresses of the application, those of includes without a word of their own too."""
    for pattern in patterns:
        word = str(pattern.pattern).split("/")[0]
        if word and re.fullmatch(r"[\w-]+", word):
            yield word
        elif not word and not isinstance(pattern.pattern, LanguagePrefix):
            yield from first_words(getattr(pattern, "url_patterns", []))


def test_every_first_word_of_the_application_is_reserved():
    words = set(first_words(get_resolver().url_patterns))

    assert {"prosby", "inicjatywy", "cms", "konto", "media"} <= words
    assert words <= RESERVED_SLUGS


def test_reserved_addresses_are_refused(centre):
    for slug in sorted(RESERVED_SLUGS):
        with pytest.raises(ValidationError) as refusal:
            make_words(centre, slug=slug)

        assert list(refusal.value.message_dict) == ["slug"]
        assert slug in str(refusal.value)


@pytest.mark.usefixtures("wagtails_templates")
def test_editor_reads_why_an_address_is_refused(desk, centre):
    home = home_of(centre)

    response = desk.post(
        f"/cms/pages/add/cms/standardpage/{home.pk}/",
        {"title": "Prośby", "slug": "prosby", "body-count": "0", "action-publish": "1"},
    )

    assert "prosby" in response.context["form"].errors["slug"][0]
    assert not home.get_children().exists()


def test_application_wins_over_a_page_made_before_its_address_was_taken(browse, centre):
    page = make_words(centre, slug="cokolwiek")
    type(page).objects.filter(pk=page.pk).update(slug="inicjatywy", url_path=f"{home_of(centre).url_path}inicjatywy/")

    assert page.title not in browse(centre).get("/inicjatywy/").content.decode()
