"""Initiatives in the CMS: written, previewed, approved, published; and what becomes of them outside any scope."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from wagtail.models import ReferenceIndex, Revision

from cms.models import InitiativeLogEntry
from notifications import worker
from tests.factories.cms import make_document, make_editor, make_image, make_words
from tests.factories.neighbourhoods import NeighbourhoodFactory, OrganisationFactory
from tests.factories.volunteering import AudienceFactory, InitiativeFactory, InitiativeKindFactory, MeetingFactory
from volunteering.models import Initiative
from volunteering.states import LifecycleState

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wagtails_templates"),
]
ADD = "/cms/snippets/volunteering/initiative/add/"


def address(view, *args):
    return reverse(f"wagtailsnippets_volunteering_initiative:{view}", args=args)


def filled_in(**fields):
    """What the form sends."""
    kind = fields.pop("kind", None) or InitiativeKindFactory()
    return {
        "title": "Kawiarenka naprawcza",
        "slug": "kawiarenka-naprawcza",
        "summary": "Przynieś to, co się zepsuło.",
        "body": '{"blocks": [], "entityMap": {}}',
        "kind": kind.pk,
        "joining": "open",
        "host": "Sąsiedzi",
        "results": '{"blocks": [], "entityMap": {}}',
        **{f"{name}-{key}": "0" for name in ("photos", "materials") for key in ("TOTAL_FORMS", "INITIAL_FORMS")},
        **fields,
    }


def parts(photo, document):
    """One photo of the gallery and one file."""
    return {
        "photos-TOTAL_FORMS": "1",
        "photos-0-image": photo.pk,
        "photos-0-description": "Naprawiona lampa",
        "photos-0-ORDER": "1",
        "materials-TOTAL_FORMS": "1",
        "materials-0-document": document.pk,
        "materials-0-title": "Regulamin",
        "materials-0-ORDER": "1",
    }


@pytest.fixture
def initiative(centre):
    with scope(municipality=centre):
        initiative = InitiativeFactory(municipality=centre, title="Klub sąsiedzki")
        initiative.save_revision().publish()
    return initiative


def only_initiative():
    with scopes_disabled():
        return Initiative.objects.select_related("lifecycle").get()


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_new_initiative_belongs_to_the_gmina_of_the_host(desk, centre):
    neighbourhood = NeighbourhoodFactory(municipality=centre)
    audience = AudienceFactory()

    desk.post(ADD, filled_in(neighbourhoods=[neighbourhood.pk], audiences=[audience.pk], **{"action-publish": "1"}))

    made = only_initiative()
    with scope(municipality=centre):
        assert list(made.neighbourhoods.all()) == [neighbourhood]
        assert list(made.audiences.all()) == [audience]
    assert (made.municipality, made.live, made.lifecycle.state) == (centre, True, LifecycleState.RUNNING)


def test_gmina_of_a_new_initiative_cannot_be_sent_along(desk, centre, stranger):
    desk.post(ADD, filled_in(municipality=stranger.pk))

    assert only_initiative().municipality == centre


def test_initiative_cannot_be_moved_to_another_gmina(desk, centre, stranger, initiative):
    desk.post(address("edit", initiative.pk), filled_in(municipality=stranger.pk, **{"action-publish": "1"}))

    moved = only_initiative()
    assert (moved.title, moved.municipality) == ("Kawiarenka naprawcza", centre)


@pytest.mark.parametrize(
    ("field", "make"), [("neighbourhoods", NeighbourhoodFactory), ("organisation", OrganisationFactory)]
)
def test_things_of_another_gmina_cannot_be_chosen(desk, stranger, field, make):
    response = desk.post(ADD, filled_in(**{field: [make(municipality=stranger).pk], "action-publish": "1"}))

    assert field in response.context["form"].errors
    with scopes_disabled():
        assert not Initiative.objects.exists()


def test_photo_of_another_centre_cannot_be_chosen(desk, stranger):
    response = desk.post(
        ADD, filled_in(image=make_image(stranger).pk, image_description="Stół", **{"action-publish": "1"})
    )

    assert len(response.context["form"].non_field_errors()) == 1


def test_link_to_a_page_of_another_centre_cannot_be_made(desk, stranger):
    page = make_words(stranger, live=False)
    body = (
        '{"blocks": [{"key": "a", "text": "tam", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],'
        ' "entityRanges": [{"offset": 0, "length": 3, "key": 0}]}], "entityMap": {"0": {"type": "LINK",'
        f' "mutability": "MUTABLE", "data": {{"id": {page.pk}}}}}}}}}'
    )

    response = desk.post(ADD, filled_in(body=body, **{"action-publish": "1"}))

    assert len(response.context["form"].non_field_errors()) == 1


def test_own_photo_can_be_chosen(desk, centre):
    photo = make_image(centre)

    desk.post(ADD, filled_in(image=photo.pk, image_description="Sąsiedzi przy stole", **{"action-publish": "1"}))

    assert only_initiative().image == photo


def test_photo_without_words_for_those_who_cannot_see_it_is_refused(desk, centre):
    response = desk.post(ADD, filled_in(image=make_image(centre).pk, **{"action-publish": "1"}))

    assert set(response.context["form"].errors) == {"image_description"}


def test_partner_and_informal_group_exclude_each_other(desk, centre):
    partner = OrganisationFactory(municipality=centre)

    response = desk.post(ADD, filled_in(organisation=partner.pk, **{"action-publish": "1"}))

    assert set(response.context["form"].errors) == {"host"}


def test_gallery_and_files_are_part_of_the_words(desk, centre):
    photo, document = make_image(centre), make_document(centre)

    desk.post(ADD, filled_in(**parts(photo, document), **{"action-publish": "1"}))

    made = only_initiative()
    assert [(it.image, it.description) for it in made.photos.all()] == [(photo, "Naprawiona lampa")]
    assert [(it.document, it.title) for it in made.materials.all()] == [(document, "Regulamin")]


def test_photo_of_the_gallery_needs_words(desk, centre):
    sent = parts(make_image(centre), make_document(centre)) | {"photos-0-description": ""}

    response = desk.post(ADD, filled_in(**sent, **{"action-publish": "1"}))

    assert response.context["form"].formsets["photos"].errors == [{"description": ["To pole jest wymagane."]}]


@pytest.mark.parametrize("part", ["photos-0-image", "materials-0-document"])
def test_parts_of_another_centre_cannot_be_chosen(desk, centre, stranger, part):
    sent = parts(make_image(centre), make_document(centre))
    sent[part] = (make_image if "image" in part else make_document)(stranger).pk

    response = desk.post(ADD, filled_in(**sent, **{"action-publish": "1"}))

    rows = [row for rows in response.context["form"].formsets.values() for row in rows.forms]
    assert sum(len(row.non_field_errors()) for row in rows) == 1
    with scopes_disabled():
        assert not Initiative.objects.exists()


def test_draft_with_a_partner_that_is_gone_can_still_be_published(desk, centre, initiative):
    partner = OrganisationFactory(municipality=centre)
    desk.post(address("edit", initiative.pk), filled_in(organisation=partner.pk, host=""))
    with scopes_disabled():
        partner.delete()
        initiative.refresh_from_db()
        initiative.latest_revision.publish()

    published = only_initiative()
    assert (published.title, published.organisation, published.host_name) == (
        "Kawiarenka naprawcza",
        None,
        centre.centre_name,
    )


def test_form_offers_own_neighbourhoods_only(desk, centre, stranger):
    NeighbourhoodFactory(municipality=centre, name="Nasza Dzielnica")
    NeighbourhoodFactory(municipality=stranger, name="Obca Dzielnica")

    page = desk.get(ADD).content.decode()

    assert "Nasza Dzielnica" in page
    assert "Obca Dzielnica" not in page


def test_address_is_used_once_in_a_gmina(desk, centre, initiative):
    response = desk.post(ADD, filled_in(slug=initiative.slug))

    assert "slug" in response.context["form"].errors


def test_address_of_another_gmina_may_be_used(desk, stranger):
    InitiativeFactory(municipality=stranger, slug="kawiarenka-naprawcza")

    desk.post(ADD, filled_in())

    with scopes_disabled():
        assert Initiative.objects.filter(slug="kawiarenka-naprawcza").count() == 2


def test_saved_draft_changes_nothing_that_residents_see(desk, initiative):
    desk.post(address("edit", initiative.pk), filled_in(title="Zmieniony tytuł"))

    unchanged = only_initiative()
    assert (unchanged.title, unchanged.has_unpublished_changes) == ("Klub sąsiedzki", True)


def test_publishing_words_leaves_the_life_of_an_initiative_alone(desk, initiative):
    with scopes_disabled():
        initiative.lifecycle.state = LifecycleState.FINISHED
        initiative.lifecycle.save()

    desk.post(address("edit", initiative.pk), filled_in(**{"action-publish": "1"}))

    assert only_initiative().lifecycle.state == LifecycleState.FINISHED


def test_initiative_with_meetings_cannot_be_deleted(desk, initiative):
    MeetingFactory(initiative=initiative)

    desk.post(address("delete", initiative.pk))
    desk.post(f"/cms/bulk/volunteering/initiative/delete/?id={initiative.pk}")

    assert only_initiative() == initiative


def test_initiative_without_meetings_can_be_deleted_with_its_drafts(desk, initiative):
    desk.post(address("delete", initiative.pk))

    with scopes_disabled():
        assert not Initiative.objects.exists()
    assert not Revision.objects.for_instance(initiative).exists()


# --- Looking ----------------------------------------------------------------------------------------------------------


def test_preview_is_the_public_page(desk, centre, initiative):
    preview = address("preview_on_edit", initiative.pk)

    desk.post(preview, filled_in(title="Tak to będzie"))
    page = desk.get(f"{preview}?mode=").content.decode()

    assert "Tak to będzie" in page
    assert centre.centre_name in page


def test_list_is_searched_and_filtered(desk, centre, initiative):
    other = InitiativeFactory(municipality=centre, title="Bank czasu", live=False)

    found = desk.get(f"{address('list')}?q=bank")
    published = desk.get(f"{address('list')}?live=true")

    assert list(found.context["object_list"]) == [other]
    assert list(published.context["object_list"]) == [initiative]


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_as_often_for_one_as_for_three(desk, centre, number, django_assert_num_queries):
    for _each in range(number):
        InitiativeFactory(municipality=centre)
    desk.get(address("list"))

    with django_assert_num_queries(17):
        desk.get(address("list"))


def test_history_is_kept_for_the_gmina(desk, initiative, editor):
    desk.post(address("edit", initiative.pk), filled_in(**{"action-publish": "1"}))

    page = desk.get(address("history", initiative.pk)).content.decode()

    assert "Nasza Redaktorka" in page
    assert {entry.municipality_id for entry in InitiativeLogEntry.objects.all()} == {initiative.municipality_id}


def test_labels_are_sentences(desk):
    page = desk.get(address("list")).content.decode()

    assert "Dodaj inicjatywę" in page
    assert "Dodaj inicjatywa" not in page


# --- Approving --------------------------------------------------------------------------------------------------------


def test_submitted_initiative_waits_for_the_own_editors(desk, browse, centre, stranger, initiative):
    desk.post(address("edit", initiative.pk), filled_in(**{"action-submit": "1"}))

    own = browse(centre, make_editor(centre)).get("/cms/").content.decode()
    others = browse(stranger, make_editor(stranger)).get("/cms/").content.decode()

    assert "Kawiarenka naprawcza" in own
    assert "Kawiarenka naprawcza" not in others


def test_own_editor_approves_and_so_publishes(desk, browse, centre, initiative):
    desk.post(address("edit", initiative.pk), filled_in(**{"action-submit": "1"}))
    task_state = only_initiative().current_workflow_task_state
    second = browse(centre, make_editor(centre))

    second.post(address("workflow_action", initiative.pk, "approve", task_state.pk))

    approved = only_initiative()
    assert (approved.title, approved.live, approved.workflow_in_progress) == ("Kawiarenka naprawcza", True, False)


def test_approvals_send_no_mail_of_wagtail(desk, centre, initiative, mailoutbox):
    make_editor(centre)

    desk.post(address("edit", initiative.pk), filled_in(**{"action-submit": "1"}))

    assert mailoutbox == []


# --- Outside any scope ------------------------------------------------------------------------------------------------


def test_scheduled_words_are_published_by_the_command(centre, initiative):
    with scope(municipality=centre):
        initiative.title = "Od dziś"
        initiative.go_live_at = timezone.now() + timedelta(hours=1)
        initiative.save_revision().publish()
    Revision.objects.filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    with scopes_disabled():
        Initiative.objects.update(go_live_at=None)

    call_command("publish_scheduled", verbosity=0)

    assert only_initiative().title == "Od dziś"


def test_words_are_taken_down_on_their_day(centre, initiative):
    with scopes_disabled():
        Initiative.objects.update(expire_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled", verbosity=0)

    assert not only_initiative().live


def test_index_of_references_is_rebuilt(centre, initiative):
    photo = make_image(centre)
    with scopes_disabled():
        Initiative.objects.update(image=photo)

    call_command("rebuild_references_index", verbosity=0)

    assert ReferenceIndex.get_references_to(photo).count() == 1


def test_worker_keeps_the_index_of_references(centre, initiative):
    photo = make_image(centre)
    initiative.image = photo
    initiative.save()

    worker.run_tasks()

    assert ReferenceIndex.get_references_to(photo).count() == 1


def test_saving_needs_no_scope(initiative):
    """The desk's verbs and the seed save initiatives; Wagtail's index of references listens."""
    initiative.summary = "Nowe zdanie."

    initiative.save()

    assert only_initiative().summary == "Nowe zdanie."
