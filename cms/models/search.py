"""What the search over a site reads: a row for each page and initiative that may be found, and the words they hold."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from volunteering.models import Initiative
from volunteering.states import LifecycleState


class SearchGroup(models.TextChoices):
    """What a page is, for whoever looks for something. Results stand in this order."""

    SERVICES = "services", _("Services")
    INITIATIVES = "initiatives", _("Initiatives and groups")
    EVENTS = "events", _("Events")
    PEOPLE = "people", _("People and drop-in hours")
    PAGES = "pages", _("Pages")
    PLACES = "places", _("Neighbourhoods")
    NEWS = "news", _("News")


@models.CharField.register_lookup
@models.TextField.register_lookup
class Holds(models.Lookup):
    """Whether marked words hold this part, capitals and all: by what each database is quickest at. SQLite's LIKE takes
    a capital for a small letter, and so stops at each of them. The part is of letters, digits, # and spaces alone, so
    nothing in it means anything to GLOB."""

    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"STRPOS({column}, %s) > 0", [*params, self.rhs]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} GLOB %s", [*params, f"*{self.rhs}*"]


class SearchEntryQuerySet(models.QuerySet):
    def of_site(self, site):
        return self.filter(site=site)

    def of_group(self, group):
        return self.filter(group=group)

    def readable(self):
        """What everybody may read at this moment, whatever was written here before: no draft, nothing taken down, no
        initiative that is over."""
        return self.filter(
            Q(page__live=True) | Q(initiative__live=True, initiative__lifecycle__state=LifecycleState.RUNNING)
        )

    def in_language(self, language, *, otherwise):
        """Rows in this language; of what is not translated, those in the other one."""
        if language == otherwise:
            return self.filter(language=language)
        translated = SearchEntry.objects.filter(
            site=OuterRef("site"), family=OuterRef("family"), language=language, page__live=True
        )
        return self.filter(Q(language=language) | Q(~Exists(translated), language=otherwise))

    def scored(self, condition, score):
        """(Key, group) of those that fit, the best first. Nothing else is read of them: a common word is held by very
        many, of which a page shows a few."""
        fitting = self.filter(condition).annotate(score=score)
        order = ["-score", F("date").desc(nulls_last=True), "pk"]
        return list(fitting.order_by(*order).values_list("pk", "group"))

    def in_order(self, keys):
        """The rows of these keys, in their order."""
        rows = self.in_bulk(keys)
        return [rows[key] for key in keys if key in rows]


class SearchEntry(models.Model):
    """One thing that may be found. Written by `cms.domain.search_index` alone; `rebuild_search` writes all anew."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"), db_index=False)
    language = models.CharField(_("language"), max_length=10)
    group = models.CharField(_("kind"), max_length=12, choices=SearchGroup)
    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="+", verbose_name=_("page"))
    initiative = models.OneToOneField(
        Initiative, models.CASCADE, null=True, related_name="+", verbose_name=_("initiative")
    )
    # What a page shares with its translations.
    family = models.UUIDField(null=True)
    title = models.CharField(_("title"), max_length=255)
    lead = models.CharField(_("in one sentence"), max_length=400, blank=True)
    url = models.CharField(_("address"), max_length=1000)
    date = models.DateField(_("date"), null=True)
    # Added to the score: a service before a news item that says the same.
    weight = models.SmallIntegerField(default=0)
    # Folded words, each with its mark and a space behind it (`search_words.as_kept`), in `words` none twice.
    title_words = models.CharField(max_length=600)
    words = models.TextField()
    # As it is written, for the lines shown under the title.
    text = models.TextField(blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False, initiative=None) | Q(page=None, initiative__isnull=False),
                name="a_search_entry_is_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(group__in=SearchGroup.values), name="search_group_is_known"),
        ]
        indexes = [
            models.Index(fields=["site", "language"], name="search_of_site"),
            models.Index(fields=["site", "family", "language"], name="search_family"),
        ]

    def __str__(self):
        return f"{self.group}: {self.title}"


class SearchTermQuerySet(models.QuerySet):
    def spoken_at(self, site, languages):
        return self.filter(site=site, language__in=languages)

    def beginning_with_any(self, starts):
        """Words that begin with one of these: a range of the index for each. No byte of a letter is 255."""
        return self.filter(_ranges("word", starts))

    def like(self, halves):
        """Words that begin or end like one of these pairs (beginning, end)."""
        ends = [end[::-1] for _start, end in halves]
        return self.filter(_ranges("word", [start for start, _end in halves]) | _ranges("backwards", ends))


def _ranges(field, starts):
    found = Q(pk__in=[])
    for start in starts:
        code = start.encode()
        found |= Q(**{f"{field}__gte": code, f"{field}__lt": code + b"\xff"})
    return found


class SearchTerm(models.Model):
    """A word that some entry of a site holds or once held: what misspelt words are compared with. Bytes, because both
    databases order them alike whatever the collation; backwards as well, so that ends are found like beginnings."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"), db_index=False)
    language = models.CharField(_("language"), max_length=10)
    word = models.BinaryField(max_length=160)
    backwards = models.BinaryField(max_length=160)

    objects = SearchTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        constraints = [models.UniqueConstraint("site", "language", "word", name="one_search_term_per_word")]
        indexes = [models.Index(fields=["site", "language", "backwards"], name="search_term_ends")]

    def __str__(self):
        return bytes(self.word).decode()
