"""What the worker does for the database itself."""

from datetime import timedelta

from django.db import connection

from notifications.registry import duty

# Rows of an index that are looked at: enough to tell a rare value from a common one, and a moment's work in any table.
LOOKED_AT = 1000


@duty(every=timedelta(hours=24))
def get_to_know_the_tables():
    """SQLite chooses among its indexes by what it was told of the tables, and knows nothing before. PostgreSQL keeps
    itself informed."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"pragma analysis_limit = {LOOKED_AT}")
            cursor.execute("analyze")
