"""From a resident's answers to a filed request, once for each form however often it is sent."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from neighbourhoods.models.whereabouts import Whereabouts
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import CategoryFactory
from volunteering.domain import intake
from volunteering.domain.visits import Times
from volunteering.errors import Refused
from volunteering.models import Category, HelpRequest, IntakeAttempt, Timing, Visit


def asked_for(category, neighbourhood, **changes):
    tomorrow = timezone.localdate() + timedelta(days=1)
    details = {
        "category": category,
        "words": "Zakupy.",
        "neighbourhood": neighbourhood,
        "address": "Zmyślona 7/3",
        "directions": "",
        "times": Times(timing=Timing.FLEXIBLE, day=tomorrow, until=tomorrow),
        "for_someone_else": False,
        "people_needed": 1,
        "person_name": "Zofia Wymyślona",
        "phone": "+48601000001",
        "language": "pl",
    }
    return intake.Asked(**details | changes)


@pytest.fixture
def asked(neighbourhood, shopping):
    return asked_for(shopping, neighbourhood)


def test_request_of_an_account_needs_no_call(municipality, asked):
    user = UserFactory()

    help_request = intake.file(asked, municipality=municipality, key=uuid.uuid4(), requester=user)

    assert (help_request.requester, help_request.needs_call) == (user, False)


@pytest.mark.parametrize(("for_someone_else", "has_account"), [(True, True), (False, False), (True, False)])
def test_request_of_a_stranger_or_for_somebody_else_needs_a_call(
    municipality, neighbourhood, shopping, for_someone_else, has_account
):
    requester = UserFactory() if has_account else None
    asked = asked_for(shopping, neighbourhood, for_someone_else=for_someone_else)

    help_request = intake.file(asked, municipality=municipality, key=uuid.uuid4(), requester=requester)

    assert help_request.needs_call


def test_request_taken_down_by_staff_names_them_and_needs_no_call(municipality, asked):
    staff = UserFactory()

    help_request = intake.file(asked, municipality=municipality, key=uuid.uuid4(), requester=None, taken_down_by=staff)

    assert (help_request.taken_down_by, help_request.needs_call) == (staff, False)


def test_same_key_gives_the_same_request(municipality, asked):
    key = uuid.uuid4()

    first = intake.file(asked, municipality=municipality, key=key, requester=None)
    again = intake.file(asked, municipality=municipality, key=key, requester=None)

    assert first == again
    assert Whereabouts.objects.count() == Visit.objects.count() == 1


def test_key_of_another_municipality_is_no_way_to_its_request(municipality, asked):
    """The row of the other gmina stays unseen: the database refuses the key, and nothing of it is given away."""
    key = uuid.uuid4()
    other = MunicipalityFactory()
    with scope(municipality=other):
        elsewhere = asked_for(CategoryFactory(), NeighbourhoodFactory(municipality=other))
        intake.file(elsewhere, municipality=other, key=key, requester=None)

    with pytest.raises(IntegrityError):
        intake.file(asked, municipality=municipality, key=key, requester=None)

    assert not HelpRequest.objects.exists()


def test_refused_times_leave_nothing_behind(municipality, neighbourhood, shopping):
    yesterday = timezone.localdate() - timedelta(days=1)
    asked = asked_for(shopping, neighbourhood, times=Times(timing=Timing.FLEXIBLE, day=yesterday, until=yesterday))

    with pytest.raises(Refused):
        intake.file(asked, municipality=municipality, key=uuid.uuid4(), requester=None)

    assert not Whereabouts.objects.exists()


def test_answers_stay_out_of_logs(asked):
    text = repr(asked)

    for private in ("Zakupy.", "Zmyślona", "Zofia", "601000001"):
        assert private not in text


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Real transactions, seen by threads. Removes what the test left."""
    with django_db_blocker.unblock(), scopes_disabled():
        municipality = MunicipalityFactory()
        yield municipality
        for model in (HelpRequest, Whereabouts, IntakeAttempt, Event, Category):
            model._base_manager.all().delete()
        site = municipality.site
        municipality.delete()
        site.delete()
        connection.close()


@pytest.mark.postgres
def test_many_presses_at_once_make_one_request(committed):
    municipality = committed
    asked = asked_for(CategoryFactory(), NeighbourhoodFactory(municipality=municipality))
    key, found, ready = uuid.uuid4(), [], threading.Barrier(6)

    def press():
        try:
            ready.wait()
            with scope(municipality=municipality):
                found.append(intake.file(asked, municipality=municipality, key=key, requester=None).reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 6
    assert len(set(found)) == 1
    assert HelpRequest.objects.count() == Whereabouts.objects.count() == 1
