"""Somebody who works in the CMS, and finds everything by the words that stand there."""

import re

from playwright.sync_api import expect

from tests.browser.person import DESKTOP, Person


class Editor(Person):
    def __init__(self, browser, site, role):
        super().__init__(browser, site, DESKTOP, scripts=True)
        self.page.goto(f"{site.origin}/konto/demo/")
        self.press(role)

    def open(self, path):
        answer = self.page.goto(self.site.origin + path)
        assert answer.status == 200, (path, answer.status)
        expect(self.page.locator("html")).to_have_attribute("lang", "pl")

    def follow(self, words):
        self.page.get_by_role("link", name=words, exact=True).first.click()
        self.page.wait_for_load_state()

    def field(self, label):
        """The control with this label; Wagtail puts a star behind those that must be filled in."""
        named = self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))
        return named.and_(self.page.locator("input:not([type=hidden]), textarea, select")).first

    def write(self, label, words):
        self.field(label).fill(words)

    def write_moment(self, label, words):
        """As somebody types it, past the calendar that opens."""
        self.field(label).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Tab")

    def tick(self, label):
        self.field(label).check()

    def section(self, heading):
        return self.page.locator("section.w-panel").filter(
            has=self.page.get_by_role("heading", name=re.compile(rf"^\s*{re.escape(heading)}\s*\*?\s*$"))
        )

    def add_block(self, heading, name):
        """A block of this name in a section, by the button and the list that it opens; the section."""
        section = self.section(heading).last
        section.locator("button.c-sf-add-button").last.click()
        options = self.page.get_by_role("option", name=re.compile(rf"^{re.escape(name)}"))
        if options.count():
            options.first.click()
        return section

    def save_draft(self):
        self.page.get_by_role("button", name="Zapisz szkic").click()
        self.page.wait_for_load_state()

    def act(self, words):
        """One of the actions beside “save draft”."""
        self.page.get_by_role("button", name="Więcej akcji").last.click()
        self.page.get_by_role("button", name=words, exact=isinstance(words, str)).last.click()
        self.page.wait_for_load_state()

    def add_photo(self, name, content):
        """Uploads a photo in the window that opens, and chooses it."""
        self.page.get_by_role("button", name="Wybierz obraz").first.click()
        self.page.get_by_role("tab", name="Prześlij").click()
        window = self.page.get_by_role("dialog")
        window.get_by_label("Tytuł").fill(name)
        window.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
        window.get_by_role("button", name="Prześlij").click()
        expect(window).to_have_count(0)

    def preview(self):
        """What the panel beside the form shows."""
        self.page.get_by_role("button", name="Pokaż lub ukryj podgląd").click()
        # While it is drawn anew there are two for a moment; the one that stays has the name.
        return self.page.frame_locator("#w-preview-iframe")
