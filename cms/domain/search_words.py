"""Words as people look for them: folded, without the ends that Polish bends, and nearly right. Pure."""

import re

from volunteering.folding import clean, fold

WORD = re.compile(r"[^\W_]+")
# Said everywhere, so they find nothing: folded.
COMMON = frozenset(
    [
        "a",
        "aby",
        "albo",
        "ale",
        "bez",
        "by",
        "byc",
        "co",
        "czy",
        "dla",
        "do",
        "i",
        "ich",
        "ile",
        "im",
        "ja",
        "jak",
        "jest",
        "juz",
        "kto",
        "ktora",
        "ktore",
        "ktory",
        "lub",
        "ma",
        "mi",
        "mnie",
        "moj",
        "moje",
        "moze",
        "na",
        "nad",
        "nas",
        "nie",
        "o",
        "od",
        "oraz",
        "po",
        "pod",
        "przez",
        "przy",
        "sa",
        "sie",
        "ta",
        "tak",
        "te",
        "ten",
        "to",
        "tu",
        "u",
        "w",
        "we",
        "z",
        "za",
        "ze",
        "gdzie",
        "kiedy",
        "szukam",
        "chce",
        "the",
        "of",
        "and",
        "for",
        "to",
        "in",
        "on",
        "at",
        "is",
        "are",
        "my",
        "me",
        "it",
        "where",
        "when",
        "how",
        "what",
        "і",
        "й",
        "та",
        "в",
        "у",
        "на",
        "з",
        "із",
        "до",
        "для",
        "що",
        "як",
        "де",
        "коли",
        "є",
        "про",
        "по",
        "за",
        "не",
        "це",
        "мій",
        "моя",
    ]
)
# Ends of nouns, adjectives and verbs, the longest first; what is left must still say something.
ENDS = sorted(
    [
        "ami",
        "iami",
        "ach",
        "iach",
        "owi",
        "owie",
        "ego",
        "iego",
        "emu",
        "iemu",
        "ymi",
        "imi",
        "ych",
        "ich",
        "ow",
        "om",
        "iom",
        "em",
        "iem",
        "ej",
        "iej",
        "ym",
        "im",
        "ie",
        "a",
        "e",
        "i",
        "o",
        "u",
        "y",
        "ами",
        "ями",
        "ах",
        "ях",
        "ові",
        "еві",
        "ого",
        "ому",
        "ими",
        "іми",
        "их",
        "ів",
        "ом",
        "ем",
        "ою",
        "ею",
        "ій",
        "ий",
        "ої",
        "а",
        "е",
        "и",
        "і",
        "о",
        "у",
        "ю",
        "я",
        "ь",
    ],
    key=len,
    reverse=True,
)
SHORTEST_STEM = 3
LONGEST_WORD = 40
# So many letters may be wrong, by the length of the word.
ONE_WRONG_FROM, TWO_WRONG_FROM = 4, 8


def words_of(text):
    """The folded words of a text in their order, common and single ones included."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(clean(text)))]


def telling(words):
    """The words that say something, none twice; all of them where none does."""
    distinct = list(dict.fromkeys(words))
    return [word for word in distinct if word not in COMMON and len(word) > 1] or distinct


def marked(word):
    """A folded word as the index holds it, with a capital where it begins: a search then stops where words begin with
    its first letter, and not at every gap between words."""
    capital = word[0].upper()
    return f"{capital}{word[1:]}" if len(capital) == 1 and capital != word[0] else f"#{word}"


def as_kept(words):
    """Folded words as the index holds them: each begins with its mark and ends with a space."""
    return "".join(f"{marked(word)} " for word in words)


def stem(word):
    """The beginning by which the forms of a word are found: "uslug" for "uslugami" and "uslugi". A guess, which takes
    some different words for one; exact ones are ordered before it."""
    for end in ENDS:
        if word.endswith(end) and len(word) - len(end) >= SHORTEST_STEM:
            return word[: -len(end)]
    return word


def allowed_distance(word):
    if word.isdigit() or len(word) < ONE_WRONG_FROM:
        return 0
    return 1 if len(word) < TWO_WRONG_FROM else 2


def halves(word):
    """A beginning and an end of which one at least is right where one letter is wrong, missing, too many, or changed
    its place with its neighbour."""
    return word[: max((len(word) - 1) // 2, 1)], word[(len(word) + 2) // 2 :] or word[-1:]


def nearest(word, candidates):
    """The candidate that was most likely meant; "" where none is near enough."""
    most = allowed_distance(word)
    near = []
    for candidate in candidates:
        if abs(len(candidate) - len(word)) <= most + 2 and allowed_distance(candidate):
            far = min(distance(word, candidate, most), distance(stem(word), stem(candidate), most))
            if far <= most:
                near.append((far, distance(word, candidate, most), word[0] != candidate[0], candidate))
    return min(near)[-1] if near else ""


def distance(one, other, most):
    """How many letters must be changed, added, left out or swapped with the next; `most` + 1 for anything above."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != opposite))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)
