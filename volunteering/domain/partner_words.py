"""Words of a partner's initiatives: drafted by its staff, approved by the editors of the municipality.

A draft is a revision like those of the CMS and goes through the same workflow; publishing it is never done here.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from notifications.outbox import publish
from volunteering.domain.proposals import free_slug
from volunteering.errors import Refused
from volunteering.folding import fold
from volunteering.models import Audience, Initiative, InitiativeKind, Joining, Lifecycle
from volunteering.plain_words import as_html, as_text
from volunteering.states import LifecycleState


@dataclass(frozen=True)
class Words:
    """What staff of a partner may say of an initiative. `body` and `results` are plain text. `image`: a photo of their
    own to be shown from now on; None leaves the present one."""

    title: str
    summary: str
    body: str
    kind: InitiativeKind
    audiences: list[Audience]
    neighbourhoods: list
    results: str = ""
    image: object = None
    image_description: str = ""


@dataclass(frozen=True)
class Approval:
    """How far a draft has come. `answer`: what the editor wrote who asked for changes."""

    waits: bool = False
    is_returned: bool = False
    answer: str = ""


@transaction.atomic
def begin(organisation, *, actor, words, joining=Joining.OPEN):
    """A new initiative of this partner, as a draft; whether it is taken up is decided at the desk. Partners do not
    begin closed groups: who belongs to them is looked after by the centre."""
    if joining == Joining.CLOSED:
        raise Refused(_("A closed group is opened together with the centre. Please ring."))
    initiative = Initiative(
        municipality=organisation.municipality,
        organisation=organisation,
        live=False,
        slug=free_slug(words.title),
        joining=joining,
        title=words.title,
        summary=words.summary,
        kind=words.kind,
    )
    initiative.save()
    Lifecycle.objects.create(initiative=initiative, state=LifecycleState.PROPOSED)
    _apply(initiative, words)
    initiative.save()
    initiative.save_revision(user=actor, log_action=True)
    publish("volunteering.partner_words_begin", initiative, actor=actor, municipality=initiative.municipality)
    return initiative


@transaction.atomic
def save(initiative, *, actor, words, seen):
    """A new draft. `seen`: key of the revision that the writer had before them. Raises Refused where somebody has
    written another one since, and while the centre is reading."""
    initiative = _lock(initiative)
    if initiative.latest_revision_id != seen:
        raise Refused(_("Somebody else has changed these words meanwhile. Open the page anew and write yours again."))
    if approval_of(initiative).waits:
        raise Refused(_("The centre is reading these words now. Take them back if you want to change them."))
    draft = latest(initiative)
    if draft.organisation_id != initiative.organisation_id:
        raise Refused(_("The centre is about to name somebody else who runs this. Please ring."))
    _apply(draft, words)
    draft.save_revision(user=actor, log_action=True)
    if not initiative.live:
        # Lists read the row, and nobody outside sees it yet.
        Initiative.objects.filter(pk=initiative.pk).update(
            title=words.title, summary=words.summary, search_text=fold(f"{words.title} {words.summary}")
        )
    return draft


@transaction.atomic
def submit(initiative, *, actor):
    """Asks the editors of the municipality to publish the draft. Raises Refused where there is nothing to read."""
    initiative = _lock(initiative)
    state = initiative.current_workflow_state
    if not initiative.has_unpublished_changes:
        raise Refused(_("There is no new draft to send: what you wrote is public already."))
    if state is None:
        initiative.get_workflow().start(initiative, actor)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=actor)
    else:
        raise Refused(_("The centre is reading these words already."))
    publish("volunteering.partner_words_submit", initiative, actor=actor, municipality=initiative.municipality)


@transaction.atomic
def take_back(initiative, *, actor):
    """Not to be read yet after all; taken back twice it is as once."""
    initiative = _lock(initiative)
    state = initiative.current_workflow_state
    if state is not None:
        state.cancel(user=actor)
        publish("volunteering.partner_words_take_back", initiative, actor=actor, municipality=initiative.municipality)


@transaction.atomic
def note_decision(initiative, *, verb, actor):
    """An editor has decided about the words of a partner: `verb` is "approve" or "return". Words of others, and those
    that no partner sent, are not our business."""
    if initiative.organisation_id is not None:
        publish(
            f"volunteering.partner_words_{verb}",
            initiative,
            actor=actor,
            municipality=initiative.municipality,
            organisation=initiative.organisation_id,
        )


def latest(initiative):
    """The initiative with its newest words, published or not."""
    return initiative.get_latest_revision_as_object()


def approval_of(initiative):
    state = initiative.current_workflow_state
    if state is None:
        return Approval()
    if state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return Approval(waits=True)
    last = TaskState.objects.filter(workflow_state=state, status=TaskState.STATUS_REJECTED).order_by("-pk").first()
    return Approval(is_returned=True, answer=last.get_comment() if last else "")


def _apply(draft, words):
    draft.title, draft.summary, draft.kind = words.title, words.summary, words.kind
    for name in ("body", "results"):
        # Text that nobody touched keeps its links and bold words.
        if as_text(getattr(draft, name)) != _lines(getattr(words, name)):
            setattr(draft, name, as_html(getattr(words, name)))
    if words.image is not None:
        draft.image = words.image
    if draft.image_id:
        draft.image_description = words.image_description
    draft.audiences.set(words.audiences)
    draft.neighbourhoods.set(words.neighbourhoods)


def _lines(text):
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def _lock(initiative):
    locked = Initiative.objects.select_related("municipality", "organisation").select_for_update(of=("self",))
    return locked.get(pk=initiative.pk)
