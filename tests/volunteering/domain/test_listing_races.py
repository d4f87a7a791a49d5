"""Many people change the list at one moment, in any order of requests: nobody waits in a circle, nothing is lost."""

import pytest
from django.db import transaction
from django_scopes import scope, scopes_disabled

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import CategoryFactory, HelpRequestFactory, VisitFactory
from tests.races import at_once
from volunteering.domain import help_requests, listings
from volunteering.domain.facets import Facets
from volunteering.models import HelpRequest, ListingChange

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROWD = 12


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def make_requests(municipality):
    """Requests of one kind in one place: they share their count."""
    where = {"municipality": municipality, "neighbourhood": NeighbourhoodFactory(municipality=municipality)}
    category = CategoryFactory()

    def make(count, **facts):
        made = [HelpRequestFactory(category=category, **where, **facts) for _number in range(count)]
        for help_request in made:
            VisitFactory(help_request=help_request)
        return made

    return make


def total(municipality):
    return sum(Facets(municipality).by_category().values())


def test_counts_are_right_after_many_come_and_go_at_once(municipality, make_requests):
    staff, waiting, listed = UserFactory(), make_requests(CROWD, awaiting_review=True), make_requests(CROWD)
    publish = [lambda it=it: help_requests.publish(it, actor=staff) for it in waiting]
    cancel = [lambda it=it: help_requests.cancel(it, actor=staff) for it in listed[: CROWD // 2]]
    tidy = [lambda: listings.add_up(municipality)] * 3 + [rebuild] * 2

    answers = at_once([*publish, *cancel, *tidy])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert total(municipality) == CROWD + CROWD // 2
    assert check() == (0, 0, 0)


def test_two_who_meet_the_same_counts_in_opposite_order_do_not_wait_for_each_other(municipality, make_requests):
    """Whoever erases an account ends all of its requests in one transaction."""
    staff = UserFactory()
    one, other = make_requests(4), make_requests(4)
    for help_request in (*one[::2], *other[::2]):
        HelpRequest.objects.filter(pk=help_request.pk).update(cell=help_request.cell + 1)
    rebuild()

    def end(requests):
        with transaction.atomic():
            for help_request in requests:
                help_requests.cancel(help_request, actor=staff)

    answers = at_once([lambda: end(one), lambda: end(other[::-1]), lambda: listings.add_up(municipality)])

    assert answers == [None, None, None]
    assert total(municipality) == 0
    assert check() == (0, 0, 0)


def test_request_that_is_ended_twice_at_once_is_counted_down_once(municipality, make_requests):
    staff, [help_request, _other] = UserFactory(), make_requests(2)

    at_once([lambda: help_requests.cancel(help_request, actor=staff)] * 4)

    assert total(municipality) == 1
    assert check() == (0, 0, 0)


def test_ledger_that_two_add_up_is_added_once(municipality, make_requests):
    make_requests(CROWD)

    answers = at_once([lambda: listings.add_up(municipality)] * 4)

    assert answers == [None] * 4
    assert total(municipality) == CROWD
    assert not ListingChange.objects.exists()


@scopes_disabled()
def rebuild():
    listings.rebuild()


@scopes_disabled()
def check():
    return listings.check()
