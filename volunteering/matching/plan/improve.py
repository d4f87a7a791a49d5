"""One pass over promising rows that were not chosen: could each get in by moving one other row away?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from volunteering.matching.plan.board import Board
from volunteering.matching.plan.columns import Real, Whole

# What is looked at in the worst case, as a multiple of the rows: the pass ends in linear time whatever comes in.
EFFORT = 1
# A gain smaller than this is rounding, and exchanging for it might never end.
LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class Exchange:
    """Take the row `chosen`; give up `given_up` for it; take `instead` in their place."""

    gain: float
    chosen: int
    given_up: tuple[int, ...] = ()
    instead: tuple[int, ...] = ()


def improve(board: Board, excess: Real) -> None:
    """Makes every exchange that gains, the rows that exceed their prices most first."""
    _Pass(board).run(_promising(board, excess))


def _promising(board: Board, excess: Real) -> Whole:
    """Rows not chosen at visits that have a place left, or a worse row chosen."""
    rest = board.rest
    is_chosen = np.zeros(len(rest), dtype=np.bool_)
    is_chosen[board.chosen()] = True
    worst = np.full(len(rest.places), np.inf)
    np.minimum.at(worst, rest.visit[is_chosen], rest.worth[is_chosen])
    is_open = np.array(board.left, dtype=np.int64) > 0
    worst[is_open] = -np.inf
    is_better = rest.worth > worst[rest.visit]
    rows = np.flatnonzero(~is_chosen & is_better & ((excess > 0) | is_open[rest.visit]))
    return rows[np.argsort(-excess[rows], kind="stable")]


class _Pass:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.worth: list[float] = board.rest.worth.tolist()
        self.effort = EFFORT * len(self.worth)
        visits = np.arange(len(board.left) + 1)
        self.rows_of = list(pairwise(np.searchsorted(board.rest.visit, visits).tolist()))
        self.chosen_at: list[list[int]] = [[] for _ in board.left]
        for row in board.chosen():
            self.chosen_at[board.visit[row]].append(row)

    def run(self, rows: Whole) -> None:
        for row in rows.tolist():
            if self.effort < 0:
                return
            exchange = self._best_exchange(row)
            if exchange and exchange.gain > LEAST_GAIN:
                self._make(exchange)

    def _best_exchange(self, row: int) -> Exchange | None:
        board, worth = self.board, self.worth
        visit, helper = board.visit[row], board.helper[row]
        clashes = board.clashes(row)
        self.effort -= 1 + len(board.tasks[helper])
        if len(clashes) > 1 or row in self.chosen_at[visit]:
            return None
        gain = worth[row]
        given_up: tuple[int, ...] = ()
        if not board.left[visit]:
            worst = min(self.chosen_at[visit], key=worth.__getitem__)
            gain, given_up = gain - worth[worst], (worst,)
        if not clashes and board.room[helper]:
            return Exchange(gain, row, given_up)
        movable = clashes or [task[2] for task in board.tasks[helper]]
        moves = [self._move(row, gain, given_up, other) for other in movable]
        return max(moves, key=lambda move: move.gain)

    def _move(self, row: int, gain: float, given_up: tuple[int, ...], other: int) -> Exchange:
        """Take the row, move the other one of the same helper to somebody who is free."""
        gain -= self.worth[other]
        given_up = (*given_up, other)
        substitute = self._best_free(self.board.visit[other], self.board.helper[row], at_least=-gain)
        if substitute is None:
            return Exchange(gain, row, given_up)
        return Exchange(gain + self.worth[substitute], row, given_up, (substitute,))

    def _best_free(self, visit: int, helper: int, at_least: float) -> int | None:
        """The best row of the visit that fits as things are, with any other helper."""
        board, worth, best = self.board, self.worth, None
        first, behind = self.rows_of[visit]
        self.effort -= behind - first
        for row in range(first, behind):
            somebody = board.helper[row]
            is_wanted = worth[row] > at_least and board.room[somebody] and somebody != helper
            if is_wanted and row not in self.chosen_at[visit] and not board.clashes(row):
                best, at_least = row, worth[row]
        return best

    def _make(self, exchange: Exchange) -> None:
        for row in exchange.given_up:
            self.board.remove(row)
            self.chosen_at[self.board.visit[row]].remove(row)
        for row in (*exchange.instead, exchange.chosen):
            self.board.add(row)
            self.chosen_at[self.board.visit[row]].append(row)
