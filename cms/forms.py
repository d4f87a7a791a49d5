"""Forms of the CMS that belong to one view."""

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page
from wagtail.users.forms import UserCreationForm, UserEditForm

from accounts.forms import MailboxForm, NameField
from accounts.models import User
from cms.domain import redirects
from cms.editing import SnippetForm
from cms.trees import pages_of
from volunteering.forms.fields import PlainText
from volunteering.models import RESERVED_INITIATIVE_SLUGS, Initiative, Joining


class InitiativeForm(SnippetForm):
    """The words of an initiative. The gmina is no field: it is that of the host the editor is on."""

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_INITIATIVE_SLUGS:
            raise forms.ValidationError(_("The address “%(slug)s” belongs to the platform itself.") % {"slug": slug})
        # The constraint names the gmina, which is no field of the form, so Django does not check it by itself.
        others = Initiative.objects.filter(municipality=self.instance.municipality).exclude(pk=self.instance.pk)
        if slug and others.filter(slug=slug).exists():
            raise forms.ValidationError(_("Another initiative has this address already."))
        return slug

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("image") and not cleaned.get("image_description"):
            self.add_error("image_description", _("Say what the photo shows."))
        if cleaned.get("organisation") and cleaned.get("host"):
            self.add_error("host", _("Choose a partner or name an informal group, not both."))
        return cleaned

    def clean_joining(self):
        group = getattr(self.instance, "group", None)
        if group is not None and group.is_closed and self.cleaned_data["joining"] != Joining.CLOSED:
            raise forms.ValidationError(
                _("A closed group stays closed: people joined it knowing that nobody learns of it.")
            )
        return self.cleaned_data["joining"]


class PersonForm:
    """What a superuser sets of a person: no password, and the name in one piece."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "password1", "password2"):
            self.fields.pop(name, None)

    def save(self, commit=True):
        person = super().save(commit=False)
        if not person.pk:
            person.set_unusable_password()
        person.email = person.email.lower()
        if commit:
            person.save()
            self.save_m2m()
        return person


class PersonCreationForm(PersonForm, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("email", "display_name", "is_superuser", "groups")


class PersonEditForm(PersonForm, UserEditForm):
    class Meta(UserEditForm.Meta):
        model = User
        fields = ("email", "display_name", "is_active", "is_superuser", "groups")


class RedirectForm(forms.Form):
    """An address that people still know, and the page of this site that they shall find there. Never an address
    elsewhere: under the centre's name nobody is to be led astray."""

    old_path = forms.CharField(
        label=_("Old address"),
        max_length=200,
        help_text=_("As it stood on the old site or on a leaflet, for example: /oferta/obiady.html"),
    )
    page = forms.ModelChoiceField(
        label=_("Leads to this page"),
        queryset=Page.objects.none(),
        widget=AdminPageChooser,
        error_messages={"invalid_choice": _("Choose a published page of this site.")},
    )

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        self.fields["page"].queryset = pages_of(site).live()

    def clean_old_path(self):
        path = redirects.normalised(self.cleaned_data["old_path"])
        if reason := redirects.reason_against(path, site=self.site):
            raise forms.ValidationError(reason)
        return path


# --- Registering for events -------------------------------------------------------------------------------------------


class Needs(PlainText):
    """What somebody needs in order to take part. It is health data soon enough: optional, short, with a word of
    warning."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Do you need anything in order to take part?"),
            help_text=_(
                "For example: a sign language interpreter, a place for a wheelchair, large print. Write only what we "
                "are to prepare. Please do not name illnesses."
            ),
            max_length=300,
            required=False,
            **kwargs,
        )


class JoinForm(forms.Form):
    """Somebody with an account registers: there is little left to ask."""

    needs = Needs()

    def __init__(self, *args, asks_needs=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_needs:
            del self.fields["needs"]


class StrangerForm(JoinForm, MailboxForm):
    """Somebody who is not signed in: the code to the mailbox follows."""

    name = NameField(help_text=_("As it shall stand on the list."), error_messages={"required": _("Type your name.")})
    agreed = forms.BooleanField(
        label=_("I accept the terms of use and have read the privacy notice"),
        error_messages={"required": _("Without this we cannot register you.")},
    )
    field_order = ["name", "email", "needs", "agreed"]


class CallerForm(JoinForm):
    """Somebody who rings, or who stands at the door."""

    name = PlainText(
        label=_("First name and surname"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = PhoneNumberField(
        label=_("Phone"),
        help_text=_("So that we can ring if the event is called off or a place becomes free."),
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a phone number with nine digits, for example 512 345 678.")},
    )
    field_order = ["name", "phone", "needs"]
