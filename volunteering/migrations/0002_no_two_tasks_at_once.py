"""On PostgreSQL the database itself refuses two overlapping promises of one helper.

A range of one number stands in for equality, so that no extension (btree_gist) is needed. SQLite has one writer at a
time, and the verb looks for overlaps inside its IMMEDIATE transaction.
"""

from django.db import migrations

ADD = """
alter table volunteering_commitment add constraint no_two_tasks_at_once exclude using gist (
    int8range(volunteer_id, volunteer_id, '[]') with &&,
    tstzrange(starts_at, ends_at) with &&
) where (state in ('proposed', 'accepted', 'arrived'))
"""
DROP = "alter table volunteering_commitment drop constraint no_two_tasks_at_once"


def on_postgresql(statement):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
