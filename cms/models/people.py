"""The people of a centre, and the hours at which one may drop in without an appointment."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page

from cms import drop_ins
from cms.models.base import Body, Lead, SitePage
from cms.models.search import SearchGroup
from neighbourhoods.models import Neighbourhood

MOST_PEOPLE, MOST_DROP_INS, MOST_CLOSURES = 60, 60, 40
OCCASIONS_AHEAD = 3


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class PeoplePage(Lead, Body, SitePage):
    """Who works at the centre, how to reach them, and when they are there for a talk."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    max_count_per_parent = 1
    template = "cms/people_page.html"
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        InlinePanel("people", heading=_("People"), label=_("Person"), max_num=MOST_PEOPLE),
        InlinePanel(
            "drop_ins",
            heading=_("Drop-in hours"),
            label=_("Drop-in"),
            help_text=_(
                "One row for each weekday and place. They are also shown on the page of the neighbourhood, and the "
                "next one is worked out by itself."
            ),
            max_num=MOST_DROP_INS,
        ),
        InlinePanel(
            "closures",
            heading=_("Days without drop-ins"),
            label=_("Day or days off"),
            help_text=_("Holidays, illness, a course: on these days no drop-in is announced."),
            max_num=MOST_CLOSURES,
        ),
        *Body.body_panels,
    ]
    search_group = SearchGroup.PEOPLE

    class Meta:
        verbose_name = _("people and drop-in hours")
        verbose_name_plural = _("pages of people and drop-in hours")

    def search_words(self):
        people = [", ".join(filter(None, [person.name, person.role, person.about])) for person in self.people.all()]
        hours = [f"{drop_in.place}, {drop_in.neighbourhood or ''}" for drop_in in self.drop_ins.all()]
        return ". ".join([*people, *hours, super().search_words()])

    def get_context(self, request, *args, **kwargs):
        # Read through the page, so that the preview shows what is being written.
        rows, closures = list(self.drop_ins.all()), list(self.closures.all())
        places = Neighbourhood.objects.in_bulk({row.neighbourhood_id for row in (*rows, *closures)} - {None})
        now = timezone.localtime()
        return {
            **super().get_context(request, *args, **kwargs),
            "people": self.people.all().select_related("photo").prefetch_related("photo__renditions"),
            "hours": [
                (row, places.get(row.neighbourhood_id), occasion)
                for row, occasion in drop_ins.first_of_each(rows, closures, now)
            ],
            "coming": drop_ins.coming(rows, closures, now)[:OCCASIONS_AHEAD],
            "closures": [
                (row, places.get(row.neighbourhood_id))
                for row in closures
                if (row.last_day or row.first_day) >= now.date()
            ],
        }


class Person(Orderable):
    """Somebody of the centre whom residents may ring or visit."""

    page = ParentalKey(PeoplePage, on_delete=models.CASCADE, related_name="people", verbose_name=_("page"))
    name = models.CharField(_("name and surname"), max_length=120)
    role = models.CharField(
        _("what this person does"),
        max_length=160,
        help_text=_("In plain words, for example: organises the local community (OSL)."),
    )
    about = models.CharField(
        _("what people can come with"),
        max_length=300,
        blank=True,
        help_text=_("For example: ideas for the neighbourhood, starting a group, help for a neighbour."),
    )
    phone = PhoneNumberField(_("phone at work"), blank=True)
    email = models.EmailField(_("e-mail at work"), blank=True)
    photo = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    photo_description = models.CharField(
        _("what the photo shows"),
        max_length=200,
        blank=True,
        help_text=_("Leave empty if it shows the person’s face: the name is read out then."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("role"),
        FieldPanel("about"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        MultiFieldPanel([FieldPanel("photo"), FieldPanel("photo_description")], heading=_("Photo")),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("person of the centre")
        verbose_name_plural = _("people of the centre")

    def __str__(self):
        return self.name


class DropInQuerySet(models.QuerySet):
    def public(self):
        """Of published pages only: an unpublished page keeps its rows."""
        return self.filter(page__live=True)

    def of_site(self, home):
        """On the pages of a site in all its languages; `home` is its front page in any of them."""
        homes = Page.objects.filter(translation_key=home.translation_key)
        return self.annotate(home=Left("page__path", len(home.path))).filter(home__in=homes.values("path"))

    def in_neighbourhood(self, neighbourhood):
        return self.filter(neighbourhood=neighbourhood)

    def with_page(self):
        return self.select_related("page__locale")


class DropIn(Orderable):
    """Hours of one weekday at one place. Wall clock, local time."""

    page = ParentalKey(PeoplePage, on_delete=models.CASCADE, related_name="drop_ins", verbose_name=_("page"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    place = models.CharField(
        _("place"), max_length=160, help_text=_("As people know it, with the street: Library, ul. Bajkowa 3.")
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
        help_text=_("It will stand on that neighbourhood’s page as well."),
    )
    who = models.CharField(_("who is there"), max_length=160, blank=True)
    note = models.CharField(
        _("remark"),
        max_length=200,
        blank=True,
        help_text=_("For example: ring the day before, entrance from the yard."),
    )
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True, help_text=_("Leave both empty: it goes on."))

    objects = models.Manager.from_queryset(DropInQuerySet)()

    panels = [
        FieldRowPanel([FieldPanel("weekday"), FieldPanel("starts"), FieldPanel("ends")]),
        FieldPanel("place"),
        FieldPanel("neighbourhood"),
        FieldPanel("who"),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("drop-in")
        verbose_name_plural = _("drop-ins")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="drop_in_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="drop_in_weekday_is_of_a_week"),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts:%H:%M}, {self.place}"

    def clean(self):
        super().clean()
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": _("It must end later than it begins.")})
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day cannot lie before the first.")})


class ClosureQuerySet(models.QuerySet):
    def of_pages(self, keys):
        return self.filter(page__in=keys)


class Closure(Orderable):
    """Days on which nobody is there."""

    page = ParentalKey(PeoplePage, on_delete=models.CASCADE, related_name="closures", verbose_name=_("page"))
    first_day = models.DateField(_("day, or the first of several"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
        help_text=_("Leave empty if there is no drop-in anywhere."),
    )
    reason = models.CharField(_("why"), max_length=160, blank=True, help_text=_("For example: holiday, training."))

    objects = models.Manager.from_queryset(ClosureQuerySet)()

    panels = [
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        FieldPanel("neighbourhood"),
        FieldPanel("reason"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("day without drop-ins")
        verbose_name_plural = _("days without drop-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="closure_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return f"{self.first_day}"

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day cannot lie before the first.")})


def drop_ins_in(neighbourhood, home):
    """Pairs (drop-in, its next occasion or None) of a neighbourhood, as the people page of this site says."""
    rows, closures = rows_of(home, DropIn.objects.public().in_neighbourhood(neighbourhood))
    return drop_ins.first_of_each(rows, closures, timezone.localtime())


def next_drop_ins(home):
    """The next few occasions of this site."""
    rows, closures = rows_of(home, DropIn.objects.public())
    return drop_ins.coming(rows, closures, timezone.localtime())[:OCCASIONS_AHEAD]


def rows_of(home, rows):
    """Drop-ins below this home with their page, and the closures; where a translated home has none, those of the Polish
    one. Each language has rows of its own, and a translation may wait for them. Two queries at most."""
    of_site = list(rows.of_site(home).with_page())
    own = [row for row in of_site if row.page.path.startswith(home.path)]
    polish = [row for row in of_site if row.page.locale.language_code == settings.LANGUAGE_CODE]
    found = own or polish
    return found, list(Closure.objects.of_pages({row.page_id for row in found})) if found else []
