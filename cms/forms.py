"""Forms of the CMS that belong to one view."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from accounts.models import User
from cms.editing import SnippetForm
from volunteering.models import Initiative, Joining

# Addresses below /inicjatywy/ that are no initiatives.
RESERVED_INITIATIVE_SLUGS = frozenset({"kalendarz", "zaproponuj", "mapa"})


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
