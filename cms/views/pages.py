"""Lists of pages in the CMS: what they can be filtered by is of this host's site, too."""

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.views.pages import listing
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import PageLogEntry

from accounts.models import User
from cms.trees import pages_here


def owners(request):
    """Whose pages this site has."""
    return User.objects.filter(pk__in=pages_here(request).order_by().values("owner"))


def authors(request):
    """Who has edited pages of this site."""
    edits = PageLogEntry.objects.filter(action="wagtail.edit", page__in=pages_here(request))
    return User.objects.filter(pk__in=edits.order_by().values("user"))


class PageFilterSet(listing.GenericPageFilterSet):
    owner = MultipleUserFilter(label=_("Owner"), queryset=owners, widget=CheckboxSelectMultiple)
    edited_by = listing.EditedByFilter(label=_("Edited by"), queryset=authors, widget=CheckboxSelectMultiple)
    # One host, one site: Wagtail would name all the others here.
    site = None


class SitePageViewSet(PageViewSet):
    filterset_class = PageFilterSet
