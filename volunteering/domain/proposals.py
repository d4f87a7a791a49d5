"""Ideas of residents for an initiative: sent, asked about, taken up as the draft of one, or closed with a kind word."""

from dataclasses import dataclass
from datetime import timedelta
from html import escape

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from neighbourhoods.models import Neighbourhood
from notifications.outbox import publish
from volunteering.domain import lifecycles
from volunteering.errors import Refused, TransitionError
from volunteering.folding import fold
from volunteering.models import (
    RESERVED_INITIATIVE_SLUGS,
    Audience,
    Initiative,
    InitiativeKind,
    Joining,
    Proposal,
    ProposalMessage,
)
from volunteering.states import PROPOSAL

# Who has more than this many ideas waiting is asked to wait for an answer first.
MOST_WAITING = 5
# How long a settled idea is kept, with what was said about it.
KEPT = timedelta(days=365)
LONGEST_SLUG = 100


@dataclass(frozen=True)
class Idea:
    """What a resident proposes, checked."""

    title: str
    words: str
    place: str
    neighbourhood: Neighbourhood | None
    time: str
    leading: str


@dataclass(frozen=True)
class Words:
    """What staff make of an idea: the words of an initiative, which editors will read."""

    title: str
    summary: str
    body: str
    kind: InitiativeKind
    audiences: list[Audience]
    neighbourhoods: list[Neighbourhood]
    host: str = ""
    joining: str = Joining.OPEN


def send(idea, *, municipality, proposer, key):
    """Files an idea. `key`: one per filled-in form; the same one twice, also at the same moment, gives the same
    proposal. Raises Refused where too many of this person are waiting."""
    try:
        with transaction.atomic():
            return _send(idea, municipality=municipality, proposer=proposer, key=key)
    except IntegrityError:
        already = Proposal.objects.of(proposer).filter(key=key).first()
        if already is None:
            raise
        return already


def _send(idea, *, municipality, proposer, key):
    # One after the other, so that none is counted too late.
    get_user_model().objects.select_for_update(no_key=True).get(pk=proposer.pk)
    already = Proposal.objects.of(proposer).filter(key=key).first()
    if already is not None:
        return already
    if Proposal.objects.of(proposer).open().count() >= MOST_WAITING:
        raise Refused(_("Several of your ideas are waiting already. Please wait until we have answered, or ring us."))
    proposal = Proposal.objects.create(
        municipality=municipality,
        key=key,
        proposer=proposer,
        title=idea.title,
        words=idea.words,
        place=idea.place,
        neighbourhood=idea.neighbourhood,
        time=idea.time,
        leading=idea.leading,
    )
    publish("volunteering.proposal_send", proposal, actor=proposer, municipality=municipality)
    return proposal


@transaction.atomic
def ask(proposal, *, actor, text):
    """The centre would like to know something first."""
    return _move(proposal, "ask", actor=actor, text=text)


@transaction.atomic
def answer(proposal, *, actor, text):
    """The resident answers; it waits for the centre again."""
    return _move(proposal, "answer", actor=actor, text=text, by_centre=False)


@transaction.atomic
def close(proposal, *, actor, text):
    """Not this time; `text` says why, to the resident."""
    return _move(proposal, "close", actor=actor, text=text)


@transaction.atomic
def withdraw(proposal, *, actor):
    return _move(proposal, "withdraw", actor=actor)


@transaction.atomic
def take_up(proposal, *, actor, words, text=""):
    """Makes the draft of an initiative out of it, accepted and not yet public, and tells the resident. What the draft
    holds is what staff wrote: nothing about the person goes along."""
    proposal = _lock(proposal)
    _check(proposal, "take_up")
    initiative = _draft(words, municipality=proposal.municipality, actor=actor)
    return _move(proposal, "take_up", actor=actor, text=text, initiative=initiative)


@transaction.atomic
def note_contact_shown(proposal, *, actor):
    """That staff looked up how to reach the resident."""
    publish("volunteering.proposal_reveal", proposal, actor=actor, municipality=proposal.municipality)


def forget_old(municipality):
    """Removes what was settled long ago. The initiatives stay."""
    Proposal.objects.settled_before(timezone.now() - KEPT).delete()


def _draft(words, *, municipality, actor):
    initiative = Initiative(
        municipality=municipality,
        live=False,
        title=words.title,
        summary=words.summary,
        body=as_paragraphs(words.body),
        kind=words.kind,
        host=words.host,
        joining=words.joining,
    )
    _save_at_free_address(initiative)
    initiative.audiences.set(words.audiences)
    initiative.neighbourhoods.set(words.neighbourhoods)
    initiative.save()
    initiative.save_revision(user=actor)
    lifecycles.accept(initiative, actor=actor)
    return initiative


def _save_at_free_address(initiative):
    """Where somebody takes the same address at this moment, the next one is free."""
    while initiative.pk is None:
        initiative.slug = free_slug(initiative.title)
        try:
            with transaction.atomic():
                initiative.save()
        except IntegrityError:
            if not Initiative.objects.filter(slug=initiative.slug).exists():
                raise


def free_slug(title):
    """An address that no initiative of the open scope has, and that the platform does not keep for itself."""
    stem = slugify(fold(title))[:LONGEST_SLUG].strip("-") or "inicjatywa"
    taken = set(Initiative.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED_INITIATIVE_SLUGS
    return next(slug for slug in _numbered(stem, len(taken)) if slug not in taken)


def _numbered(stem, most):
    yield stem
    yield from (f"{stem}-{number}" for number in range(2, most + 3))


def as_paragraphs(text):
    """Plain words as the CMS keeps them: a paragraph for each line."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _move(proposal, verb, *, actor, text="", by_centre=True, **changes):
    proposal = _lock(proposal)
    _check(proposal, verb)
    proposal.state, proposal.changed_at = PROPOSAL[verb].target, timezone.now()
    for name, value in changes.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", "changed_at", *changes])
    if text:
        ProposalMessage.objects.create(proposal=proposal, by_centre=by_centre, text=text)
    publish(
        f"volunteering.proposal_{verb}",
        proposal,
        actor=actor,
        municipality=proposal.municipality,
        proposer=proposal.proposer_id,
    )
    return proposal


def _check(proposal, verb):
    if proposal.state not in PROPOSAL[verb].sources:
        raise TransitionError(
            _("This idea is “%(state)s”, so this cannot be done.") % {"state": proposal.get_state_display()}
        )


def _lock(proposal):
    locked = Proposal.objects.select_related("municipality").select_for_update(of=("self",))
    return locked.get(pk=proposal.pk)
