"""For editors: which pages lack a translation, and which translations are older than their Polish page."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.models import Page

from cms.domain import translations
from cms.translations import gaps
from cms.trees import pages_here, site_of_request

ROWS = 50


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    sheet = Paginator(list(gaps(site_of_request(request))), ROWS).get_page(request.GET.get("p"))
    rows = [
        {
            "gap": gap,
            "language": get_language_info(gap.language)["name_translated"],
            "polish_url": reverse("wagtailadmin_pages:edit", args=[gap.polish.pk]),
            "edit_url": gap.translation and reverse("wagtailadmin_pages:edit", args=[gap.translation.pk]),
            "translate_url": reverse("simple_translation:submit_page_translation", args=[gap.polish.pk]),
        }
        for gap in sheet
    ]
    context = {"rows": rows, "sheet": sheet, "page_title": _("Translations"), "header_icon": "globe"}
    return render(request, "cms/admin/translations.html", context)


@require_POST
def confirm(request: HttpRequest, page_id: int) -> HttpResponse:
    """The translation says what the Polish page says: the note on it goes."""
    page = get_object_or_404(pages_here(request), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if translations.confirm(Page.objects.get(pk=page.pk), actor=request.user) is None:
        raise Http404
    messages.success(request, _("Noted: “%(title)s” is up to date.") % {"title": page.title})
    return redirect("cms_translations")
