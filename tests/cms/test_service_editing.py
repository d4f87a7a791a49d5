"""Writing services: gaps are kept in drafts and refused in words when somebody publishes, through any door."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.completeness import Incomplete
from cms.duties import publish_scheduled
from cms.models import ServiceIndexPage, ServicePage
from neighbourhoods.domain import membership
from neighbourhoods.models import Role
from tests.factories.accounts import UserFactory
from tests.factories.cms import make_document, make_editor
from tests.factories.neighbourhoods import NeighbourhoodFactory, OrganisationFactory
from tests.factories.services import make_catalogue, make_service
from tests.factories.volunteering import AudienceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]
NEEDED = ["lead", "audiences", "cost", "steps"]


@pytest.fixture
def catalogue(centre):
    return make_catalogue(centre)


@pytest.fixture
def audience(db):
    return AudienceFactory()


@pytest.fixture
def draft(centre, catalogue):
    """A service that lacks its cost."""
    with scope(municipality=centre):
        return make_service(catalogue, live=False, cost="")


def add(catalogue):
    return f"/cms/pages/add/cms/servicepage/{catalogue.pk}/"


def edit(page):
    return f"/cms/pages/{page.pk}/edit/"


def filled_in(audience, *, steps=("Zadzwoń.",), papers=(), **changes):
    form = {
        "title": "Teleopieka",
        "slug": "teleopieka",
        "lead": "Opaska z przyciskiem.",
        "audiences": [audience.pk],
        "cost": "Bezpłatnie",
        "recheck_months": 12,
        "steps": streamfield([("step", step) for step in steps]),
        "papers": streamfield([("paper", paper) for paper in papers]),
        "body": streamfield([]),
    }
    flat = nested_form_data({name: form[name] for name in ("steps", "papers", "body")})
    return {
        **{name: value for name, value in form.items() if name not in {"steps", "papers", "body"}},
        **flat,
        **changes,
    }


def without(form, name):
    """The form with nothing in one field."""
    if name == "steps":
        return {**{key: value for key, value in form.items() if not key.startswith("steps-")}, "steps-count": "0"}
    return {key: value for key, value in form.items() if key != name} | ({} if name == "audiences" else {name: ""})


def sentence(name):
    """What the form says of a gap; lists of blocks are drawn in the browser, from JSON."""
    words = str(ServicePage.NEEDED[name])
    return json.dumps(words)[1:-1] if name == "steps" else words


def test_complete_service_is_published(desk, centre, catalogue, audience):
    desk.post(add(catalogue), filled_in(audience, **{"action-publish": "1"}))

    page = ServicePage.objects.get()
    assert (page.live, page.title, [step.value for step in page.steps]) == (True, "Teleopieka", ["Zadzwoń."])
    assert list(page.audiences.all()) == [audience]


@pytest.mark.parametrize("name", NEEDED)
def test_service_with_a_gap_is_refused_with_what_to_add(desk, catalogue, audience, name):
    response = desk.post(add(catalogue), without(filled_in(audience, **{"action-publish": "1"}), name))

    assert ServicePage.objects.count() == 0
    assert sentence(name) in response.content.decode()
    assert list(response.context["form"].errors) == [name]


@pytest.mark.parametrize("name", NEEDED)
def test_service_with_a_gap_is_kept_as_a_draft(desk, catalogue, audience, name):
    desk.post(add(catalogue), without(filled_in(audience), name))

    assert [(page.title, page.live) for page in ServicePage.objects.all()] == [("Teleopieka", False)]


def test_words_that_are_only_spaces_are_a_gap(desk, catalogue, audience):
    response = desk.post(add(catalogue), filled_in(audience, cost="   ", **{"action-publish": "1"}))

    assert list(response.context["form"].errors) == ["cost"]


@pytest.mark.parametrize("months", [0, 37, -1])
def test_rhythm_out_of_range_is_refused(desk, catalogue, audience, months):
    response = desk.post(add(catalogue), filled_in(audience, recheck_months=months, **{"action-publish": "1"}))

    assert list(response.context["form"].errors) == ["recheck_months"]


def test_gap_is_refused_to_a_program_too(draft, centre):
    with scope(municipality=centre), pytest.raises(Incomplete) as refusal:
        draft.get_latest_revision().publish()

    assert refusal.value.messages == [str(ServicePage.NEEDED["cost"])]
    assert not ServicePage.objects.get().live


def test_gap_is_refused_where_several_pages_are_published_at_once(desk, draft):
    response = desk.post(f"/cms/bulk/wagtailcore/page/publish/?id={draft.pk}", {"include_descendants": ""}, follow=True)

    assert response.redirect_chain[-1][0] == edit(draft)
    assert str(ServicePage.NEEDED["cost"]) in response.content.decode()
    assert not Page.objects.get(pk=draft.pk).live


def test_gap_is_refused_where_somebody_approves(browse, centre, draft, editor):
    draft.get_workflow().start(draft, editor)
    draft.refresh_from_db()
    state = draft.current_workflow_task_state

    response = browse(centre, make_editor(centre)).post(
        f"/cms/pages/workflow/action/{draft.pk}/approve/{state.pk}/", {"comment": ""}, follow=True
    )

    assert response.redirect_chain[-1][0] == edit(draft)
    assert not Page.objects.get(pk=draft.pk).live


def test_published_service_keeps_its_words_when_a_newer_draft_has_a_gap(desk, centre, catalogue, audience):
    with scope(municipality=centre):
        page = make_service(catalogue, cost="12 zł", audiences=[audience])

    desk.post(edit(page), filled_in(audience, cost=""))

    page.refresh_from_db()
    assert (page.live, page.cost, page.has_unpublished_changes) == (True, "12 zł", True)


def test_gap_at_the_hour_of_publishing_holds_up_nothing_else(centre, catalogue):
    with scope(municipality=centre):
        broken, whole = (make_service(catalogue, live=False) for _number in range(2))
        for page in (broken, whole):
            page.latest_revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
            page.latest_revision.save()
        for audience in broken.audiences.all():
            audience.delete()

    publish_scheduled()
    publish_scheduled()

    assert [Page.objects.get(pk=page.pk).live for page in (broken, whole)] == [False, True]


# --- What can be chosen -----------------------------------------------------------------------------------------------


def offered(desk, catalogue, name):
    response = desk.get(add(catalogue))
    with scope(municipality=catalogue.get_site().municipality):
        return list(response.context["form"].fields[name].queryset)


def test_keeper_is_an_editor_or_organiser_of_the_own_centre(desk, centre, stranger, catalogue, editor):
    organiser = make_editor(centre, role=Role.ORGANISER, display_name="Organizatorka")
    make_editor(stranger, display_name="Cudzoziemska Redaktorka")
    UserFactory(display_name="Mieszkanka")
    membership.grant(UserFactory(), municipality=centre, role=Role.DIRECTOR, actor=None)

    assert offered(desk, catalogue, "keeper") == [editor, organiser]


def test_nobody_else_can_be_made_keeper(desk, catalogue, audience, stranger):
    outsider = make_editor(stranger)

    response = desk.post(add(catalogue), filled_in(audience, keeper=outsider.pk, **{"action-publish": "1"}))

    assert list(response.context["form"].errors) == ["keeper"]
    assert ServicePage.objects.count() == 0


@pytest.mark.parametrize("name", ["neighbourhoods", "organisation"])
def test_things_of_another_gmina_cannot_be_chosen(desk, stranger, catalogue, audience, name):
    make = {"neighbourhoods": NeighbourhoodFactory, "organisation": OrganisationFactory}[name]
    own, foreign = make(municipality=catalogue.get_site().municipality), make(municipality=stranger)

    response = desk.post(add(catalogue), filled_in(audience, **{name: foreign.pk, "action-publish": "1"}))

    assert offered(desk, catalogue, name) == [own]
    assert list(response.context["form"].errors) == [name]


def test_document_of_another_centre_cannot_be_attached(desk, stranger, catalogue, audience):
    foreign = make_document(stranger)

    form = filled_in(audience, papers=[{"text": "Wniosek", "document": foreign.pk}], **{"action-publish": "1"})
    response = desk.post(add(catalogue), form)

    assert list(response.context["form"].errors) == ["__all__"]
    assert ServicePage.objects.count() == 0


def test_document_of_the_own_centre_is_attached(desk, centre, catalogue, audience):
    own = make_document(centre)

    form = filled_in(audience, papers=[{"text": "Wniosek", "document": own.pk}], **{"action-publish": "1"})
    desk.post(add(catalogue), form)

    assert [paper.value["document"] for paper in ServicePage.objects.get().papers] == [own]


def test_editor_of_another_centre_finds_no_service(browse, stranger, draft):
    assert browse(stranger, make_editor(stranger)).get(edit(draft)).status_code == 404


def test_services_stand_in_a_catalogue_only():
    assert ServicePage.allowed_parent_page_models() == [ServiceIndexPage]
