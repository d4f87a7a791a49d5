"""What free words are about, and for whom: stems by which a need and an initiative are compared.

Nothing is kept: both are worked out from the words each time. What they say of a person is a guess that orders a list
of initiatives and is never told to anybody.
"""

import re

from volunteering.folding import fold

WORD = re.compile(r"[^\W\d_]+")
AGE = re.compile(r"\b(\d{1,3})[ -]*(?:lat|letn|rok|рок|рік|year)")
# Polish changes the ends of words: the vowels there, and whatever comes after so many letters.
ENDS = "aeiouyаеєиіїоуюяьъ"
SHORTEST, STEM = 4, 5
# Said in every request, so they tell nothing.
COMMON = """
bardzo blisko chcialabym chcialbym chcialem chcemy dobry dzien dziekuje jestem jest juz kazdy ktora ktory ktore ktos
moglby moglaby moge mogl mam mamy miec niech nasz osoba osoby pomoc pomocy pomagamy poniedzialek potrzebna potrzebny
potrzebuje potrzebujemy prosba prosze przez przed przyjsc raz razem sama sie sobie spotkanie spotykamy tydzien tylko
witam wtorek czwartek piatek sobota niedziela sroda wszyscy wszystko zawsze mieszkam mieszkancy sasiad sasiedzi
"""


def stem(word):
    """The letters of a folded word that decide whether two forms of it are the same: "lampa" and "lamp", "toster" and
    "tosterami". A guess: it takes some different words for one."""
    return word.rstrip(ENDS)[:STEM]


def _stems(text):
    return {stem(word) for word in WORD.findall(fold(text)) if len(word) >= SHORTEST} - {""}


IGNORED = _stems(COMMON)

# By which words somebody says to whom they belong. Codes of audiences that an installation does not have do no harm.
WORDS_OF_AUDIENCES = {
    "seniors": "senior seniorka emeryt emerytka emerytura babcia dziadek staruszka пенсіонерка бабуся дідусь",
    "young": "nastolatek nastolatka licealista licealistka uczennica młodzież підліток",
    "families": "dziecko dzieci dzieckiem niemowlę przedszkole córeczka synek дитина діти дитиною",
    "large_families": "wielodzietna wielodzietni багатодітна",
    "disability": "niepełnosprawność niepełnosprawna inwalidzki inwalidzkim niewidoma niewidomy niesłysząca niesłyszący"
    " głuchy інвалідність",
    "carers": "opiekuję opiekun opiekunka opiekunem доглядаю",
    "lonely": "samotna samotny samotność samotnie самотня самотній",
    "newcomers": "ukraina ukrainiec ukrainka ukraińska україна українка",
    "job_seekers": "bezrobotny bezrobotna bezrobocie zatrudnienie безробітний",
}
STEMS_OF_AUDIENCES = {code: _stems(words) for code, words in WORDS_OF_AUDIENCES.items()}
# Who asks for this belongs to these, whatever the words say.
AUDIENCES_OF_CATEGORIES = {"respite": "carers", "polish": "newcomers", "childcare": "families"}
AUDIENCES_OF_LANGUAGES = {"uk": "newcomers"}
# Who is the one is not the other.
OPPOSITES = {"seniors": "young", "young": "seniors"}
OLD, GROWN_UP = 60, 20


def stems(text):
    """The stems of all words that say something."""
    return frozenset(_stems(text) - IGNORED)


def audiences_told(text, *, category="", language=""):
    """Codes of the audiences to which a person belongs, as far as a request gives it away, and of those to which they
    do not belong."""
    found = {code for code, known in STEMS_OF_AUDIENCES.items() if known & _stems(text)} | _by_age(text)
    found |= {AUDIENCES_OF_CATEGORIES.get(category), AUDIENCES_OF_LANGUAGES.get(language)} - {None}
    return frozenset(found), frozenset(OPPOSITES[code] for code in found if code in OPPOSITES) - found


def _by_age(text):
    ages = [int(age) for age in AGE.findall(fold(text))]
    old = {"seniors"} if any(OLD <= age <= 120 for age in ages) else set()
    return old | ({"young"} if any(12 <= age < GROWN_UP for age in ages) else set())
