"""Words of a partner's initiatives: drafted at the partner's desk, approved by the editors of the municipality."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_scopes import scope
from wagtail.images import get_image_model
from wagtail.models import WorkflowState

from cms.models import EditorialTeam
from notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.cms import picture_file
from tests.factories.neighbourhoods import MembershipFactory, OrganisationFactory
from tests.factories.volunteering import InitiativeFactory, InitiativeKindFactory
from volunteering.domain import partner_words
from volunteering.errors import Refused
from volunteering.models import Initiative
from volunteering.states import LifecycleState

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(centre):
    with scope(municipality=centre):
        yield OrganisationFactory(municipality=centre, slug="klub", name="Klub Szachowy")


@pytest.fixture
def partner(browse, centre, organisation):
    user = UserFactory(display_name="Nasza Partnerka")
    MembershipFactory(user=user, municipality=centre, partner=True, organisation=organisation)
    client = browse(centre, user)
    client.user = user
    return client


@pytest.fixture
def initiative(centre, organisation):
    initiative = InitiativeFactory(
        municipality=centre, organisation=organisation, title="Szachy", body="<p>Gramy z <b>zapałem</b>.</p>"
    )
    initiative.save_revision().publish()
    return Initiative.objects.get(pk=initiative.pk)


def filled_in(initiative=None, **fields):
    kind = initiative.kind if initiative else InitiativeKindFactory()
    return {
        "title": "Szachy dla wszystkich",
        "summary": "Gramy w każdy wtorek.",
        "body": "Przyjdź.\n\n- z dzieckiem\n- z sąsiadem",
        "kind": kind.code,
        "joining": "open",
        "seen": initiative.latest_revision_id if initiative else "",
        **fields,
    }


def of(name, initiative):
    return reverse(f"desk:{name}", args=[initiative.slug])


def reload(initiative):
    return Initiative.objects.get(pk=initiative.pk)


def test_draft_changes_nothing_that_residents_see(partner, initiative):
    response = partner.post(of("own_words", initiative), filled_in(initiative))

    assert response.status_code == 302
    live, draft = reload(initiative), partner_words.latest(reload(initiative))
    assert (live.title, live.live) == ("Szachy", True)
    assert draft.title == "Szachy dla wszystkich"
    assert draft.body == "<p>Przyjdź.</p><ul><li>z dzieckiem</li><li>z sąsiadem</li></ul>"
    assert draft.organisation_id == initiative.organisation_id


def test_words_that_nobody_touched_keep_what_plain_text_cannot_say(partner, initiative):
    partner.post(of("own_words", initiative), filled_in(initiative, body="Gramy z zapałem."))

    assert partner_words.latest(reload(initiative)).body == "<p>Gramy z <b>zapałem</b>.</p>"


def test_form_cannot_move_an_initiative_to_anybody_else(partner, initiative, stranger, centre):
    other = OrganisationFactory(municipality=centre)

    partner.post(
        of("own_words", initiative),
        filled_in(
            initiative, organisation=other.pk, municipality=stranger.pk, joining="closed", live="on", slug="inny"
        ),
    )

    draft = partner_words.latest(reload(initiative))
    assert (draft.organisation_id, draft.municipality_id) == (initiative.organisation_id, centre.pk)
    assert (draft.joining, draft.slug) == (initiative.joining, initiative.slug)


def test_draft_over_somebody_elses_newer_words_is_refused(partner, initiative):
    seen = filled_in(initiative)
    initiative.save_revision()

    assert partner.post(of("own_words", initiative), seen).status_code == 409
    assert partner_words.latest(reload(initiative)).title == "Szachy"


def test_partner_sends_and_the_editors_of_the_municipality_publish(partner, initiative, desk, editor, centre):
    partner.post(of("own_words", initiative), filled_in(initiative))

    response = partner.post(of("own_words_submit", initiative))

    state = WorkflowState.objects.get()
    assert response.status_code == 302
    assert state.requested_by == partner.user
    assert reload(initiative).title == "Szachy", "a partner publishes nothing"
    task = state.current_task_state.task.specific
    assert task.may_approve(initiative, editor)
    assert not task.may_approve(initiative, partner.user)
    state.current_task_state.specific.approve(user=editor)
    assert reload(initiative).title == "Szachy dla wszystkich"


def test_partner_is_told_what_the_editor_decided(partner, initiative, editor, django_capture_on_commit_callbacks):
    partner.post(of("own_words", initiative), filled_in(initiative))
    partner.post(of("own_words_submit", initiative))
    task_state = WorkflowState.objects.get().current_task_state.specific

    with django_capture_on_commit_callbacks(execute=True):
        task_state.reject(user=editor, comment="Dopiszcie godzinę.")

    kinds = Notification.objects.filter(user=partner.user).values_list("event__kind", flat=True)
    assert list(kinds) == ["volunteering.partner_words_return"]
    assert "Dopiszcie godzinę." in partner.get(of("own_words", initiative)).content.decode()
    partner.post(of("own_words_submit", initiative))
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS


def test_words_that_are_being_read_are_not_changed(partner, initiative):
    partner.post(of("own_words", initiative), filled_in(initiative))
    partner.post(of("own_words_submit", initiative))

    assert partner.post(of("own_words", initiative), filled_in(reload(initiative), title="Nowe")).status_code == 409
    assert partner.post(of("own_words_submit", initiative)).status_code == 409
    partner.post(of("own_words_take_back", initiative))
    assert partner.post(of("own_words", initiative), filled_in(reload(initiative), title="Nowe")).status_code == 302


def test_nothing_new_is_not_sent(partner, initiative):
    assert partner.post(of("own_words_submit", initiative)).status_code == 409
    assert not WorkflowState.objects.exists()


def test_new_initiative_is_a_draft_that_the_centre_takes_up(partner, organisation, browse, centre):
    partner.post(reverse("desk:own_begin"), filled_in())

    begun = Initiative.objects.select_related("lifecycle").get()
    assert (begun.organisation, begun.live) == (organisation, False)
    assert begun.lifecycle.state == LifecycleState.PROPOSED
    assert browse(centre).get(begun.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"summary": "Dzwoń: 512 345 678"}, "summary"),
        ({"kind": "nic"}, "kind"),
        ({"joining": "closed"}, "joining"),
        ({"neighbourhoods": ["nigdzie"]}, "neighbourhoods"),
    ],
    ids=str,
)
def test_new_initiative_that_cannot_be_is_refused(partner, wrong, field):
    response = partner.post(reverse("desk:own_begin"), filled_in(**wrong))

    assert field in response.context["form"].errors
    assert not Initiative.objects.exists()


def test_partners_begin_no_closed_groups(organisation, partner):
    words = partner_words.Words("Szachy", "Gramy.", "", InitiativeKindFactory(), [], [])

    with pytest.raises(Refused):
        partner_words.begin(organisation, actor=partner.user, words=words, joining="closed")


def test_photo_is_drawn_anew_into_the_partners_own_collection(partner, initiative, centre, editor):
    photo = SimpleUploadedFile("dom.png", picture_file().read(), content_type="image/png")

    partner.post(of("own_words", initiative), filled_in(initiative, photo=photo, image_description="Szachownica"))

    image = get_image_model().objects.get()
    team = EditorialTeam.objects.get(site=centre.site)
    assert image.collection.get_parent() == team.collection
    assert image.filename.endswith(".jpg")
    assert partner_words.latest(reload(initiative)).image == image


@pytest.mark.parametrize(
    ("content", "description", "status"),
    [(b"<svg onload=alert(1)>", "Rysunek", 409), (None, "", 200)],
    ids=["no photo", "without words"],
)
def test_photos_that_cannot_be_are_refused(partner, initiative, content, description, status):
    photo = SimpleUploadedFile("dom.png", content or picture_file().read(), content_type="image/png")
    sent = filled_in(initiative, photo=photo, image_description=description)

    assert partner.post(of("own_words", initiative), sent).status_code == status
    assert not get_image_model().objects.exists()


def test_partner_whose_initiative_is_about_to_move_does_not_write_over_it(partner, initiative, centre):
    draft = partner_words.latest(initiative)
    draft.organisation = OrganisationFactory(municipality=centre)
    draft.save_revision()

    sent = filled_in(reload(initiative))

    assert partner.post(of("own_words", initiative), sent).status_code == 409
