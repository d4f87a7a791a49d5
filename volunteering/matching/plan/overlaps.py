"""Which visits one helper cannot do both, in the fewest words: maximal cliques of overlapping visits."""

from dataclasses import dataclass

import numpy as np

from volunteering.matching.plan.columns import Whole
from volunteering.matching.plan.rest import Rest


@dataclass(frozen=True, eq=False)
class Cliques:
    """Sets of rows of one helper that all take place at one moment, so that at most one may be chosen.

    Given as memberships: `row[i]` belongs to clique number `clique[i]`. There are `count` cliques, in order of helper
    and time. All that intervals [start, end) can collide in is said by the maximal ones: those that no other contains.
    """

    row: Whole
    clique: Whole
    count: int


NO_CLIQUES = Cliques(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0)


def cliques_of(rest: Rest) -> Cliques:
    """The maximal cliques of two and more rows, for helpers who may take two and more: others cannot collide."""
    rows = np.flatnonzero(rest.limit[rest.helper] > 1)
    if not len(rows):
        return NO_CLIQUES
    start, end = _on_one_line(rest, rows)
    moments = _latest_starts(start, end)
    first, behind = np.searchsorted(moments, start), np.searchsorted(moments, end)
    length = behind - first
    clique = np.arange(length.sum()) + np.repeat(first - np.cumsum(length) + length, length)
    size = np.bincount(clique, minlength=len(moments))
    number = np.cumsum(size > 1) - 1
    is_kept = size[clique] > 1
    return Cliques(np.repeat(rows, length)[is_kept], number[clique[is_kept]], int((size > 1).sum()))


def _on_one_line(rest: Rest, rows: Whole) -> tuple[Whole, Whole]:
    """Starts and ends of the rows with the weeks of all helpers one behind the other. Times become ranks first:
    whatever the minutes are, the line stays short."""
    times = np.unique(np.concatenate([rest.start, rest.end]))
    offset = rest.helper[rows] * (len(times) + 1)
    start, end = np.searchsorted(times, rest.start), np.searchsorted(times, rest.end)
    return start[rest.visit[rows]] + offset, end[rest.visit[rows]] + offset


def _latest_starts(start: Whole, end: Whole) -> Whole:
    """The moments at which somebody starts and the next thing that happens is an end: there no further row joins, so
    all who are present form a maximal clique. An end comes before a start at the same time: touching is no overlap."""
    events = np.sort(np.concatenate([2 * end, 2 * start + 1]))
    is_start = events % 2 == 1
    return np.unique(events[:-1][is_start[:-1] & ~is_start[1:]] // 2)
