"""An editor builds and publishes what a site lives of, in the real CMS, in Polish, finding everything by its label."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from playwright.sync_api import expect

from tests.browser.conftest import running
from tests.browser.editing import Editor
from tests.browser.person import PHONE, Person
from tests.browser.test_conversation import png
from tests.browser.test_journey import fill
from volunteering.domain.holidays import holiday_on

pytestmark = [pytest.mark.browser]


def ordinary_day():
    """In a month or later, so that nothing begins on the day the tests run; on none of the four weeks from it is the
    day of a public holiday, which a series would leave out."""
    days = (timezone.localdate() + timedelta(days=ahead) for ahead in range(30, 90))
    return next(day for day in days if not any(holiday_on(day + timedelta(weeks=week)) for week in range(4)))


DAY = ordinary_day()


def in_polish(day):
    with override("pl"):
        return date_format(day, "j E")


def typed(day, hour):
    return f"{day:%d.%m.%Y} {hour}"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory, django_db_setup, installation):
    """A centre as `create_municipality` makes it, with nothing on its site but its first pages."""
    with running(tmp_path_factory.mktemp("newsroom"), cast="make_newsroom") as made:
        yield made


@pytest.fixture
def editor(newsroom, browser):
    return Editor(browser, newsroom, "redaktor lub redaktorka strony")


@pytest.fixture
def reader(newsroom, browser):
    """Somebody who is not signed in."""
    return Person(browser, newsroom, PHONE, scripts=True)


def test_editor_publishes_a_news_item(editor, reader):
    editor.open("/cms/")
    editor.follow("Napisz aktualność")
    editor.write("Tytuł", "Rusza klub szachowy w Wirku")
    editor.write("W jednym lub dwóch zdaniach", "Gramy w każdy czwartek. Szachownice są na miejscu.")
    editor.add_block("Treść", "Akapit").get_by_role("textbox").last.fill("Nie trzeba umieć grać.")
    editor.add_photo("szachy.png", png())

    # A photo that says nothing to people who cannot see it is refused, and nothing of what was typed is lost.
    editor.act("Opublikuj")
    expect(editor.page.get_by_text("Powiedz, co jest na zdjęciu.").first).to_be_visible()
    expect(editor.field("Tytuł")).to_have_value("Rusza klub szachowy w Wirku")
    editor.write("Co jest na zdjęciu", "Czerwona szachownica na stole.")

    # A draft is for the editors alone; the preview shows it as it will be.
    editor.save_draft()
    reader.go("/aktualnosci/")
    expect(reader.page.get_by_text("Rusza klub szachowy")).to_have_count(0)
    expect(editor.preview().get_by_role("heading", name="Rusza klub szachowy w Wirku")).to_be_visible()

    # Published, it stands at once in the list and on the front page.
    editor.act("Opublikuj")
    expect(editor.page.get_by_text("została opublikowana").first).to_be_visible()
    for path in ("/", "/aktualnosci/"):
        reader.go(path)
        expect(reader.page.get_by_role("link", name="Rusza klub szachowy w Wirku")).to_be_visible()
    reader.page.get_by_role("link", name="Rusza klub szachowy w Wirku").click()
    expect(reader.page.get_by_alt_text("Czerwona szachownica na stole.")).to_be_visible()
    expect(reader.page.get_by_text("Nie trzeba umieć grać.")).to_be_visible()
    reader.look()


def test_editor_publishes_a_service(editor, reader):
    """Begun in the tree of pages, the other way to a new page."""
    editor.open("/cms/pages/")
    editor.follow("Dodaj podstronę: „Usługi”")
    expect(editor.page.get_by_role("heading", name="Nowe: Usługa").first).to_be_visible()
    editor.write("Tytuł", "Usługi sąsiedzkie")
    editor.write("Co to jest, w jednym lub dwóch zdaniach", "Sąsiad pomaga w zakupach, gotowaniu i spacerach.")
    editor.tick("Osoby starsze")

    # What is missing is said field by field.
    editor.act("Opublikuj")
    expect(editor.page.get_by_text("Napisz, ile to kosztuje. Jeśli nic, wpisz: bezpłatnie.").first).to_be_visible()
    expect(editor.page.get_by_text("Napisz, jak się zgłosić: dodaj co najmniej jeden krok").first).to_be_visible()
    expect(editor.field("Tytuł")).to_have_value("Usługi sąsiedzkie")
    editor.write("Koszt", "Bezpłatnie.")
    editor.add_block("Jak się zgłosić, krok po kroku", "Krok").locator("textarea").last.fill("Zadzwoń do nas.")
    editor.act("Opublikuj")

    reader.go("/uslugi/")
    reader.page.get_by_role("link", name="Usługi sąsiedzkie").click()
    expect(reader.page.get_by_text("Zadzwoń do nas.")).to_be_visible()
    expect(reader.page.get_by_text("Osoby starsze").first).to_be_visible()
    reader.look()


def test_editor_publishes_an_event_and_somebody_registers(editor, reader):
    editor.open("/cms/")
    editor.follow("Napisz o wydarzeniu")
    editor.write("Tytuł", "Spacer badawczy po Wirku")
    editor.write("W jednym lub dwóch zdaniach", "Sprawdzimy razem, gdzie brakuje ławek.")
    editor.write_moment("Początek", typed(DAY, "10:00"))
    editor.write_moment("Koniec", typed(DAY, "12:00"))
    editor.field("Zapisy").select_option(label="zapisy na stronie i przez telefon")
    editor.write_moment("Koniec zapisów", typed(DAY + timedelta(days=1), "10:00"))
    editor.write("Liczba miejsc", "20")

    # No place, and registration that ends after the beginning: both are said at once.
    editor.act("Opublikuj")
    expect(editor.page.get_by_text("Napisz, gdzie się odbywa, albo podaj adres").first).to_be_visible()
    expect(editor.page.get_by_text("Zapisy kończą się przed rozpoczęciem wydarzenia.").first).to_be_visible()
    expect(editor.field("Początek")).to_have_value(typed(DAY, "10:00"))
    editor.write("Miejsce", "Biblioteka, ul. Markowa 20")
    editor.write_moment("Koniec zapisów", typed(DAY - timedelta(days=1), "10:00"))
    editor.act("Opublikuj")

    # In the list with its day and hour; and one can register, with a code that comes by mail.
    reader.go("/wydarzenia/")
    card = reader.page.locator("li").filter(has_text="Spacer badawczy po Wirku").last
    expect(card).to_contain_text(in_polish(DAY))
    expect(card).to_contain_text("10:00")
    card.get_by_role("link", name="Spacer badawczy po Wirku").click()
    expect(reader.page.get_by_text("20 wolnych miejsc").first).to_be_visible()
    reader.look()
    reader.page.get_by_role("link", name="Zapisz mnie").click()
    reader.page.locator("[name=name]").fill("Grażyna Przykład")
    reader.page.locator("[name=email]").fill("grazyna@example.org")
    reader.page.locator("[name=agreed]").check(force=True)
    reader.press("Wyślij mi kod")
    reader.page.locator("[name=code]").fill(reader.site.code())
    reader.press("Dalej")
    expect(reader.page.get_by_text("Masz miejsce na liście.").first).to_be_visible()


def test_editor_writes_an_initiative_and_the_organiser_plans_its_series(editor, reader, browser):
    editor.open("/cms/")
    editor.follow("Opisz inicjatywę")
    editor.write("Tytuł", "Czwartki przy szachach")
    editor.write("Jednym zdaniem", "Gramy w szachy i uczymy się od siebie.")
    editor.field("Rodzaj").select_option(label="Klub sąsiedzki")
    expect(editor.page.get_by_text("Spotkania planuje się w biurku").first).to_be_visible()

    # A second pair of eyes: the editor sends it, the organiser finds it on the first page and approves it.
    editor.act(re.compile("^Wyślij do zatwierdzenia"))
    organiser = Editor(browser, editor.site, "organizator")
    organiser.open("/cms/")
    organiser.follow("Czwartki przy szachach")
    organiser.act("Zatwierdź i opublikuj")

    # Meetings are live data, so they are planned at the desk: a series of four.
    organiser.go("/biurko/inicjatywy/czwartki-przy-szachach/spotkania/nowe/")
    series = {"day": DAY.isoformat(), "at": "17:00", "minutes": "90", "place": "Biblioteka, sala 3", "times": "4"}
    for name, value in series.items():
        fill(organiser.page, name, value)
    organiser.page.locator("label").filter(has_text="co tydzień").click()
    organiser.press("Zaplanuj")

    # The page shows each of them in local time, and the list the next one.
    reader.go("/inicjatywy/")
    reader.page.get_by_role("link", name="Czwartki przy szachach").first.click()
    for week in range(4):
        expect(reader.page.get_by_text(in_polish(DAY + timedelta(weeks=week))).first).to_be_visible()
    expect(reader.page.locator("main")).to_contain_text("17:00")
    reader.look()
    assert reader.errors == []
