"""Two people converse in two browsers at once, without reloading, and nothing is said twice."""

import re
import time
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from config.arrivals import TRY_LATER
from tests.browser.test_journey import DESKTOP, LIVE_MS, PHONE, Person

pytestmark = [pytest.mark.browser]


def png():
    target = BytesIO()
    Image.new("RGB", (240, 160), (176, 48, 32)).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def talk(site, browser):
    """Function: the address of the conversation, and both people with it open."""

    def talk(*, scripts):
        site.cast("agree", 0)
        resident = Person(browser, site, PHONE, scripts=scripts)
        helper = Person(browser, site, DESKTOP, scripts=scripts)
        resident.sign_in_as("mieszkanka")
        helper.sign_in_as("osoba pomagająca")
        for person, words in ((resident, "Napisz do: Błażej"), (helper, "Napisz do osoby, której pomagasz")):
            person.go("/prosby/RS-TALK/")
            person.press(words)
            expect(person.page).to_have_url(re.compile(r"/rozmowy/\d+/$"))
        return resident, helper

    return talk


def write(person, words):
    person.page.get_by_label("Twoja wiadomość").fill(words)
    person.press("Wyślij")


def thread(person):
    return person.page.locator(".thread__words")


def test_two_people_converse_live(site, talk):
    resident, helper = talk(scripts=True)

    # Each word is there at once, on both sides, in order.
    write(helper, "Dzień dobry, będę o piętnastej.")
    expect(thread(resident)).to_have_text(["Dzień dobry, będę o piętnastej."], timeout=LIVE_MS)
    write(resident, "Dziękuję, kod do bramy podam jutro.")
    expect(thread(helper)).to_have_count(2, timeout=LIVE_MS)
    write(helper, "Dobrze!")
    expect(thread(resident)).to_have_text(
        ["Dzień dobry, będę o piętnastej.", "Dziękuję, kod do bramy podam jutro.", "Dobrze!"], timeout=LIVE_MS
    )
    assert resident.page.locator(".toast").count() == helper.page.locator(".toast").count() == 0
    expect(resident.page.locator("[data-bell-unread]")).to_be_hidden()
    resident.look()
    helper.look()

    # The connection is lost: the words stay, and the next try says them once, however often it is pressed.
    helper.context.set_offline(True)
    write(helper, "Wezmę też chleb.")
    expect(helper.page.locator("[data-thread-problem]")).to_be_visible()
    expect(helper.page.get_by_label("Twoja wiadomość")).to_have_value("Wezmę też chleb.")
    helper.context.set_offline(False)
    helper.press("Wyślij")
    expect(helper.page.get_by_label("Twoja wiadomość")).to_have_value("")
    expect(thread(resident)).to_have_count(4, timeout=LIVE_MS)

    # A photo with words for those who cannot see it.
    helper.page.get_by_text("Dodaj zdjęcie").click()
    helper.page.locator("[name=photo]").set_input_files({"name": "kran.png", "mimeType": "image/png", "buffer": png()})
    helper.page.locator("[name=alt]").fill("Czerwony kran")
    helper.press("Wyślij")
    expect(resident.page.get_by_alt_text("Czerwony kran")).to_be_visible(timeout=LIVE_MS)
    resident.look()

    # She reloads: the same five messages.
    resident.go(resident.page.url.removeprefix(site.origin))
    expect(resident.page.locator("[data-message]")).to_have_count(6)
    errors = [error for person in (resident, helper) for error in person.errors if "ERR_INTERNET" not in error]
    assert errors == []


def test_two_people_converse_without_scripts(talk):
    resident, helper = talk(scripts=False)

    write(helper, "Dzień dobry!")
    resident.page.reload()
    expect(thread(resident)).to_have_text(["Dzień dobry!"])
    write(resident, "Dobry!")
    helper.page.reload()

    expect(thread(helper)).to_have_text(["Dzień dobry!", "Dobry!"])


def test_page_that_is_told_to_come_later_comes_at_its_turn(site, browser):
    site.cast("agree", 0)
    resident = Person(browser, site, PHONE, scripts=True)
    visits = []

    def full_at_first(socket):
        visits.append(time.monotonic())
        if len(visits) == 1:
            socket.send('{"later": 1.5}')
            socket.close(code=TRY_LATER)
        else:
            socket.connect_to_server()

    resident.page.route_web_socket(re.compile("/ws/notifications/"), full_at_first)
    resident.sign_in_as("mieszkanka")
    resident.page.wait_for_timeout(2_500)

    first, second = visits
    assert 1.4 <= second - first <= 2.4
