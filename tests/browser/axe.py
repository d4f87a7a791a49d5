"""What axe objects to."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

# The script is half a megabyte: a document that has it keeps it.
IS_THERE = "typeof axe === 'object'"
RUN = "axe.run({resultTypes: ['violations']})"


def violations(page):
    """A report of what axe finds on the page as it stands, or nothing."""
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(RUN))
    return found.generate_report() if found.violations_count else ""
