"""The first page of the CMS: what editors do most, one step away."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel

from cms.domain import legal, reviews
from cms.domain.workflow import approvals_wait
from cms.models import EventIndexPage, NewsIndexPage, ServiceIndexPage
from cms.trees import drafts_of, pages_here, site_of_request
from cms.views.registers import looks_after_events
from neighbourhoods import readiness

MOST_DRAFTS = 10


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
    template_name = "cms/admin/readiness.html"

    def __init__(self, municipality):
        super().__init__()
        # First before the site opens; afterwards below the work of the day.
        self.order = 40 if municipality.in_preparation else 70

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
    services = ServiceIndexPage.objects.child_of(site.root_page).first()
    if services is not None:
        yield _("Describe a service"), reverse("wagtailadmin_pages:add", args=["cms", "servicepage", services.pk])
    events = EventIndexPage.objects.child_of(site.root_page).first()
    if events is not None:
        yield _("Write an event"), reverse("wagtailadmin_pages:add", args=["cms", "eventpage", events.pk])
        if looks_after_events(request):
            yield _("See who has registered for events"), reverse("cms:desk_events")
    if request.municipality is not None and request.user.has_perm("volunteering.add_initiative"):
        yield _("Write an initiative"), reverse("wagtailsnippets_volunteering_initiative:add")
    if request.municipality is not None:
        yield _("Make an issue of the newsletter"), reverse("cms:desk_newsletter")
    yield _("All pages"), reverse("wagtailadmin_explore", args=[site.root_page_id])
    yield _("Change the notice or the looks"), reverse("wagtailsettings:edit", args=["cms", "sitelook", site.pk])
    yield _("See the site"), "/"


class QueuePanel(Component):
    """What waits for this editor on this host's site: reviews that the law wants, legal pages that are missing, own
    drafts. What waits for an approval is shown by Wagtail's own panels, right below."""

    name = "queue"
    order = 60
    template_name = "cms/admin/queue.html"

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        return {
            "today": timezone.localdate(),
            "reviews": reviews.waiting(pages_here(request)),
            "missing": list(missing_pages(request)),
            "drafts": drafts_of(request.user, request)[:MOST_DRAFTS],
            # Asked only by a page that would say that nothing waits.
            "approvals_wait": lambda: approvals_wait(request.user),
        }


def raise_approvals(panels):
    """Puts what waits for an approval below the rest of what waits: Wagtail has it at the very end."""
    for place, kind in enumerate((WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel), 1):
        for panel in panels:
            if isinstance(panel, kind):
                panel.order = QueuePanel.order + place


def missing_pages(request):
    """Name, language and the address where the page is begun."""
    for kind, home in legal.missing(site_of_request(request)):
        names = [kind._meta.app_label, kind._meta.model_name, home.pk]
        yield kind._meta.verbose_name, home.locale.language_code, reverse("wagtailadmin_pages:add", args=names)
