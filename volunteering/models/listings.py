"""Read models of the public list: how many requests stand on it, where, and which words they hold."""

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality, Neighbourhood
from volunteering.models.requests import HelpRequest
from volunteering.models.taxonomy import Category

# What requests are counted by.
KEY = ("municipality_id", "category_id", "neighbourhood_id", "cell")


class Place(models.Model):
    """Where listed requests are counted: in one cell of a neighbourhood, by kind of help."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.CASCADE, related_name="+", db_index=False)
    cell = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.municipality_id}/{self.category_id}/{self.neighbourhood_id}/{self.cell}"


class ListingCountQuerySet(models.QuerySet):
    def totals(self, *columns):
        """Rows (*columns, how many requests), what is still in the ledger included: of one key two rows at most, for
        the reader to add up. One query."""
        settled = self.order_by().values(*columns).annotate(number=Sum("requests"))
        changes = ListingChange.objects.order_by().values(*columns).annotate(number=Sum("change"))
        return settled.union(changes, all=True).values_list(*columns, "number")


class ListingCount(Place):
    """How many requests are listed in one place: counted up to some moment. What came since then stands in
    `ListingChange`; the two together are always right. Written by `domain.listings` alone."""

    requests = models.PositiveIntegerField()

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(ListingCountQuerySet)
    )

    class Meta:
        verbose_name = _("count of listed requests")
        verbose_name_plural = _("counts of listed requests")
        constraints = [
            models.UniqueConstraint("municipality", "category", "neighbourhood", "cell", name="one_count_per_place"),
            models.CheckConstraint(condition=Q(requests__gte=0), name="no_count_below_zero"),
        ]
        # Holds all that facets ask for, in the order in which they are added up.
        indexes = [
            models.Index(
                fields=["municipality", "category", "neighbourhood", "cell", "requests"], name="listing_facets"
            )
        ]


class ListingChange(Place):
    """A request came to the list (+1) or left it (-1), in the transaction that made it so. Rows are only ever added, so
    nobody waits for anybody; the worker adds them to `ListingCount`."""

    change = models.IntegerField()

    objects = ScopedManager(municipality="municipality")

    class Meta:
        verbose_name = _("change of a count")
        verbose_name_plural = _("changes of counts")
        constraints = [models.CheckConstraint(condition=~Q(change=0), name="a_change_changes_something")]
        indexes = [models.Index(fields=["municipality", "id"], name="listing_ledger")]


class ListingWordQuerySet(models.QuerySet):
    def beginning_with(self, start):
        """Words that begin with these bytes: one range of the index. No byte of a letter is 255."""
        return self.filter(word__gte=start, word__lt=start + b"\xff")


class ListingWord(models.Model):
    """A word of a listed request, folded. Bytes, because databases order them as they are, whatever the collation:
    words that begin alike are one range of the index."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", db_index=False)
    word = models.BinaryField(max_length=120)
    help_request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="+", db_index=False)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(ListingWordQuerySet)
    )

    class Meta:
        verbose_name = _("word of a request")
        verbose_name_plural = _("words of requests")
        constraints = [
            # The two ways it is asked: which requests hold a word, and whether one does.
            models.UniqueConstraint("municipality", "word", "help_request", name="one_row_per_word_and_request")
        ]
        indexes = [models.Index(fields=["help_request", "word"], name="words_of_request")]

    def __str__(self):
        return f"{self.help_request_id}: {bytes(self.word).decode()}"
