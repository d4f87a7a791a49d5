"""Numbers for a crisis: edited for each centre, never an empty list, 112 always first."""

import re
import time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override
from django_scopes import scope

from cms import crisis
from cms.models import CrisisLine, SiteLook
from neighbourhoods.models import Municipality
from tests.cms.looks import sent
from tests.factories.volunteering import HelpRequestFactory

pytestmark = pytest.mark.django_db

NATIONWIDE = ["112", "800 70 2222", "800 120 002", "116 111"]
LOCAL = {"phone": "32 244 00 00", "text_pl": "dyżur psychologa w naszej gminie"}


@pytest.fixture
def read(browse):
    """Function: the numbers that a resident of this centre reads on the receipt of her request."""

    def read(municipality, language="pl"):
        with scope(municipality=municipality):
            reference = HelpRequestFactory(municipality=municipality).reference
        resident = browse(municipality, language=language)
        session = resident.session
        session["asked"] = {"reference": reference, "at": time.time()}
        session.save()
        text = resident.get(reverse("volunteering:ask_receipt")).text
        return re.search(r'<ul class="facts" role="list">(.*?)</ul>', text, re.DOTALL)[1]

    return read


@pytest.fixture
def edit(desk, centre, wagtails_templates, django_capture_on_commit_callbacks):
    """Function: the editor's browser sends the form with these lines."""

    def edit(*lines):
        with django_capture_on_commit_callbacks(execute=True):
            return desk.post(f"/cms/settings/cms/sitelook/{centre.site_id}/", sent(*lines))

    return edit


def numbers(html):
    return re.findall(r'<a href="tel:[+0-9]+">([^<]*)</a>', html)


def make_line(municipality, **fields):
    return CrisisLine.objects.create(look=SiteLook.for_site(municipality.site), **LOCAL | fields)


def test_a_centre_without_a_list_shows_the_nationwide_numbers(centre, read):
    assert numbers(read(centre)) == NATIONWIDE


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("pl", "przemoc w domu"), ("en", "violence at home"), ("uk", "насильство вдома")],
)
def test_the_nationwide_numbers_are_explained_in_every_language(centre, read, language, sentence):
    assert sentence in read(centre, language).replace("\xa0", " ")


def test_edited_numbers_are_shown_at_once_after_112(centre, read, edit):
    read(centre)

    edit(LOCAL)

    html = read(centre)
    assert numbers(html) == ["112", "32 244 00 00"]
    assert 'href="tel:322440000"' in html
    assert "dyżur psychologa w" in html


def test_editing_raises_the_version_of_the_centre(centre, edit):
    before = Municipality.objects.get(pk=centre.pk).content_version

    edit(LOCAL)

    assert Municipality.objects.get(pk=centre.pk).content_version == before + 1


def test_numbers_of_another_centre_are_not_shown(centre, stranger, read):
    make_line(stranger)

    assert (numbers(read(centre)), numbers(read(stranger))) == (NATIONWIDE, ["112", "32 244 00 00"])


def test_an_emptied_list_falls_back_to_the_nationwide_numbers(centre, read, edit):
    line = make_line(centre)

    edit({"id": line.pk, "DELETE": "on", **LOCAL})

    assert not CrisisLine.objects.exists()
    assert numbers(read(centre)) == NATIONWIDE


def test_numbers_keep_the_order_of_the_editor(centre, read, edit):
    edit({**LOCAL, "ORDER": 2}, {"phone": "116 123", "text_pl": "telefon zaufania", "ORDER": 1})

    assert numbers(read(centre)) == ["112", "116 123", "32 244 00 00"]


def test_a_sentence_that_was_not_translated_stands_in_polish_and_says_so(centre, read):
    make_line(centre, text_uk="психолог")

    assert '<span lang="pl">dyżur' in read(centre, "en")
    assert '<span lang="uk">психолог' in read(centre, "uk")


def test_what_an_editor_writes_is_text(centre, read):
    make_line(centre, text_pl="<script>alert(1)</script>")

    assert "<script>" not in read(centre)


@pytest.mark.parametrize("phone", ["116 123", "800 70 2222", "800-12-00-02", "19115", "+48 32 244 00 00", "999"])
def test_numbers_that_can_be_dialled_are_taken(phone):
    crisis.check_number(phone)


@pytest.mark.parametrize(
    "phone",
    ["", "abc", "12", "1234567", "999999999", "112 lub 999", "１１６１２３", "116 123\n", "+", "0" * 20, "<b>112"],
)
def test_what_nobody_can_dial_is_refused(phone):
    with pytest.raises(ValidationError):
        crisis.check_number(phone)


@pytest.mark.parametrize("line", [{"phone": "12"}, {"phone": "112"}, {"phone": "1 1 2"}, {"text_pl": ""}])
def test_the_editor_reads_what_is_wrong_and_nothing_is_kept(edit, line):
    response = edit(LOCAL | line)

    assert set(response.context["form"].formsets["crisis_lines"].errors[0]) == set(line)
    assert not CrisisLine.objects.exists()


def test_a_line_of_another_centre_cannot_be_taken_over(stranger, edit):
    foreign = make_line(stranger)

    edit({"id": foreign.pk, "phone": "116 123", "text_pl": "nasze"})

    foreign.refresh_from_db()
    assert (foreign.look.site, foreign.phone) == (stranger.site, "32 244 00 00")


def test_the_nationwide_numbers_have_a_sentence_in_every_language():
    lines = crisis.first_lines()

    assert [line["phone"] for line in lines] == NATIONWIDE[1:]
    assert all(len({line["text_pl"], line["text_en"], line["text_uk"]}) == 3 for line in lines)
    for line in lines:
        crisis.check_number(line["phone"])


def test_defaults_are_in_the_language_that_is_asked_for():
    with override("en"):
        [_first, violence, _last] = crisis.defaults_in("pl")

    assert violence.text.startswith("przemoc")
