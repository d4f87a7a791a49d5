"""A resident's own request: from her answers to a filed request, and how many may be sent without an account."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from neighbourhoods.domain import places
from neighbourhoods.domain import whereabouts as homes
from neighbourhoods.models import Neighbourhood
from volunteering.domain import help_requests
from volunteering.domain.visits import Times
from volunteering.errors import Refused
from volunteering.models import Category, HelpRequest, IntakeAttempt
from volunteering.tasks import improve_place_later

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Asked:
    """What a resident told, checked question by question. What only the helper may learn stays out of reprs."""

    category: Category
    words: str = field(repr=False)
    neighbourhood: Neighbourhood
    address: str = field(repr=False)
    directions: str = field(repr=False)
    times: Times
    for_someone_else: bool
    people_needed: int
    person_name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str


def file(asked, *, municipality, key, requester, taken_down_by=None, protected=False):
    """Files the request. `key`: one per filled-in form; the same one twice, also at the same moment, gives the same
    request. Without a `requester` staff ring first, and likewise where the help is for somebody else.

    `taken_down_by`: the member of staff who has the caller on the phone, so that nobody need ring her back.

    Raises Refused where its times cannot be (any more).
    """
    try:
        with transaction.atomic():
            return _submit(
                asked,
                municipality=municipality,
                key=key,
                requester=requester,
                taken_down_by=taken_down_by,
                protected=protected,
            )
    except IntegrityError:
        # Two presses of one button, side by side: the other one was a moment faster.
        already = HelpRequest.objects.filter(intake_key=key).first()
        if already is None:
            raise
        return already


def _submit(asked, *, municipality, key, requester, taken_down_by, protected):
    place = places.locate(asked.address, neighbourhood=asked.neighbourhood, municipality=municipality)
    help_request = HelpRequest(
        municipality=municipality,
        intake_key=key,
        category=asked.category,
        words=asked.words,
        neighbourhood=place.neighbourhood,
        cell=place.cell,
        people_needed=asked.people_needed,
        requester=requester,
        for_someone_else=asked.for_someone_else,
        taken_down_by=taken_down_by,
        protected=protected,
        needs_call=asked.for_someone_else or (requester is None and taken_down_by is None),
        language=asked.language,
    )
    home = {
        "person_name": asked.person_name,
        "phone": asked.phone,
        "address": asked.address,
        "directions": asked.directions,
    }
    help_request = help_requests.submit(help_request, home=home, times=asked.times, actor=taken_down_by or requester)
    improve_place_later(help_request)
    return help_request


@transaction.atomic
def correct_home(help_request, *, actor, **home):
    """Staff put right what was taken down wrongly: `home` are the words of `whereabouts.correct`. A new address moves
    the request to its cell and neighbourhood; whoever was told already is not told again. Raises Erased."""
    # First of all, as everywhere: whoever moves the request and its home holds the request before the home.
    HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    whereabouts = homes.correct(help_request.whereabouts, actor=actor, subject=help_request, **home)
    # A known point belongs to an address that did not change.
    if whereabouts.latitude is None and "address" in home:
        place = places.locate(
            home["address"], neighbourhood=help_request.neighbourhood, municipality=help_request.municipality
        )
        help_request = help_requests.relocate(help_request, place=place)
        improve_place_later(help_request)
    return help_request


def count_attempt(municipality, *, source, phone_only):
    """Notes that somebody without an account sends a request. Raises Refused with a kind sentence where too many came
    from one place, or, without an e-mail address, from anywhere."""
    recent = IntakeAttempt.objects.filter(municipality=municipality).since(timezone.now() - HOUR)
    too_many = recent.from_source(source).count() >= settings.REQUESTS_PER_SOURCE_AND_HOUR
    if too_many or (phone_only and recent.by_phone_only().count() >= settings.PHONE_ONLY_PER_HOUR):
        raise Refused(_("Many requests are coming in just now. Please ring us: we will write yours down at once."))
    IntakeAttempt.objects.create(municipality=municipality, source=source, phone_only=phone_only)


def forget_attempts():
    """Removes attempts that no limit counts any more. Called outside any scope."""
    with scopes_disabled():
        IntakeAttempt.objects.before(timezone.now() - timedelta(days=1)).delete()
