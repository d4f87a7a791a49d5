"""One of each thing that a centre can have in the CMS, to look for in what others are shown."""

from datetime import date

from django.utils import timezone
from django_scopes import scope, scopes_disabled
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Task, TaskState, Workflow, WorkflowState

from cms.models import EditorialTeam, ServiceCheck, SiteLook
from tests.factories.cms import (
    home_of,
    make_document,
    make_editor,
    make_event,
    make_event_index,
    make_image,
    make_neighbourhood_page,
    make_news,
    make_news_index,
    make_people_page,
    make_statement,
    make_words,
)
from tests.factories.neighbourhoods import NeighbourhoodFactory, OrganisationFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from tests.factories.services import make_catalogue, make_programme, make_service
from tests.factories.volunteering import InitiativeFactory
from volunteering.models import Initiative, Lifecycle


class Belongings:
    """`word` stands in all titles and names."""

    def __init__(self, municipality, word):
        self.municipality = municipality
        self.editor = make_editor(municipality, display_name=f"{word} Redaktorka")
        self.home = home_of(municipality)
        self.index = make_news_index(municipality, title=f"{word} aktualności", owner=self.editor)
        self.page = make_words(municipality, title=f"{word} strona", owner=self.editor)
        self.draft = make_words(municipality, title=f"{word} szkic", live=False, owner=self.editor)
        self.news = make_news(self.index, title=f"{word} wiadomość", owner=self.editor)
        self.catalogue = make_catalogue(municipality, title=f"{word} katalog")
        self.programme = make_programme(municipality, title=f"{word} program")
        with scope(municipality=municipality):
            self.service = make_service(self.catalogue, title=f"{word} usługa", keeper=self.editor)
        self.event = make_event(make_event_index(self.home, title=f"{word} wydarzenia"), title=f"{word} wydarzenie")
        # Long overdue, so that it stands on the dashboard.
        self.statement = make_statement(self.home, title=f"{word} deklaracja", prepared_on=date(2020, 1, 1))
        self.image = make_image(municipality, title=f"{word} zdjęcie", uploaded_by_user=self.editor)
        self.document = make_document(municipality, title=f"{word} pismo", uploaded_by_user=self.editor)
        self.neighbourhood = NeighbourhoodFactory(municipality=municipality, name=f"{word} Dzielnica")
        self.place = make_neighbourhood_page(self.neighbourhood)
        self.people = make_people_page(
            municipality, title=f"{word} strona ludzi", people=[{"name": f"{word} Osoba", "role": "organizuje"}]
        )
        self.organisation = OrganisationFactory(municipality=municipality, name=f"{word} Stowarzyszenie")
        self.redirect = Redirect.add_redirect(f"/{word.lower()}", redirect_to=self.page, site=municipality.site)
        PublicPlaceFactory(municipality=municipality, name=f"{word} biblioteka", neighbourhood=self.neighbourhood)
        self.look = SiteLook.objects.create(site=municipality.site, notice_text=f"{word} uwaga")
        self.team = EditorialTeam.objects.get(site=municipality.site)
        with scope(municipality=municipality):
            self.initiative = InitiativeFactory(
                municipality=municipality, title=f"{word} inicjatywa", neighbourhoods=[self.neighbourhood]
            )
            PartnerProfileFactory(organisation=self.organisation, summary=f"{word} profil", written_by=self.editor)
            for thing in (self.page, self.initiative):
                thing.save_revision(user=self.editor, log_action=True).publish(user=self.editor)
                thing.get_workflow().start(thing, self.editor)
                thing.refresh_from_db()
        Page.objects.filter(pk=self.news.pk).update(locked=True, locked_by=self.editor, locked_at=timezone.now())

    @property
    def pages(self):
        words = [self.home, self.index, self.page, self.draft, self.news, self.place, self.people]
        return [*words, self.catalogue, self.service, self.programme, self.event, self.statement]

    @property
    def checks(self):
        with scopes_disabled():
            return ServiceCheck.objects.filter(municipality=self.municipality).order_by("pk")

    @property
    def approvals(self):
        return list(WorkflowState.objects.filter(requested_by=self.editor).order_by("pk"))

    def ids(self):
        """Every id that a part of an address could take, by the name of the part."""
        page, states = self.page.pk, self.approvals
        return {
            "page_id": [self.page.pk, self.draft.pk, self.news.pk, self.home.pk, self.service.pk, self.event.pk],
            "parent_page_id": [self.home.pk, self.index.pk, self.catalogue.pk],
            "page_to_move_id": [page],
            "destination_id": [self.home.pk],
            "page_pk": [page],
            "image_id": [self.image.pk],
            "document_id": [self.document.pk],
            "doc_id": [self.document.pk],
            "revision_id": [self.page.latest_revision_id, self.initiative.latest_revision_id],
            "revision_id_a": ["live"],
            "revision_id_b": ["latest"],
            "workflow_state_id": [state.pk for state in states],
            "task_state_id": [state.current_task_state_id for state in states],
            "task_id": [Task.objects.get().pk],
            "workflow_pk": [Workflow.objects.get().pk],
            "action_name": ["approve"],
            "action": ["delete", "move", "publish", "unpublish", "add_to_collection"],
            "collection_id": [self.team.collection_id],
            "object_id": [page, self.initiative.pk],
            "filter_spec": ["original"],
            "redirect_id": [self.redirect.pk],
            # What a centre has none of.
            "uploaded_file_id": [1],
            "session_id": [1],
            "uidb64": ["MQ"],
            "token": ["x"],
        }

    def pks(self, route):
        """Ids for the part `pk`, which means something else in each part of the CMS."""
        by_beginning = {
            "api/main/^pages": [page.pk for page in self.pages],
            "pages": [page.pk for page in self.pages],
            "images": [self.image.pk],
            "documents": [self.document.pk],
            "snippets": [self.initiative.pk],
            "translation": [self.initiative.pk, self.page.pk],
            "settings": [self.municipality.site_id],
            "collections": [self.team.collection_id],
            "groups": [self.team.group_id],
            "users": [self.editor.pk],
            "sites": [self.municipality.site_id],
            "workflows": [Workflow.objects.get().pk, Task.objects.get().pk],
        }
        return next((pks for beginning, pks in by_beginning.items() if route.startswith(beginning)), [1])

    def fingerprint(self):
        """Everything about the centre's things that somebody could change from outside."""
        pages = Page.objects.filter(pk__in=[page.pk for page in self.pages]).order_by("pk")
        with scopes_disabled():
            initiatives = list(
                Initiative.objects.filter(pk=self.initiative.pk).values_list(
                    "title", "live", "locked", "municipality", "latest_revision", "live_revision"
                )
            )
            lives = list(Lifecycle.objects.filter(initiative=self.initiative.pk).values_list("state"))
        return {
            "pages": list(pages.values_list("title", "slug", "path", "live", "locked", "latest_revision", "numchild")),
            "checks": list(self.checks.values_list("checked_on", "checked_by", "due_on", "reminded_at")),
            "photos": list(
                type(self.image).objects.filter(pk=self.image.pk).values_list("title", "collection", "file")
            ),
            "documents": list(
                type(self.document).objects.filter(pk=self.document.pk).values_list("title", "collection", "file")
            ),
            "initiatives": initiatives + lives,
            "approvals": [(state.status, state.current_task_state_id) for state in self.approvals],
            "tasks": list(TaskState.objects.filter(workflow_state__in=self.approvals).values_list("status", "comment")),
            "redirects": facts(self.redirect, "old_path", "redirect_page"),
            "looks": facts(self.look, "notice_text", "colour"),
            "rights": sorted(self.team.group.permissions.values_list("codename", flat=True)),
            "members": sorted(self.team.group.user_set.values_list("pk", flat=True)),
            "collection": list(
                type(self.team.collection).objects.filter(pk=self.team.collection_id).values_list("name")
            ),
            "people": list(type(self.editor).objects.filter(pk=self.editor.pk).values_list("email", "is_active")),
        }


def facts(thing, *fields):
    """Values of a row as the database has them now; empty when it is gone."""
    return list(type(thing).objects.filter(pk=thing.pk).values_list(*fields))
