"""How many requests are listed, where, and which words they hold: tables kept with the list from now on, and filled here
from the requests that are on it. About a minute for every 100,000 listed requests.

The way back drops what was counted: older code does not read it.
"""

import re

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from volunteering.folding import fold

WORD = re.compile(r"\w+")
LONGEST_WORD = 40
CHUNK = 1000


def place():
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("cell", models.BigIntegerField()),
        ("category", key("volunteering.category")),
        ("municipality", key("neighbourhoods.municipality")),
        ("neighbourhood", key("neighbourhoods.neighbourhood")),
    ]


def key(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=model
    )


def fill(apps, schema_editor):
    database = schema_editor.connection.alias
    requests = apps.get_model("volunteering", "HelpRequest").objects.using(database)
    visits = apps.get_model("volunteering", "Visit").objects.using(database)
    counts = apps.get_model("volunteering", "ListingCount").objects.using(database)
    words = apps.get_model("volunteering", "ListingWord").objects.using(database)

    ahead = visits.filter(help_request=models.OuterRef("pk"), state="open", ends_at__gt=timezone.now())
    requests.filter(models.Exists(ahead), state="open", protected=False).update(is_listed=True)
    listed = requests.filter(is_listed=True)
    places = ("municipality_id", "category_id", "neighbourhood_id", "cell")
    counts.bulk_create(
        (counts.model(**row) for row in listed.order_by().values(*places).annotate(requests=models.Count("pk"))),
        batch_size=CHUNK,
    )
    last = 0
    # What is held back from others is not searched either.
    while chunk := list(listed.select_related("category").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        words.bulk_create(
            [
                words.model(municipality_id=request.municipality_id, help_request_id=request.pk, word=word)
                for request in chunk
                for word in sorted(words_of(request))
            ],
            batch_size=CHUNK,
        )
        last = chunk[-1].pk


def words_of(request):
    text = fold(request.category.name_pl) if request.words_held_back else request.search_text
    return {word[:LONGEST_WORD].encode() for word in WORD.findall(text)}


class Migration(migrations.Migration):
    dependencies = [
        ("neighbourhoods", "0003_waves"),
        ("volunteering", "0010_watches_and_follows"),
    ]

    operations = [
        migrations.AddField("helprequest", "is_listed", models.BooleanField(default=False, editable=False)),
        migrations.AddIndex(
            "helprequest", models.Index(fields=["municipality", "state", "cell"], name="request_list_by_cell")
        ),
        migrations.CreateModel(
            "ListingCount",
            fields=[*place(), ("requests", models.PositiveIntegerField())],
            options={
                "verbose_name": "count of listed requests",
                "verbose_name_plural": "counts of listed requests",
                "constraints": [
                    models.UniqueConstraint(
                        "municipality", "category", "neighbourhood", "cell", name="one_count_per_place"
                    ),
                    models.CheckConstraint(condition=models.Q(requests__gte=0), name="no_count_below_zero"),
                ],
                "indexes": [
                    models.Index(
                        fields=["municipality", "category", "neighbourhood", "cell", "requests"], name="listing_facets"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "ListingChange",
            fields=[*place(), ("change", models.IntegerField())],
            options={
                "verbose_name": "change of a count",
                "verbose_name_plural": "changes of counts",
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(change=0), name="a_change_changes_something")
                ],
                "indexes": [models.Index(fields=["municipality", "id"], name="listing_ledger")],
            },
        ),
        migrations.CreateModel(
            "ListingWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.BinaryField(max_length=120)),
                ("help_request", key("volunteering.helprequest")),
                ("municipality", key("neighbourhoods.municipality")),
            ],
            options={
                "verbose_name": "word of a request",
                "verbose_name_plural": "words of requests",
                "constraints": [
                    models.UniqueConstraint(
                        "municipality", "word", "help_request", name="one_row_per_word_and_request"
                    )
                ],
                "indexes": [models.Index(fields=["help_request", "word"], name="words_of_request")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
