"""The gate of the CMS: every address below /cms/ passes here before Wagtail sees it.

Wagtail asks what a person may do in the whole installation. Here it is asked first whether the person belongs to the
editors of *this host's* site, and a few of Wagtail's views, which show more than they check, are narrowed.
"""

from functools import wraps

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django_scopes import ScopeError
from wagtail.admin import messages
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.completeness import Incomplete
from cms.domain.groups import may_edit
from cms.editing import choosable
from cms.trees import pages_here, pages_of, site_of_request

# What the parts of addresses below /cms/ name. A test walks all addresses and fails when Wagtail brings a new part.
NAMED = {
    "page_id": lambda: Page,
    "parent_page_id": lambda: Page,
    "page_to_move_id": lambda: Page,
    "destination_id": lambda: Page,
    "image_id": get_image_model,
    "document_id": get_document_model,
    "doc_id": get_document_model,
}
# Views that name their thing by `pk`, or several by `?id=`.
NAMED_BY_VIEW = {
    "wagtailadmin_api:main:pages:detail": lambda: Page,
    "wagtailadmin_pages:revisions_compare": lambda: Page,
    "wagtailadmin_choose_page_chosen_multiple": lambda: Page,
    "wagtailimages_chooser:chosen": get_image_model,
    "wagtailimages_chooser:chosen_multiple": get_image_model,
    "wagtailimages_chooser:select_format": get_image_model,
    "wagtaildocs_chooser:chosen": get_document_model,
    "wagtaildocs_chooser:chosen_multiple": get_document_model,
}
BULK = "wagtail_bulk_action"


def own_site_only(view):
    """Decorator of all views below /cms/."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if not may_edit(site_of_request(request), request.user):
            raise PermissionDenied
        if request.GET.get("export") == "csv":
            return redirect(as_workbook(request))
        if shows_foreign_things(request, kwargs):
            raise Http404
        try:
            return answer(view, request, args, kwargs)
        except Incomplete as refusal:
            return lead_to_the_gaps(request, refusal)

    return wrapper


def lead_to_the_gaps(request, refusal):
    """Whichever door it was to be published through (several at once, an approval): back to its form, where each field
    says what it wants."""
    sentences = format_html_join("", "<br>{}", ((sentence,) for sentence in refusal.messages))
    words = _("“%(page)s” cannot be published yet.") % {"page": refusal.page.title}
    messages.error(request, format_html("{}{}", words, sentences))
    return redirect("wagtailadmin_pages:edit", refusal.page.pk)


def answer(view, request, args, kwargs):
    """The view's answer. On the portal no gmina is open: what belongs to one is edited on that centre's own host."""
    if request.municipality is not None:
        return view(request, *args, **kwargs)
    try:
        response = view(request, *args, **kwargs)
        return response.render() if hasattr(response, "render") else response
    except ScopeError:
        return render(request, "cms/admin/elsewhere.html", status=404)


def as_workbook(request):
    """The same list as XLSX: a spreadsheet opened from CSV would run what somebody wrote as a formula."""
    query = request.GET.copy()
    query["export"] = "xlsx"
    return f"{request.path}?{query.urlencode()}"


def shows_foreign_things(request, kwargs):
    """Whether the address names a page, photo or document of another site, or one that this editor may not use."""
    return not all(are_own(model, pks, request) for model, pks in named_things(request, kwargs))


def named_things(request, kwargs):
    """Pairs of a model and the ids of its rows that the address names."""
    for part, model in NAMED.items():
        if part in kwargs:
            yield model(), {str(kwargs[part])}
    pks = {pk for pk in [str(kwargs.get("pk", "")), *request.GET.getlist("id")] if pk not in {"", "all"}}
    if model := model_of_view(request, kwargs):
        yield model, pks


def model_of_view(request, kwargs):
    """What a view is about that names its things by `pk` or `?id=`; None where that is nobody's secret."""
    name = request.resolver_match.view_name
    if name == BULK:
        model = bulk_model(kwargs)
        return model if model in {Page, get_image_model(), get_document_model()} else None
    return NAMED_BY_VIEW[name]() if name in NAMED_BY_VIEW else None


def are_own(model, pks, request):
    if not all(pk.isdecimal() for pk in pks):
        return False
    things = choosable(model, request.user).filter(pk__in=pks)
    if model is Page:
        # The root of all sites is shown as a place only; views of several pages (`?id=`) stumble over it.
        here = pages_of(site_of_request(request)) if "id" in request.GET else pages_here(request)
        things = things & here
    return things.count() == len(pks)


def bulk_model(kwargs):
    try:
        return apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError:
        return None
