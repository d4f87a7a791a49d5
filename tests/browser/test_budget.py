"""What the front page of a filled centre may cost whoever opens it on a phone for the first time."""

import pytest

from tests.browser.person import DESKTOP, PHONE

pytestmark = [pytest.mark.browser]

MOST_BYTES = 150 * 1024
MOST_REQUESTS = 25
# Google calls up to 0.1 good; ours does not move at all. Rounding of half pixels is no movement.
MOST_SHIFT = 0.001
LISTEN_FOR_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push({
    value: entry.value,
    nodes: entry.sources.map(source => source.node && (source.node.className || source.node.nodeName)),
}))).observe({type: "layout-shift", buffered: true});
"""


class Meter:
    """Counts what comes over the wire, in bytes as they were sent: heads, compressed bodies and all."""

    def __init__(self, page):
        self.kinds, self.sizes = {}, {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", lambda event: self.kinds.update({event["requestId"]: event["type"]}))
        session.on("Network.loadingFinished", self.finish)

    def finish(self, event):
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    @property
    def photos(self):
        return {number for number, kind in self.kinds.items() if kind == "Image"}

    @property
    def bytes(self):
        """Without photos: they are what editors make them. (Drawings of ours are in the page itself.)"""
        return sum(size for number, size in self.sizes.items() if number not in self.photos)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ["/", "/en/", "/uk/"])
def test_front_page_keeps_to_its_budget(browser, whole_site, viewport, path):
    context = browser.new_context(viewport=viewport, locale="pl-PL")
    context.add_init_script(LISTEN_FOR_SHIFTS)
    page = context.new_page()
    meter = Meter(page)

    page.goto(whole_site.origin + path)
    page.wait_for_load_state("networkidle")
    # To the end of the page, so that whatever is loaded late is there.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    shifts = page.evaluate("window.shifts")
    assert len(meter.photos) >= 2, "a front page without its photos is no measure"
    assert meter.bytes <= MOST_BYTES
    assert len(meter.kinds) <= MOST_REQUESTS
    assert sum(shift["value"] for shift in shifts) < MOST_SHIFT, shifts
