"""The lines under a result: the part of a text where the words stand, in pieces that a template marks and escapes."""

from typing import NamedTuple

from cms.domain.search_words import WORD
from volunteering.folding import fold

BEFORE, LENGTH = 60, 220


class Piece(NamedTuple):
    text: str
    is_hit: bool


def pieces(text, beginnings):
    """The text cut into pieces; those words that begin, folded, with one of `beginnings` are hits."""
    cut, done = [], 0
    for start, end in _hits(text, tuple(beginnings)):
        if start > done:
            cut.append(Piece(text[done:start], is_hit=False))
        cut.append(Piece(text[start:end], is_hit=True))
        done = end
    return [*cut, Piece(text[done:], is_hit=False)] if done < len(text) else cut


def excerpt(text, beginnings):
    """A few lines of a long text around its first hit; [] where it holds none."""
    first = next(_hits(text, tuple(beginnings)), None)
    if first is None:
        return []
    begin = max(first[0] - BEFORE, 0)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    end = begin + LENGTH
    end = len(text) if end >= len(text) else max(text.rfind(" ", begin, end), first[1])
    return pieces(f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}", beginnings)


def _hits(text, beginnings):
    for match in WORD.finditer(text) if beginnings else ():
        if fold(match[0]).startswith(beginnings):
            yield match.span()
