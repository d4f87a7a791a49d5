"""One row for compare and set."""

from django.db.models import QuerySet


def one_row(model, pk):
    """Past the scope, which goes through other tables for most models: with it the condition would stand in a subquery,
    at which PostgreSQL does not look again after it has waited for the row."""
    return QuerySet(model).filter(pk=pk)
