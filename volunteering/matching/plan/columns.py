"""Columns of numbers, checked as they come in and frozen: what follows may rely on them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from volunteering.matching.errors import MatchingError

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Far from the end of 64 bits, so that differences and sums of two stay inside.
LARGEST = 2**61


def whole_numbers(what: str, numbers: ArrayLike, *, least: int = -LARGEST) -> Whole:
    """A frozen column of whole numbers. Refuses fractions, NaN, infinities and numbers below `least`."""
    column = _column(what, numbers)
    if column.dtype.kind == "f":
        _refuse_first(column, ~np.isfinite(column) | (column != np.floor(column)), what, "not a whole number")
    _refuse_first(column, (column > LARGEST) | (column < least), what, "out of range")
    return frozen(column.astype(np.int64))


def parts_of_one(what: str, numbers: ArrayLike) -> Real:
    """A frozen column of numbers in [0, 1]. Refuses all others, NaN and infinities among them."""
    column = _column(what, numbers).astype(np.float64)
    # NaN is in no range: the comparison is written so that it fails.
    _refuse_first(column, ~((column >= 0) & (column <= 1)), what, "not between 0 and 1")
    return frozen(column)


def check_lengths(what: str, *columns: NDArray[Any]) -> None:
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise MatchingError(f"The columns of the {what} differ in length: {lengths}.", rule="lengths_differ")


def frozen(column: NDArray[Any]) -> NDArray[Any]:
    column.setflags(write=False)
    return column


def _column(what: str, numbers: ArrayLike) -> NDArray[Any]:
    column = np.asarray(numbers)
    if column.size == 0:
        return np.zeros(0, dtype=np.int64)
    if column.ndim != 1 or column.dtype.kind not in "iuf":
        raise MatchingError(f"The {what} must be a plain list of numbers.", rule="not_a_number")
    return column


def _refuse_first(column: NDArray[Any], is_wrong: Flags, what: str, why: str) -> None:
    for place in np.flatnonzero(is_wrong)[:1].tolist():
        raise MatchingError(f"The {what} at position {place} is {column[place]}: {why}.", rule="bad_number")
