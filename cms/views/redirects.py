"""Old addresses of this host's site: the list, a new one, away with one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from cms.domain import redirects
from cms.forms import RedirectForm
from cms.trees import site_of_request

ROWS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    site = site_of_request(request)
    form = RedirectForm(request.POST if request.method == "POST" else None, site=site)
    if request.method == "POST" and form.is_valid():
        added = redirects.add(site, actor=request.user, **form.cleaned_data)
        messages.success(request, _("From now on %(path)s leads to the page.") % {"path": added.old_path})
        return redirect("cms_redirects")
    context = {
        "form": form,
        "sheet": Paginator(redirects.of_site(site), ROWS).get_page(request.GET.get("p")),
        "page_title": _("Old addresses"),
        "header_icon": "redirect",
    }
    return render(request, "cms/admin/redirects.html", context)


@require_POST
def remove(request: HttpRequest, redirect_id: int) -> HttpResponse:
    found = get_object_or_404(redirects.of_site(site_of_request(request)), pk=redirect_id)
    redirects.remove(found, actor=request.user)
    messages.success(request, _("%(path)s leads nowhere now.") % {"path": found.old_path})
    return redirect("cms_redirects")
