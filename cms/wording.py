"""Plain words, measured. Pure: no Django, no database.

The index is Robert Gunning's FOG ("The Technique of Clear Writing", 1952) as it is used for Polish (FOG-PL, Pracownia
Prostej Polszczyzny, University of Wrocław, 2012): 0.4 times the sum of the mean length of a sentence in words and of
the share of hard words in percent, where words of four syllables or more are hard (three in English). It says about how
many years of school a reader needs. FOG-PL counts syllables of base forms; here the word is taken as it stands, so the
value comes out a little high. It is advice and never a gate.
"""

import re
from dataclasses import dataclass

HARD_FROM = {"pl": 4, "uk": 4, "en": 3}
# Below this a mean says nothing: Gunning asks for a passage of about a hundred words.
FEWEST_WORDS = 60
# Years of school that nobody should need more of to read a page of a public office.
WISHED = 9
TOLERATED = 12
LONG_SENTENCE = 25

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")
VOWELS = re.compile(r"[aeiouyąęóAEIOUYĄĘÓаеєиіїоуюяАЕЄИІЇОУЮЯ]")
# In Polish the i before another vowel only softens: „babcia” has two syllables, not three.
SOFTENING = re.compile(r"i(?=[aeouóąę])", re.IGNORECASE)
# Dots that end no sentence.
SHORT_FORMS = re.compile(
    r"\b(?:np|ul|al|pl|nr|tel|ok|godz|art|ust|pkt|lit|poz|tj|tzn|itd|itp|m\.in|dr|prof|mgr|inż|św|r|w|zł|gr|tys|mln|"
    r"[A-ZŁŚŻ])\.(?=\s)",
)
NUMBERED = re.compile(r"(?<=\d)\.(?=\s)")

VAGUE_LINKS = frozenset(
    {
        *("tutaj", "tu", "kliknij", "kliknij tutaj", "kliknij tu", "zobacz tutaj", "pod tym linkiem", "link", "więcej"),
        *("czytaj więcej", "czytaj dalej", "zobacz więcej", "dowiedz się więcej", "zobacz", "pobierz", "otwórz"),
        *("strona", "ta strona", "www", "szczegóły", "dalej", "przejdź"),
        *("here", "click here", "click", "more", "read more", "see more", "learn more", "this link", "this page"),
        *("download", "details", "тут", "натисніть тут", "більше", "детальніше", "докладніше", "сюди"),
        *("посилання", "читати далі", "завантажити"),
    }
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """How hard a text is: `index` in years of school, `sentence` in words, `hard` in percent."""

    index: float
    sentence: float
    hard: float
    words: int


def says_nothing(link):
    """Whether the words of a link say nothing to whoever hears them alone: “click here”, a bare address."""
    plain = link.strip().strip(".,;:!?…»›→>()[]„”\"' ").casefold()
    return plain in VAGUE_LINKS or not plain or bool(ADDRESS.fullmatch(plain))


def sentences(text):
    """The sentences of a text; a line break ends one, so that points of a list count each for itself."""
    whole = SHORT_FORMS.sub(lambda found: found[0][:-1], NUMBERED.sub("", text))
    return [part for part in SENTENCE_END.split(whole) if WORD.search(part)]


def syllables(word, language="pl"):
    """Syllables, by their vowels."""
    plain = SOFTENING.sub("", word) if language == "pl" else word
    return max(1, len(VOWELS.findall(plain)))


def reading(text, language="pl"):
    """How hard a text is to read; None where it is too short to say."""
    words = WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    length = len(words) / len(sentences(text))
    least = HARD_FROM.get(language, HARD_FROM["pl"])
    hard = 100 * sum(syllables(word, language) >= least for word in words) / len(words)
    return Reading(index=0.4 * (length + hard), sentence=length, hard=hard, words=len(words))


def longest_sentence(text):
    """The sentence with the most words, if it is a long one; else empty."""
    longest = max(sentences(text), key=lambda sentence: len(WORD.findall(sentence)), default="")
    return longest.strip() if len(WORD.findall(longest)) > LONG_SENTENCE else ""
