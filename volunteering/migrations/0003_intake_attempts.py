import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("neighbourhoods", "0001_initial"),
        ("volunteering", "0002_no_two_tasks_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=32, verbose_name="source")),
                ("phone_only", models.BooleanField(verbose_name="phone only")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="neighbourhoods.municipality",
                        verbose_name="municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt to send a request",
                "verbose_name_plural": "attempts to send a request",
                "indexes": [
                    models.Index(fields=["municipality", "source", "created_at"], name="intake_by_source"),
                    models.Index(fields=["municipality", "phone_only", "created_at"], name="intake_by_kind"),
                ],
            },
        ),
    ]
