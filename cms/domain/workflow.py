"""The one workflow of the installation: words are approved by the editors of the site they belong to."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import (
    Page,
    TaskState,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from cms.models import SiteApprovalTask
from volunteering.models import Initiative


@transaction.atomic
def ensure_workflow():
    """The workflow for all pages and initiatives; made on the first call, in place of the one that Wagtail brings."""
    task = SiteApprovalTask.objects.filter(active=True).first()
    if task is None:
        with override("pl"):
            task = SiteApprovalTask.objects.create(name=_("Approval by the editors of the site"))
            workflow = Workflow.objects.create(name=_("A second pair of eyes"))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow = task.workflows.get()
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(Initiative), defaults={"workflow": workflow}
    )
    return workflow


def approvals_wait(user):
    """Whether words wait for this person: for their approval, or for the changes that they were asked for."""
    sent_back = WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_NEEDS_CHANGES)
    return sent_back.exists() or TaskState.objects.reviewable_by(user).exists()
