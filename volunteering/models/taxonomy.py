"""Kinds of help, skills, kinds of initiatives and their audiences: data that the installation's staff can edit."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """A word of the taxonomy in the three languages of the interface."""

    code = models.SlugField(_("code"), unique=True)
    name_pl = models.CharField(_("name in Polish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name in the reader's language, in Polish where that one is missing."""
        return getattr(self, f"name_{get_language()}", "") or self.name_pl


class Skill(Term):
    class Meta(Term.Meta):
        verbose_name = _("skill")
        verbose_name_plural = _("skills")


class InitiativeKind(Term):
    has_members = models.BooleanField(
        _("people belong to it"),
        default=False,
        help_text=_("A group or club: the centre may open a group for it, with members and a page of their own."),
    )

    class Meta(Term.Meta):
        verbose_name = _("kind of initiative")
        verbose_name_plural = _("kinds of initiatives")


class Audience(Term):
    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class ServiceArea(Term):
    """An area of social services of art. 2(1) of the CUS Act. Data and not code, because the Act is being amended."""

    position = None
    number = models.PositiveSmallIntegerField(
        _("number"), unique=True, help_text=_("The point of art. 2(1) of the CUS Act.")
    )

    class Meta(Term.Meta):
        verbose_name = _("area of social services")
        verbose_name_plural = _("areas of social services")
        ordering = ["number"]


class CategoryQuerySet(models.QuerySet):
    def open(self):
        """Categories in which help may be asked for now."""
        return self.filter(is_open=True)


class Category(Term):
    """A kind of help. Its flags decide who may help and who reads a request before others do."""

    class Check(models.TextChoices):
        MONEY = "money", _("money changes hands")
        HEALTH = "health_data", _("hints at health")
        DRIVER = "driver", _("driving licence and insured car")
        SAFETY = "bhp", _("safety instruction")
        MINORS = "minors", _("child protection check")
        SENSITIVE = "sensitive", _("always read by staff")

    class Group(models.TextChoices):
        """Headings under which residents look for help, in their order."""

        ERRANDS = "errands", _("Shopping, errands and getting somewhere")
        COMPANY = "company", _("Company")
        HOME = "home", _("At home and around it")
        LETTERS = "letters", _("Phone, letters and languages")
        OTHER = "other", _("Something else")

    group = models.CharField(
        _("heading"),
        max_length=10,
        choices=Group,
        default=Group.OTHER,
        help_text=_("Under which heading residents find it."),
    )
    at_home = models.BooleanField(_("in the resident’s home"), default=False)
    involves_minors = models.BooleanField(_("involves minors"), default=False)
    check_kind = models.CharField(_("extra care"), max_length=12, choices=Check, blank=True)
    needs_review = models.BooleanField(_("staff always read it first"), default=False)
    is_open = models.BooleanField(
        _("may be asked for"),
        default=True,
        help_text=_("Categories with minors stay closed until checks are recorded."),
    )
    hint_pl = models.CharField(_("hint in Polish"), max_length=300, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    hint_uk = models.CharField(_("hint in Ukrainian"), max_length=300, blank=True)
    required_skills = models.ManyToManyField(
        Skill, blank=True, related_name="required_by", verbose_name=_("required skills")
    )
    helpful_skills = models.ManyToManyField(
        Skill, blank=True, related_name="helpful_for", verbose_name=_("helpful skills")
    )
    answered_by = models.ManyToManyField(
        InitiativeKind, blank=True, related_name="answers", verbose_name=_("initiatives that may answer it")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta(Term.Meta):
        verbose_name = _("category of help")
        verbose_name_plural = _("categories of help")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(involves_minors=False) | models.Q(is_open=False),
                name="categories_with_minors_stay_closed",
            )
        ]

    @property
    def hint(self):
        """One sentence for the form, in the reader's language."""
        return getattr(self, f"hint_{get_language()}", "") or self.hint_pl

    @property
    def is_flagged(self):
        """Whether staff read such a request first where only flagged categories are moderated."""
        return self.needs_review or bool(self.check_kind)
