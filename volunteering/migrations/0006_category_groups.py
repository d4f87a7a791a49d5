"""Headings of the first question become data: each category that is there gets the one under which it stood."""

from django.db import migrations, models

GROUPS = {
    "errands": ("shopping", "pharmacy", "escort", "transport", "lending"),
    "company": ("conversation", "phone_friend", "walk", "reading", "respite"),
    "home": ("small_repairs", "home_help", "meals", "garden", "snow", "fuel", "moving", "pets"),
    "letters": ("digital", "forms", "translation", "polish"),
}


def fill(apps, schema_editor):
    Category = apps.get_model("volunteering", "Category")
    for group, codes in GROUPS.items():
        Category.objects.filter(code__in=codes).update(group=group)


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0005_visit_of_request")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="group",
            field=models.CharField(
                choices=[
                    ("errands", "Shopping, errands and getting somewhere"),
                    ("company", "Company"),
                    ("home", "At home and around it"),
                    ("letters", "Phone, letters and languages"),
                    ("other", "Something else"),
                ],
                default="other",
                help_text="Under which heading residents find it.",
                max_length=10,
                verbose_name="heading",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
