"""Which services wait to be checked again, and saying that one was."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from cms.domain import rechecks
from cms.models import ServiceCheck, ServicePage

ON_A_PAGE = 50
ON_THE_DASHBOARD = 5


def to_recheck(request: HttpRequest) -> HttpResponse:
    """All services of the site, those first that wait longest."""
    if request.municipality is None:
        raise Http404
    sheet = Paginator(checks_here(), ON_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Services to check again"),
        "header_icon": "rotate",
        "rows": rows_of(sheet.object_list),
        "sheet": sheet,
        "here": request.get_full_path(),
        "due": checks_here().due(timezone.localdate()).count(),
    }
    return render(request, "cms/admin/services_due.html", context)


@require_POST
def checked(request: HttpRequest, page_id: int) -> HttpResponse:
    """One click: somebody looked today, and all that the page says is right."""
    if request.municipality is None:
        raise Http404
    page = get_object_or_404(ServicePage.objects.live(), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    rechecks.confirm(page, actor=request.user)
    messages.success(request, _("Thank you. “%(service)s” counts as checked today.") % {"service": page.title})
    return redirect(back(request))


def back(request):
    """Where the button stood."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("cms_services_due")


def checks_here():
    """Those of published services of the gmina whose scope is open."""
    return ServiceCheck.objects.select_related("checked_by").of_services(ServicePage.objects.live())


def rows_of(checks):
    """Checks with their pages, for a list."""
    today = timezone.localdate()
    pages = rechecks.pages_by_service([check.service for check in checks])
    return [
        {"check": check, "page": pages[check.service], "is_due": check.is_due(today)}
        for check in checks
        if check.service in pages
    ]


class ServicesDuePanel(Component):
    """On the first page of the CMS: the services that wait, if any do."""

    name = "services_due"
    order = 65
    template_name = "cms/admin/services_due_panel.html"

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        if request.municipality is None:
            return {"rows": [], "count": 0}
        due = checks_here().due(timezone.localdate())
        return {
            "rows": rows_of(due[:ON_THE_DASHBOARD]),
            "count": due.count(),
            "csrf_token": parent_context.get("csrf_token"),
            "here": request.get_full_path(),
        }
