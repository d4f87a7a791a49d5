"""The plan of the week: who goes to which visit, so that as much as possible is covered as well as possible.

The door. `Problem` says what is asked (and refuses what makes no sense with a `MatchingError`), `solve_quick` answers
at once, `violations` checks any answer independently, `shortfalls` tells what stays uncovered and why. `solve_exact`,
which proves the best answer, has a door of its own, `plan.exact`: it loads SciPy, 40 MB that no page needs.

What is best: the sum of the worths of all chosen pairs is as large as it can be, where a pair is worth `coverage` for
the place that it covers plus its score in [0, 1]. With `coverage` 1, the default, a place covered by the worst fitting
helper outweighs any loss of fit at one other place: nobody is left without help to let another one have a nicer match.
It is a sum, no strict order: leaving a place open is still right where covering it would turn several good matches into
hopeless ones. A larger `coverage` makes that rarer, 0 counts the fit alone.
"""

from volunteering.matching.plan.answers import greedy, solve_quick
from volunteering.matching.plan.problem import Helpers, Pairs, Plan, Problem, Progress, Visits, objective
from volunteering.matching.plan.uncovered import Shortfall, Sieves, count_by, shortfalls
from volunteering.matching.plan.verify import Violation, violations

__all__ = [
    "Helpers",
    "Pairs",
    "Plan",
    "Problem",
    "Progress",
    "Shortfall",
    "Sieves",
    "Violation",
    "Visits",
    "count_by",
    "greedy",
    "objective",
    "shortfalls",
    "solve_quick",
    "violations",
]
