"""References that are read out on the phone."""

import re

import pytest
from django_scopes import scope

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import HelpRequestFactory
from volunteering.domain import references

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(code="RS")
    with scope(municipality=municipality):
        yield municipality


def test_reference_names_the_municipality_and_has_four_clear_signs(municipality):
    reference = references.new_reference(municipality)

    assert re.fullmatch(r"RS-[34679ACDEFGHJKMNPQRTWXY]{4}", reference)


def test_reference_has_no_signs_that_sound_or_look_alike():
    assert not set("0O1IL2Z5S8BUV") & set(references.ALPHABET)


def test_reference_that_is_taken_is_not_given_again(municipality, monkeypatch):
    HelpRequestFactory(municipality=municipality, reference="RS-AAAA")
    signs = iter("AAAA" + "CCCC")
    monkeypatch.setattr(references.secrets, "choice", lambda alphabet: next(signs))

    assert references.new_reference(municipality) == "RS-CCCC"


def test_reference_grows_when_short_ones_are_scarce(municipality, monkeypatch):
    HelpRequestFactory(municipality=municipality, reference="RS-AAAA")
    monkeypatch.setattr(references.secrets, "choice", lambda alphabet: "A")

    assert references.new_reference(municipality) == "RS-AAAAA"
