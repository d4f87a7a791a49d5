"""Writes the words that the search reads with a capital where each begins. Frozen: `search_words.marked` as it was."""

from django.db import migrations


def mark(apps, schema_editor):
    SearchEntry = apps.get_model("cms", "SearchEntry")
    for entry in SearchEntry.objects.only("title_words", "words").iterator():
        entry.title_words, entry.words = _marked(entry.title_words)[:600], _marked(entry.words)
        entry.save(update_fields=["title_words", "words"])


def _marked(words):
    return "".join(f"{_begun(word)} " for word in words.split())


def _begun(word):
    capital = word[0].upper()
    return f"{capital}{word[1:]}" if len(capital) == 1 and capital != word[0] else f"#{word}"


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_own_teams_and_workflow")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
