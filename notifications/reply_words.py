"""What a person wrote in their mail, without what mail programs put around it.

Our own rule in the place of a library, as what is quoted is always a letter of ours: it carries a marker, and every
language's „Ogniwo napisał(a):” names our sender (docs/decisions/conversations.md).
"""

import codecs
import re
from email.utils import parseaddr
from html import unescape

from django.conf import settings

# Begins the first line of letters that can be answered; whatever stands below it in an answer is ours.
MARKER = "##-"
# Whoever writes by hand stays far below; a mail's quoted history need not be read to its end.
MOST_LETTERS = 100_000
# Names of encodings that people's mail has. Python knows others, some of them slow or no encodings of text.
ENCODING = re.compile(r"ascii|utf-(?:8|16|16-le|16-be)|iso8859-\d+|cp125\d|koi8-[ru]|mac-(?:cyrillic|latin2|roman)")
DEVICE = re.compile(
    r"(?:Wysłan[eo] (?:z|za)|Pobierz (?:aplikację )?Outlook|Sent from|Get Outlook for|Надіслано з|Отримати Outlook)\b",
    re.IGNORECASE,
)
RULE = re.compile(r"[-_=*—–\s]*|--.*--")
LABEL = re.compile(r"\W{0,3}[^\W\d_]{2,12}\W{0,3}:\W{0,3}(.*)")
TAG = re.compile(r"(<[/!a-zA-Z][^<>]*>)")
TAG_NAME = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*")
BLOCKS = {
    "address",
    "article",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "ol",
    "p",
    "section",
    "table",
    "tr",
    "ul",
}
UNSEEN = {"head", "script", "style", "template", "title"}
LEFT_OUT = UNSEEN | {"blockquote"}


class Unreadable(Exception):
    """The letters of the mail are not those of the encoding that it names, nor UTF-8."""


# --- From parts of a mail to text -------------------------------------------------------------------------------------


def text_of(part):
    """The text of one part of a mail. Raises Unreadable."""
    payload = part.get_payload(decode=True) or b""
    for encoding in (known_encoding(part), "utf-8"):
        try:
            text = payload[: 4 * MOST_LETTERS].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start >= 4 * MOST_LETTERS - 4:  # we cut a letter in two ourselves
                text = payload[: error.start].decode(encoding)
            else:
                continue
        text = re.sub(r"\r\n?", "\n", text)[:MOST_LETTERS]
        return unflowed(text) if part.get_param("format") == "flowed" else text
    raise Unreadable


def known_encoding(part):
    try:
        name = codecs.lookup(str(part.get_content_charset("utf-8"))).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if ENCODING.fullmatch(name) else "utf-8"


def unflowed(text):
    """Lines that end with a space go on in the next one (RFC 3676), except quoted ones and the mark of a signature."""
    return re.sub(r"(?m)^(?!>|-- $)(.*) \n(?!>|-- $)", r"\1 ", text)


def text_of_html(html):
    """Text of HTML: no tags, no quoted letters, a line for each block. One pass over it: the standard library's parser
    takes minutes for pages made to keep it busy."""
    pieces, skipping, depth = [], "", 0
    for number, piece in enumerate(TAG.split(without_comments(html))):
        if number % 2 == 0:
            is_empty = not piece.strip() and (not pieces or pieces[-1].endswith("\n"))
            pieces += [re.sub(r"\s+", " ", unescape(piece))] if piece and not skipping and not is_empty else []
            continue
        is_end, name = piece[1] == "/", (TAG_NAME.match(piece) or [""])[0].strip("</").lower()
        if skipping:
            depth += (name == skipping) * (-1 if is_end else 1)
            skipping = skipping if depth else ""
        elif not is_end and (name in LEFT_OUT or "gmail_quote" in piece):
            skipping, depth = name, 1
            # Our own rule for text then finds who wrote what was quoted.
            pieces += ["\n>\n"] if name not in UNSEEN else []
        elif name == "br" or (name in BLOCKS and pieces and not pieces[-1].endswith("\n")):
            pieces.append("\n")
    return "\n".join(line.strip() for line in "".join(pieces).split("\n"))


def without_comments(html):
    first, *rest = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


# --- From text to the person's own words ------------------------------------------------------------------------------


def own_words(text):
    """Without quoted lines and who wrote them, without what follows our letter's first line, without a signature."""
    kept, was_quoted = [], False
    for line in text.replace("\xa0", " ").split("\n"):
        bare = line.strip()
        is_quoted = bare.startswith(">")
        if is_quoted:
            if not was_quoted:
                drop_introduction(kept)
        elif MARKER in bare or is_head(bare):
            drop_introduction(kept)
            drop_rules(kept)
            break
        elif bare == "--":
            break
        else:
            kept.append(line.rstrip())
        was_quoted = is_quoted
    drop_blank(kept)
    if kept and len(kept[-1]) < 80 and DEVICE.match(kept[-1].strip()):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def is_head(line):
    """“Od: Ogniwo <ogniwo@…>”: the first line of the block that some programs set above a letter without quoting it."""
    found = LABEL.fullmatch(line)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return bool(found) and (address.lower() in found[1].lower() or found[1].strip() == (name or None))


def drop_introduction(kept):
    """“śr., 21 kwi 2027 o 12:00 Ogniwo <ogniwo@…>” and “napisał(a):” below it."""
    drop_blank(kept)
    if not kept or not kept[-1].rstrip().endswith(":"):
        return
    names = [name.lower() for name in parseaddr(settings.DEFAULT_FROM_EMAIL) if name]
    for number in (1, 2, 3):
        lines = kept[-number:]
        if not all(line.strip() for line in lines):
            return
        words = " ".join(lines).lower()
        if any(letter.isdigit() for letter in words) and any(name in words for name in names):
            del kept[-number:]
            return


def drop_rules(kept):
    """“--- Oryginalna wiadomość ---” and lines drawn of dashes."""
    while kept and RULE.fullmatch(kept[-1].strip()):
        kept.pop()


def drop_blank(kept):
    while kept and not kept[-1].strip():
        kept.pop()
