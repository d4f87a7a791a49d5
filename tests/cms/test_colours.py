"""Colours of a centre: readable, or refused with words."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cms.colours import LEAST_CONTRAST, PAPERS, PAPERS_IN_THE_DARK, contrast, lightened
from cms.models import SiteLook
from tests.cms.looks import sent

colours = st.builds("#{:02x}{:02x}{:02x}".format, *[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert round(contrast(one, other), 2) == ratio


@given(colours, colours)
def test_contrast_has_no_order_and_stays_within_its_bounds(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


@given(colours)
def test_lightened_colour_can_be_read_on_every_dark_paper(colour):
    found = lightened(colour, PAPERS_IN_THE_DARK)

    assert min(contrast(found, paper) for paper in PAPERS_IN_THE_DARK) >= LEAST_CONTRAST


@pytest.mark.parametrize("colour", ["#17564e", "#0b5d4e", "#1d4f91", "#7a3b0f", "#000000"])
def test_dark_colours_are_taken(colour):
    SiteLook(colour=colour).clean()


@pytest.mark.parametrize("colour", ["#86cfc0", "#ffff00", "#ffffff", "#777777"])
def test_light_colours_are_refused_with_the_contrast_found(colour):
    with pytest.raises(ValidationError) as refusal:
        SiteLook(colour=colour).clean()

    weakest = round(min(contrast(colour, paper) for paper in PAPERS), 1)
    assert str(weakest) in refusal.value.message_dict["colour"][0]
    assert "4.5" in refusal.value.message_dict["colour"][0]


def test_dark_colour_is_refused_for_dark_screens():
    with pytest.raises(ValidationError) as refusal:
        SiteLook(colour_on_dark="#17564e").clean()

    assert list(refusal.value.message_dict) == ["colour_on_dark"]


@pytest.mark.parametrize("colour", ["red", "#123", "#12345g", "#123456;}", "", "#١٢٣٤٥٦", "\x00#12345"])
def test_what_is_no_colour_is_refused_before_any_arithmetic(colour):
    with pytest.raises(ValidationError) as refusal:
        SiteLook(colour=colour).full_clean(exclude=["site"])

    assert "colour" in refusal.value.message_dict


@pytest.mark.django_db
@pytest.mark.usefixtures("wagtails_templates")
def test_editor_reads_why_a_colour_is_refused(desk, centre):
    address = f"/cms/settings/cms/sitelook/{centre.site_id}/"

    response = desk.post(address, sent(colour="#ffff00"))

    assert "colour" in response.context["form"].errors
    assert SiteLook.for_site(centre.site).colour == "#17564e"
