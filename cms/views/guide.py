"""How to publish what a site lives of: the editors' own page of help, in the language of the CMS."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    context = {"page_title": _("How to publish, step by step"), "header_icon": "help"}
    return render(request, "cms/admin/guide.html", context)
