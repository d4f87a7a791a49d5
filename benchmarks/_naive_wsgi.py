"""Pages without the guard, under gunicorn."""

from benchmarks._naive import take_the_guard_away
from config.wsgi import application

take_the_guard_away()
__all__ = ["application"]
