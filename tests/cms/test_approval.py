"""One workflow for all sites: the own editors approve, and nobody else."""

import pytest
from django_scopes import scope
from wagtail.models import TaskState, Workflow

from cms.domain.workflow import ensure_workflow
from cms.models import SiteApprovalTask
from cms.views.dashboard import approvals_wait
from tests.factories.cms import make_editor, make_words
from tests.factories.volunteering import InitiativeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]


@pytest.fixture
def page(centre, editor):
    page = make_words(centre, live=False)
    page.get_workflow().start(page, editor)
    page.refresh_from_db()
    return page


def waiting_for(user):
    return list(TaskState.objects.reviewable_by(user))


def act(client, page, name):
    return client.post(
        f"/cms/pages/workflow/action/{page.pk}/{name}/{page.current_workflow_task_state.pk}/", {"comment": "Dobrze."}
    )


def test_workflow_is_made_once():
    assert ensure_workflow() == ensure_workflow()
    assert (Workflow.objects.count(), SiteApprovalTask.objects.count()) == (1, 1)


def test_page_waits_for_the_editors_of_its_site(page, centre, stranger, superuser):
    assert len(waiting_for(make_editor(centre))) == 1
    assert waiting_for(make_editor(stranger)) == []
    assert len(waiting_for(superuser)) == 1


def test_initiative_waits_for_the_editors_of_its_gmina_on_their_host(centre, stranger, editor):
    with scope(municipality=centre):
        initiative = InitiativeFactory(municipality=centre)
        initiative.save_revision()
        initiative.get_workflow().start(initiative, editor)

    with scope(municipality=centre):
        assert len(waiting_for(make_editor(centre))) == 1
        assert waiting_for(make_editor(stranger)) == []
    assert waiting_for(make_editor(centre)) == []  # on the portal


def test_own_editor_approves(page, browse, centre):
    act(browse(centre, make_editor(centre)), page, "approve")

    page.refresh_from_db()
    assert (page.live, page.workflow_in_progress) == (True, False)


def test_own_editor_asks_for_changes(page, browse, centre):
    act(browse(centre, make_editor(centre)), page, "reject")

    page.refresh_from_db()
    assert (page.live, page.current_workflow_state.status) == (False, "needs_changes")


def test_editor_of_another_centre_cannot_approve(page, browse, stranger):
    response = act(browse(stranger, make_editor(stranger)), page, "approve")

    page.refresh_from_db()
    assert (response.status_code, page.live, page.workflow_in_progress) == (404, False, True)


def test_page_under_approval_is_locked_for_nobody_of_the_team(page, centre, stranger):
    task = page.current_workflow_task

    assert not task.locked_for_user(page, make_editor(centre))
    assert task.locked_for_user(page, make_editor(stranger))
    assert not task.user_can_access_editor(page, make_editor(stranger))


def test_dashboard_knows_whom_an_approval_waits_for(page, centre, stranger):
    assert approvals_wait(make_editor(centre))
    assert not approvals_wait(make_editor(stranger))


def test_dashboard_knows_whose_words_came_back(page, browse, centre, stranger, editor):
    act(browse(centre, make_editor(centre)), page, "reject")

    assert approvals_wait(editor)
    assert not approvals_wait(make_editor(centre))
    assert not approvals_wait(make_editor(stranger))


def test_dashboard_shows_an_approval_above_what_would_make_the_site_better(page, browse, centre):
    words = browse(centre, make_editor(centre)).get("/cms/").text

    assert words.index('id="queue"') < words.index("awaiting-review") < words.index('id="readiness"')
