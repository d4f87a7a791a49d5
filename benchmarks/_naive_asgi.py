"""Everything without the guard, under Daphne."""

from benchmarks._naive import take_the_guard_away
from config.asgi import application

take_the_guard_away()
__all__ = ["application"]
