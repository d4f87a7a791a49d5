"""A municipality with very many requests, a fifth of them open, in the real tables; and what is kept of its list."""

import uuid
from collections import Counter
from datetime import timedelta
from itertools import repeat

import numpy as np
from django.db import connection
from django.utils import timezone

from benchmarks._bulk import begin, end, write
from benchmarks._stage import HOST
from cms.domain import sites
from neighbourhoods.cells import ROW, cell_at, centre
from neighbourhoods.models import Neighbourhood
from neighbourhoods.models.whereabouts import Whereabouts
from volunteering.domain import listings, taxonomy
from volunteering.folding import fold
from volunteering.models import Category, HelpRequest, ListingCount, ListingWord, Visit
from volunteering.states import RequestState, VisitState

# One request in so many is open, and one open one in so many speaks of a tortoise.
OPEN, RARE = 5, 20_000
# A town of 80 km²: cells in rows and columns; each neighbourhood has two of its rows.
ROWS, COLUMNS = 20, 16
RARE_WORDS = "Żółw uciekł."
SYLLABLES = ("ba", "cie", "do", "gło", "ja", "ku", "łą", "mi", "no", "ro", "są", "sze", "ta", "we", "zy", "żó")
WORDS_EACH = 6


def make_town():
    taxonomy.load()
    sites.build_portal(hostname="localhost", port=80, languages=[])
    town = sites.build_site(
        hostname=HOST, port=80, languages=[], name="Gmina", locative="w Gminie", slug="gmina", code="GM",
        terc="0000001", centre_name="CUS", phone="+48325550100", latitude=50.28, longitude=18.86,
    )  # fmt: skip
    corner = cell_at(50.28, 18.86)
    for number in range(ROWS // 2):
        latitude, longitude = centre(corner + 2 * number * ROW + COLUMNS // 2)
        Neighbourhood.objects.create(
            municipality=town, kind="district", name=f"Dzielnica {number}", slug=f"dzielnica-{number}",
            locative="tu", latitude=latitude, longitude=longitude,
        )  # fmt: skip
    return town, corner


def vocabulary():
    return [one + other + last for one in SYLLABLES for other in SYLLABLES for last in ("", "my")]


def load(count, seed=11):
    """Returns the municipality and the keys of the requests that hold the rare word."""
    town, corner = make_town()
    random = np.random.default_rng(seed)
    kinds = list(Category.objects.open())
    places = list(Neighbourhood.objects.order_by("pk"))
    kind, row, column = (random.integers(0, most, count) for most in (len(kinds), ROWS, COLUMNS))
    keys = range(1, count + 1)
    is_open = [key % OPEN == 0 for key in keys]
    rare = set(range(OPEN * RARE // 4, count + 1, OPEN * RARE))
    words = vocabulary()
    chosen = (len(words) * random.random((count, WORDS_EACH)) ** 3).astype(int).tolist()
    texts = [
        RARE_WORDS if key in rare else " ".join(words[number] for number in numbers)
        for key, numbers in zip(keys, chosen, strict=True)
    ]
    names = [fold(it.name_pl) for it in kinds]
    folded = [f"{names[number]} {fold(text)}" for number, text in zip(kind.tolist(), texts, strict=True)]
    kind_keys = [kinds[number].pk for number in kind.tolist()]
    place_keys = [places[number // 2].pk for number in row.tolist()]
    cells = (corner + row * ROW + column).tolist()
    now = timezone.now()
    moments = [stored(now - timedelta(seconds=3 * (count - key))) for key in keys]
    begin()
    write(Whereabouts, id=keys, municipality_id=repeat(town.pk))
    write(
        HelpRequest,
        id=keys,
        municipality_id=repeat(town.pk),
        reference=(f"GM-{key:X}" for key in keys),
        intake_key=(identifier(key) for key in keys),
        whereabouts_id=keys,
        category_id=kind_keys,
        neighbourhood_id=place_keys,
        cell=cells,
        words=texts,
        search_text=folded,
        state=(RequestState.OPEN if it else RequestState.DONE for it in is_open),
        is_listed=is_open,
        published_at=moments,
        finished_at=(None if it else moment for it, moment in zip(is_open, moments, strict=True)),
    )
    _write_visits(keys, is_open, now)
    listed = [key - 1 for key in keys if is_open[key - 1]]
    _write_counts(town, Counter((kind_keys[number], place_keys[number], cells[number]) for number in listed))
    _write_words(town, listed, folded)
    end(Whereabouts, HelpRequest, Visit, ListingCount, ListingWord)
    return town, sorted(rare)


def _write_visits(keys, is_open, now):
    start, end_ = now + timedelta(days=2), now + timedelta(days=2, hours=1)
    past = now - timedelta(days=9)
    write(
        Visit,
        id=keys,
        help_request_id=keys,
        starts_at=(stored(start if it else past) for it in is_open),
        ends_at=(stored(end_ if it else past + timedelta(hours=1)) for it in is_open),
        state=(VisitState.OPEN if it else VisitState.DONE for it in is_open),
    )


def _write_counts(town, counts):
    write(
        ListingCount,
        municipality_id=repeat(town.pk),
        category_id=[key[0] for key in counts],
        neighbourhood_id=[key[1] for key in counts],
        cell=[key[2] for key in counts],
        requests=counts.values(),
    )


def _write_words(town, listed, folded):
    pairs = [(word, number + 1) for number in listed for word in sorted(listings.words_of(folded[number]))]
    write(
        ListingWord,
        municipality_id=repeat(town.pk),
        word=[word for word, _key in pairs],
        help_request_id=[key for _word, key in pairs],
    )


def stored(moment):
    return connection.ops.adapt_datetimefield_value(moment)


def identifier(number):
    made = uuid.UUID(int=number)
    return made if connection.vendor == "postgresql" else made.hex
