"""Which listed requests hold the words that somebody is looking for: found in the index of words, in any spelling."""

from django.db.models import OuterRef

from volunteering.domain.listings import words_of
from volunteering.folding import clean, fold
from volunteering.models import ListingWord
from volunteering.models.listings import ListingWordQuerySet
from volunteering.models.requests import has_any

MOST_WORDS = 6
# A word that no more requests hold is looked up first, and all that hold it are looked at; of the requests that hold a
# commoner one the newest are, one after the other, until a page is full.
RARE = 1000


def holding(queryset, text, municipality):
    """Those listed requests of a municipality that hold, for each word of the text, one that begins like it. A query
    for each word, to see which one is rare."""
    starts = sorted(words_of(fold(clean(text))), key=len, reverse=True)[:MOST_WORDS]
    found = {start: _holding(start, municipality) for start in starts}
    rarest = min(starts, key=lambda start: len(found[start]), default=None)
    if rarest is not None and len(found[rarest]) <= RARE:
        queryset = queryset.filter(pk__in=found.pop(rarest))
    for start in found:
        # The request's own rows and nothing else: named here, the municipality would have all words of a range read.
        words = ListingWordQuerySet(ListingWord).filter(help_request=OuterRef("pk"))
        queryset = queryset.filter(has_any(words.beginning_with(start)))
    return queryset


def _holding(start, municipality):
    """Keys of the requests that hold such a word; more than RARE of them say no more than that there are many."""
    rows = ListingWord.objects.filter(municipality=municipality).beginning_with(start).order_by("word", "help_request")
    return set(rows.values_list("help_request", flat=True)[: RARE + 1])
