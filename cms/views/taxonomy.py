"""The words of the taxonomy: edited by platform superusers, shared by all gminas."""

from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from volunteering.models import Audience, Category, InitiativeKind, ServiceArea, Skill

NAMES = MultiFieldPanel(
    [FieldPanel("name_pl"), FieldPanel("name_en"), FieldPanel("name_uk")], heading=gettext_lazy("Name")
)
HINTS = MultiFieldPanel(
    [FieldPanel("hint_pl"), FieldPanel("hint_en"), FieldPanel("hint_uk")], heading=gettext_lazy("Hint")
)
PLACE = MultiFieldPanel([FieldPanel("code"), FieldPanel("position")], heading=gettext_lazy("Place in lists"))


class IndexView(generic.IndexView):
    @cached_property
    def add_item_label(self):
        return gettext("Add an entry")


class TermViewSet(ModelViewSet):
    icon = "tag"
    index_view_class = IndexView
    copy_view_enabled = False
    list_display = ["name_pl", "code", "position"]
    search_fields = ["name_pl", "name_en", "name_uk", "code"]
    search_backend_name = None
    ordering = ["position", "code"]
    panels = [NAMES, PLACE]


class CategoryViewSet(TermViewSet):
    model = Category
    name = "categories"
    list_display = ["name_pl", "code", "group", "is_open", "needs_review"]
    list_filter = ["group", "is_open", "at_home", "involves_minors", "check_kind"]
    panels = [
        NAMES,
        MultiFieldPanel(
            [FieldPanel("hint_pl"), FieldPanel("hint_en"), FieldPanel("hint_uk")], heading=gettext_lazy("Hint")
        ),
        MultiFieldPanel(
            [
                FieldPanel("at_home"),
                FieldPanel("involves_minors"),
                FieldPanel("is_open"),
                FieldPanel("needs_review"),
                FieldPanel("check_kind"),
            ],
            heading=gettext_lazy("Rules"),
        ),
        MultiFieldPanel(
            [FieldPanel("required_skills"), FieldPanel("helpful_skills"), FieldPanel("answered_by")],
            heading=gettext_lazy("Who and what answers it"),
        ),
        MultiFieldPanel(
            [FieldPanel("group"), FieldPanel("code"), FieldPanel("position")], heading=gettext_lazy("Place in lists")
        ),
    ]


class SkillViewSet(TermViewSet):
    model = Skill
    name = "skills"


class InitiativeKindViewSet(TermViewSet):
    model = InitiativeKind
    name = "kinds"
    panels = [NAMES, FieldPanel("has_members"), PLACE]


class AudienceViewSet(TermViewSet):
    model = Audience
    name = "audiences"


class ServiceAreaViewSet(TermViewSet):
    model = ServiceArea
    name = "service-areas"
    list_display = ["number", "name_pl", "code"]
    ordering = ["number"]
    panels = [
        NAMES,
        MultiFieldPanel([FieldPanel("number"), FieldPanel("code")], heading=gettext_lazy("Place in lists")),
    ]


class TaxonomyViewSet(ModelViewSetGroup):
    menu_label = gettext_lazy("Taxonomy")
    menu_icon = "tag"
    menu_order = 800
    add_to_admin_menu = True
    items = (CategoryViewSet, SkillViewSet, InitiativeKindViewSet, AudienceViewSet, ServiceAreaViewSet)
