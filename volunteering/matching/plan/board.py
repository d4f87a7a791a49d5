"""A plan in the making: who has which time taken, and what is left. Every step keeps every rule."""

from __future__ import annotations

import math

import numpy as np

from volunteering.matching.plan.columns import Real, Whole
from volunteering.matching.plan.rest import Rest

# One task of a helper: start, end, row.
Task = tuple[int, int, int]


class Board:
    """The rows chosen so far. Plain lists: reading one number out of an array costs ten times as much."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.start: list[int] = rest.start.tolist()
        self.end: list[int] = rest.end.tolist()
        self.visit: list[int] = rest.visit.tolist()
        self.helper: list[int] = rest.helper.tolist()
        self.clear()

    def clear(self) -> None:
        self.left: list[int] = self.rest.places.tolist()
        self.room: list[int] = self.rest.limit.tolist()
        self.tasks: list[list[Task]] = [[] for _ in self.room]

    def fill(self, rows: Whole) -> None:
        """Takes every row that still fits, in this order."""
        left, room, tasks, start, end = self.left, self.room, self.tasks, self.start, self.end
        visits, helpers = self.rest.visit[rows].tolist(), self.rest.helper[rows].tolist()
        for row, visit, helper in zip(rows.tolist(), visits, helpers, strict=True):
            if left[visit] and room[helper]:
                first, last = start[visit], end[visit]
                for begins, ends, _ in tasks[helper]:
                    if begins < last and first < ends:
                        break
                else:
                    tasks[helper].append((first, last, row))
                    left[visit] -= 1
                    room[helper] -= 1

    def fill_best_first(self, value: Real) -> None:
        """Takes the row of the highest value that still fits, again and again: what `fill` does with all rows in that
        order, sooner. Most places are filled by the first few rows; between growing portions those without place or
        room are passed over at once, unsorted."""
        rows = np.arange(len(value))
        portion = 2 * sum(self.left) + 1
        while len(rows):
            is_now = value[rows] >= _nth_highest(value[rows], portion)
            self.fill(best_first(value, rows[is_now]))
            rows = rows[~is_now]
            is_open = np.array(self.left)[self.rest.visit[rows]] > 0
            is_open &= np.array(self.room)[self.rest.helper[rows]] > 0
            rows = rows[is_open]
            portion *= 2

    def add(self, row: int) -> None:
        visit, helper = self.visit[row], self.helper[row]
        self.tasks[helper].append((self.start[visit], self.end[visit], row))
        self.left[visit] -= 1
        self.room[helper] -= 1

    def remove(self, row: int) -> None:
        visit, helper = self.visit[row], self.helper[row]
        self.tasks[helper].remove((self.start[visit], self.end[visit], row))
        self.left[visit] += 1
        self.room[helper] += 1

    def clashes(self, row: int) -> list[int]:
        """Chosen rows of the same helper at the same time."""
        visit = self.visit[row]
        first, last = self.start[visit], self.end[visit]
        return [other for begins, ends, other in self.tasks[self.helper[row]] if begins < last and first < ends]

    def worth(self) -> float:
        return math.fsum(self.rest.worth[self.chosen()].tolist())

    def chosen(self) -> list[int]:
        """All chosen rows in order."""
        return sorted(row for tasks in self.tasks for _, _, row in tasks)


def best_first(value: Real, rows: Whole) -> Whole:
    """The rows in falling order of value. Ties keep the order of (visit, helper), in which rows are kept."""
    return rows[np.argsort(-value[rows], kind="stable")]


def _nth_highest(value: Real, number: int) -> float:
    return float(np.partition(value, -number)[-number]) if number < len(value) else -math.inf
