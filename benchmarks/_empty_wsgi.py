"""Pages and the empty view, under gunicorn."""

from benchmarks._empty import add_empty_view
from config.wsgi import application

add_empty_view()
__all__ = ["application"]
