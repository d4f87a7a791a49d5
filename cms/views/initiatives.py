"""Initiatives in the CMS. Their rows are those of the gmina whose scope is open: on the portal there are none."""

from functools import wraps

import django_filters
from django.forms import CheckboxSelectMultiple
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django_scopes import scopes_disabled
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import StatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views import chooser, snippets

from cms.forms import InitiativeForm
from neighbourhoods.models import Neighbourhood
from volunteering.domain import lifecycles
from volunteering.models import Initiative

MOST_MATERIALS = 10
MOST_PHOTOS = 24


class CentresOnly:
    """Mixin of viewsets: every view answers 404 where no gmina is open, instead of failing."""

    def construct_view(self, view_class, **kwargs):
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if request.municipality is None:
                raise Http404
            return view(request, *args, **kwargs)

        return wrapper


# The class reads the model's manager while it is made: no row is asked for, but a scope would be missing.
with scopes_disabled():

    class InitiativeFilterSet(WagtailFilterSet):
        neighbourhoods = django_filters.ModelMultipleChoiceFilter(
            label=gettext_lazy("Neighbourhoods"),
            queryset=lambda request: Neighbourhood.objects.all(),
            widget=CheckboxSelectMultiple,
        )
        live = django_filters.BooleanFilter(label=gettext_lazy("Published"))

        class Meta:
            model = Initiative
            fields = ["kind", "audiences", "neighbourhoods", "live"]


def state_in_words(initiative):
    """How far the words are. Wagtail's own column asks the database twice for every row."""
    if not initiative.live:
        return gettext("draft")
    return gettext("published, with a newer draft") if initiative.has_unpublished_changes else gettext("published")


STATE = StatusTagColumn(
    "live",
    label=gettext_lazy("State"),
    accessor=state_in_words,
    primary=lambda initiative: initiative.live,
    sort_key="live",
)


class IndexView(snippets.IndexView):
    @cached_property
    def add_item_label(self):
        return gettext("Add an initiative")


class CreateView(snippets.CreateView):
    page_title = gettext_lazy("New initiative")

    def get_initial_form_instance(self):
        return Initiative(municipality=self.request.municipality)

    def save_instance(self):
        """An initiative that is written here is under way as soon as its words are published; proposals of residents
        come by another road."""
        initiative = super().save_instance()
        lifecycles.start(initiative, actor=self.request.user)
        return initiative


class DeleteView(snippets.DeleteView):
    @property
    def confirmation_message(self):
        return gettext("Are you sure you want to delete this initiative?")


class NoCreateView(chooser.SnippetCreateView):
    """Initiatives are chosen here, not written: without a form for it, Wagtail's view would fail."""

    def dispatch(self, request, *args, **kwargs):
        raise Http404


class InitiativeChooserViewSet(CentresOnly, chooser.SnippetChooserViewSet):
    create_view_class = NoCreateView
    choose_one_text = gettext_lazy("Choose an initiative")
    choose_another_text = gettext_lazy("Choose another initiative")
    edit_item_text = gettext_lazy("Edit this initiative")


class InitiativeViewSet(CentresOnly, snippets.SnippetViewSet):
    model = Initiative
    icon = "group"
    menu_label = gettext_lazy("Initiatives")
    menu_name = "initiatives"
    menu_order = 150
    add_to_admin_menu = True
    # A copy would take the meetings' address along and start a second life of the same thing.
    copy_view_enabled = False
    index_view_class = IndexView
    add_view_class = CreateView
    delete_view_class = DeleteView
    chooser_viewset_class = InitiativeChooserViewSet
    filterset_class = InitiativeFilterSet
    # The title and not `__str__`: Wagtail would read the latest draft of every row for it.
    list_display = ["title", "kind", UpdatedAtColumn(), STATE]
    list_export = ["title", "slug", "summary", "kind", "get_joining_display", "live"]
    search_fields = ["title", "summary"]
    search_backend_name = None
    ordering = ["title"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                gettext_lazy(
                    "Here you write the words. Meetings are planned at the desk, one or a whole series, once the words "
                    "are published: an organiser opens Initiatives there and chooses “Plan a meeting”."
                )
            ),
            TitleFieldPanel("title"),
            FieldPanel("slug", help_text=gettext_lazy("Stands at the end of the address: /inicjatywy/…/")),
            FieldPanel("summary"),
            FieldPanel(
                "body",
                help_text=gettext_lazy("What you do together, what to bring, whether one can come in and just look."),
            ),
            MultiFieldPanel([FieldPanel("image"), FieldPanel("image_description")], heading=gettext_lazy("Photo")),
            MultiFieldPanel(
                [
                    FieldPanel("kind", help_text=gettext_lazy("Residents find initiatives by this.")),
                    FieldPanel("audiences", help_text=gettext_lazy("Tick nothing if everybody may come.")),
                    FieldPanel("neighbourhoods", help_text=gettext_lazy("Tick none if it is for the whole gmina.")),
                ],
                heading=gettext_lazy("What, for whom, where"),
            ),
            MultiFieldPanel(
                [FieldPanel("organisation"), FieldPanel("host"), FieldPanel("joining")],
                heading=gettext_lazy("Who runs it"),
                help_text=gettext_lazy(
                    "Choose a partner, or name an informal group, or leave both empty: then your centre stands there."
                ),
            ),
            InlinePanel(
                "materials",
                heading=gettext_lazy("Files to take along"),
                label=gettext_lazy("File"),
                help_text=gettext_lazy("Rules, a recipe, a consent to be printed. They stand below the description."),
                max_num=MOST_MATERIALS,
            ),
            InlinePanel(
                "photos",
                heading=gettext_lazy("Photos of what happened"),
                label=gettext_lazy("Photo"),
                help_text=gettext_lazy(
                    "Ask everybody who can be recognised first; of children ask their parents. Each photo needs one "
                    "sentence for people who cannot see it."
                ),
                max_num=MOST_PHOTOS,
            ),
            FieldPanel("results"),
            PublishingPanel(),
        ],
        base_form_class=InitiativeForm,
    )

    def get_queryset(self, request):
        return Initiative.objects.select_related("kind")

    @cached_property
    def menu_item_class(self):
        shown_to_editors = super().menu_item_class

        class InitiativesMenuItem(shown_to_editors):
            def is_shown(self, request):
                return request.municipality is not None and super().is_shown(request)

        return InitiativesMenuItem
