"""Reads a page as a browser does, and says what is wrong with its markup.

tinyhtml5 names what the standard calls a parse error: an element closed twice or never, an attribute given twice, what
a table or a paragraph cannot hold. What a parser does not look at stands below: ids and what refers to them, names of
controls, the order of headings, what may stand in what.
"""

import re
from collections import Counter
from functools import cached_property
from itertools import pairwise

from tinyhtml5.parser import HTMLParser

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Attributes that name other elements of the page.
REFERENCES = ("for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
              "aria-details", "aria-errormessage", "aria-activedescendant")  # fmt: skip
PHRASING_ONLY = {"p", "span", "strong", "em", "b", "i", "small", "label", "button", "time", "abbr", "cite", "code", "q",
                 "sub", "sup", "mark", "legend", "dt", "pre", *HEADINGS}  # fmt: skip
PHRASING = {"a", "abbr", "b", "bdi", "br", "button", "cite", "code", "data", "em", "i", "img", "input", "kbd", "label",
            "map", "mark", "meter", "noscript", "output", "picture", "progress", "q", "s", "script", "select", "small",
            "source", "span", "strong", "sub", "sup", "svg", "template", "textarea", "time", "u", "var", "video",
            "wbr", "option", "optgroup"}  # fmt: skip
# A legend may hold a heading; so may a summary, which is not on the list at all.
HEADED = {"legend"}
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup", "hr"},
}
INTERACTIVE = {"a", "button", "select", "textarea", "details", "label", "summary", "iframe"}
CONTROLS = {"select", "textarea", "input"}
NAMELESS = {"hidden", "submit", "button", "image", "reset"}
OLD = {"center", "font", "marquee", "big", "tt", "strike", "acronym"}
INLINE = re.compile(r"on\w+|style")


