"""Documents, questions and answers, contact, and a front page in an editor's order."""

import pytest

from cms.models import ContactPage, DocumentsPage, FaqPage
from tests.factories.cms import home_of, make_document, make_news, make_news_index, make_page, make_words

pytestmark = pytest.mark.django_db


def words(browse, centre, address="/"):
    response = browse(centre).get(address)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def documents(centre, number):
    return [("group", {"title": "Wnioski", "documents": [row(centre, each) for each in range(number)]})]


def row(centre, number):
    return {"document": make_document(centre, title=f"Pismo {number}", file_size=5), "text": f"Wniosek numer {number}"}


def questions(number):
    rows = [
        {"question": f"Czy to płatne ({each})?", "answer": f"<p>Nie, <b>nigdy</b> ({each}).</p>"}
        for each in range(number)
    ]
    return [("group", {"title": "Pieniądze", "questions": rows})]


def test_documents_page_says_kind_size_and_date(browse, centre):
    make_page(DocumentsPage(title="Dokumenty", slug="pisma", groups=documents(centre, 2)), below=home_of(centre))

    page = words(browse, centre, "/pisma/")

    assert "<h2>Wnioski</h2>" in page
    assert "Wniosek numer 1</a>" in page
    assert "TXT, 5 bajtów" in page
    assert '<time datetime="' in page


def test_documents_page_forgets_a_deleted_document(browse, centre):
    groups = documents(centre, 2)
    make_page(DocumentsPage(title="Dokumenty", slug="pisma", groups=groups), below=home_of(centre))
    groups[0][1]["documents"][0]["document"].delete()

    page = words(browse, centre, "/pisma/")

    assert "Wniosek numer 0" not in page
    assert "Wniosek numer 1" in page


@pytest.mark.parametrize("number", [1, 5])
def test_documents_page_asks_as_often_for_one_as_for_five(browse, centre, django_assert_max_num_queries, number):
    make_page(DocumentsPage(title="Dokumenty", slug="pisma", groups=documents(centre, number)), below=home_of(centre))
    words(browse, centre, "/pisma/")
    again = browse(centre)

    with django_assert_max_num_queries(11):
        again.get("/pisma/?inaczej=1")


def test_faq_page_opens_without_scripts_and_says_what_it_is(browse, centre):
    make_page(FaqPage(title="Pytania", slug="pytania", groups=questions(2)), below=home_of(centre))

    page = words(browse, centre, "/pytania/")

    assert 'itemtype="https://schema.org/FAQPage"' in page
    assert page.count("<details") >= 2
    assert "Czy to płatne (1)?</summary>" in page
    assert "<p>Nie, <b>nigdy</b> (1).</p>" in page


@pytest.mark.parametrize(("page_type", "address"), [(DocumentsPage, "pisma"), (FaqPage, "pytania")])
def test_empty_pages_say_so(browse, centre, page_type, address):
    make_page(page_type(title="Pusto", slug=address), below=home_of(centre))

    assert 'class="empty' in words(browse, centre, f"/{address}/")


def test_contact_page_shows_the_centres_own_facts(browse, centre):
    make_page(
        ContactPage(
            title="Kontakt",
            slug="kontakt",
            address="ul. Bajkowa 1",
            email="cus@example.org",
            phone="+48322440000",
            hours="poniedziałek 8–16\n\nśroda 8–18",
            directions="<p>Przystanek Rynek.</p>",
            map_url="https://example.org/mapa",
        ),
        below=home_of(centre),
    )

    page = words(browse, centre, "/kontakt/")

    for expected in (
        "ul. Bajkowa 1",
        'href="mailto:cus@example.org"',
        'href="tel:+48322440000"',
        "poniedziałek 8–16<br>",
        "środa 8–18",
        "<p>Przystanek Rynek.</p>",
        'href="https://example.org/mapa"',
        'href="/opinia/"',
    ):
        assert expected in page


def test_empty_contact_page_shows_the_facts_of_the_settings(browse, centre):
    centre.address, centre.email = "ul. Ustawiona 2", "ustawiony@example.org"
    centre.save()
    make_page(ContactPage(title="Kontakt", slug="kontakt"), below=home_of(centre))

    page = words(browse, centre, "/kontakt/")

    assert "ul. Ustawiona 2" in page
    assert f'href="tel:{centre.phone}"' in page


def test_contact_page_of_the_portal_has_no_form_for_opinions(browse, portal):
    make_page(ContactPage(title="Kontakt", slug="kontakt", address="ul. Regionalna 3"), below=portal.root_page)

    page = words(browse, None, "/kontakt/")

    assert "ul. Regionalna 3" in page
    assert "/opinia/" not in page


# --- The front page ---------------------------------------------------------------------------------------------------


def arrange(centre, *sections):
    home = home_of(centre)
    home.sections = sections
    home.save_revision().publish()


def test_home_has_its_sections_in_the_order_of_the_editor(browse, centre):
    make_news(make_news_index(centre), title="Nowy klub")
    shown, hidden = make_words(centre, title="Usługi opiekuńcze"), make_words(centre, title="Usługi ukryte")
    arrange(
        centre,
        ("words", "<p>Witamy u nas.</p>"),
        ("news", None),
        ("pages", [shown, hidden]),
        ("links", [{"text": "Strona miasta", "page": None, "url": "https://example.org/"}]),
        ("doors", None),
    )
    hidden.unpublish()

    page = words(browse, centre)

    order = [
        page.index(text)
        for text in ("Witamy u nas.", "Nowy klub", "Usługi opiekuńcze", "Strona miasta", 'class="doors"')
    ]
    assert order == sorted(order)
    assert "Usługi ukryte" not in page
    assert 'id="this-week"' not in page


def test_home_without_a_choice_has_the_usual_sections(browse, centre):
    make_news(make_news_index(centre), title="Nowy klub")

    page = words(browse, centre)

    order = [page.index(text) for text in ('class="doors"', 'id="this-week"', 'id="news"')]
    assert order == sorted(order)
