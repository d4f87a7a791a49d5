"""How one site looks, and the few facts that stand on each of its pages."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms.colours import LEAST_CONTRAST, PAPERS, PAPERS_IN_THE_DARK, contrast, lightened
from cms.editing import SnippetForm

DEFAULT_COLOUR = "#17564e"
MOST_CRISIS_LINES = 8
MOST_QUICK_LINKS = 8
HEX = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour as # and six digits or letters, for example #17564e."))


class NoticeLevel(models.TextChoices):
    ORDINARY = "ordinary", _("ordinary")
    IMPORTANT = "important", _("important")
    MOURNING = "mourning", _("mourning")


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("once a week")
    MONTHLY = "monthly", _("once a month")


@register_setting(icon="sliders", order=10)
class SiteLook(BaseSiteSetting, ClusterableModel):
    phone = PhoneNumberField(
        _("phone on every page"), blank=True, help_text=_("Leave empty to show the phone of the centre.")
    )
    logo = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    colour = models.CharField(
        _("colour of the centre"),
        max_length=7,
        default=DEFAULT_COLOUR,
        validators=[HEX],
        help_text=_("For buttons, links and the bar at the top. It must be dark enough to be read on white."),
    )
    colour_on_dark = models.CharField(
        _("the same colour on dark screens"),
        max_length=7,
        blank=True,
        validators=[HEX],
        help_text=_("Leave empty: a lighter shade is found by itself."),
    )
    notice_text = models.CharField(
        _("notice at the top of every page"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences. Leave empty to show none."),
    )
    notice_level = models.CharField(
        _("kind of notice"), max_length=10, choices=NoticeLevel, default=NoticeLevel.ORDINARY
    )
    bip_url = models.URLField(_("address of your BIP page"), blank=True)
    privacy_page = models.ForeignKey(
        "wagtailcore.Page", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("privacy notice")
    )
    accessibility_page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accessibility statement"),
    )

    newsletter_rhythm = models.CharField(
        _("newsletter"),
        max_length=7,
        choices=Rhythm,
        default=Rhythm.MONTHLY,
        blank=True,
        help_text=_("People read it where they sign up. Leave empty if your centre writes no newsletter."),
    )

    dpo_name = models.CharField(
        _("data protection officer"),
        max_length=120,
        blank=True,
        help_text=_("Name and surname. Everybody may ask this person what is done with their data."),
    )
    dpo_email = models.EmailField(_("e-mail of the data protection officer"), blank=True)
    eu_logo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("row of signs of the funds"),
        help_text=_("The signs in one picture and in their order, as you got them with the agreement."),
    )
    eu_text = models.CharField(
        _("sentence on the funding"),
        max_length=400,
        blank=True,
        help_text=_("For example: Project co-financed by the European Union. Leave empty to show none."),
    )
    eu_page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page about the project"),
    )

    base_form_class = SnippetForm
    panels = [
        MultiFieldPanel([FieldPanel("notice_text"), FieldPanel("notice_level")], heading=_("Notice")),
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("colour"), FieldPanel("colour_on_dark")], heading=_("Looks")),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("bip_url"),
                FieldPanel("privacy_page"),
                FieldPanel("accessibility_page"),
            ],
            heading=_("Phone and links"),
        ),
        MultiFieldPanel([FieldPanel("newsletter_rhythm")], heading=_("Newsletter")),
        MultiFieldPanel([FieldPanel("dpo_name"), FieldPanel("dpo_email")], heading=_("Data protection officer")),
        InlinePanel(
            "quick_links",
            heading=_("Quick links"),
            label=_("Link"),
            help_text=_("They stand on the home page, below the two doors: what people look for most often."),
            max_num=MOST_QUICK_LINKS,
        ),
        MultiFieldPanel(
            [FieldPanel("eu_logo"), FieldPanel("eu_text"), FieldPanel("eu_page")],
            heading=_("Funding by the European Union"),
        ),
        InlinePanel(
            "crisis_lines",
            heading=_("Numbers for a crisis"),
            label=_("Number"),
            help_text=_(
                "Residents read them before they send a request. 112 always stands above them. If you take all of "
                "them away, the nationwide numbers are shown again."
            ),
            max_num=MOST_CRISIS_LINES,
        ),
    ]

    class Meta:
        verbose_name = _("looks and notices")
        verbose_name_plural = _("looks and notices")

    def clean(self):
        """Refuses colours that cannot be read: the words on them, or they as words, on every paper of the site."""
        super().clean()
        problems = {}
        if HEX.regex.match(self.colour) and (worst := weakest(self.colour, PAPERS)) < LEAST_CONTRAST:
            problems["colour"] = _(
                "This colour is too light: its contrast with the page is %(found)s to 1, at least %(least)s to 1 is "
                "needed. Choose a darker shade."
            ) % {"found": round(worst, 1), "least": LEAST_CONTRAST}
        given = self.colour_on_dark
        if given and HEX.regex.match(given) and (worst := weakest(given, PAPERS_IN_THE_DARK)) < LEAST_CONTRAST:
            problems["colour_on_dark"] = _(
                "This colour is too dark: its contrast with the dark page is %(found)s to 1, at least %(least)s to 1 "
                "is needed. Choose a lighter shade, or leave it empty."
            ) % {"found": round(worst, 1), "least": LEAST_CONTRAST}
        if self.eu_logo_id and not self.eu_text:
            problems["eu_text"] = _("Say in a sentence what the signs mean: not everybody can see them.")
        if problems:
            raise ValidationError(problems)

    @property
    def brand_on_dark(self):
        """The colour for dark screens: the one given, else the brand made as light as it must be."""
        return self.colour_on_dark or lightened(self.colour, PAPERS_IN_THE_DARK)


def weakest(colour, papers):
    """The lowest contrast of a colour with any of the papers."""
    return min(contrast(colour, paper) for paper in papers)
