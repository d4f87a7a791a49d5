"""Invented helpers all over Poland as arrays, the needs that are put to them, and a search through all of them at once:
the reference, and the oracle."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from neighbourhoods.cells import CELL_LAT, CELL_LON, ROW
from volunteering.domain.calendar import ZONE
from volunteering.domain.candidates import Wanted
from volunteering.domain.distances import metres_from
from volunteering.domain.windows import during

CITIES = np.array(
    [
        (52.23, 21.01), (50.06, 19.94), (51.76, 19.46), (51.11, 17.03), (52.41, 16.93), (54.35, 18.65), (53.43, 14.55),
        (53.12, 18.01), (51.25, 22.57), (53.13, 23.16), (50.26, 19.02), (54.52, 18.53), (50.81, 19.12), (51.40, 21.15),
        (53.01, 18.60), (50.04, 22.00), (50.87, 20.63), (53.78, 20.49), (50.67, 17.93), (51.94, 15.51),
    ]
)  # fmt: skip
SOUTH, NORTH, WEST, EAST = 49.2, 54.6, 14.3, 23.9
CITY_SHARE, CITY_WIDTH = 0.6, 0.07
KINDS = 20
SPEAK = {"pl": 0.97, "uk": 0.12, "en": 0.25}
# A Monday far from the nights when clocks change.
MONDAY = date(2027, 4, 19)


@dataclass
class People:
    """One entry for each person, whose key is its place + 1. `kinds`, `languages` and each of the seven `days` are
    bits."""

    cells: np.ndarray
    kinds: np.ndarray
    days: list
    languages: np.ndarray
    radius: np.ndarray

    def __len__(self):
        return len(self.cells)


def invent(count, seed=2027):
    random = np.random.default_rng(seed)
    return People(
        cells=_homes(random, count),
        kinds=_bits(random, count, KINDS, random.integers(1, 6, count)),
        days=[_free_hours(random, count) for _day in range(7)],
        languages=_languages(random, count),
        radius=random.integers(2000, 25_001, count).astype(np.int64),
    )


def _homes(random, count):
    in_city = random.random(count) < CITY_SHARE
    cities = CITIES[random.integers(0, len(CITIES), count)]
    near = cities + random.normal(0, 1, (count, 2)) * (CITY_WIDTH, CITY_WIDTH * 1.6)
    anywhere = random.uniform((SOUTH, WEST), (NORTH, EAST), (count, 2))
    points = np.where(in_city[:, None], near, anywhere)
    rows, columns = np.floor((points - (-90, -180)) / (CELL_LAT, CELL_LON)).astype(np.int64).T
    return rows * ROW + columns


def _bits(random, count, of, how_many):
    """For each person that many different bits of the first `of`."""
    places = random.random((count, of)).argsort(axis=1).argsort(axis=1)
    return ((places < how_many[:, None]) << np.arange(of)).sum(axis=1).astype(np.int32)


def _languages(random, count):
    """Whoever speaks nothing else speaks Polish."""
    bits = sum((random.random(count) < share) << bit for bit, share in enumerate(SPEAK.values()))
    return np.maximum(bits, 1).astype(np.int32)


def _free_hours(random, count):
    """Nothing on two days of five; otherwise two to ten hours in a row."""
    length, start = random.integers(2, 11, count), random.integers(6, 19, count)
    hours = ((1 << np.minimum(length, 24 - start)) - 1) << start
    return np.where(random.random(count) < 0.6, hours, 0).astype(np.int32)


def needs(people, categories, count, seed=7):
    """Needs of two hours on some day, in a language, near where people live: what `candidates.nearest` is asked.
    `categories`: the keys of the kinds of help."""
    random = np.random.default_rng(seed)
    for _need in range(count):
        kind, weekday, hour = int(random.integers(KINDS)), int(random.integers(7)), int(random.integers(8, 19))
        starts_at = datetime.combine(MONDAY + timedelta(days=weekday), datetime.min.time(), ZONE).replace(hour=hour)
        wanted = Wanted(
            category=categories[kind],
            cell=int(people.cells[random.integers(len(people))]),
            window=during(starts_at.astimezone(UTC), (starts_at + timedelta(hours=2)).astimezone(UTC)),
            languages=1 << int(random.choice(len(SPEAK), p=[0.7, 0.2, 0.1])),
            today=MONDAY,
        )
        yield kind, wanted


def search_all(people, kind, wanted, count):
    """Keys of the nearest `count`, found by looking at everybody."""
    fits = (people.kinds & (1 << kind)) != 0
    for day, hours in zip(people.days, wanted.window.whole, strict=True):
        if hours:
            fits &= (day & hours) == hours
    fits &= (people.languages & wanted.languages) != 0
    found = np.flatnonzero(fits)
    metres = metres_from(wanted.cell, people.cells[found])
    in_reach = metres <= people.radius[found]
    found, metres = found[in_reach], metres[in_reach]
    if len(found) > count:
        near = metres <= np.partition(metres, count - 1)[count - 1]
        found, metres = found[near], metres[near]
    return (found[np.lexsort((found, metres))][:count] + 1).tolist()
