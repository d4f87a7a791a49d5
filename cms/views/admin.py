"""Small views in place of Wagtail's: account, tags, page chooser, and what is closed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from wagtail.admin.views import chooser

from cms.trees import site_of_request


def account(request: HttpRequest) -> HttpResponse:
    """Name, language and second factor are settings of the person, not of the CMS."""
    return redirect("accounts:settings")


@login_not_required
def closed(request: HttpRequest, **kwargs) -> HttpResponse:
    """What this installation does without: password pages, addresses of scaled images, page actions by API."""
    raise Http404


def explore_home(request: HttpRequest) -> HttpResponse:
    """The list of pages begins with the site of this host, not with the root of all sites."""
    return redirect("wagtailadmin_explore", site_of_request(request).root_page_id)


def no_tags(request: HttpRequest, **kwargs) -> JsonResponse:
    """Tags are shared by all sites: suggesting them would tell what others tag."""
    return JsonResponse([], safe=False)


class BrowsePages(chooser.BrowseView):
    """Wagtail opens the chooser at the common root of all pages of the wanted type, which may be another site's. Ours
    opens at the home of this host's site."""

    def get(self, request, parent_page_id=None):
        return super().get(request, site_of_request(request).root_page_id)
