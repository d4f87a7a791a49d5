"""What could be said better on a page or in the words of an initiative: advice to its editor, never a gate."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.blocks import ListBlock, StreamValue, StructValue
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage
from wagtail.rich_text import RichText

from cms import wording

FILE_NAME = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$|^(?:img|dsc|pxl)[ _-]?\d|_", re.IGNORECASE)
BLOCK_ENDS = frozenset({"p", "li", "h2", "h3", "h4", "br", "hr"})
HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
SHOWN = 160


@dataclass
class Content:
    """What a page says: its text with a line for each paragraph, words of links, levels of headings in order, words
    that stand for photos."""

    text: str = ""
    links: list = field(default_factory=list)
    headings: list = field(default_factory=list)
    photos: list = field(default_factory=list)


class Reader(HTMLParser):
    """Reads rich text into a Content."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.content = content
        self.link = self.heading = None

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.link = ""
        if tag in HEADINGS:
            self.heading = ""

    def handle_endtag(self, tag):
        if tag == "a" and self.link is not None:
            self.content.links.append(self.link)
            self.link = None
        if tag in HEADINGS and self.heading is not None:
            self.content.headings.append((HEADINGS[tag], self.heading))
            self.heading = None
        if tag in BLOCK_ENDS:
            self.content.text += "\n"

    def handle_data(self, data):
        self.content.text += data
        if self.link is not None:
            self.link += data
        if self.heading is not None:
            self.heading += data


def content_of(thing):
    """Everything that a page or an initiative says in its long fields."""
    content = Content()
    for model_field in thing._meta.concrete_fields:
        value = getattr(thing, model_field.attname)
        if isinstance(model_field, RichTextField):
            read_html(value or "", content)
        elif isinstance(model_field, StreamField):
            read_block(value, content)
        elif model_field.name == "lead":
            content.text += f"{value}\n"
    return content


def read_html(html, content):
    reader = Reader(content)
    reader.feed(html)
    reader.close()


def read_block(value, content):
    if isinstance(value, RichText):
        read_html(value.source, content)
    elif isinstance(value, AbstractImage):
        if not getattr(value, "decorative", False):
            content.photos.append(getattr(value, "contextual_alt_text", None) or "")
    elif isinstance(value, StructValue):
        read_struct(value, content)
    elif isinstance(value, StreamValue):
        for child in value:
            read_block(child.value, content)
    elif isinstance(value, (list, ListBlock, tuple)) or hasattr(value, "bound_blocks"):
        for child in value:
            read_block(child, content)


def read_struct(value, content):
    """A heading, a link, or anything else made of parts."""
    if value.get("level") in HEADINGS:
        content.headings.append((HEADINGS[value["level"]], value.get("text", "")))
    elif "url" in value and "text" in value:
        content.links.append(value["text"])
    for part in value.values():
        if not isinstance(part, str):
            read_block(part, content)


def advice_on(thing):
    """Sentences for the editor, the most important first."""
    content = content_of(thing)
    return [*on_photos(content), *on_links(content), *on_headings(content), *on_reading(content, language_of(thing))]


def language_of(thing):
    locale = getattr(thing, "locale", None)
    return locale.language_code if locale else "pl"


def on_photos(content):
    for words in content.photos:
        if not words.strip():
            yield _("A photo has no description. Say in one sentence what it shows, or mark it as decoration.")
        elif FILE_NAME.search(words.strip()):
            yield _("“%(words)s” is the name of a file, not what the photo shows.") % {"words": shortened(words)}


def on_links(content):
    for words in content.links:
        if not words.strip():
            yield _("A link has no words, so nobody can see or hear it.")
        elif wording.says_nothing(words):
            yield _("The link “%(words)s” does not say where it leads. Name the page or the thing instead.") % {
                "words": shortened(words)
            }


def on_headings(content):
    above = 1
    for level, words in content.headings:
        if not words.strip():
            yield _("A heading is empty.")
        if level > above + 1:
            yield _("“%(words)s” is a lower heading, but there is no main heading above it.") % {
                "words": shortened(words)
            }
        above = level


def on_reading(content, language):
    reading = wording.reading(content.text, language)
    if reading is None:
        return
    if reading.index > wording.TOLERATED:
        yield _(
            "The text is hard to read: it needs about %(years)s years of school (FOG index; up to %(wished)s is good). "
            "Shorten the sentences and use shorter, everyday words."
        ) % {"years": round(reading.index), "wished": wording.WISHED}
    elif reading.index > wording.WISHED:
        yield _(
            "The text could be easier: it needs about %(years)s years of school (FOG index; up to %(wished)s is good)."
        ) % {
            "years": round(reading.index),
            "wished": wording.WISHED,
        }
    if longest := wording.longest_sentence(content.text):
        yield _("This sentence is long, make two of it: “%(words)s”") % {"words": shortened(longest)}


def shortened(words):
    return Truncator(" ".join(words.split())).chars(SHOWN)
