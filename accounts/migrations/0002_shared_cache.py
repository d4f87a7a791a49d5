"""The table behind `CACHES["default"]` of the server shape: limits of sign-in that all processes share.

Made in the embedded shape too, where nobody uses it: that database may get a DATABASE_URL later.
"""

from django.core.management import call_command
from django.db import migrations

TABLE = "shared_cache"


def make_table(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute(schema_editor.sql_delete_table % {"table": schema_editor.quote_name(TABLE)})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make_table, drop_table)]
