"""What is asked for a new municipality, in the wizard as on the command line, and what is refused."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http.request import validate_host
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from cms.editing import RESERVED_SLUGS
from cms.models import SiteLook
from cms.models.look import DEFAULT_COLOUR
from neighbourhoods import places_file
from neighbourhoods.models import Municipality

HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
SHORT_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Voivodeship (02, 04, … 32), county, gmina, and what kind of gmina it is.
TERC = RegexValidator(
    r"^(?:0[2468]|[12][02468]|3[02])\d{4}[1-389]\Z",
    _("A TERC code has seven digits, for example 2472011 for Ruda Śląska."),
)


class GminaForm(forms.ModelForm):
    class Meta:
        model = Municipality
        fields = ("name", "locative", "slug", "code", "terc", "latitude", "longitude")
        help_texts = {
            "name": _("For example: Ruda Śląska"),
            "locative": _("As in “help …”, for example: w Rudzie Śląskiej"),
            "slug": _("Small letters and hyphens, for example: ruda-slaska. It cannot be changed later."),
            "terc": _("Seven digits of the official register (TERYT)."),
            "latitude": _("Of the middle of the municipality, for example: 50.2806"),
            "longitude": _("For example: 18.8592"),
        }

    def clean_terc(self):
        TERC(self.cleaned_data["terc"])
        return self.cleaned_data["terc"]

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if not SHORT_NAME.fullmatch(slug):
            raise ValidationError(_("Write small letters, digits and hyphens between them."))
        if slug in RESERVED_SLUGS or Page.objects.filter(depth=2, slug=slug).exists():
            raise ValidationError(_("This short name is taken."))
        return slug


class CentreForm(forms.ModelForm):
    organiser = forms.EmailField(
        label=_("E-mail of the organiser"),
        required=False,
        help_text=_("This person gets the role of an organiser, and a letter that says so."),
    )

    class Meta:
        model = Municipality
        fields = ("centre_name", "phone", "email", "address", "opening_hours")


class SiteForm(forms.ModelForm):
    hostname = forms.CharField(
        label=_("Address of the site"), max_length=253, help_text=_("For example: ruda-slaska.ogniwo.example")
    )
    colour = forms.CharField(
        label=_("Colour of the centre"), max_length=7, initial=DEFAULT_COLOUR, required=False,
        help_text=_("As # and six digits or letters. It must be dark enough to be read on white."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages of the pages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
        initial=[code for code, _name in settings.LANGUAGES], required=False,
        help_text=_("Polish is always there."),
    )  # fmt: skip
    bip_url = forms.URLField(label=_("address of your BIP page"), required=False, assume_scheme="https")

    class Meta:
        model = SiteLook
        fields = ("colour", "dpo_name", "dpo_email", "bip_url")

    field_order = ("hostname", "languages", "colour", "dpo_name", "dpo_email", "bip_url")

    def clean_hostname(self):
        host = self.cleaned_data["hostname"].strip().lower().rstrip(".")
        if not HOST.fullmatch(host):
            raise ValidationError(_("Write the host alone, without https:// and without a path."))
        if not validate_host(host, settings.ALLOWED_HOSTS):
            raise ValidationError(_("This installation does not serve that host. Add it to ALLOWED_HOSTS first."))
        if Site.objects.filter(hostname__iexact=host).exists():
            raise ValidationError(_("There is a site at this host already."))
        return host

    def clean_colour(self):
        return self.cleaned_data["colour"] or DEFAULT_COLOUR


class PlacesForm(forms.Form):
    """Neighbourhoods out of a file or a pasted list. `middle`: (latitude, longitude) of the municipality."""

    file = forms.FileField(
        label=_("File with the neighbourhoods"), required=False,
        help_text=_("GeoJSON (.geojson) from a map program, or a list (.csv), up to 1 MB."),
    )  # fmt: skip
    pasted = forms.CharField(
        label=_("Or paste the list here"), required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "First line: nazwa;rodzaj;miejscownik;szerokosc;dlugosc – then one place a line: "
            "Wirek;dzielnica;w Wirku;50.2744;18.8644"
        ),
    )  # fmt: skip

    largest = 1024 * 1024

    def __init__(self, *args, middle=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.middle = middle

    def clean(self):
        cleaned = super().clean()
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if file and file.size > self.largest:
            raise ValidationError(_("The file is larger than 1 MB. Make its outlines simpler, or use the command."))
        content = file.read() if file else pasted.encode("utf-8", "surrogatepass")
        cleaned["places"] = []
        if content.strip():
            try:
                cleaned["places"] = places_file.read(content, around=self.middle)
            except places_file.BadFile as error:
                raise ValidationError(error.problems) from error
        return cleaned
