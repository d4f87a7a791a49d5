"""What happens when Wagtail publishes. Its own signals (`wagtail.signals`, not those of Django's models) are the only
place through which every way of publishing comes: the editor, a workflow, the schedule, the seed, a copy."""

from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    task_submitted,
    unpublished,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from cms.domain import rechecks, registers, search_index, texts, versions
from cms.models import EventPage, ServicePage
from volunteering.domain import partner_words
from volunteering.models import Initiative


def listen():
    for name, signal, receiver in (
        ("cms.page_published", page_published, page_can_be_read),
        ("cms.page_unpublished", page_unpublished, page_was_taken_down),
        ("cms.page_slug_changed", page_slug_changed, page_has_moved),
        ("cms.page_moved", post_page_move, page_has_moved),
    ):
        signal.connect(receiver, dispatch_uid=name)
    page_published.connect(service_published, sender=ServicePage, dispatch_uid="cms.service_published")
    page_published.connect(event_published, sender=EventPage, dispatch_uid="cms.event_published")
    page_published.connect(text_published, dispatch_uid="cms.text_published")
    published.connect(initiative_can_be_read, sender=Initiative, dispatch_uid="cms.initiative_published")
    unpublished.connect(initiative_was_taken_down, sender=Initiative, dispatch_uid="cms.initiative_unpublished")
    workflow_approved.connect(words_were_approved, sender=WorkflowState, dispatch_uid="cms.words_approved")
    workflow_rejected.connect(words_were_returned, sender=WorkflowState, dispatch_uid="cms.words_returned")


def page_can_be_read(instance, **kwargs):
    search_index.page_published(instance)
    versions.page_changed(instance)


def service_published(instance, **kwargs):
    rechecks.service_published(instance)


def event_published(instance, **kwargs):
    registers.follow(instance)


def text_published(instance, revision=None, **kwargs):
    texts.published(instance, revision)


def page_was_taken_down(instance, **kwargs):
    search_index.forget_page(instance)
    versions.page_changed(instance)


def page_has_moved(instance, **kwargs):
    search_index.branch_moved(instance)
    versions.page_changed(instance)


def initiative_can_be_read(instance, **kwargs):
    search_index.initiative_published(instance)
    versions.initiative_changed(instance)


def initiative_was_taken_down(instance, **kwargs):
    search_index.forget_initiative(instance)
    versions.initiative_changed(instance)


def words_were_approved(instance, user, **kwargs):
    decided(instance, verb="approve", by=user)


def words_were_returned(instance, user, **kwargs):
    decided(instance, verb="return", by=user)


def decided(workflow_state, *, verb, by):
    """Partners have no account in the CMS: they are told what an editor has decided about their words."""
    if isinstance(workflow_state.content_object, Initiative):
        partner_words.note_decision(workflow_state.content_object, verb=verb, actor=by)


def silence_mails():
    """Wagtail's own mails about approvals go to the editors of all gminas and link to one host; what waits for an
    editor stands on the dashboard. Called once Wagtail's admin has connected them (from `wagtail_hooks`)."""
    task_submitted.disconnect(sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
    for signal, name in (
        (workflow_submitted, "workflow_state_submitted_email_notification"),
        (workflow_rejected, "workflow_state_rejected_email_notification"),
        (workflow_approved, "workflow_state_approved_email_notification"),
    ):
        signal.disconnect(sender=WorkflowState, dispatch_uid=name)
