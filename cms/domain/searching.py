"""The search over one site: all words first, then words spelt nearly so, then any of the words."""

from dataclasses import dataclass, field
from functools import reduce
from operator import add, and_, or_

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, Q, Value, When

from cms.domain import excerpts
from cms.domain.search_words import allowed_distance, halves, marked, nearest, stem, telling, words_of
from cms.models import SearchEntry, SearchGroup, SearchTerm

MOST_WORDS = 6
IN_A_GROUP = 4
ON_A_PAGE = 20
MOST_CANDIDATES = 2000
# How much a word counts: the same word in the title, one that begins so, one of its forms; then in the text.
IN_TITLE, BEGINS_TITLE, FORM_IN_TITLE, IN_TEXT, FORM_IN_TEXT = 12, 9, 7, 4, 2


@dataclass(frozen=True)
class Result:
    """One entry as a page shows it: its title and a few lines, in pieces of which some are hits."""

    entry: SearchEntry
    title: list
    lines: list


@dataclass(frozen=True)
class Group:
    """The best results of one kind, and how many there are."""

    code: str
    label: str
    number: int
    results: list


@dataclass(frozen=True)
class Findings:
    """What a search gave. `corrected`: the words looked for instead of misspelt ones; "" where all were known."""

    groups: list = field(default_factory=list)
    sheet: object = None
    number: int = 0
    corrected: str = ""
    any_word: bool = False


def search(site, text, *, language, group="", page=None):
    """Findings for a text. Without a `group` the best of each kind; with one, a page of them. At most six
    queries, whatever there is to find."""
    words = telling(words_of(text))[:MOST_WORDS]
    if not words:
        return Findings()
    meant, said = _correct(site, words, _languages(language))
    entries = SearchEntry.objects.of_site(site).readable().in_language(language, otherwise=settings.LANGUAGE_CODE)
    entries = entries.of_group(group) if group else entries
    collect = _one_group(page) if group else _all_groups
    # Where no page says one of the words, none holds all of them: that need not be asked.
    findings = collect(entries, meant, and_) if said == meant or len(meant) == 1 else Findings()
    if not findings.number and len(meant) > 1:
        # Titles first: they are short to read through, and what has a word in its title is about it.
        findings = collect(entries, said or meant, or_, "title_words")
        findings = findings if findings.number else collect(entries, said or meant, or_)
    if meant != words and findings.number:
        return Findings(**{**vars(findings), "corrected": " ".join(meant)})
    return findings


def _all_groups(entries, words, join, place="words"):
    keys = {}
    for key, group in _matching(entries, words, join, place):
        keys.setdefault(group, []).append(key)
    shown = [key for found in keys.values() for key in found[:IN_A_GROUP]]
    results = [_result(entry, words) for entry in SearchEntry.objects.in_order(shown)] if shown else []
    groups = [
        Group(code, label, len(keys[code]), [result for result in results if result.entry.group == code])
        for code, label in SearchGroup.choices
        if code in keys
    ]
    return Findings(groups=groups, number=sum(group.number for group in groups), any_word=join is or_)


def _one_group(number):
    def collect(entries, words, join, place="words"):
        keys = [key for key, _group in _matching(entries, words, join, place)]
        sheet = Paginator(keys, ON_A_PAGE).get_page(number)
        sheet.object_list = [_result(entry, words) for entry in SearchEntry.objects.in_order(list(sheet.object_list))]
        return Findings(sheet=sheet, number=len(keys), any_word=join is or_)

    return collect


def _matching(entries, words, join, place):
    condition = reduce(join, (Q(**{f"{place}__holds": marked(stem(word))}) for word in words))
    return entries.scored(condition, reduce(add, map(_score, words)) + F("weight"))


def _score(word):
    beginning, start = marked(word), marked(stem(word))
    return Case(
        When(title_words__holds=f"{beginning} ", then=Value(IN_TITLE)),
        When(title_words__holds=beginning, then=Value(BEGINS_TITLE)),
        When(title_words__holds=start, then=Value(FORM_IN_TITLE)),
        When(words__holds=f"{beginning} ", then=Value(IN_TEXT)),
        When(words__holds=start, then=Value(FORM_IN_TEXT)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _result(entry, words):
    beginnings = [stem(word) for word in words]
    in_lead = excerpts.excerpt(entry.lead, beginnings)
    lines = in_lead or excerpts.excerpt(entry.text, beginnings) or excerpts.pieces(entry.lead, ())
    return Result(entry, excerpts.pieces(entry.title, beginnings), lines)


# --- Misspelt words ---------------------------------------------------------------------------------------------------


def _languages(language):
    return {language, settings.LANGUAGE_CODE}


def _correct(site, words, languages):
    """The words as they were probably meant: one that nothing on the site begins with becomes the nearest known one.
    Then those of them that were ever learnt: whether they can still be read is found out by the search itself."""
    terms = SearchTerm.objects.spoken_at(site, languages)
    known = _texts(terms.beginning_with_any([stem(word) for word in words]))
    unknown = [word for word in words if not _begins_one(stem(word), known)]
    strange = [word for word in unknown if allowed_distance(word)]
    candidates = _texts(terms.like([halves(word) for word in strange])) if strange else set()
    better = {word: nearest(word, candidates) for word in strange}
    meant = [better.get(word) or word for word in words]
    # So many that some were left out: nothing is certain.
    is_all = len(known) < MOST_CANDIDATES
    return meant, [word for word in meant if word not in unknown] if is_all else meant


def _texts(terms):
    return {bytes(word).decode() for word in terms.values_list("word", flat=True)[:MOST_CANDIDATES]}


def _begins_one(start, known):
    return any(word.startswith(start) for word in known)


def has_words(text):
    """Whether there is anything to look for in a text."""
    return bool(words_of(text))
