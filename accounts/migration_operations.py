"""Migrations that make many tables at once."""

from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """Makes the tables of many models, given as CreateModel operations.

    After each single one Django builds all related classes anew, which takes ten times as long as the tables: here they
    are built once for all of them.
    """

    def __init__(self, models):
        self.models = models

    def deconstruct(self):
        return (type(self).__name__, [self.models], {})

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name, app_label):
        return any(model.references_model(name, app_label) for model in self.models)

    def describe(self):
        return f"Create {len(self.models)} models"
