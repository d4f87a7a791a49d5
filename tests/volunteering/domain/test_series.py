"""The days of a series: no database, no clock."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from volunteering.domain.holidays import holiday_on
from volunteering.domain.series import MOST_MEETINGS, Repeat, days, left_out


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
    assert words(days(first, repeat=repeat, times=4, on_holidays=True)) == expected


def test_a_series_has_an_end():
    assert len(days(date(2027, 1, 4), repeat=Repeat.WEEKLY, times=10_000)) == MOST_MEETINGS


# Public holidays ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 24), "Christmas Eve"),
        (date(2024, 12, 24), ""),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Second day of Christmas"),
        (date(2026, 12, 27), ""),
        (date(2027, 1, 6), "Epiphany"),
        (date(2027, 3, 28), "Easter Sunday"),
        (date(2027, 3, 29), "Easter Monday"),
        (date(2027, 5, 2), ""),
        (date(2027, 5, 3), "Constitution Day"),
        (date(2027, 5, 16), "Pentecost"),
        (date(2027, 5, 27), "Corpus Christi"),
        (date(2028, 6, 15), "Corpus Christi"),
        (date(9999, 12, 26), "Second day of Christmas"),
        (date(1, 4, 1), ""),
    ],
)
def test_public_holidays(day, name):
    with translation.override("en"):
        assert str(holiday_on(day)) == name


def test_every_year_has_fourteen_of_them():
    year = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]

    assert sum(bool(holiday_on(day)) for day in year) == 14


def test_a_series_goes_round_holidays_and_lasts_the_longer():
    thursdays = {"repeat": Repeat.WEEKLY, "times": 4}

    assert words(days(date(2026, 12, 17), **thursdays)) == ["17.12", "31.12", "07.01", "14.01"]
    assert left_out(date(2026, 12, 17), **thursdays) == [(date(2026, 12, 24), holiday_on(date(2026, 12, 24)))]


def test_nothing_is_left_out_after_the_last_meeting():
    assert left_out(date(2026, 12, 10), repeat=Repeat.WEEKLY, times=2) == []


def test_a_monthly_series_goes_round_corpus_christi():
    """The last Thursdays of April, May and June."""
    found = days(date(2027, 4, 29), repeat=Repeat.MONTHLY, times=2)

    assert words(found) == ["29.04", "24.06"]


def test_one_meeting_is_where_it_was_put():
    assert days(date(2027, 5, 3)) == [date(2027, 5, 3)]
    assert left_out(date(2027, 5, 3)) == []
