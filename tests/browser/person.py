"""Somebody who sits in front of a browser."""

from tests.browser.axe import violations

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# The promise: live news is there within two seconds. A machine that runs other tests beside it gets more patience.
LIVE_MS = 10_000


class Person:
    """Somebody with a browser of their own, who looks at every page in both widths."""

    def __init__(self, browser, site, viewport, *, scripts):
        self.site, self.scripts, self.viewport = site, scripts, viewport
        self.context = browser.new_context(viewport=viewport, java_script_enabled=scripts, locale="pl-PL")
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.errors = []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def go(self, path):
        answer = self.page.goto(self.site.origin + path)
        assert answer.status == 200, (path, answer.status)
        self.look()

    def look(self):
        """No accessibility violation and no sideways scrolling, on a phone and on a desk."""
        if not self.scripts:
            return
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"], self.page.url
            found = violations(self.page)
            assert not found, f"{self.page.url} {size}\n{found}"
        self.page.set_viewport_size(self.viewport)

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=False).first.click()
        self.page.wait_for_load_state()

    def listen_for(self, words):
        """Notes from now on when a toast with these words comes; `heard_after` asks for it."""
        self.page.evaluate(
            """words => {
                const toasts = document.querySelector("[data-toasts]");
                window.heard = new Promise(resolve => new MutationObserver(() => {
                    if (toasts.textContent.includes(words)) resolve(Date.now());
                }).observe(toasts, {childList: true, subtree: true}));
            }""",
            words,
        )

    def heard_after(self, started):
        """Seconds from `started` (a time of this machine) to the toast that was listened for."""
        return self.page.evaluate("window.heard") / 1000 - started

    def sign_in_as(self, words):
        self.go("/konto/demo/")
        self.press(words)
