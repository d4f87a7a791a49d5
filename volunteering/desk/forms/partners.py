"""Forms about partners: what the centre keeps of them, who works for them, and what they say of themselves."""

import re

from django import forms
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from neighbourhoods.models import Neighbourhood
from volunteering.desk.forms.requests import REASON_LIMIT, ActForm
from volunteering.domain.partners import Profile
from volunteering.forms.fields import PlainText
from volunteering.models import PROFILE_WORDS_LIMIT, PartnerKind, ServiceArea

PHOTO_TYPES = "image/jpeg,image/png,image/webp"
# "Wolności 5 m. 3" is somebody's flat; "lokal 3" is a shop as often as not.
FLAT = re.compile(r"\b(?:m|mieszk|mieszkanie)\b\.?\s*\d+", re.IGNORECASE)


def phone_field(**options):
    return PhoneNumberField(
        label=_("Phone"),
        required=False,
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a phone number with nine digits, for example 512 345 678.")},
        **options,
    )


def website_field():
    return forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={
            "invalid": _("Write the address as it stands in the browser, for example https://example.org.")
        },
    )


def refuse_a_home(address):
    """Raises ValidationError for what is the address of a flat."""
    if FLAT.search(address):
        raise forms.ValidationError(_("This looks like a flat. Nobody’s home stands here: leave the address empty."))
    return address


class OrganisationForm(ActForm):
    """What the centre itself keeps of a partner."""

    name = PlainText(label=_("Name of the organisation"), max_length=160)
    phone = phone_field(help_text=_("How the centre reaches it. Nobody else sees it."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    can_host_volunteers = forms.BooleanField(
        label=_("It may work with volunteers"),
        help_text=_("Only bodies named in art. 42(1) of the Volunteering Act may sign agreements with volunteers."),
        required=False,
    )

    @staticmethod
    def initial_of(organisation):
        return {name: getattr(organisation, name) for name in ("name", "phone", "email", "can_host_volunteers")}

    def facts(self):
        """Keyword arguments of the verbs."""
        return {**self.cleaned_data, "phone": str(self.cleaned_data["phone"] or "")}


class InviteForm(ActForm):
    email = forms.EmailField(
        label=_("E-mail of the person"),
        help_text=_("They sign in with a code that comes to this mailbox, and set up a second factor at first."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    display_name = PlainText(label=_("First name and surname"), max_length=80, required=False)


class HideForm(ActForm):
    reason = PlainText(
        label=_("Why is it hidden?"),
        help_text=_("Its staff read this. Residents read nothing."),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Write why, in one sentence.")},
    )


class SendBackForm(ActForm):
    answer = PlainText(
        label=_("What should be changed?"),
        help_text=_("The staff of the partner read this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what should be changed.")},
    )


class PhotoFields(forms.Form):
    """A photo of one's own, with its words."""

    photo = forms.FileField(
        label=_("Photo or logo"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Ask everybody who can be recognised first."),
        required=False,
        widget=forms.FileInput(attrs={"accept": PHOTO_TYPES}),
    )
    image_description = PlainText(
        label=_("What the photo shows"),
        help_text=_("One sentence for people who cannot see the photo."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args, image=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.image = image

    def clean(self):
        cleaned = super().clean()
        has_photo = cleaned.get("photo") or (self.image and not cleaned.get("no_photo"))
        if has_photo and not cleaned.get("image_description") and "image_description" not in self.errors:
            self.add_error("image_description", _("Say what the photo shows."))
        return cleaned


class ProfileForm(PhotoFields):
    """The profile of a partner. `image`: the photo that it has now."""

    kind = forms.ChoiceField(label=_("What kind of organisation"), choices=PartnerKind.choices)
    summary = PlainText(label=_("In one sentence"), help_text=_("Stands in lists."), max_length=250)
    words = PlainText(
        label=_("What you do"),
        help_text=_("For whom, when, and how one joins. An empty line begins a new paragraph."),
        max_length=PROFILE_WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    no_photo = forms.BooleanField(label=_("Take the photo away"), required=False)
    areas = forms.ModelMultipleChoiceField(
        label=_("What about"),
        help_text=_("Readers choose partners by this. One to three are enough."),
        queryset=ServiceArea.objects.all(),
        to_field_name="code",
        required=False,
        widget=CheckboxSelectMultiple,
    )
    neighbourhoods = forms.ModelMultipleChoiceField(
        label=_("Where you work"),
        help_text=_("Choose none if you work in the whole municipality."),
        queryset=Neighbourhood.objects.none(),
        to_field_name="slug",
        required=False,
        widget=CheckboxSelectMultiple,
    )
    phone = phone_field(help_text=_("Everybody reads it. Leave it empty if you do not want that."))
    email = forms.EmailField(label=_("E-mail"), help_text=_("Everybody reads it."), required=False)
    website = website_field()
    address = PlainText(
        label=_("Address"),
        help_text=_("Where people may come. Leave it empty if it is somebody’s home."),
        max_length=200,
        required=False,
    )
    krs = forms.RegexField(
        r"^\d{10}$",
        label=_("KRS number"),
        help_text=_("Ten digits, if you have one."),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("A KRS number has ten digits, for example 0000123456.")},
    )
    is_public_benefit = forms.BooleanField(
        label=_("We are a public benefit organisation (OPP)"),
        help_text=_("Then residents can give you 1.5 percent of their tax."),
        required=False,
    )
    field_order = ["kind", "summary", "words", "photo", "image_description", "no_photo"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhoods"].queryset = Neighbourhood.objects.all()
        if self.image is None:
            del self.fields["no_photo"]

    def clean_address(self):
        return refuse_a_home(self.cleaned_data["address"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_public_benefit") and not cleaned.get("krs") and "krs" not in self.errors:
            self.add_error("krs", _("The tax office asks for the KRS number of a public benefit organisation."))
        return cleaned

    def profile(self, new_photo):
        """The cleaned words. `new_photo`: what became of the uploaded file, or None."""
        answers = dict(self.cleaned_data)
        answers.pop("photo")
        image = None if answers.pop("no_photo", False) else self.image
        image = new_photo or image
        answers |= {
            "image": image,
            "image_description": answers["image_description"] if image else "",
            "phone": str(answers["phone"] or ""),
            "areas": list(answers["areas"]),
            "neighbourhoods": list(answers["neighbourhoods"]),
        }
        return Profile(**answers)

    @staticmethod
    def initial_of(profile):
        """The values of a version; of none where there is none yet."""
        if profile is None:
            return {}
        names = ("kind", "summary", "words", "image_description", "phone", "email", "website", "address", "krs")
        return {
            **{name: getattr(profile, name) for name in names},
            "is_public_benefit": profile.is_public_benefit,
            "areas": [area.code for area in profile.areas.all()],
            "neighbourhoods": [place.slug for place in profile.neighbourhoods.all()],
        }
