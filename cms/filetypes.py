"""Documents are what their names say: read from their bytes, and nothing in them acts."""

import zipfile
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
DOCUMENT_LIMIT = 20 * MEGABYTE
FILM_LIMIT = 200 * MEGABYTE
FILM_EXTENSIONS = frozenset({"mp4", "webm"})
# What an office document may unfold to, and into how many parts: more is a bomb.
UNPACKED_LIMIT = 300 * MEGABYTE
MOST_PARTS = 10_000
HEAD = 4096
OPEN_DOCUMENT = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
# Parts of office documents that act: macros, scripts and foreign objects.
ACTIVE_PARTS = ("vbaproject.bin", "vbadata.xml", "/activex/", "basic/", "scripts/", "/embeddings/oleobject")
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<iframe", b"<body", b"<head")


def check_document(file):
    """Raises ValidationError unless the file is what its name says, acts in no way, and is not too large."""
    extension = PurePath(file.name).suffix.lower().removeprefix(".")
    limit = FILM_LIMIT if extension in FILM_EXTENSIONS else DOCUMENT_LIMIT
    if file.size > limit:
        raise ValidationError(
            _("This file has %(size)s. At most %(limit)s can be sent.")
            % {"size": filesizeformat(file.size), "limit": filesizeformat(limit)}
        )
    file.seek(0)
    try:
        is_right = CHECKS[extension](file, extension)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, UnicodeError, EOFError):
        is_right = False
    finally:
        file.seek(0)
    if not is_right:
        raise ValidationError(
            _("The content of this file is not that of a %(kind)s file. Save it anew in that format, and retry.")
            % {"kind": extension.upper()}
        )


def starts_as(*beginnings, at=0):
    def check(file, extension):
        head = file.read(HEAD)[at:]
        return head.startswith(beginnings)

    return check


def is_rich_text(file, extension):
    """RTF without embedded objects, which run when they are opened."""
    words = file.read().lower()
    return words.startswith(b"{\\rtf") and b"\\objdata" not in words


def is_plain_text(file, extension):
    """Text in UTF-8 or in the old Polish code page of Windows, and no page for browsers under another name."""
    content = file.read()
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content.decode("cp1250")
    return not content.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(MARKUP)


def is_open_document(file, extension):
    with zipfile.ZipFile(file) as archive:
        return archive.read("mimetype") == OPEN_DOCUMENT[extension] and is_harmless(archive)


def is_office_document(file, extension):
    with zipfile.ZipFile(file) as archive:
        archive.getinfo("[Content_Types].xml")
        archive.getinfo(OFFICE_PARTS[extension])
        return is_harmless(archive)


def is_harmless(archive):
    """Whether an archive brings no code, and does not unfold to more than a document can be."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        return False
    names = [f"/{part.filename.lower()}" for part in parts]
    return not any(active in name for name in names for active in ACTIVE_PARTS)


CHECKS = {
    "pdf": starts_as(b"%PDF-"),
    "odt": is_open_document,
    "ods": is_open_document,
    "docx": is_office_document,
    "xlsx": is_office_document,
    "csv": is_plain_text,
    "txt": is_plain_text,
    "rtf": is_rich_text,
    "mp4": starts_as(b"ftyp", at=4),
    "webm": starts_as(b"\x1a\x45\xdf\xa3"),
}
