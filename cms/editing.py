"""What every form of the CMS checks: nothing of another centre can be chosen, linked or moved in by hand."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.forms.models import register_form_field_override
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from neighbourhoods.models import Neighbourhood, Organisation

# First words of addresses that belong to the application: a page there could never be reached.
RESERVED_SLUGS = frozenset(
    {
        "prosby",
        "inicjatywy",
        "pomagam",
        "moje",
        "rozmowy",
        "grupy",
        "partnerzy",
        "okolica",
        "ogloszenia",
        "bez-sieci",
        "szukaj",
        "opinia",
        "newsletter",
        "poczta",
        "biurko",
        "konto",
        "cms",
        "dokumenty",
        "kalendarz",
        "zapisy",
        "kanaly",
        "api",
        "ws",
        "static",
        "media",
        "styl",
        "healthz",
        "readyz",
        "metrics",
        "pl",
        "en",
        "uk",
    }
)


def refuse_reserved(slug):
    """Raises ValidationError for the address of a page that the application keeps for itself."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            {"slug": _("The address “%(slug)s” belongs to the platform itself. Choose another one.") % {"slug": slug}}
        )


class LocalChoices:
    """A choice among rows of the gmina whose scope is open. Forms are built once for all gminas and hosts, so the
    rows may not be fixed when the class is made; where no gmina is open (the portal) there is nothing to choose."""

    def _get_queryset(self):
        manager = self._queryset.model.objects
        return manager.all() if "municipality" in get_scope() else manager.none()

    def _set_queryset(self, queryset):
        super()._set_queryset(queryset.none())

    queryset = property(_get_queryset, _set_queryset)


class LocalChoiceField(LocalChoices, forms.ModelChoiceField):
    pass


class LocalMultipleChoiceField(LocalChoices, forms.ModelMultipleChoiceField):
    pass


def local_choice(field):
    """How forms of the CMS offer a key to rows of one gmina."""
    return {"form_class": LocalChoiceField, "queryset": field.related_model.objects.none()}


def local_choices(field):
    """The same for several rows, where the rows belong to a gmina at all."""
    if field.related_model not in LOCAL_MODELS:
        return {"widget": forms.CheckboxSelectMultiple}
    return {
        "form_class": LocalMultipleChoiceField,
        "queryset": field.related_model.objects.none(),
        "widget": forms.CheckboxSelectMultiple,
    }


LOCAL_MODELS = (Neighbourhood, Organisation)
for local_model in LOCAL_MODELS:
    register_form_field_override(ForeignKey, to=local_model, override=local_choice)
register_form_field_override(ParentalManyToManyField, override=local_choices)


def references_of(thing):
    """Pairs (model, id) of the pages, images and documents that a page or an initiative shows or links to."""
    models = {
        ContentType.objects.get_for_model(model).pk: model for model in (Page, get_image_model(), get_document_model())
    }
    return {
        (models[content_type], str(pk))
        # Wagtail's own index of references reads fields, blocks and rich text alike; it has no public name for it.
        for content_type, pk, *_paths in ReferenceIndex._extract_references_from_object(thing)  # noqa: SLF001
        if content_type in models
    }


def foreign_references(thing, *, kept, user):
    """References of `thing` that this editor may not choose, those in `kept` (there before) excepted."""
    wanted = {}
    for model, pk in references_of(thing) - kept:
        wanted.setdefault(model, set()).add(pk)
    return {
        (model, pk)
        for model, pks in wanted.items()
        for pk in pks - {str(pk) for pk in choosable(model, user).filter(pk__in=pks).values_list("pk", flat=True)}
    }


def choosable(model, user):
    """The pages, images or documents that an editor may show or link to: those of the own centre."""
    policy = policy_registry.get_by_type(model)
    if model is Page:
        return policy.explorable_instances(user)
    return policy.instances_user_has_any_permission_for(user, ["choose"])


FOREIGN = _("A photo, document or page on this page belongs to another centre. Choose your own.")


class OwnThings:
    """Mixin of the CMS's forms: a forged id of another centre's image, document or page is refused."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Read now: validating the form writes what was sent into the instance.
        self.kept_references = references_of(self.instance) if self.instance.pk else set()

    def is_valid(self):
        """Rows below the form (links, numbers, people of a page) are forms of their own: they are looked at here."""
        valid = super().is_valid()
        user = self.for_user
        if user is None or user.is_superuser:
            return valid
        rows = [row for formset in getattr(self, "formsets", {}).values() for row in formset.forms]
        return all([valid, *(not self.refuse_foreign_row(row) for row in rows if row.is_valid())])

    def refuse_foreign_row(self, row):
        """Whether a row shows what belongs to another centre; it then says so."""
        before = type(row.instance).objects.filter(pk=row.instance.pk).first() if row.instance.pk else None
        kept = references_of(before) if before else set()
        is_foreign = bool(foreign_references(row.instance, kept=kept, user=self.for_user))
        if is_foreign:
            row.add_error(None, FOREIGN)
        return is_foreign

    def _post_clean(self):
        super()._post_clean()
        user = self.for_user
        if user is None or user.is_superuser or self.errors:
            return
        if foreign_references(self.instance, kept=self.kept_references, user=user):
            self.add_error(None, FOREIGN)


class SitePageForm(OwnThings, WagtailAdminPageForm):
    """The form of every page type."""

    def _post_clean(self):
        self.instance.is_draft_being_saved = self.is_deferred_validation
        super()._post_clean()
        self.instance.is_draft_being_saved = False


class SnippetForm(OwnThings, WagtailAdminModelForm):
    """The form of initiatives and of the looks of a site."""
