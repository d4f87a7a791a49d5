"""Lists of pages in the CMS: what they can be filtered by is of this host's site, too."""

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.views.pages import listing
from wagtail.admin.viewsets.pages import PageViewSet

from cms.who import authors, owners


class PageFilterSet(listing.GenericPageFilterSet):
    owner = MultipleUserFilter(label=_("Owner"), queryset=owners, widget=CheckboxSelectMultiple)
    edited_by = listing.EditedByFilter(label=_("Edited by"), queryset=authors, widget=CheckboxSelectMultiple)
    # One host, one site: Wagtail would name all the others here.
    site = None


class SitePageViewSet(PageViewSet):
    filterset_class = PageFilterSet
