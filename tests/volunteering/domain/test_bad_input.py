"""The edges of a question to the database: empty weeks, nights of clock changes, midnight, a category that is gone."""

from datetime import datetime, timedelta

import pytest
from django.db.models import ProtectedError

from neighbourhoods.cells import ROW
from tests.factories.volunteering import CategoryFactory, HelpRequestFactory, VisitFactory
from volunteering.domain import alerts, profiles, reach, waves
from volunteering.domain.calendar import ZONE
from volunteering.domain.suggestions import helpers_for, why_not
from volunteering.models import Reach, Search
from volunteering.states import SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


def at(month, day, hour):
    return datetime(2027, month, day, hour, tzinfo=ZONE)


def week(**hours):
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return [sum(1 << hour for hour in hours.get(name, ())) for name in names]


@pytest.fixture
def make_visit(municipality, neighbourhood, shopping):
    def make(starts_at, ends_at, **facts):
        asked = HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping)
        return VisitFactory(help_request=asked, starts_at=starts_at, ends_at=ends_at, **facts)

    return make


def who(visit):
    return [it.volunteer for it in helpers_for(visit)]


def test_who_never_said_when_is_never_free(visit, make_helper):
    person = make_helper(availability=week()).user

    assert who(visit) == []
    assert [str(reason) for reason in why_not(visit, person)] == ["Ta osoba nie ma wtedy czasu."]


def test_radius_zero_is_the_own_cell(visit, make_helper):
    here = make_helper(home_cell=visit.help_request.cell, radius=0).user
    make_helper(home_cell=visit.help_request.cell + ROW, radius=0)

    assert who(visit) == [here]


def test_over_midnight_both_days_must_be_free(make_visit, make_helper):
    both = make_helper(availability=week(friday=[22, 23], saturday=[0, 1])).user
    make_helper(availability=week(friday=[22, 23]))
    make_helper(availability=week(saturday=[0, 1]))

    assert who(make_visit(at(4, 23, 23), at(4, 24, 1))) == [both]


@pytest.mark.parametrize(
    ("day", "hours"),
    # The hour from 2 to 3 does not exist in March, and comes twice in October: nobody can be free in the one, and
    # whoever is free in the other is free twice as long.
    [((3, 28), [1, 3]), ((10, 31), [1, 2, 3])],
)
def test_on_nights_of_clock_changes_the_hours_of_the_clock_count(make_visit, make_helper, clock, day, hours):
    clock.move_to(at(*day, 0) - timedelta(days=2))
    fits = make_helper(availability=week(sunday=hours)).user
    make_helper(availability=week(sunday=hours[:-1]))

    assert who(make_visit(at(*day, 1), at(*day, 4))) == [fits]


@pytest.mark.parametrize(("month", "day"), [(3, 28), (10, 31)])
def test_flexible_help_on_the_day_of_a_clock_change_is_possible(make_visit, make_helper, clock, month, day):
    clock.move_to(at(month, day, 0) - timedelta(days=1))
    person = make_helper(availability=week(sunday=[9])).user
    span = at(month, day, 0), at(month, day, 23)

    assert who(make_visit(*span, is_flexible=True, minutes=60)) == [person]
    assert who(make_visit(*span, is_flexible=True, minutes=61)) == []


def test_with_no_candidate_the_search_is_exhausted_without_a_word(visit):
    assert waves.start(visit) == []
    assert Search.objects.get().state == SearchState.EXHAUSTED


def test_all_alike_are_asked_in_the_order_of_their_keys(visit, make_helper, municipality):
    municipality.alert_count = 3
    municipality.save()
    crowd = [make_helper(home_cell=visit.help_request.cell).user for _person in range(5)]

    assert [alert.volunteer for alert in waves.start(visit)] == crowd[:3]


def test_a_category_with_requests_cannot_be_deleted(visit, make_helper, shopping):
    person = make_helper().user

    with pytest.raises(ProtectedError):
        shopping.delete()

    assert who(visit) == [person]


def test_a_category_deleted_meanwhile_leaves_nothing_behind(make_helper, visit, shopping):
    gone = CategoryFactory()
    profile = make_helper(categories=[gone, shopping])

    gone.delete()

    assert set(Reach.objects.values_list("category", flat=True)) == {shopping.pk}
    assert reach.check() == (0, 0, 0)
    assert [it.volunteer for it in alerts.still_to_ask(visit)[0]] == [profile.user]


def test_who_wanted_only_what_is_gone_is_asked_nothing(make_helper, visit):
    gone = CategoryFactory()
    profile = make_helper(categories=[gone])
    gone.delete()
    profiles.save_profile(profile, radius=5000)

    assert who(visit) == []
    assert not Reach.objects.exists()
