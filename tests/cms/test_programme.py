"""The social services programme: twelve points that the Act prescribes, none of which may be missing."""

import re
from datetime import date

import pytest
from wagtail.test.utils.form_data import rich_text

from cms.completeness import Incomplete
from cms.models import ProgrammePage
from cms.programme_points import POINTS
from tests.factories.cms import home_of, make_document, make_editor
from tests.factories.services import make_programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]
FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


def add(centre):
    return f"/cms/pages/add/cms/programmepage/{home_of(centre).pk}/"


def filled_in(**changes):
    words = {point.field: rich_text(f"<p>Punkt {point.number}.</p>", features=FEATURES) for point in POINTS}
    return {"title": "Program", "slug": "program", "lead": "", **words, **changes}


def nothing():
    return rich_text("<p></p>", features=FEATURES)


def test_act_counts_twelve_points():
    assert [point.number for point in POINTS] == list(range(1, 13))
    assert len({point.anchor for point in POINTS}) == 12


def test_every_point_explains_itself_in_the_words_of_the_act():
    helps = {point.field: str(ProgrammePage._meta.get_field(point.field).help_text) for point in POINTS}

    assert helps == {point.field: str(point.law) for point in POINTS}
    assert all(helps.values())


def test_programme_is_read_point_by_point(browse, centre):
    make_programme(
        centre,
        slug="program",
        title="Program na lata 2025–2027",
        lead="Co miasto robi.",
        adopted_on=date(2025, 2, 27),
        resolution="PR.0007.24.2025",
        document=make_document(centre, title="Uchwała z załącznikiem"),
        bip_url="https://bip.example.org/program",
    )

    words = browse(centre).get("/program/").content.decode().replace("\xa0", " ")

    for expected in (
        "27 lutego 2025",
        "PR.0007.24.2025",
        "Uchwała z załącznikiem</a>",
        "https://bip.example.org/program",
    ):
        assert expected in words
    contents = re.findall(r'<li><a href="#([\w-]+)">', words)
    headings = re.findall(r'<h2 id="([\w-]+)">\d+\.', words)
    assert contents == headings == [point.anchor for point in POINTS]
    assert [f"Punkt {number} programu." in words for number in range(1, 13)] == [True] * 12


def test_programme_that_is_not_adopted_yet_says_so(browse, centre):
    make_programme(centre, slug="program")

    assert "projekt programu" in browse(centre).get("/program/").content.decode()


def test_complete_programme_is_published(desk, centre):
    desk.post(add(centre), filled_in(**{"action-publish": "1"}))

    assert [(page.title, page.live) for page in ProgrammePage.objects.all()] == [("Program", True)]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.field)
def test_programme_without_a_point_is_refused(desk, centre, point):
    response = desk.post(add(centre), filled_in(**{point.field: nothing(), "action-publish": "1"}))

    assert ProgrammePage.objects.count() == 0
    assert list(response.context["form"].errors) == [point.field]
    assert str(point.gap) in response.content.decode()


def test_programme_without_a_point_is_kept_as_a_draft(desk, centre):
    desk.post(add(centre), filled_in(budget=nothing()))

    assert [(page.title, page.live) for page in ProgrammePage.objects.all()] == [("Program", False)]


@pytest.mark.parametrize("words", ["", "<p></p>", '<p data-block-key="abcde">\xa0</p>', "<p>&nbsp;</p>"])
def test_empty_paragraphs_say_nothing(centre, words):
    draft = make_programme(centre, live=False, budget=words)

    with pytest.raises(Incomplete) as refusal:
        draft.get_latest_revision().publish()

    assert len(refusal.value.messages) == 1
    assert "12" in refusal.value.messages[0]


def test_document_of_another_centre_cannot_be_attached(desk, centre, stranger):
    response = desk.post(add(centre), filled_in(document=make_document(stranger).pk, **{"action-publish": "1"}))

    assert list(response.context["form"].errors) == ["__all__"]


def test_editor_of_another_centre_finds_no_programme(browse, centre, stranger):
    page = make_programme(centre)

    assert browse(stranger, make_editor(stranger)).get(f"/cms/pages/{page.pk}/edit/").status_code == 404


def test_programme_asks_a_fixed_number_of_questions(browse, centre, django_assert_num_queries):
    make_programme(centre, slug="program", document=make_document(centre))
    browse(centre).get("/")

    with django_assert_num_queries(8):
        browse(centre).get("/program/")
