"""The days of a series: no database, no clock."""

from datetime import date

import pytest

from volunteering.domain.series import MOST_MEETINGS, Repeat, days


def words(found):
    return [day.strftime("%d.%m") for day in found]


@pytest.mark.parametrize(
    ("first", "repeat", "expected"),
    [
        (date(2027, 10, 14), Repeat.ONCE, ["14.10"]),
        (date(2027, 10, 14), Repeat.WEEKLY, ["14.10", "21.10", "28.10", "04.11"]),
        (date(2027, 10, 14), Repeat.FORTNIGHTLY, ["14.10", "28.10", "11.11", "25.11"]),
        (date(2027, 10, 14), Repeat.MONTHLY, ["14.10", "11.11", "09.12", "13.01"]),  # second Thursdays
        (date(2027, 7, 29), Repeat.MONTHLY, ["29.07", "26.08", "30.09", "28.10"]),  # a fifth one: the last ones
        (date(2028, 2, 29), Repeat.MONTHLY, ["29.02", "28.03", "25.04", "30.05"]),  # a fifth Tuesday
    ],
)
def test_days_of_a_series(first, repeat, expected):
    assert words(days(first, repeat=repeat, times=4)) == expected


def test_a_series_has_an_end():
    assert len(days(date(2027, 1, 4), repeat=Repeat.WEEKLY, times=10_000)) == MOST_MEETINGS
