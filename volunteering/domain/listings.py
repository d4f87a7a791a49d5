"""What stands on the public list, kept with it: how many requests of each kind are where, and which words they hold.

`HelpRequest.is_listed` says what is counted. It changes under the lock of the request, in one transaction with the rows
here. Counts are kept as a ledger: a change is a new row, so that two verbs never wait for one count, in whatever order
they come upon their requests; the worker adds the ledger up.
"""

import re
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q
from django.utils import timezone

from volunteering.folding import fold
from volunteering.models import HelpRequest, ListingChange, ListingCount, ListingWord, Visit
from volunteering.models.listings import KEY
from volunteering.models.requests import LISTABLE, has_any, is_needed
from volunteering.states import RequestState

# Longer ones are cut: nobody types them.
LONGEST_WORD = 40
WORD = re.compile(r"\w+")
# So long a visit may be over before the worker has seen it.
GRACE = timedelta(minutes=15)
# Rows of the ledger that are added up at a time.
CHUNK = 1000


def words_of(text):
    """The words of a folded text, each once, as the index has them."""
    return {word[:LONGEST_WORD].encode() for word in WORD.findall(text)}


# Written by verbs -----------------------------------------------------------------------------------------------------


def recount(help_request):
    """Puts the request on the list or takes it off, as it is now; says whether that changed anything. For verbs that
    hold its lock."""
    is_wanted = belongs(help_request)
    if is_wanted == help_request.is_listed:
        return False
    help_request.is_listed = is_wanted
    if not HelpRequest.objects.filter(pk=help_request.pk, is_listed=not is_wanted).update(is_listed=is_wanted):
        return False
    _note(help_request, 1 if is_wanted else -1)
    write_words(help_request)
    return True


def belongs(help_request):
    """Whether the request stands on the list: open, not protected, with an open visit that is not over."""
    is_open = help_request.state == RequestState.OPEN and not help_request.protected
    return is_open and Visit.objects.of_request(help_request).open().exists()


def moved(help_request, before):
    """A request, locked, has changed its place; `before`: `place_of` it until now."""
    if help_request.is_listed and place_of(help_request) != before:
        _note(help_request, -1, before)
        _note(help_request, 1)


def place_of(help_request):
    return tuple(getattr(help_request, name) for name in KEY)


def write_words(help_request):
    """Makes the index hold the words of the request: all that others may read, while it is listed, otherwise none."""
    written = ListingWord.objects.filter(help_request=help_request)
    expected = _words(help_request) if help_request.is_listed else set()
    there = {bytes(word) for word in written.values_list("word", flat=True)}
    if there - expected:
        written.filter(word__in=there - expected).delete()
    ListingWord.objects.bulk_create(
        ListingWord(municipality_id=help_request.municipality_id, help_request_id=help_request.pk, word=word)
        for word in sorted(expected - there)
    )


def _words(help_request):
    is_secret = help_request.words_held_back
    return words_of(fold(help_request.category.name_pl) if is_secret else help_request.search_text)


def _note(help_request, change, place=None):
    key = dict(zip(KEY, place or place_of(help_request), strict=True))
    ListingChange.objects.create(**key, change=change)


# Added up by the worker -----------------------------------------------------------------------------------------------


def add_up(municipality):
    """Adds the ledger of a municipality to its counts. What is read stays the same all the while."""
    while _add_up(municipality) == CHUNK:
        continue


@transaction.atomic
def _add_up(municipality):
    # Whoever else adds up waits here, and then finds nothing left to do: no count is locked by two.
    ledger = ListingChange.objects.filter(municipality=municipality).order_by("pk").select_for_update()
    changes = list(ledger[:CHUNK])
    sums = Counter()
    for change in changes:
        sums[place_of(change)] += change.change
    _write_counts(municipality, {key: number for key, number in sums.items() if number})
    ListingChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return len(changes)


def _write_counts(municipality, sums):
    rows = ListingCount.objects.filter(municipality=municipality, cell__in={key[-1] for key in sums})
    counts = {place_of(row): row for row in rows}
    for key, number in sums.items():
        if key not in counts:
            ListingCount.objects.create(**dict(zip(KEY, key, strict=True)), requests=number)
        elif counts[key].requests + number:
            ListingCount.objects.filter(pk=counts[key].pk).update(requests=F("requests") + number)
        else:
            counts[key].delete()


# Checked and repaired -------------------------------------------------------------------------------------------------


def check():
    """How much differs from the requests themselves: marks of requests, counts, and requests whose words do. All are 0
    unless something wrote around the verbs."""
    wrong_words = sum(1 for _request in _requests_with_wrong_words())
    return wrongly_marked().count(), len(wrong_counts()), wrong_words


def rebuild():
    """Repairs all of it while everybody goes on working; returns what `check` would have found."""
    marked = list(wrongly_marked().values_list("pk", flat=True))
    for pk in marked:
        with transaction.atomic():
            recount(_lock(pk))
    counts = wrong_counts()
    # A correction is one more change: what comes meanwhile is not lost, and what was counted is not counted again.
    ListingChange.objects.bulk_create(
        ListingChange(**dict(zip(KEY, key, strict=True)), change=number) for key, number in counts.items()
    )
    words = [help_request.pk for help_request in _requests_with_wrong_words()]
    for pk in words:
        with transaction.atomic():
            write_words(_lock(pk))
    return len(marked), len(counts), len(words)


def wrongly_marked():
    """Requests on the list that do not belong there, and the other way round. A visit that has just passed is taken off
    by the worker, with the next round of `close_visits_that_are_over`."""
    now = timezone.now()
    has_passed = Q(is_listed=True) & ~(LISTABLE & Q(is_needed(now - GRACE)))
    missing = Q(is_listed=False) & LISTABLE & Q(is_needed(now))
    return HelpRequest.objects.filter(has_passed | missing).order_by("pk")


def wrong_counts():
    """By how much counts are too low, by place; places that are right are left out. One statement, and so one moment:
    whatever is being changed meanwhile is in all of the parts or in none."""
    listed = HelpRequest.objects.filter(is_listed=True).order_by().values(*KEY).annotate(number=Count("pk"))
    counted = ListingCount.objects.order_by().values(*KEY).annotate(number=-F("requests"))
    changed = ListingChange.objects.order_by().values(*KEY).annotate(number=-F("change"))
    differences = Counter()
    for *key, number in listed.union(counted, changed, all=True).values_list(*KEY, "number"):
        differences[tuple(key)] += number
    return {key: number for key, number in differences.items() if number}


def _requests_with_wrong_words():
    """Those off the list of which words were left; then those on it, a chunk at a time, by key."""
    words = ListingWord.objects.filter(help_request=OuterRef("pk"))
    yield from HelpRequest.objects.filter(has_any(words), is_listed=False).iterator(CHUNK)
    last, listed = 0, HelpRequest.objects.filter(is_listed=True).select_related("category").order_by("pk")
    while chunk := list(listed.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        there = {help_request.pk: set() for help_request in chunk}
        rows = ListingWord.objects.filter(help_request__gte=chunk[0].pk, help_request__lte=last)
        for pk, word in rows.values_list("help_request", "word"):
            there[pk].add(bytes(word))
        for help_request in chunk:
            if there[help_request.pk] != _words(help_request):
                yield help_request


def _lock(pk):
    return HelpRequest.objects.select_related("category").select_for_update(of=("self",)).get(pk=pk)
