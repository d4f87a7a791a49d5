"""The main job in three browsers at once: a resident asks, a neighbour hears of it and helps."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.person import DESKTOP, LIVE_MS, PHONE, Person

pytestmark = [pytest.mark.browser]


def answer(person, slug, **answers):
    """Answers one question of the wizard and goes on."""
    expect(person.page).to_have_url(re.compile(rf"/prosby/nowa/({slug}/)?$"))
    person.look()
    for name, value in answers.items():
        fill(person.page, name, value)
    person.press("Dalej")


def fill(page, name, value):
    control = page.locator(f"[name={name}]").first
    kind = control.get_attribute("type") or control.evaluate("node => node.tagName.toLowerCase()")
    if kind in {"radio", "checkbox"}:
        # The whole row is the target: its label lies over the button.
        page.locator(f"[name={name}][value='{value}']").check(force=True)
    elif kind == "select":
        control.select_option(value)
    else:
        control.fill(value)


def ask(resident):
    """The resident's part: eight answers, a code from her mailbox, and a receipt. Returns the reference."""
    resident.go("/")
    resident.page.get_by_role("link", name="Potrzebuję pomocy").first.click()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer(resident, "co", category="conversation")
    answer(resident, "opis", words="Chętnie porozmawiam przy herbacie.")
    answer(resident, "gdzie", neighbourhood="wirek", street="Zmyślona", house="7")
    answer(resident, "kiedy", timing="fixed")
    answer(resident, "termin", day=tomorrow, at="15:00")
    answer(resident, "dla-kogo", whom="me")
    answer(resident, "kontakt", asker="Grażyna Przykład", phone="512 345 678", email="grazyna@example.org")
    expect(resident.page.get_by_text("Chętnie porozmawiam przy herbacie.")).to_be_visible()
    resident.look()
    resident.press("Wyślij mi kod")
    resident.look()
    resident.page.locator("[name=code]").fill(resident.site.code())
    resident.press("Dalej")
    if resident.page.locator("[name=terms]").count():
        resident.page.locator("[name=terms]").check()
        resident.press("Dalej")
    expect(resident.page).to_have_url(re.compile("/prosby/nowa/wyslano/"))
    resident.look()
    return re.search(r"RS-[A-Z0-9]{4}", resident.page.locator(".reference").first.inner_text()).group()


@pytest.mark.parametrize("scripts", [True, False], ids=["live", "without scripts"])
def test_journey_from_asking_to_thanks(site, browser, scripts):
    resident = Person(browser, site, PHONE, scripts=scripts)
    organiser = Person(browser, site, DESKTOP, scripts=scripts)
    helper = Person(browser, site, PHONE, scripts=scripts)
    organiser.sign_in_as("organizator")
    organiser.go("/biurko/")
    helper.sign_in_as("osoba pomagająca")
    helper.go("/pomagam/")

    # She asks; the desk sees it without reload.
    reference = ask(resident)
    news = organiser.page.get_by_text(reference).first
    if not scripts:
        organiser.go("/biurko/")
    expect(news).to_be_visible(timeout=LIVE_MS)

    # The organiser reads and publishes; the helper hears of it without reload, and takes it.
    organiser.go(f"/biurko/prosby/{reference}/")
    organiser.press("Opublikuj")
    if scripts:
        expect(helper.page.locator("[data-toasts]")).to_contain_text("Rozmowa i towarzystwo", timeout=LIVE_MS)
    helper.go(f"/prosby/{reference}/")
    assert "Zmyślona" not in helper.page.content()
    assert "Przykład" not in helper.page.content()
    helper.press("Pomogę")

    # She is told, and agrees.
    if scripts:
        expect(resident.page.locator("[data-toasts]")).to_contain_text("Błażej", timeout=LIVE_MS)
    resident.go(f"/prosby/{reference}/")
    resident.press("Tak, proszę przyjść")

    # Now, and only now, the helper sees where; she sees that he looked.
    helper.go(f"/prosby/{reference}/")
    helper.press("Pokaż adres i telefon")
    expect(helper.page.get_by_text("Zmyślona 7")).to_be_visible()
    helper.look()
    resident.go(f"/prosby/{reference}/")
    expect(resident.page.get_by_text("adres odsłonięty")).to_be_visible()

    # After the visit both confirm, and the story is told to its end.
    site.cast("pass_time", 48)
    helper.go(f"/prosby/{reference}/")
    fill(helper.page, "minutes", "60")
    helper.press("Wizyta się odbyła")
    resident.go(f"/prosby/{reference}/")
    resident.press("Tak, wizyta się odbyła")
    resident.go(f"/prosby/{reference}/")
    expect(resident.page.get_by_text("Prośba jest zakończona.").first).to_be_visible()
    assert [person.errors for person in (resident, organiser, helper)] == [[], [], []]
