"""Cliques of overlapping visits: the same as trying all sets of visits."""

from itertools import combinations

from hypothesis import given, settings

from tests.volunteering.matching.plan_builders import a_problem, weeks
from volunteering.matching.plan.overlaps import cliques_of
from volunteering.matching.plan.rest import after_pinned


def found_cliques(problem):
    rest = after_pinned(problem)
    cliques = cliques_of(rest)
    members = [set() for _ in range(cliques.count)]
    for row, clique in zip(cliques.row.tolist(), cliques.clique.tolist(), strict=True):
        members[clique].add((int(rest.visit[row]), int(rest.helper[row])))
    return sorted(sorted(clique) for clique in members)


def meet(visits, group):
    """Whether there is a moment at which all these visits go on."""
    return max(visits[visit][0] for visit in group) < min(visits[visit][1] for visit in group)


def cliques_by_trying(visits, limits, pairs):
    """Maximal sets of two and more pairs of one helper that all overlap each other."""
    sets = []
    for helper in (helper for helper, limit in enumerate(limits) if limit > 1):
        offered = [visit for visit, somebody in pairs if somebody == helper and visits[visit][2]]
        sizes = range(2, len(offered) + 1)
        groups = [group for size in sizes for group in combinations(offered, size)]
        sets += [{(visit, helper) for visit in group} for group in groups if meet(visits, group)]
    return sorted(sorted(group) for group in sets if not any(group < other for other in sets))


@given(weeks())
@settings(max_examples=300)
def test_cliques_are_the_maximal_sets_of_overlapping_visits(week):
    assert found_cliques(a_problem(*week)) == cliques_by_trying(*week)


def test_touching_visits_are_no_clique():
    assert found_cliques(a_problem([(0, 60, 1), (60, 120, 1)], [2], {(0, 0): 0.5, (1, 0): 0.5})) == []


def test_one_long_visit_is_in_a_clique_with_each_short_one():
    visits = [(0, 180, 1), (0, 60, 1), (60, 120, 1), (90, 150, 1)]

    cliques = found_cliques(a_problem(visits, [2], {(visit, 0): 0.5 for visit in range(4)}))

    assert cliques == [[(0, 0), (1, 0)], [(0, 0), (2, 0), (3, 0)]]


def test_minutes_far_apart_and_below_zero_make_no_difference():
    near = [(0, 60, 1), (30, 90, 1), (90, 120, 1)]
    far = [(-(2**40), 2**40, 1), (0, 2**41, 1), (2**41, 2**42, 1)]
    pairs = {(visit, helper): 0.5 for visit in range(3) for helper in range(2)}

    assert found_cliques(a_problem(near, [2, 2], pairs)) == found_cliques(a_problem(far, [2, 2], pairs))
