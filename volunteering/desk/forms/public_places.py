"""The form of a place with an open door."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from neighbourhoods.models import Neighbourhood, Organisation, PlaceKind, PublicPlace
from volunteering.desk.forms.partners import phone_field, refuse_a_home, website_field
from volunteering.folding import fold
from volunteering.forms.fields import PlainText

# The class asks the models of its choices for their managers while it is made: no row is read, but a scope would be
# missing.
with scopes_disabled():

    class PlaceForm(forms.ModelForm):
        """A place with an open door."""

        is_open_to_all = forms.BooleanField(
            label=_("Everybody may come in here, and nobody lives here"),
            error_messages={"required": _("Only places with an open door stand on the map of the neighbourhood.")},
        )
        name = PlainText(label=_("Name"), max_length=120)
        words = PlainText(
            label=_("What is there"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )
        address = PlainText(label=_("Address"), max_length=200, required=False)
        opening_hours = PlainText(label=_("When it is open"), max_length=200, required=False)
        phone = phone_field()
        website = website_field()

        class Meta:
            model = PublicPlace
            fields = [
                "kind",
                "name",
                "words",
                "neighbourhood",
                "address",
                "opening_hours",
                "phone",
                "website",
                "step_free",
                "organisation",
                "is_published",
            ]

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["neighbourhood"].queryset = Neighbourhood.objects.all()
            self.fields["neighbourhood"].empty_label = _("the whole municipality")
            self.fields["organisation"].queryset = Organisation.objects.all()
            self.fields["organisation"].empty_label = _("nobody on our list")
            self.fields["kind"].choices = [("", _("Choose …")), *PlaceKind.choices]
            self.fields["is_published"].label = _("Residents see it")
            self.initial.setdefault("is_open_to_all", bool(self.instance.pk))

        def clean_address(self):
            return refuse_a_home(self.cleaned_data["address"])

        def clean(self):
            cleaned = super().clean()
            same = PublicPlace.objects.exclude(pk=self.instance.pk)
            here = same.at_address(cleaned.get("address", ""))
            if cleaned.get("name") and any(fold(place.name) == fold(cleaned["name"]) for place in here):
                self.add_error("name", _("This place stands on the list already."))
            return cleaned
