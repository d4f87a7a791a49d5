"""An editor of one centre sees and touches nothing of another one, by no address of the CMS."""

import io
import re
import zipfile
from itertools import product

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from wagtail.models import Page, Task, Workflow

from cms.models import EditorialTeam, SiteLook
from tests.cms.walk import CMS, fill, parts_of, routes
from tests.factories.cms import (
    home_of,
    make_document,
    make_editor,
    make_image,
    make_neighbourhood_page,
    make_news,
    make_news_index,
    make_words,
)
from tests.factories.neighbourhoods import NeighbourhoodFactory, OrganisationFactory
from tests.factories.volunteering import InitiativeFactory
from volunteering.models import Initiative

# Wagtail's own templates are not strict about their variables, and it leaves the closing of scaled photos to Python.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

# Everything of the other centre bears this in its words.
FOREIGN = re.compile("obc[aey]", re.IGNORECASE)


class Belongings:
    """One of each thing that a centre can have in the CMS. `word` stands in all its titles."""

    def __init__(self, municipality, word):
        self.municipality = municipality
        self.editor = make_editor(municipality, display_name=f"{word} Redaktorka")
        self.home = home_of(municipality)
        self.index = make_news_index(municipality, title=f"{word} aktualności")
        self.page = make_words(municipality, title=f"{word} strona", owner=self.editor)
        self.draft = make_words(municipality, title=f"{word} szkic", live=False)
        self.news = make_news(self.index, title=f"{word} wiadomość")
        self.image = make_image(municipality, title=f"{word} zdjęcie")
        self.document = make_document(municipality, title=f"{word} pismo")
        self.neighbourhood = NeighbourhoodFactory(municipality=municipality, name=f"{word} Dzielnica")
        self.place = make_neighbourhood_page(self.neighbourhood, title=f"{word} Dzielnica")
        self.organisation = OrganisationFactory(municipality=municipality, name=f"{word} Stowarzyszenie")
        with scope(municipality=municipality):
            self.initiative = InitiativeFactory(
                municipality=municipality, title=f"{word} inicjatywa", neighbourhoods=[self.neighbourhood]
            )
            self.initiative.save_revision(user=self.editor, log_action=True).publish(user=self.editor)
            self.initiative.get_workflow().start(self.initiative, self.editor)
            self.page.save_revision(user=self.editor, log_action=True).publish(user=self.editor)
            self.page.get_workflow().start(self.page, self.editor)
        Page.objects.filter(pk=self.news.pk).update(locked=True, locked_by=self.editor, locked_at=timezone.now())
        self.look = SiteLook.objects.create(site=municipality.site, notice_text=f"{word} wiadomość")
        self.team = EditorialTeam.objects.get(site=municipality.site)


@pytest.fixture
def foreign(stranger):
    return Belongings(stranger, "Obca")


def words_of(response):
    """All that an answer says; a spreadsheet is unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace") + response.headers.get("Location", "")


def candidates(things):
    """Values for the parts of addresses: every id of a centre's things that Wagtail might take there."""
    things.page.refresh_from_db()
    with scopes_disabled():
        initiative = Initiative.objects.get(pk=things.initiative.pk)
    revisions = [things.page.latest_revision_id, initiative.latest_revision_id]
    states = [thing.current_workflow_state for thing in (things.page, initiative)]
    pages = [page.pk for page in (things.home, things.page, things.draft, things.news)]
    return {
        "page_id": pages,
        "parent_page_id": [things.home.pk, things.index.pk],
        "page_to_move_id": [things.page.pk],
        "destination_id": [things.home.pk],
        "page_pk": [things.page.pk],
        "image_id": [things.image.pk],
        "document_id": [things.document.pk],
        "doc_id": [things.document.pk],
        "revision_id": revisions,
        "revision_id_a": ["live", "earliest"],
        "revision_id_b": ["latest"],
        "workflow_state_id": [state.pk for state in states],
        "task_state_id": [state.current_task_state_id for state in states],
        "task_id": [Task.objects.get().pk],
        "workflow_pk": [Workflow.objects.get().pk],
        "action_name": ["approve", "reject", "publish"],
        "action": ["delete", "move", "publish", "unpublish", "add_tags", "add_to_collection"],
        "collection_id": [things.team.collection_id],
        "redirect_id": [1],
        "uploaded_file_id": [1],
        "session_id": [1],
        "object_id": [things.page.pk, things.initiative.pk],
        "filter_spec": ["original"],
        "uidb64": ["MQ"],
        "token": ["x"],
        "pk": sorted(
            {
                *pages,
                things.image.pk,
                things.document.pk,
                things.initiative.pk,
                things.municipality.site_id,
                things.team.group_id,
                things.team.collection_id,
                things.editor.pk,
                Workflow.objects.get().pk,
                Task.objects.get().pk,
            }
        ),
    }


MODELS = [
    ("wagtailcore", "page"),
    ("cms", "standardpage"),
    ("cms", "newspage"),
    ("cms", "sitelook"),
    ("volunteering", "initiative"),
    ("wagtailimages", "image"),
    ("wagtaildocs", "document"),
    ("accounts", "user"),
]
APP_PARTS = {"app_label", "app_name", "content_type_app_name"}
MODEL_PARTS = {"model_name", "content_type_model_name"}
QUERIES = ["", "?q=obc", "?export=xlsx", "?p=1&q=obc&locale=pl"]


def concrete(values):
    """Every address below /cms/ with every combination of the values."""
    for route in routes():
        parts = parts_of(route)
        names = [name for name in parts if name not in APP_PARTS | MODEL_PARTS]
        for model in MODELS if set(parts) & APP_PARTS else [("", "")]:
            for chosen in product(*(values[name] for name in names)):
                filled = dict(zip(names, chosen, strict=True))
                filled |= {name: model[0] for name in parts if name in APP_PARTS}
                filled |= {name: model[1] for name in parts if name in MODEL_PARTS}
                yield from (CMS + fill(route, filled) + query for query in ([""] if parts else QUERIES))


def foreign_words(response):
    """Words of the other centre in an answer, with their surroundings; what was asked for is not held against it."""
    words = words_of(response).replace("q=obc", "").replace('value="obc"', "")
    return [words[max(0, found.start() - 60) : found.end() + 20] for found in FOREIGN.finditer(words)]


def shown(client, things):
    """Addresses of a centre's things that show words of the other centre to a person, and those that break."""
    answers = [(address, client.get(address)) for address in concrete(candidates(things))]
    leaks = {address: words for address, response in answers if (words := foreign_words(response))}
    return leaks, [address for address, response in answers if response.status_code >= 500]


def test_no_address_shows_anything_of_another_centre(desk, foreign):
    assert shown(desk, foreign) == ({}, [])


def test_own_addresses_show_nothing_of_another_centre(desk, centre, foreign):
    own = Belongings(centre, "Nasza")

    assert shown(desk, own) == ({}, [])
