"""The read model of matching gets everything a query compares, and its rows are written anew.

The old table is thrown away: all of it is made from profiles. So a filled database needs no further command, and the
way back leaves an empty table that the older code's `rebuild_reach` fills. About 20 seconds for every 100,000 helpers.
"""

import django.db.models.deletion
from django.db import migrations, models

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LANGUAGES = ("pl", "uk", "en")
CHUNK = 1000


def fill(apps, schema_editor):
    profiles = apps.get_model("volunteering", "VolunteerProfile").objects.using(schema_editor.connection.alias)
    rows = apps.get_model("volunteering", "Reach").objects.using(schema_editor.connection.alias)
    at_home = profiles.filter(home_cell__isnull=False).prefetch_related("categories", "skills").order_by("pk")
    last = 0
    while chunk := list(at_home.filter(pk__gt=last)[:CHUNK]):
        rows.bulk_create(
            [
                rows.model(category_id=category.pk, profile_id=profile.pk, **said(profile))
                for profile in chunk
                for category in profile.categories.all()
            ],
            batch_size=CHUNK,
        )
        last = chunk[-1].pk


def said(profile):
    skills = 0
    for skill in profile.skills.all():
        skills |= 1 << skill.pk % 63
    spoken = profile.languages or ["pl"]
    return {
        "cell": profile.home_cell,
        **dict(zip(WEEK, profile.availability)),
        "radius": profile.radius,
        "languages": sum(1 << bit for bit, language in enumerate(LANGUAGES) if language in spoken),
        "skills": skills,
        "paused_until": profile.paused_until,
        "volunteer": profile.user_id,
    }


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0006_category_groups")]

    operations = [
        migrations.DeleteModel("Reach"),
        migrations.CreateModel(
            "Reach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cell", models.BigIntegerField()),
                *[(day, models.IntegerField()) for day in WEEK],
                ("radius", models.BigIntegerField()),
                ("languages", models.IntegerField()),
                ("skills", models.BigIntegerField()),
                ("paused_until", models.DateField(null=True)),
                ("volunteer", models.BigIntegerField()),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="volunteering.category",
                        db_index=False,
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reach",
                        to="volunteering.volunteerprofile",
                        db_index=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "reach",
                "verbose_name_plural": "reach",
                "constraints": [models.UniqueConstraint("profile", "category", name="one_reach_row_per_category")],
                "indexes": [
                    models.Index(
                        fields=[
                            "category", "cell", *WEEK, "radius", "languages", "skills", "paused_until", "volunteer",
                        ],
                        name="reach_near",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