class Markup:
    """A page, read once. `problems` are sentences; an empty list is a valid page."""

    def __init__(self, html):
        parser = HTMLParser(namespace_html_elements=False)
        self.root = parser.parse(html)
        self.errors = [f"line {position[0]}: {code} {details or ''}" for position, code, details in parser.errors]
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        # Drawings have rules of their own, and templates are filled in by scripts: ids and words are looked at.
        apart = {inner for outer in self.root.iter() if name_of(outer) in {"svg", "template"} for inner in outer.iter()}
        self.elements = [each for each in self.root.iter() if isinstance(each.tag, str) and each not in apart]

    @cached_property
    def ids(self):
        return Counter(each.get("id") for each in self.root.iter() if each.get("id") is not None)

    @property
    def problems(self):
        checks = (
            self.repeated_ids, self.dead_references, self.nameless_controls, self.crooked_headings, self.misplaced,
            self.bare_pictures, self.empty_targets, self.inline_code,
        )  # fmt: skip
        return [*self.errors, *(problem for check in checks for problem in check())]

    def above(self, element):
        while (element := self.parents.get(element)) is not None:
            yield element

    def repeated_ids(self):
        yield from (f"id {name!r} stands {number} times" for name, number in self.ids.items() if number > 1)
        if "" in self.ids or any(re.search(r"\s", name) for name in self.ids):
            yield "an id is empty or holds a space"

    def dead_references(self):
        for each in self.elements:
            for attribute in REFERENCES:
                for name in (each.get(attribute) or "").split():
                    if name not in self.ids:
                        yield f"{shown(each)}: {attribute} names {name!r}, which is not there"
            href = each.get("href") or ""
            if each.tag == "a" and href.startswith("#") and href[1:] not in self.ids:
                yield f"{shown(each)} leads to {href}, which is not there"

    def nameless_controls(self):
        labelled = {each.get("for") for each in self.elements if each.tag == "label"}
        for each in self.elements:
            if each.tag not in CONTROLS or each.get("type") in NAMELESS:
                continue
            named = each.get("aria-label") or each.get("aria-labelledby") or each.get("id") in labelled
            if not named and not any(outer.tag == "label" for outer in self.above(each)):
                yield f"{shown(each)} has no label"

    def crooked_headings(self):
        levels = [(int(each.tag[1]), words_of(each)) for each in self.elements if each.tag in HEADINGS]
        if sum(level == 1 for level, _words in levels) != 1:
            yield f"{sum(level == 1 for level, _words in levels)} headings of the first level"
        for (before, _words), (level, words) in pairwise(levels):
            if level > before + 1:
                yield f"heading {words!r} jumps from level {before} to {level}"
        yield from (f"a heading of level {level} is empty" for level, words in levels if not words)

    def misplaced(self):
        for each in self.elements:
            parent = self.parents.get(each)
            if each.tag in OLD:
                yield f"{shown(each)} has been taken out of HTML"
            if parent is None:
                continue
            if parent.tag in CHILDREN and each.tag not in CHILDREN[parent.tag]:
                yield f"{shown(each)} right in {shown(parent)}"
            if parent.tag in PHRASING_ONLY and not self.is_phrasing(each, parent):
                yield f"{shown(each)} in {shown(parent)}, which holds words only"
            if is_interactive(each):
                outer = next((it for it in self.above(each) if it.tag in {"a", "button"}), None)
                if outer is not None:
                    yield f"{shown(each)} in {shown(outer)}: one target in another"

    @staticmethod
    def is_phrasing(each, parent):
        return each.tag in PHRASING or name_of(each) == "svg" or (parent.tag in HEADED and each.tag in HEADINGS)

    def bare_pictures(self):
        for each in self.elements:
            if each.tag == "img" and each.get("alt") is None:
                yield f"{shown(each)} has no alt"
            if each.tag == "img" and not (each.get("width") and each.get("height")):
                yield f"{shown(each)} has no size: the page would jump"

    def empty_targets(self):
        for each in self.elements:
            if each.tag in {"a", "button", "summary"} and not name_read_out(each):
                yield f"{shown(each)} has no words"
            if each.tag == "a" and each.get("href", "-").strip() in {"", "#"}:
                yield f"{shown(each)} leads nowhere"

    def inline_code(self):
        for each in self.elements:
            yield from (f"{shown(each)} has {name}=" for name in each.attrib if INLINE.fullmatch(name))

    # --- What is read ---------------------------------------------------------------------------------------------

    @property
    def language(self):
        return self.root.get("lang")

    @property
    def title(self):
        return words_of(self.root.find("head/title"))

    @property
    def sentences(self):
        """Whatever people read or hear, in the language of the page: texts, names, hints; not what is marked as being
        in another language."""
        return list(self._read(self.root, self.language))

    def _read(self, element, language):
        if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
            return
        language = element.get("lang", language)
        if language == self.language:
            texts = [element.text, *(child.tail for child in element)]
            texts += [element.get(name) for name in ("title", "alt", "placeholder", "aria-label")]
            if element.tag == "meta" and element.get("name") == "description":
                texts.append(element.get("content"))
            if element.tag == "input" and element.get("type") in {"submit", "button"}:
                texts.append(element.get("value"))
            yield from (plain(text) for text in texts if text and plain(text))
        for child in element:
            yield from self._read(child, language)

    @property
    def fetched(self):
        """Addresses that the browser asks for by itself."""
        for each in self.root.iter():
            if each.tag == "link" and not set((each.get("rel") or "").split()) & {
                "alternate",
                "canonical",
                "next",
                "prev",
            }:
                yield each.get("href")
            if isinstance(each.tag, str) and each.get("src"):
                yield each.get("src")
            yield from (part.split()[0] for part in (each.get("srcset") or "").split(",") if part.strip())


def name_of(element):
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def is_interactive(element):
    """Whether one presses it. A label in a button would be no valid target either."""
    if element.tag == "input":
        return element.get("type") != "hidden"
    return element.tag in INTERACTIVE and (element.tag != "a" or element.get("href") is not None)


def plain(text):
    return " ".join(text.replace("\xa0", " ").replace("\u00ad", "").split())


def words_of(element):
    return plain("".join(element.itertext()))


def name_read_out(element):
    pictures = [picture.get("alt") or "" for picture in element.iter() if name_of(picture) == "img"]
    return element.get("aria-label") or element.get("aria-labelledby") or words_of(element) or "".join(pictures)


def shown(element):
    marks = "".join(f' {name}="{element.get(name)}"' for name in ("id", "class", "name", "href") if element.get(name))
    return f"<{name_of(element)}{marks}>"
