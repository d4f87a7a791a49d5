"""Every change that residents can see raises the content version of its gmina, and of no other."""

from datetime import time

import pytest
from django.utils import timezone
from django_scopes import scope

from cms.models import SiteLook
from neighbourhoods.models import Municipality
from tests.cms.looks import sent
from tests.factories.cms import home_of, make_event, make_event_index, make_news, make_news_index, make_words
from tests.factories.services import make_catalogue, make_service
from tests.factories.volunteering import InitiativeFactory
from volunteering.domain import meetings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]


@pytest.fixture
def version_after(centre, stranger, django_capture_on_commit_callbacks):
    """Function: how much the version rose by an act. No other gmina's may rise."""

    def version_after(act):
        before = version_of(centre), version_of(stranger)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert version_of(stranger) == before[1]
        return version_of(centre) - before[0]

    return version_after


def version_of(municipality):
    return Municipality.objects.get(pk=municipality.pk).content_version


@pytest.fixture
def page(centre):
    return make_words(centre)


@pytest.fixture
def initiative(centre):
    with scope(municipality=centre):
        initiative = InitiativeFactory(municipality=centre)
        initiative.save_revision().publish()
    return initiative


def test_publishing_a_page(version_after, page):
    assert version_after(lambda: page.save_revision().publish()) >= 1


def test_unpublishing_a_page(version_after, page):
    assert version_after(page.unpublish) >= 1


def test_deleting_a_page(version_after, page):
    assert version_after(page.delete) >= 1


def test_deleting_a_page_with_pages_below(version_after, centre):
    index = make_news_index(centre)
    make_news(index)
    index.refresh_from_db()

    assert version_after(index.delete) >= 1


def test_moving_a_page(version_after, centre, page):
    below = make_words(centre)
    page.refresh_from_db()

    assert version_after(lambda: page.move(below, pos="last-child")) >= 1


def test_saving_a_draft_changes_nothing(version_after, page):
    assert version_after(page.save_revision) == 0


def test_publishing_an_initiative(version_after, centre, initiative):
    with scope(municipality=centre):
        assert version_after(lambda: initiative.save_revision().publish()) >= 1


def test_unpublishing_an_initiative(version_after, centre, initiative):
    with scope(municipality=centre):
        assert version_after(initiative.unpublish) >= 1


def test_deleting_an_initiative(version_after, desk, initiative):
    address = f"/cms/snippets/volunteering/initiative/delete/{initiative.pk}/"

    assert version_after(lambda: desk.post(address)) >= 1


def test_deleting_initiatives_together(version_after, desk, initiative):
    address = f"/cms/bulk/volunteering/initiative/delete/?id={initiative.pk}"

    assert version_after(lambda: desk.post(address)) >= 1


def test_changing_the_looks(version_after, desk, centre):
    address = f"/cms/settings/cms/sitelook/{centre.site_id}/"
    form = sent(colour="#7a3b0f", notice_level="mourning", notice_text="Żegnamy sołtyskę.")

    assert version_after(lambda: desk.post(address, form)) >= 1
    assert SiteLook.for_site(centre.site).notice_text == "Żegnamy sołtyskę."


def test_residents_see_a_published_page_at_once(browse, centre, page, django_capture_on_commit_callbacks):
    resident = browse(centre)
    resident.get(f"/{page.slug}/")

    page.title = "Zupełnie nowy tytuł"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    assert "Zupełnie nowy tytuł" in resident.get(f"/{page.slug}/").content.decode()


def write_news(centre):
    return make_news(make_news_index(centre), title="Nowe słowa")


def write_service(centre):
    return make_service(make_catalogue(centre), title="Nowe słowa")


def write_event(centre):
    return make_event(make_event_index(home_of(centre)), title="Nowe słowa")


def write_initiative(centre):
    initiative = InitiativeFactory(municipality=centre, title="Nowe słowa", unpublished=True)
    initiative.save_revision().publish()
    initiative.refresh_from_db()
    return initiative


@pytest.mark.parametrize(
    ("write", "index"),
    [
        (write_news, "/aktualnosci/"),
        (write_news, "/"),
        (write_service, "/uslugi/"),
        (write_event, "/wydarzenia/"),
        (write_event, "/"),
        (write_initiative, "/inicjatywy/"),
    ],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_residents_see_what_was_published_and_taken_down_at_once(
    browse, centre, write, index, django_capture_on_commit_callbacks
):
    resident = browse(centre)
    with scope(municipality=centre), django_capture_on_commit_callbacks(execute=True):
        thing = write(centre)
    assert "Nowe słowa" in resident.get(index).text

    with scope(municipality=centre), django_capture_on_commit_callbacks(execute=True):
        thing.title = "Poprawione słowa"
        thing.save_revision().publish()
    corrected = resident.get(index).text
    with scope(municipality=centre), django_capture_on_commit_callbacks(execute=True):
        thing.unpublish()

    assert "Poprawione słowa" in corrected.replace("\xa0", " ")
    assert "Poprawione słowa" not in resident.get(index).text.replace("\xa0", " ")


def test_residents_see_meetings_of_an_initiative_at_once(
    browse, centre, initiative, django_capture_on_commit_callbacks
):
    resident = browse(centre)
    resident.get("/inicjatywy/kalendarz/")

    with scope(municipality=centre), django_capture_on_commit_callbacks(execute=True):
        meetings.plan(
            initiative, actor=None, day=timezone.localdate(), at=time(23, 58), minutes=60, place="Dom Sąsiada"
        )

    assert "Dom Sąsiada" in resident.get("/inicjatywy/kalendarz/").text.replace("\xa0", " ")


def test_residents_see_a_changed_notice_at_once(browse, desk, centre, django_capture_on_commit_callbacks):
    resident = browse(centre)
    resident.get("/")

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(
            f"/cms/settings/cms/sitelook/{centre.site_id}/",
            sent(notice_level="important", notice_text="Uwaga, mróz."),
        )

    assert "mróz" in resident.get("/").content.decode()


def test_pages_of_the_portal_have_no_version(portal, version_after):
    assert version_after(lambda: portal.root_page.specific.save_revision().publish()) == 0


def test_home_of_the_centre_is_a_page_like_others(version_after, centre):
    assert version_after(lambda: home_of(centre).save_revision().publish()) >= 1
