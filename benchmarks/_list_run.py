"""Inside an installation: loads requests, then asks for pages of the public list, its facets and its words in turns.
Prints JSON: seconds of each, on the clock and computing, and whether the answers are right."""

import gc
import json
import sys
from types import SimpleNamespace

import django

django.setup()

from django.db.models import Count  # noqa: E402 -- Django must be set up first
from django.http import QueryDict  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from benchmarks import _list_rows  # noqa: E402
from benchmarks._near_run import timed  # noqa: E402
from volunteering import keyset  # noqa: E402
from volunteering.domain.facets import Facets  # noqa: E402
from volunteering.filters import HelpRequestFilter  # noqa: E402
from volunteering.models import Category, HelpRequest, ListingWord  # noqa: E402

ORDER = ("-published_at", "-id")
FAR = 450
RARE, FOLDED = "żółw", "zolw"
# The rest is asked less often: it may take seconds.
SLOW_ROUNDS = 3


class List:
    """The public list, asked as its view asks."""

    def __init__(self, town):
        self.town = town

    def filtered(self, **chosen):
        address = QueryDict(mutable=True)
        address.update(chosen)
        request = SimpleNamespace(municipality=self.town)
        return HelpRequestFilter(address, queryset=HelpRequest.objects.listed(), request=request, with_words=True)

    def page(self, cursor="", **chosen):
        rows = self.filtered(**chosen).qs.with_card().with_open_visits()
        return [row.pk for row in keyset.page(rows, {"after": cursor}, order=ORDER).rows]

    def offset(self, number, **chosen):
        rows = self.filtered(**chosen).qs.with_card().with_open_visits().order_by(*ORDER)
        return list(rows[(number - 1) * keyset.SIZE : number * keyset.SIZE])

    def cursor(self, number, **chosen):
        """The cursor of a page: what stands in the link at the end of the page before."""
        last = self.filtered(**chosen).qs.order_by(*ORDER)[(number - 1) * keyset.SIZE - 1]
        return keyset.cursor(last, ORDER)

    def facets(self):
        facets = Facets(self.town)
        return facets.by_category(), facets.by_neighbourhood()

    def counted(self):
        listed = HelpRequest.objects.listed().order_by()
        return tuple(dict(listed.values_list(name).annotate(Count("pk"))) for name in ("category", "neighbourhood"))


def commonest(kind):
    """A word that many requests hold, and how often."""
    word = bytes(ListingWord.objects.values_list("word").annotate(n=Count("pk")).order_by("-n", "word")[0][0])
    return word.decode() or kind


def main(count, rounds):
    with scopes_disabled():
        (town, rare), loading = timed(_list_rows.load, count)
    with scope(municipality=town):
        asked = List(town)
        kinds = list(Category.objects.open())
        kind, pages = kinds[0].code, count // _list_rows.OPEN // keyset.SIZE
        # A kind of help has fewer pages: one not far from its last.
        far_of_all, far = min(FAR, pages - 1), max(2, min(FAR, pages * 9 // 10 // len(kinds)))
        cursor, cursor_of_kind = asked.cursor(far_of_all), asked.cursor(far, kategoria=kind)
        common = commonest(kind)
        acts = {
            "page_1": asked.page,
            "page_450": lambda: asked.page(cursor),
            "facets": asked.facets,
            "search_rare": lambda: asked.page(slowa=FOLDED),
            "search_common": lambda: asked.page(slowa=common),
            "page_1_of_kind": lambda: asked.page(kategoria=kind),
            "page_450_of_kind": lambda: asked.page(cursor_of_kind, kategoria=kind),
        }
        slow = {
            "offset_450": lambda: asked.offset(far_of_all),
            "facets_counted": asked.counted,
            "like_rare": lambda: list(HelpRequest.objects.listed().filter(search_text__contains=FOLDED)[:20]),
        }
        newest_rare = sorted(rare, reverse=True)[: keyset.SIZE]
        right = {
            "page_450_is_page_450": asked.page(cursor) == [row.pk for row in asked.offset(far_of_all)],
            "facets_are_counts": tuple(map(dict, asked.facets())) == asked.counted(),
            "zolw_finds_zolw": asked.page(slowa=FOLDED) == asked.page(slowa=RARE) == newest_rare,
        }
        times = measure(acts, rounds) | measure(slow, SLOW_ROUNDS)
    told = {"far": far_of_all, "far_of_kind": far, "rare": len(rare), "common": common}
    print(json.dumps({"loading": loading[0], "right": right, "times": times, **told}))


def measure(acts, rounds):
    """Pairs of seconds for each act; they take turns, and who begins as well."""
    times = {name: [] for name in acts}
    names = list(acts)
    for act in acts.values():
        act()
    gc.collect()
    gc.freeze()
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            times[name].append(timed(acts[name])[1])
    return times


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
