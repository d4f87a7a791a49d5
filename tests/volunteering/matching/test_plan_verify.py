"""The verifier finds every kind of broken rule, and nothing else."""

import pytest

from tests.volunteering.matching.plan_builders import a_problem
from volunteering.matching.plan import Violation, violations

VISITS = [(0, 60, 1), (30, 90, 2), (60, 120, 1)]
PAIRS = {(visit, helper): 0.5 for visit in range(3) for helper in range(2)} | {(1, 2): 0.5}


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ([], []),
        ([(0, 0), (2, 0)], []),
        ([(1, 2), (1, 0)], []),
        ([(3, 0)], [Violation("unknown", 3, 0)]),
        ([(0, -1)], [Violation("unknown", 0, -1)]),
        ([(0, 2)], [Violation("not_offered", 0, 2)]),
        (
            [(2, 1), (2, 1)],
            [Violation("twice", 2, 1), Violation("over_places", visit=2), Violation("over_limit", helper=1)],
        ),
        ([(0, 0), (0, 1)], [Violation("over_places", visit=0)]),
        ([(0, 1), (2, 1)], [Violation("over_limit", helper=1)]),
        ([(1, 0), (0, 0)], [Violation("overlap", 1, 0)]),
    ],
)
def test_broken_rules_are_found(plan, found):
    assert violations(a_problem(VISITS, [2, 1, 1], PAIRS), plan) == found


def test_forbidden_pair_is_found():
    assert violations(a_problem(VISITS, [2, 1, 1], PAIRS, forbidden=((0, 0),)), [(0, 0)]) == [
        Violation("forbidden", 0, 0)
    ]


def test_missing_pinned_pair_is_found():
    assert violations(a_problem(VISITS, [2, 1, 1], PAIRS, pinned=((0, 0),)), []) == [Violation("pinned_missing", 0, 0)]
