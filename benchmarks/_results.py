"""How a figure is told: one line each, and an exit code for whoever runs them all."""

import operator
import sys

COMPARISONS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}
_short = []


def result(name, figure, comparison, goal):
    """Prints `RESULT <name> <figure> goal <op> <number> ok|short` and remembers whether the goal was reached."""
    is_reached = COMPARISONS[comparison](figure, goal)
    shown = f"{figure:.4g}" if isinstance(figure, float) else figure
    print(f"RESULT {name} {shown} goal {comparison} {goal} {'ok' if is_reached else 'short'}", flush=True)
    if not is_reached:
        _short.append(name)
    return is_reached


def finish():
    """Ends the measurement: non-zero when a figure was short."""
    sys.exit(1 if _short else 0)
