"""Three in the afternoon, and help is needed in the evening: who is on duty hears of it first, then the neighbour; the
organiser watches it happen."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.person import DESKTOP, LIVE_MS, PHONE, Person

pytestmark = [pytest.mark.browser]

REFERENCE = "RS-D22R"


def test_a_wave_passes_on_while_the_organiser_watches(site_at_three, browser):
    organiser = Person(browser, site_at_three, DESKTOP, scripts=True)
    on_duty = Person(browser, site_at_three, PHONE, scripts=True)
    neighbour = Person(browser, site_at_three, PHONE, scripts=True)
    organiser.sign_in_as("organizator")
    on_duty.sign_in_as("mieszkan")
    neighbour.sign_in_as("osoba pomagająca")
    for helper in (on_duty, neighbour):
        helper.go("/pomagam/")

    # The organiser publishes: at once the person on duty is asked, although the neighbour lives nearer.
    organiser.go(f"/biurko/prosby/{REFERENCE}/")
    organiser.press("Opublikuj")
    panel = organiser.page.locator("#szukanie")
    expect(on_duty.page.locator("[data-toasts]")).to_contain_text("Rozmowa i towarzystwo", timeout=LIVE_MS)
    expect(panel.get_by_role("listitem")).to_have_count(1)
    expect(panel.get_by_role("listitem")).to_contain_text("Danuta Gotowa")
    expect(neighbour.page.locator("[data-toasts]")).not_to_contain_text("Rozmowa i towarzystwo")
    organiser.look()

    # She reads why, and declines: the neighbour hears of it at once.
    on_duty.go(f"/prosby/{REFERENCE}/")
    expect(on_duty.page.get_by_text("Skąd to powiadomienie?")).to_be_visible()
    neighbour.listen_for("Rozmowa i towarzystwo")
    declined_at = time.time()
    on_duty.press("Nie tym razem")
    expect(neighbour.page.locator("[data-toasts]")).to_contain_text("Rozmowa i towarzystwo", timeout=LIVE_MS)
    assert neighbour.heard_after(declined_at) <= 2

    # The organiser has touched nothing: the panel shows both answers by itself.
    rows = panel.get_by_role("listitem")
    expect(rows).to_have_count(2, timeout=LIVE_MS)
    expect(rows.nth(0)).to_contain_text("nie tym razem")
    expect(rows.nth(1)).to_contain_text("Błażej Pomagajło")
    expect(rows.nth(1)).to_contain_text("jeszcze bez odpowiedzi")

    # The neighbour says yes: the search is at its end.
    neighbour.go(f"/prosby/{REFERENCE}/")
    neighbour.press("Pomogę")
    expect(rows.nth(1)).not_to_contain_text("jeszcze bez odpowiedzi", timeout=LIVE_MS)
    expect(panel).to_contain_text("ktoś się znalazł", timeout=LIVE_MS)
    assert [person.errors for person in (organiser, on_duty, neighbour)] == [[], [], []]
