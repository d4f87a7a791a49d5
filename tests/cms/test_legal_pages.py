"""Pages in shapes that the law prescribes: published only when they are complete, and read by everybody."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page

from cms.domain import legal
from cms.models import AccessibilityStatementPage, EasyReadPage, PrivacyPage, ProtectionStandardsPage, TermsPage
from tests.factories.cms import (
    home_of,
    make_document,
    make_easy_read,
    make_home,
    make_privacy,
    make_standards,
    make_statement,
    make_terms,
    statement_fields,
)

pytestmark = pytest.mark.django_db

# Identifiers of "Warunki techniczne …", version 2.0: always there, and there only when they are wanted.
MANDATORY = {
    *("a11y-wstep", "a11y-podmiot", "a11y-zakres", "a11y-url", "a11y-data-publikacja", "a11y-data-aktualizacja"),
    *("a11y-status", "a11y-kontakt", "a11y-email", "a11y-telefon", "a11y-procedura", "a11y-data-sporzadzenie"),
    *("a11y-architektura", "a11y-komunikacja"),
}
CONDITIONAL = {
    "a11y-data-przeglad": {"reviewed_on": date(2026, 11, 1)},
    "a11y-aplikacje": {"apps": "<p>Nasza aplikacja</p>"},
    "a11y-architektura-url": {"architecture_url": "https://example.org/budynek/"},
}
EXTRAS = {"a11y-deklaracja", "a11y-osoba", "a11y-audytor"}
ADDRESS = "/deklaracja-dostepnosci/"
TITLES = {
    "pl": [
        "Deklaracja dostępności",
        "Stan dostępności cyfrowej",
        "Niedostępne treści",
        "Niezgodność z załącznikiem",
        "Treści nieobjęte przepisami",
        "Przygotowanie deklaracji dostępności i jej aktualizacja",
        "Skróty klawiszowe",
        "Informacje zwrotne i dane kontaktowe",
        "Obsługa wniosków i skarg związanych z dostępnością",
        "Pozostałe informacje",
        "Aplikacje mobilne",
        "Dostępność architektoniczna",
        "Dostępność komunikacyjno-informacyjna",
    ]
}


def main_of(browse, where, address):
    response = browse(where).get(address)
    assert response.status_code == 200
    return re.search(r"<main.*</main>", response.text.replace("\xa0", " "), re.DOTALL)[0]


def ids_of(html):
    return Counter(re.findall(r'\bid="(a11y-[^"]*)"', html))


def element(html, name):
    """What stands in the element with an identifier, up to its end, and its tag."""
    found = re.search(rf'<(\w+)([^>]*\bid="{name}"[^>]*)>(.*?)</\1>', html, re.DOTALL)
    return found[1], found[2], " ".join(re.sub("<[^>]*>", "", found[3]).split())


# --- Accessibility statement ------------------------------------------------------------------------------------------


def test_statement_has_every_prescribed_identifier_once(browse, centre):
    make_statement(home_of(centre))

    ids = ids_of(main_of(browse, centre, ADDRESS))

    assert {name: ids[name] for name in MANDATORY} == dict.fromkeys(MANDATORY, 1)
    assert set(ids) - MANDATORY <= EXTRAS
    assert set(ids.values()) == {1}


@pytest.mark.parametrize(("name", "fields"), CONDITIONAL.items(), ids=CONDITIONAL)
def test_statement_has_a_conditional_identifier_when_it_is_wanted(browse, centre, name, fields):
    make_statement(home_of(centre), **fields)

    ids = ids_of(main_of(browse, centre, ADDRESS))

    assert ids[name] == 1
    assert set(CONDITIONAL) & set(ids) == {name}


def test_statement_says_facts_in_the_prescribed_elements(browse, centre):
    make_statement(home_of(centre), reviewed_on=date(2026, 11, 3))

    html = main_of(browse, centre, ADDRESS)

    assert element(html, "a11y-podmiot")[2] == "Centrum Usług Społecznych"
    assert element(html, "a11y-url")[:2] == ("a", ' id="a11y-url" href="https://cus.example.org/"')
    assert 'href="mailto:dostepnosc@example.org"' in element(html, "a11y-email")[1]
    assert 'href="tel:+48320000000"' in element(html, "a11y-telefon")[1]
    assert element(html, "a11y-architektura")[2] == "Wejście bez progu."
    for name, day in {
        "a11y-data-publikacja": "2026-09-01",
        "a11y-data-aktualizacja": "2026-10-01",
        "a11y-data-sporzadzenie": "2026-10-02",
        "a11y-data-przeglad": "2026-11-03",
    }.items():
        tag, attributes, _words = element(html, name)
        assert (tag, f'datetime="{day}"' in attributes) == ("time", True)


@pytest.mark.parametrize(
    ("conformity", "phrase"),
    [("full", "jest zgodna"), ("partial", "jest częściowo zgodna"), ("none", "jest niezgodna")],
)
def test_statement_says_the_prescribed_phrase(browse, centre, conformity, phrase):
    make_statement(home_of(centre), conformity=conformity, failings="" if conformity == "full" else "<p>Skany.</p>")

    assert phrase in element(main_of(browse, centre, ADDRESS), "a11y-status")[2]


def test_statement_has_the_prescribed_titles_in_their_order(browse, centre):
    make_statement(home_of(centre), exempt="<p>Mapy.</p>", shortcuts="<p>Alt+1</p>", apps="<p>Aplikacja</p>")

    html = main_of(browse, centre, ADDRESS)

    titles = [re.sub("<[^>]*>", "", title).strip() for title in re.findall(r"<h[123][^>]*>(.*?)</h[123]>", html)]
    assert titles == TITLES["pl"]


@pytest.mark.parametrize(
    ("language", "title", "phrase"),
    [("en", "Accessibility statement", "is partially compliant"), ("uk", "Декларація доступності", "частково")],
)
def test_statement_is_said_in_the_language_of_its_page(browse, centre, language, title, phrase):
    home = make_home("Centre", f"centrum-{language}", language=language, translation_of=home_of(centre))
    make_statement(home, language=language)

    html = main_of(browse, centre, f"/{language}{ADDRESS}")

    assert element(html, "a11y-deklaracja")[2] == title
    assert phrase in element(html, "a11y-status")[2]
    assert {name for name, count in ids_of(html).items() if count == 1} >= MANDATORY


@pytest.mark.parametrize(
    "name",
    [
        *("entity", "site_address", "published_on", "updated_on", "conformity", "prepared_on", "contact", "email"),
        *("phone", "architecture", "communication"),
    ],
)
def test_statement_without_a_fact_is_not_published(centre, name):
    empty = None if name.endswith("_on") else ""

    with pytest.raises(ValidationError) as refusal:
        make_statement(home_of(centre), **{name: empty})

    assert list(refusal.value.message_dict) == [name]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"failings": ""}, "failings"),
        ({"failings": "<p></p>"}, "failings"),
        ({"failings": "<p>&nbsp;</p>", "conformity": "none"}, "failings"),
        ({"conformity": "full"}, "conformity"),
        ({"assessment": "external"}, "assessor"),
        ({"architecture": "<p> </p>"}, "architecture"),
        ({"updated_on": date(2026, 8, 31)}, "updated_on"),
        ({"reviewed_on": date(2026, 10, 1)}, "reviewed_on"),
        ({"site_address": "cus"}, "site_address"),
        ({"email": "x"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"conformity": "almost"}, "conformity"),
    ],
)
def test_statement_that_contradicts_itself_is_not_published(centre, fields, wrong):
    with pytest.raises(ValidationError) as refusal:
        make_statement(home_of(centre), **fields)

    assert list(refusal.value.message_dict) == [wrong]


@pytest.mark.parametrize("name", ["published_on", "updated_on", "prepared_on", "reviewed_on"])
def test_statement_knows_no_day_to_come(centre, name):
    page = AccessibilityStatementPage(**statement_fields(**{name: timezone.localdate() + timedelta(days=1)}))

    with pytest.raises(ValidationError) as refusal:
        page.check_complete()

    assert name in refusal.value.message_dict


def sent(**fields):
    facts = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in statement_fields().items()
    }
    for name in ("failings", "exempt", "shortcuts", "procedure", "architecture", "communication", "apps"):
        facts[name] = "null"
    return facts | {"assessment": "self", "assessor": "", "architecture_url": "", "reviewed_on": ""} | fields


@pytest.mark.usefixtures("wagtails_templates")
def test_incomplete_statement_is_kept_as_a_draft_and_not_published(desk, centre):
    address = f"/cms/pages/add/cms/accessibilitystatementpage/{home_of(centre).pk}/"

    refused = desk.post(address, sent(entity="", **{"action-publish": "1"}))
    kept = desk.post(address, sent(entity=""))

    assert {"entity", "architecture", "communication"} <= set(refused.context["form"].errors)
    assert kept.status_code == 302
    page = AccessibilityStatementPage.objects.get()
    assert (page.live, page.entity) == (False, "")


@pytest.mark.usefixtures("wagtails_templates")
def test_new_statement_begins_with_the_facts_of_the_centre(desk, centre):
    form = desk.get(f"/cms/pages/add/cms/accessibilitystatementpage/{home_of(centre).pk}/").context["form"]

    assert (form["entity"].value(), form["email"].value()) == (centre.centre_name, centre.email)
    assert form["site_address"].value() == f"{centre.site.root_url}/"


def test_statement_takes_the_place_of_the_ordinary_page_in_the_footer(browse, centre):
    assert ADDRESS not in browse(centre).get("/").text

    make_statement(home_of(centre))
    type(centre).objects.filter(pk=centre.pk).update(content_version=centre.content_version + 1)

    assert f'<a href="{ADDRESS}">' in browse(centre).get("/").text


def test_portal_has_its_own_statement(browse, portal):
    make_statement(portal.root_page)

    assert ids_of(main_of(browse, None, ADDRESS)).keys() >= MANDATORY
    assert f'<a href="{ADDRESS}">' in browse(None).get("/").text


# --- Easy to read -----------------------------------------------------------------------------------------------------


def test_easy_page_has_its_three_ways(browse, centre):
    film = make_document(centre, file=ContentFile(b"\0\0\0\x18ftypmp42", name="film.mp4"))
    make_easy_read(home_of(centre), film=film)

    html = main_of(browse, centre, "/co-robimy/")

    for expected in ("Pomagamy.", "Centrum organizuje usługi.", "<video", f'src="{film.url}"', 'id="pjm"'):
        assert expected in html
    assert "autoplay" not in html


def test_film_elsewhere_is_an_ordinary_link(browse, centre):
    make_easy_read(home_of(centre), film_url="https://example.org/film")

    html = main_of(browse, centre, "/co-robimy/")

    assert '<a href="https://example.org/film">' in html
    assert not re.search("<(iframe|video|embed|object|script)", html)


@pytest.mark.parametrize("fields", [{"easy_text": ""}, {"easy_text": "<p></p>"}, {"text": ""}, {"film_url": "film"}])
def test_easy_page_that_lacks_something_is_not_published(centre, fields):
    with pytest.raises(ValidationError) as refusal:
        make_easy_read(home_of(centre), **fields)

    assert list(refusal.value.message_dict) == list(fields)


def test_film_is_a_film_and_given_once(centre):
    page = EasyReadPage(title="Co robimy", easy_text="<p>Tak.</p>", text="<p>Tak.</p>", film=make_document(centre))

    with pytest.raises(ValidationError) as no_film:
        page.check_complete()
    page.film.file.name, page.film_url = "film.webm", "https://example.org/film"
    with pytest.raises(ValidationError) as twice:
        page.check_complete()

    assert (list(no_film.value.message_dict), list(twice.value.message_dict)) == (["film"], ["film_url"])


# --- Protection of minors ---------------------------------------------------------------------------------------------


def test_standards_show_both_versions_and_the_next_review(browse, centre):
    make_standards(home_of(centre))

    html = main_of(browse, centre, "/ochrona-dzieci/")

    for expected in ("Masz prawo czuć się bezpiecznie.", "Standardy w całości.", "1 marca 2027", "Anna Przykład"):
        assert expected in html


@pytest.mark.parametrize(
    ("sheet", "shown", "hidden"),
    [("dla-dzieci", "Masz prawo", "Standardy w całości"), ("pelne", "Standardy w całości", "Masz prawo")],
)
def test_each_version_can_be_printed_alone(browse, centre, sheet, shown, hidden):
    make_standards(home_of(centre))

    html = main_of(browse, centre, f"/ochrona-dzieci/{sheet}/")

    assert (shown in html, hidden in html) == (True, False)


@pytest.mark.parametrize("sheet", ["inne", "dla-dzieci/jeszcze", "wersja/1"])
def test_other_sheets_are_not_there(browse, centre, sheet):
    make_standards(home_of(centre))

    assert browse(centre).get(f"/ochrona-dzieci/{sheet}/").status_code == 404


def test_sheets_of_a_draft_are_not_there(browse, centre):
    make_standards(home_of(centre), live=False)

    assert browse(centre).get("/ochrona-dzieci/dla-dzieci/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"short": ""}, "short"),
        ({"full": "<p></p>"}, "full"),
        ({"responsible": ""}, "responsible"),
        ({"approved_on": None}, "approved_on"),
        ({"reviewed_on": date(2026, 3, 1)}, "conclusions"),
        ({"reviewed_on": date(2025, 2, 28), "conclusions": "<p>Nic.</p>"}, "reviewed_on"),
    ],
)
def test_incomplete_standards_are_not_published(centre, fields, wrong):
    with pytest.raises(ValidationError) as refusal:
        make_standards(home_of(centre), **fields)

    assert list(refusal.value.message_dict) == [wrong]


# --- What a site still lacks ------------------------------------------------------------------------------------------


def test_new_centre_lacks_every_legal_page(centre):
    kinds = [kind for kind, _home in legal.missing(centre.site)]

    assert kinds == [PrivacyPage, TermsPage, AccessibilityStatementPage, EasyReadPage, ProtectionStandardsPage]


def test_complete_centre_lacks_nothing(centre, stranger):
    home = home_of(centre)
    for make in (make_privacy, make_terms, make_statement, make_easy_read, make_standards):
        make(home)

    assert list(legal.missing(centre.site)) == []
    assert len(list(legal.missing(stranger.site))) == 5


def test_statement_is_wanted_in_every_language_of_the_site(centre):
    home = home_of(centre)
    english = make_home("Centre", "centrum-en", language="en", translation_of=home)
    for make in (make_privacy, make_terms, make_statement, make_easy_read, make_standards):
        make(home)

    assert list(legal.missing(centre.site)) == [(AccessibilityStatementPage, Page.objects.get(pk=english.pk))]


def test_portal_needs_no_standards_of_the_protection_of_minors(portal):
    assert ProtectionStandardsPage not in [kind for kind, _home in legal.missing(portal)]
