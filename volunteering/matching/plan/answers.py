"""The two ways to a plan at once: plain greedy, which the others are measured against, and quick."""

import numpy as np

from volunteering.matching.plan.board import Board, best_first
from volunteering.matching.plan.improve import improve
from volunteering.matching.plan.overlaps import NO_CLIQUES
from volunteering.matching.plan.prices import Prices, estimate, in_the_middle
from volunteering.matching.plan.problem import Plan, Problem
from volunteering.matching.plan.rest import Rest, after_pinned


def greedy(problem: Problem) -> Plan:
    """The best pair that still fits, again and again. Its bound is the sum of all worths: it knows no better."""
    rest = after_pinned(problem)
    board = Board(rest)
    board.fill(best_first(rest.worth, np.arange(len(rest))))
    return rest.plan(board.chosen(), bound=float(rest.worth.sum()))


def solve_quick(problem: Problem) -> Plan:
    """A plan at once, with an honest bound: within half a per cent of the best where helpers are not very scarce or
    very much in demand at the same hours, never worse than plain greedy, at about twice its effort.

    Greedy by what a pair is worth beyond the prices of its visit and its helper, then one pass of exchanges.
    """
    rest = after_pinned(problem)
    plan, _ = quick(rest)
    return plan


def quick(rest: Rest) -> tuple[Plan, Prices]:
    """The quick plan, and the prices that bound it."""
    prices = in_the_middle(rest, NO_CLIQUES, estimate(rest))
    excess = prices.excess(rest, NO_CLIQUES)
    board = Board(rest)
    board.fill_best_first(rest.worth)
    plain, plain_worth = board.chosen(), board.worth()
    board.clear()
    board.fill_best_first(excess)
    improve(board, excess)
    if board.worth() < plain_worth:
        board.clear()
        board.fill(np.array(plain, dtype=np.int64))
        improve(board, excess)
    return rest.plan(board.chosen(), prices.bound(rest, excess)), prices
