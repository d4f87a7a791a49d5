"""The life of a request for help: one function per verb, all through `_move`.

Lock order of the whole app, against deadlocks: meetings, then helpers' accounts, then requests, then visits, then
commitments, each by ascending key.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.domain import whereabouts as homes
from neighbourhoods.domain.freshness import content_changed
from neighbourhoods.models import Moderation
from notifications.outbox import publish as publish_event
from volunteering.domain import listings, news, waves, words
from volunteering.domain.references import new_reference
from volunteering.domain.visits import make_visits, visits_to_tell_now
from volunteering.errors import TransitionError
from volunteering.models import Commitment, HelpRequest, Visit
from volunteering.states import LIVE, REQUEST, CommitmentState, RequestState, VisitState


@transaction.atomic
def submit(help_request, *, home, times, actor, read_first=False):
    """Files a new request with the place where help is needed and the times of its visits; publishes it at once where
    the municipality reads requests afterwards.

    `home`: keyword arguments of `whereabouts.keep`. `times`: a `visits.Times`. `read_first`: whatever the municipality
    has settled, staff read this one before it is public. The same `intake_key` sent twice gives the request that is
    there already.
    """
    already = HelpRequest.objects.filter(intake_key=help_request.intake_key).first()
    if already is not None:
        return already
    help_request.whereabouts = homes.keep(help_request.municipality, **home)
    help_request.reference = new_reference(help_request.municipality)
    help_request.words = words.clean(help_request.words)
    help_request.words_held_back = bool(words.gives_away(help_request.words))
    help_request.search_text = words.fold(f"{help_request.category.name_pl} {help_request.words}")
    help_request.timing = times.timing
    help_request.repeats_until = times.repeats_until
    help_request.state = RequestState.DRAFT
    help_request.save()
    make_visits(help_request, times)
    help_request = _move(help_request, "submit", actor=actor)
    if not (read_first or needs_reading(help_request)):
        return publish(help_request, actor=None)
    return help_request


def needs_reading(help_request):
    """Whether staff read the request before anybody else does."""
    category = help_request.category
    moderation = help_request.municipality.moderation
    return (
        moderation == Moderation.BEFORE
        or (moderation == Moderation.FLAGGED and category.is_flagged)
        or category.needs_review
        or help_request.needs_call
        or help_request.words_held_back
        or help_request.protected
    )


@transaction.atomic
def publish(help_request, *, actor):
    """Opens the request: it is listed, and people near by are told (not of a protected one)."""
    now = timezone.now()
    changes = {"published_at": now, "needs_call": False}
    help_request = _move(help_request, "publish", actor=actor, **changes)
    # All at once and before the first wave: the counts of `caps` are locked after everything else.
    list(Visit.objects.of_request(help_request).order_by("pk").select_for_update().values_list("pk"))
    for visit in visits_to_tell_now(help_request):
        waves.start(visit)
    # After the first wave: whom it has asked is not told a second time.
    news.of_request(help_request, by=actor)
    return help_request


@transaction.atomic
def protect(help_request, *, actor, protected=True):
    """Before anybody else reads it, staff mark a request of a person who hides from someone: it will be unlisted,
    nobody is alerted and a helper is chosen by hand. Or they take the mark off again."""
    locked = _lock(help_request)
    if locked.state != RequestState.AWAITING_REVIEW:
        raise TransitionError(_("Others may have read this request already: it can be protected only before that."))
    locked.protected = protected
    locked.save(update_fields=["protected"])
    publish_event(
        f"volunteering.request_{'protect' if protected else 'unprotect'}",
        locked,
        actor=actor,
        municipality=locked.municipality,
    )
    return locked


@transaction.atomic
def rang(help_request, *, actor):
    """Staff have talked with the resident on the phone: nobody needs to ring her any more."""
    locked = _lock(help_request)
    if locked.needs_call:
        locked.needs_call = False
        locked.save(update_fields=["needs_call"])
        publish_event("volunteering.request_rang", locked, actor=actor, municipality=locked.municipality)
    return locked


@transaction.atomic
def rewrite_words(help_request, *, actor, text):
    """Staff cut from the words what strangers may not read; the request itself does not move."""
    locked = _lock(help_request)
    locked.words = words.clean(text)
    locked.words_held_back = bool(words.gives_away(locked.words))
    locked.search_text = words.fold(f"{locked.category.name_pl} {locked.words}")
    locked.save(update_fields=["words", "words_held_back", "search_text"])
    listings.write_words(locked)
    publish_event("volunteering.request_rewrite", locked, actor=actor, municipality=locked.municipality)
    content_changed(locked.municipality)
    return locked


@transaction.atomic
def relocate(help_request, *, place):
    """Where help is needed has become known more exactly: the request moves to that cell and its neighbourhood.
    Whoever was told already is not told again."""
    locked = _lock(help_request)
    before = listings.place_of(locked)
    locked.cell, locked.neighbourhood = place.cell, place.neighbourhood
    locked.save(update_fields=["cell", "neighbourhood"])
    listings.moved(locked, before)
    content_changed(locked.municipality)
    return locked


@transaction.atomic
def cancel(help_request, *, actor, reason=""):
    """The resident no longer needs help."""
    return _end(help_request, "cancel", actor=actor, reason=reason)


@transaction.atomic
def close(help_request, *, actor, reason):
    """The centre ends the request and says why. A public centre does not refuse here: it closes or refers."""
    return _end(help_request, "close", actor=actor, reason=reason)


@transaction.atomic
def refer(help_request, *, actor, case_number):
    """The need belongs to a statutory service: only an opaque case number is kept here."""
    return _end(help_request, "refer", actor=actor, case_number=case_number)


@transaction.atomic
def finish(help_request):
    """Ends a request, locked, all of whose visits are over: done if one of them took place, otherwise expired."""
    states = set(Visit.objects.filter(help_request=help_request).values_list("state", flat=True))
    if states & {VisitState.OPEN, VisitState.FULL}:
        return look_again(help_request)
    if VisitState.DONE in states:
        return _end(help_request, "complete", actor=None)
    # Her page says that the centre will ring her. Helpers at a meeting were wanted by the centre itself.
    return _end(help_request, "expire", actor=None, needs_call=help_request.meeting_id is None)


def settle(help_request):
    """Fills the request when no visit is open any more, reopens it when one is; called by every verb that gives or
    takes a place, with the request locked."""
    has_open = Visit.objects.filter(help_request=help_request, state=VisitState.OPEN).exists()
    if help_request.state == RequestState.OPEN and not has_open:
        return _move(help_request, "fill", actor=None)
    if help_request.state == RequestState.FILLED and has_open:
        return _move(help_request, "reopen", actor=None)
    return look_again(help_request)


def look_again(help_request):
    """A visit of the request, locked, has passed or changed, and its state has not: it may have left the list, or come
    back to it."""
    if listings.recount(help_request):
        content_changed(help_request.municipality)
    return help_request


def _end(help_request, verb, *, actor, **changes):
    concerned = _live_helpers(help_request)
    help_request = _move(help_request, verb, actor=actor, concerned=concerned, finished_at=timezone.now(), **changes)
    Commitment.objects.filter(visit__help_request=help_request, state__in=LIVE).update(
        state=CommitmentState.RELEASED, reason=_("The request has ended.")
    )
    Visit.objects.filter(help_request=help_request).unfinished().update(state=VisitState.CANCELLED)
    waves.end(visit__help_request=help_request)
    return help_request


def _live_helpers(help_request):
    return list(
        Commitment.objects.live()
        .filter(visit__help_request=help_request)
        .values_list("volunteer_id", flat=True)
        .distinct()
    )


def _lock(help_request):
    return (
        HelpRequest.objects.select_related("category", "municipality__site", "neighbourhood")
        .select_for_update(of=("self",))
        .get(pk=help_request.pk)
    )


def _move(help_request, verb, *, actor, concerned=(), **changes):
    locked = _lock(help_request)
    transition = REQUEST[verb]
    if locked.state not in transition.sources:
        raise TransitionError(
            _("This request is “%(state)s”, so this can no longer be done.") % {"state": locked.get_state_display()}
        )
    previous, locked.state = locked.state, transition.target
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=["state", *changes])
    listings.recount(locked)
    publish_event(
        f"volunteering.request_{verb}",
        locked,
        actor=actor,
        municipality=locked.municipality,
        previous=previous,
        helpers=list(concerned),
    )
    content_changed(locked.municipality)
    return locked
