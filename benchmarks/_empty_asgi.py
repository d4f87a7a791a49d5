"""Everything and the empty view, under Daphne."""

from benchmarks._empty import add_empty_view
from config.asgi import application

add_empty_view()
__all__ = ["application"]
