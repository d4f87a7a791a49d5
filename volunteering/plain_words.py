"""Words of an initiative as plain text, and back: for people who write without an editor. Paragraphs, headings and
lists stay; bold and links do not, so text that nobody changed is never written back."""

import re
from html import escape, unescape

# Tags that begin something new, and the sign that stands for it at the beginning of a line.
SIGNS = {"h3": "## ", "li": "- ", "p": ""}
BLOCK = re.compile(r"<(h3|li|p)\b[^>]*>(.*?)</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def as_text(html):
    """A line for each paragraph, heading and item of a list."""
    lines, before = [], None
    for match in BLOCK.finditer(html):
        words = " ".join(unescape(TAG.sub(" ", match[2]) if "<br" in match[2] else TAG.sub("", match[2])).split())
        # Items of one list stand together, all else with an empty line between.
        if lines and not (match[1] == before == "li"):
            lines.append("")
        lines.append(SIGNS[match[1]] + words)
        before = match[1]
    return "\n".join(lines)


def as_html(text):
    """The same as the CMS keeps it."""
    parts, items = [], []
    for line in [*(line.strip() for line in text.splitlines()), ""]:
        if line.startswith(("- ", "– ", "• ")):
            items.append(f"<li>{escape(line[2:].strip())}</li>")
            continue
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.startswith("## "):
            parts.append(f"<h3>{escape(line[3:].strip())}</h3>")
        elif line:
            parts.append(f"<p>{escape(line)}</p>")
    return "".join(parts)


def loses_something(html):
    """Whether bold words or links would be gone if the text were written back."""
    return bool(re.search(r"<(a|b|strong|i|em|ol)\b", html))
