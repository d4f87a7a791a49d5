"""Takes away the groups and the workflow that Wagtail brings: their rights reach over all sites.

Not reversible: what they were is Wagtail's business, and nobody is in them on a new installation.
"""

from django.db import migrations


def remove_defaults(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    Task = apps.get_model("wagtailcore", "Task")
    Group.objects.filter(name__in=["Editors", "Moderators"], user=None).delete()
    if not apps.get_model("wagtailcore", "WorkflowState").objects.exists():
        Workflow.objects.filter(name="Moderators approval").delete()
        Task.objects.filter(name="Moderators approval").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(remove_defaults, migrations.RunPython.noop)]
