"""Catalogues are compiled without gettext, only when they changed, and a stale one is noticed."""

import gettext
import os

import polib
from django.utils.translation import gettext as told
from django.utils.translation import override

from config import catalogues


def write(directory, language, **words):
    path = directory / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    for sentence, translation in words.items():
        catalogue.append(polib.POEntry(msgid=sentence, msgstr=translation))
    catalogue.save(str(path))
    return path


def test_compiled_catalogue_is_read_by_gettext(tmp_path):
    write(tmp_path, "pl", help="pomoc", neighbour="sąsiadka")

    catalogues.compile_all(tmp_path)

    translations = gettext.translation("django", tmp_path, ["pl"])
    assert [translations.gettext(word) for word in ("help", "neighbour", "bell")] == ["pomoc", "sąsiadka", "bell"]


def test_catalogue_that_did_not_change_is_left_alone(tmp_path):
    compiled = write(tmp_path, "pl", help="pomoc").with_suffix(".mo")
    catalogues.compile_all(tmp_path)
    made = compiled.stat().st_ino

    catalogues.compile_all(tmp_path)

    assert compiled.stat().st_ino == made


def test_changed_catalogue_is_compiled_again_and_nothing_else_is_left(tmp_path):
    source = write(tmp_path, "pl", help="pomoc")
    catalogues.compile_all(tmp_path)
    write(tmp_path, "pl", help="wsparcie")
    later = source.with_suffix(".mo").stat().st_mtime + 10
    os.utime(source, (later, later))

    catalogues.compile_all(tmp_path)

    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
    assert b"wsparcie" in source.with_suffix(".mo").read_bytes()


def test_sentences_leave_out_what_is_no_longer_used(tmp_path):
    path = write(tmp_path, "pl", help="pomoc", old="stare")
    catalogue = polib.pofile(str(path))
    catalogue.find("old").obsolete = True
    catalogue.save()

    assert catalogues.sentences(path) == {(None, "help", "")}
    assert catalogues.sentences(tmp_path / "missing.po") == set()


def test_what_was_compiled_later_is_read(tmp_path, settings):
    write(tmp_path, "pl", help="pomoc")
    settings.LOCALE_PATHS = [tmp_path]
    catalogues.read_again()
    with override("pl"):
        before = told("help")

    catalogues.compile_all(tmp_path)
    catalogues.read_again()

    with override("pl"):
        assert (before, told("help")) == ("help", "pomoc")
    settings.LOCALE_PATHS = [catalogues.LOCALE_DIR]
    catalogues.read_again()
