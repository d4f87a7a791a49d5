"""A new municipality by the command: what is wrong is refused and leaves nothing."""

import json

import pytest
from django.core.management import CommandError
from django.db import IntegrityError

from cms.domain import founding
from neighbourhoods import places_file
from tests.cms.found import PLACES, command, everything

pytestmark = pytest.mark.django_db


def test_rehearsal_keeps_nothing(places, capsys):
    before = everything()

    command(neighbourhoods=str(places), dry_run=True)

    assert everything() == before
    assert "Nothing was kept." in capsys.readouterr().out


def test_nobody_is_completed_who_is_not_there():
    with pytest.raises(CommandError, match="no municipality"):
        command(complete=True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"host": "cudzy.example"}, "--host"),
        ({"host": "https://kozienice.localhost/"}, "--host"),
        ({"host": ""}, "--host"),
        ({"terc": "2472010"}, "--terc"),
        ({"terc": "123"}, "--terc"),
        ({"terc": "0372011"}, "--terc"),
        ({"code": "ko"}, "--code"),
        ({"colour": "#ffff00"}, "--colour"),
        ({"colour": "zielony"}, "--colour"),
        ({"phone": "123"}, "--phone"),
        ({"lat": "18.86", "lon": "50.28"}, "--lat"),
        ({"bip": "javascript:alert(1)"}, "--bip"),
        ({"dpo_email": "iod"}, "--dpo-email"),
        ({"languages": "pl,de"}, "--languages"),
        ({"organiser": "nikt"}, "--organiser"),
        ({"name": ""}, "--name"),
    ],
)
def test_bad_facts_are_refused_and_nothing_is_left(wrong, told):
    before = everything()

    with pytest.raises(CommandError) as refusal:
        command(**wrong)

    assert f"{told}: " in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize("slug", ["prosby", "Z Kropką.", "-"])
def test_bad_slugs_are_refused(slug):
    with pytest.raises(CommandError, match="--slug"):
        command(slug)


@pytest.mark.parametrize(
    "content",
    [
        b"nazwa;rodzaj\nWirek;dzielnica",
        PLACES.encode() + "Łączki".encode("cp1250"),
        b'{"type": "FeatureCollection", "features": [',
        json.dumps({"features": [{"properties": {"name": "Wirek"}, "geometry": None}]}).encode(),
        b"nazwa;rodzaj;miejscownik;szerokosc;dlugosc\nWirek;dzielnica;w Wirku;54.16;19.4\n",
    ],
)
def test_bad_file_leaves_nothing(places, content):
    places.write_bytes(content)
    before = everything()

    with pytest.raises(CommandError, match="--neighbourhoods"):
        command(neighbourhoods=str(places))

    assert everything() == before


def test_file_that_is_not_there_is_told():
    with pytest.raises(CommandError, match="--neighbourhoods"):
        command(neighbourhoods="/nie/ma/takiego.csv")


@pytest.mark.postgres
def test_half_made_municipality_is_taken_back():
    """Whatever breaks at the very end takes everything with it."""
    before = everything()

    with pytest.raises(IntegrityError):
        founding.found(
            {"slug": "a", "name": "A", "locative": "w A", "code": "AA", "terc": "1407053", "centre_name": "CUS",
             "phone": "+48322221111", "latitude": 50.2, "longitude": 18.8},
            hostname="a.localhost",
            places=[*map(make_place, ("wirek", "wirek"))],
        )  # fmt: skip

    assert everything() == before


def make_place(slug):
    return places_file.Place(name=slug, slug=slug, kind="district", locative=slug, latitude=50.2, longitude=18.8)
