"""The rules of the municipality: within bounds, and every change is written down."""

import pytest
from django.db import IntegrityError, transaction

from neighbourhoods.domain import municipalities
from neighbourhoods.models import WEIGHTS, Moderation, Municipality
from notifications.models import Event
from tests.volunteering.desk.conftest import NASTY

pytestmark = pytest.mark.django_db

URL = "/biurko/ustawienia/"
BOUNDS = {
    "consent_hours": (1, 168),
    "alert_count": (1, 100),
    "default_radius": (500, 50_000),
    "wave_minutes_today": (1, 1440),
    "wave_minutes_soon": (1, 1440),
    "wave_minutes_later": (1, 10_080),
    "alerts_per_day": (1, 50),
    "quiet_from": (0, 23),
    "quiet_until": (0, 23),
    **dict.fromkeys(WEIGHTS, (0, 10)),
    "sms_per_month": (0, 100_000),
    "takes_per_week": (1, 50),
    "address_hours_before": (1, 168),
    "address_hours_after": (1, 168),
    "words_days": (7, 365),
    "approval_above": (1, 100_000),
    "announcements_per_day": (1, 20),
    "offer_hours": (1, 168),
}


@pytest.fixture
def answers(municipality):
    """The rules as they are."""
    return {"moderation": municipality.moderation, **{name: str(getattr(municipality, name)) for name in BOUNDS}}


def test_rules_are_changed_and_written_down(organiser, municipality, answers):
    response = organiser.post(URL, answers | {"moderation": "after", "consent_for_all": "on", "words_days": "30"})

    municipality.refresh_from_db()
    event = Event.objects.get()
    assert response.status_code == 302
    assert (municipality.moderation, municipality.consent_for_all, municipality.words_days) == ("after", True, 30)
    assert (event.kind, event.actor) == ("neighbourhoods.rules_change", organiser.user)
    assert event.data["changed"] == {
        "moderation": ["before", "after"],
        "consent_for_all": [False, True],
        "words_days": [90, 30],
    }


def test_saving_what_is_there_tells_nothing(organiser, answers):
    organiser.post(URL, answers)

    assert not Event.objects.exists()


@pytest.mark.parametrize("place", [0, 1])
def test_numbers_have_bounds(organiser, answers, place):
    at_bound = {name: bounds[place] for name, bounds in BOUNDS.items()}
    beyond = {name: number + (1 if place else -1) for name, number in at_bound.items()}

    refused = organiser.post(URL, answers | beyond)
    # One weight has to count.
    accepted = organiser.post(URL, answers | at_bound | {WEIGHTS[0]: "1"})

    assert refused.status_code == 200
    assert set(refused.context["form"].errors) == set(BOUNDS)
    assert all(str(number) in refused.text for number in beyond.values())
    assert accepted.status_code == 302


@pytest.mark.parametrize("value", ["", *NASTY])
def test_no_answer_breaks_the_rules(organiser, municipality, value):
    response = organiser.post(URL, dict.fromkeys(["moderation", *BOUNDS], value[:50_000]))  # together below 2.5 MB

    municipality.refresh_from_db()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"moderation", *BOUNDS}
    assert municipality.moderation == Moderation.BEFORE
    assert not Event.objects.exists()


def test_other_fields_are_no_rules(organiser, municipality, answers):
    organiser.post(URL, answers | {"name": "Inna", "slug": "inna", "site": "1"})

    before = municipality.name
    municipality.refresh_from_db()
    assert municipality.name == before
    with pytest.raises(TypeError):
        municipalities.change_rules(municipality, actor=None, name="Inna")


def test_something_has_to_count(organiser, municipality, answers):
    response = organiser.post(URL, answers | dict.fromkeys(WEIGHTS, "0"))

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"weight_nearness"}
    assert organiser.post(URL, answers | dict.fromkeys(WEIGHTS, "0") | {"weight_load": "1"}).status_code == 302


def test_weights_of_nothing_are_never_stored(municipality):
    with pytest.raises(IntegrityError), transaction.atomic():
        Municipality.objects.update(**dict.fromkeys(WEIGHTS, 0))
