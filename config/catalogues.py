"""The translations' catalogues: compiling them without gettext, and whether they hold every sentence of the sources.

`python -m config.catalogues compile | update | current`
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from django.utils.translation.reloader import translation_file_changed

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE_DIR = BASE_DIR / "config" / "locale"
LANGUAGES = ("pl", "uk")
NOT_SOURCES = (".*", "var", "docs", "tests", "benchmarks", "chaos", "node_modules", "__pycache__", "*.mo", "static")


def catalogue(language, locale_dir=LOCALE_DIR):
    return locale_dir / language / "LC_MESSAGES" / "django.po"


def compile_all(locale_dir=LOCALE_DIR):
    """Writes a .mo beside every .po that is newer. Several processes may do it at once: each replaces a whole file."""
    for source in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = compiled.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(compiled)


def read_again():
    """Forgets what this process has read of the catalogues: Django reads them while it starts, when they may not have
    been compiled yet, and would go on in English."""
    translation_file_changed(sender=None, file_path=Path("django.mo"))


def sentences(path):
    """What the catalogue translates: (context, sentence, plural) of each entry in use."""
    if not path.exists():
        return set()
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in polib.pofile(str(path)) if not entry.obsolete}


def collect(directory):
    """Lets Django collect the sentences of the sources into the catalogues below `directory`."""
    languages = [part for language in LANGUAGES for part in ("-l", language)]
    options = ["--no-location", "--no-obsolete", "--no-wrap", "--ignore", ".venv", "--ignore", "var"]
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0", *languages, *options]
    subprocess.run(command, cwd=directory, check=True)  # noqa: S603 -- our own command, no words from outside


def differences():
    """Sentences to be added to and to be removed from each catalogue. Works on a copy: nothing here is written."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory, "sources")
        shutil.copytree(BASE_DIR, copy, ignore=shutil.ignore_patterns(*NOT_SOURCES))
        collect(copy)
        for language in LANGUAGES:
            fresh = sentences(catalogue(language, copy / "config" / "locale"))
            known = sentences(catalogue(language))
            yield language, sorted(fresh - known, key=str), sorted(known - fresh, key=str)


def current():
    """0 when the catalogues hold exactly the sentences of the sources; otherwise says which, and 1."""
    if shutil.which("xgettext") is None:
        print("gettext is not installed, so this was not checked. On Debian and Ubuntu: apt install gettext")  # noqa: T201
        return 0
    stale = 0
    for language, missing, leftover in differences():
        stale += len(missing) + len(leftover)
        for what, entries in (("missing", missing), ("no longer used", leftover)):
            for _context, sentence, _plural in entries:
                print(f"{language}: {what}: {sentence!r}")  # noqa: T201
    if stale:
        print("`python3 dev.py messages` writes them into the catalogues.")  # noqa: T201
    return 1 if stale else 0


def main(verb):
    if verb == "compile":
        return compile_all()
    if verb == "update":
        return collect(BASE_DIR)
    return current()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
