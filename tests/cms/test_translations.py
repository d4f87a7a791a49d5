"""Translations that are older than their Polish page, and those that are not there."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from cms.domain.groups import make_team
from cms.models import StandardPage, TranslationCheck
from cms.translations import gaps
from tests.factories.cms import home_of, make_home, make_page, make_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(centre):
    home = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))
    make_team(centre.site, name=centre.name)
    return home


@pytest.fixture
def polish(centre):
    return make_words(centre, title="Kontakt", slug="kontakt")


@pytest.fixture
def contact(polish, english):
    page = StandardPage(title="Contact", slug="contact", translation_key=polish.translation_key)
    return make_page(page, below=english, language="en")


def publish_later(page, days=1):
    Page.objects.filter(pk=page.pk).update(last_published_at=timezone.now() + timedelta(days=days))


def note_on(browse, centre):
    return 'hreflang="pl">' in browse(centre).get("/en/contact/").text.split("</head>")[1]


def found(centre):
    return [(gap.polish.slug, gap.language, bool(gap.translation)) for gap in gaps(centre.site)]


def test_translation_that_is_up_to_date_has_no_note(browse, centre, contact):
    assert not note_on(browse, centre)


def test_older_translation_leads_to_the_polish_page(browse, centre, polish, contact):
    publish_later(polish)

    response = browse(centre).get("/en/contact/")

    assert response.context["newer_polish"].url == "/kontakt/"
    assert "The Polish version of this page is newer" in response.text


def test_polish_pages_and_others_without_a_polish_one_have_no_note(browse, centre, polish, english):
    make_page(StandardPage(title="Only", slug="only"), below=english, language="en")
    publish_later(polish)

    assert browse(centre).get("/kontakt/").context["newer_polish"] is None
    assert browse(centre).get("/en/only/").context["newer_polish"] is None


@pytest.mark.usefixtures("wagtails_templates")
def test_editor_says_that_a_translation_is_right(browse, desk, centre, polish, contact):
    publish_later(polish)

    response = desk.post(f"/cms/translations/{contact.pk}/up-to-date/")

    assert response.status_code == 302
    assert TranslationCheck.objects.get().checked_by.display_name == "Nasza Redaktorka"
    assert not note_on(browse, centre)
    publish_later(polish, days=2)
    assert browse(centre).get("/en/contact/?x").context["newer_polish"] is not None


@pytest.mark.usefixtures("wagtails_templates")
def test_what_has_no_polish_page_cannot_be_compared(desk, polish):
    assert desk.post(f"/cms/translations/{polish.pk}/up-to-date/").status_code == 404
    assert desk.get(f"/cms/translations/{polish.pk}/up-to-date/").status_code == 405


def test_gaps_are_found_in_the_languages_of_the_site(centre, polish, english):
    make_words(centre, slug="szkic", live=False)

    assert found(centre) == [("kontakt", "en", False)]


def test_draft_of_a_translation_is_no_gap(centre, polish, english):
    page = StandardPage(title="Contact", slug="contact", translation_key=polish.translation_key)
    make_page(page, below=english, language="en", live=False)
    publish_later(polish)

    assert found(centre) == []


def test_older_translation_is_a_gap(centre, polish, contact):
    assert found(centre) == []

    publish_later(polish)

    assert found(centre) == [("kontakt", "en", True)]


@pytest.mark.usefixtures("wagtails_templates")
def test_list_shows_own_pages_only(desk, centre, stranger, polish, english):
    make_home("Foreign", "cudze-en", language="en", translation_of=home_of(stranger))
    make_words(stranger, title="Cudzoziemska strona")

    words = desk.get("/cms/translations/").text

    assert "Kontakt" in words
    assert "Cudzoziemska" not in words


@pytest.mark.usefixtures("wagtails_templates")
def test_foreign_translations_are_not_confirmed(desk, stranger):
    english = make_home("Foreign", "cudze-en", language="en", translation_of=home_of(stranger))

    assert desk.post(f"/cms/translations/{english.pk}/up-to-date/").status_code == 404
    assert not TranslationCheck.objects.exists()
