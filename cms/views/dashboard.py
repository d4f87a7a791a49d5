"""The first page of the CMS: what editors do most, one step away."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cms.models import NewsIndexPage
from cms.trees import site_of_request
from neighbourhoods import readiness


class ShortcutsPanel(Component):
    name = "shortcuts"
    order = 50
    template_name = "cms/admin/shortcuts.html"

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        return {"shortcuts": list(shortcuts(request))}


class ReadinessPanel(Component):
    """What is still missing before the site opens, and afterwards what would make it better."""

    name = "readiness"
    order = 40
    template_name = "cms/admin/readiness.html"

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        findings = readiness.look(request.municipality)
        may_open = request.user.has_perm("neighbourhoods.change_settings", request.municipality)
        return {
            "municipality": request.municipality,
            "missing": [(finding, way_to(finding, may_open)) for finding in findings if not finding.done],
            "obstacles": len(readiness.obstacles(findings)),
            "opening_url": reverse("desk:opening") if may_open else "",
        }


def way_to(finding, may_enter_settings):
    """Where the thing is put right; "" for pages of the desk that this person may not open."""
    at_the_desk = finding.mend_url.startswith(settings.DESK_PREFIX)
    return "" if at_the_desk and not may_enter_settings else finding.mend_url


def shortcuts(request):
    """Pairs of words and address."""
    site = site_of_request(request)
    news = NewsIndexPage.objects.child_of(site.root_page).first()
    if news is not None:
        yield _("Write a news item"), reverse("wagtailadmin_pages:add", args=["cms", "newspage", news.pk])
    if request.municipality is not None and request.user.has_perm("volunteering.add_initiative"):
        yield _("Write an initiative"), reverse("wagtailsnippets_volunteering_initiative:add")
    yield _("All pages"), reverse("wagtailadmin_explore", args=[site.root_page_id])
    yield _("Change the notice or the looks"), reverse("wagtailsettings:edit", args=["cms", "sitelook", site.pk])
    yield _("See the site"), "/"
