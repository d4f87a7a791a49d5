"""Two homes in one cell cannot be told apart by anybody but those who may know the address.

The same story is played twice from one state of the database, with a frozen clock and fixed randomness; only the exact
home differs. Every page, mail and frame that others get must be the same, byte for byte.
"""

import random
import re
import uuid
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django_scopes import scope

from neighbourhoods.cells import CELL_LAT, CELL_LON, cell_at, centre
from neighbourhoods.domain.places import neighbourhood_of
from neighbourhoods.geocoding import Point
from notifications import delivery, frames, letters
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import CategoryFactory, StandingFactory, VolunteerProfileFactory
from volunteering.domain import help_requests, references
from volunteering.domain.visits import Times
from volunteering.models import HelpRequest, Timing

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 4, 21, 10, tzinfo=UTC)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
CORNERS = [(0.02, 0.02), (0.98, 0.02), (0.02, 0.98), (0.98, 0.98), (0.5, 0.5)]


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(moderation="after")
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def cast(municipality):
    """A resident, an organiser, a helper near by and one far away, in a municipality of two neighbourhoods."""
    near = NeighbourhoodFactory(municipality=municipality)
    far = NeighbourhoodFactory(municipality=municipality, latitude=municipality.latitude + 0.02)
    category = CategoryFactory()
    people = {"resident": UserFactory(), "organiser": UserFactory(), "near": UserFactory(), "far": UserFactory()}
    MembershipFactory(municipality=municipality, user=people["organiser"])
    for name, place in (("near", near), ("far", far)):
        StandingFactory(municipality=municipality, volunteer=people[name])
        VolunteerProfileFactory(user=people[name], home_neighbourhood=place, categories=[category], radius=8000)
    return {"category": category, **people}


def corner(cell, part):
    """A point in the cell: `part` says how far from its south-western corner, in widths of the cell."""
    latitude, longitude = centre(cell)
    return Point(latitude + (part[0] - 0.5) * CELL_LAT, longitude + (part[1] - 0.5) * CELL_LON, 10)


def story(municipality, cast, point, monkeypatch):
    """Asks for help at this exact point; returns all that others than the resident and staff are given."""
    choose = random.Random(1).choice
    monkeypatch.setattr(references.secrets, "choice", choose)
    mail.outbox.clear()
    cell = cell_at(point.latitude, point.longitude)
    request = help_requests.submit(
        HelpRequest(
            municipality=municipality,
            intake_key=uuid.UUID(int=1),
            category=cast["category"],
            words="Chodzi o zakupy.",
            neighbourhood=neighbourhood_of(cell, municipality),
            cell=cell,
            requester=cast["resident"],
        ),
        home={"person_name": "Zofia Wymyślona", "phone": "+48601000001", "address": "Zmyślona 7", "point": point},
        times=Times(timing=Timing.FIXED, day=date(2027, 4, 23), at=time(15)),
        actor=cast["resident"],
    )
    for event in Event.objects.order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)
    letters.send_due()
    return [*pages(municipality, cast, request), *told(cast), *map(whole, mail.outbox)]


def whole(letter):
    """All of an e-mail but the random line between its parts."""
    return repr((letter.subject, letter.body, letter.alternatives, letter.extra_headers, letter.from_email, letter.to))


def pages(municipality, cast, request):
    host = municipality.site.hostname
    stranger = Client(HTTP_HOST=host)
    yield stranger.get("/prosby/").content
    yield stranger.get("/prosby/", {"gdzie": request.neighbourhood.slug}).content
    for name in ("near", "far"):
        helper = Client(HTTP_HOST=host)
        helper.force_login(cast[name])
        for path in ("/prosby/", f"/prosby/{request.reference}/", "/pomagam/", "/moje/powiadomienia/"):
            answer = helper.get(path)
            assert answer.status_code == 200
            yield TOKEN.sub(b"", answer.content)


def told(cast):
    """The frames that the helpers' sockets get."""
    for name in ("near", "far"):
        notices = Notification.objects.select_related("event").filter(user=cast[name]).order_by("seq")
        yield repr(frames.of_notifications(list(notices), cast[name], "pl"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's sequences do not roll back: ids differ")
@time_machine.travel(NOW, tick=False)
def test_homes_in_one_cell_look_the_same_to_everybody_else(municipality, cast, monkeypatch):
    cell = cell_at(municipality.latitude, municipality.longitude)

    seen = []
    for part in CORNERS:
        with transaction.atomic():
            seen.append(story(municipality, cast, corner(cell, part), monkeypatch))
            transaction.set_rollback(True)

    assert len(seen[0]) > 10
    assert any("zakupy" in str(answer) for answer in seen[0])
    for answers in seen[1:]:
        assert [number for number, pair in enumerate(zip(answers, seen[0], strict=True)) if pair[0] != pair[1]] == []


@time_machine.travel(NOW, tick=False)
def test_address_and_phone_stand_in_nothing_that_is_sent(municipality, cast, monkeypatch):
    point = corner(cell_at(municipality.latitude, municipality.longitude), (0.5, 0.5))

    answers = story(municipality, cast, point, monkeypatch)

    everything = "\n".join(answer.decode() if isinstance(answer, bytes) else answer for answer in answers)
    for secret in ("Zmyślona 7", "601000001", "601 000 001", "Wymyślona Zofia", "Zofia Wymyślona"):
        assert secret not in everything
