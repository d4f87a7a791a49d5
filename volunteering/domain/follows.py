"""What people wish to be told of: wishing, how often, no longer."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.models import Neighbourhood
from volunteering.domain.digests import next_tick
from volunteering.domain.words import clean, fold
from volunteering.errors import Refused
from volunteering.models import (
    MOST_FOLLOWS,
    MOST_WATCHES,
    Around,
    Digest,
    Follow,
    Initiative,
    InitiativeKind,
    Joining,
    Rhythm,
    Standing,
    Times,
    Watch,
)

WORDS_LIMIT = 60


@transaction.atomic
def watch(user, *, municipality, category=None, neighbourhood=None, around=0, words="", times=Times.ANY, rhythm="live"):
    """A helper wishes to hear of requests like these. Wishing the same twice changes nothing but how often.

    Raises Refused: for who does not help here, for a wish without kind and place, beyond `MOST_WATCHES`.
    """
    if not Standing.objects.active().of(user).filter(municipality=municipality).exists():
        raise Refused(_("Only active helpers of this centre are told of requests."))
    if category is None and neighbourhood is None:
        raise Refused(_("Choose a kind of help or a neighbourhood first: otherwise you would be told of everything."))
    wish = {
        "category": category,
        "neighbourhood": neighbourhood,
        "around": around if neighbourhood else Around.ONLY_THERE,
        "words": fold(clean(words))[:WORDS_LIMIT].strip(),
        "times": times,
    }
    full = _("You watch as many kinds of requests as one can. Stop one that you no longer need.")
    return _wish(Watch, user, municipality, wish, rhythm=rhythm, most=MOST_WATCHES, full=full)


@transaction.atomic
def follow(user, *, municipality, neighbourhood=None, kind=None, initiative=None, rhythm="live"):
    """A person wishes to hear of new initiatives and meetings: of a place, of a kind, of one initiative. Wishing the
    same twice changes nothing but how often. Raises Refused: for a closed group, beyond `MOST_FOLLOWS`."""
    if initiative is not None and initiative.joining == Joining.CLOSED:
        raise Refused(_("This is a closed group: only those who belong to it hear of its meetings."))
    wish = {"neighbourhood": neighbourhood, "kind": kind, "initiative": initiative}
    full = _("You follow as much as one can. Stop something that you no longer need.")
    return _wish(Follow, user, municipality, wish, rhythm=rhythm, most=MOST_FOLLOWS, full=full)


def _wish(model, user, municipality, wish, *, rhythm, most, full):
    _lock(user)
    mine = model.objects.of(user).filter(municipality=municipality)
    same = Q(**{(f"{name}__isnull" if value is None else name): value is None or value for name, value in wish.items()})
    found = mine.filter(same).first()
    if found is not None:
        return _set_rhythm(found, rhythm)
    taken = set(mine.values_list("slot", flat=True))
    slot = next((number for number in range(1, most + 1) if number not in taken), None)
    if slot is None:
        raise Refused(full)
    made = model.objects.create(user=user, municipality=municipality, rhythm=rhythm, slot=slot, **wish)
    _plan_digest(user, municipality)
    return made


@transaction.atomic
def set_rhythm(wish, *, rhythm):
    """From now on so often. What a digest was still to tell is not told at once."""
    _lock(wish.user)
    return _set_rhythm(type(wish).objects.get(pk=wish.pk), rhythm)


@transaction.atomic
def stop(wish):
    """No word of it any more. Stopping twice changes nothing."""
    _lock(wish.user)
    type(wish).objects.filter(pk=wish.pk).delete()
    _plan_digest(wish.user, wish.municipality)


@transaction.atomic
def set_hour(user, *, municipality, hour):
    """The digest comes at this local hour from now on. Nothing happens where nobody waits for one."""
    _lock(user)
    next_at = next_tick(timezone.now(), hour)
    Digest.objects.of(user).filter(municipality=municipality).update(hour=hour, next_at=next_at)


@transaction.atomic
def forget(user):
    """All wishes of an account that is being erased, in all municipalities."""
    for model in (Watch, Follow, Digest):
        model.objects.of(user).delete()


def _lock(user):
    """One wish of a person after the other: the cap and the digest are counted from rows."""
    get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _set_rhythm(wish, rhythm):
    if wish.rhythm == rhythm:
        return wish
    if wish.rhythm == Rhythm.LIVE:
        wish.told_until = timezone.now()
    wish.rhythm = rhythm
    wish.save(update_fields=["rhythm", "told_until"])
    _plan_digest(wish.user, wish.municipality)
    return wish


def _plan_digest(user, municipality):
    """There is a digest exactly while a wish asks for one."""
    wanted = any(
        model.objects.of(user).filter(municipality=municipality).exclude(rhythm=Rhythm.LIVE).exists()
        for model in (Watch, Follow)
    )
    if not wanted:
        Digest.objects.of(user).filter(municipality=municipality).delete()
        return
    hour = Digest._meta.get_field("hour").default
    Digest.objects.get_or_create(
        user=user, municipality=municipality, defaults={"next_at": next_tick(timezone.now(), hour)}
    )


# What may be followed, by the word for it in an address, and the field by which one of it is named there.
THINGS = {
    "okolica": (Neighbourhood, "slug"),
    "rodzaj": (InitiativeKind, "code"),
    "inicjatywa": (Initiative, "slug"),
}
FIELDS = {Neighbourhood: "neighbourhood", InitiativeKind: "kind", Initiative: "initiative"}


def find(what, name):
    """The thing of this address that may be followed in the open municipality; None where there is none."""
    if what not in THINGS:
        return None
    model, field = THINGS[what]
    things = model.objects.published().exclude(joining=Joining.CLOSED) if model is Initiative else model.objects.all()
    return things.filter(**{field: name}).first()


def address_of(thing):
    """The words for a thing in an address: what it is, and its name there."""
    what = next(what for what, (model, _field) in THINGS.items() if isinstance(thing, model))
    return what, getattr(thing, THINGS[what][1])


def field_of(thing):
    """The name of the field of `Follow` that holds such a thing."""
    return FIELDS[type(thing)]
