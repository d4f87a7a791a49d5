"""Whom the lists of a site may name: people who did something with its pages, and nobody else's."""

from wagtail.models import PageLogEntry, WorkflowState

from accounts.models import User
from cms.trees import pages_here


def owners(request):
    """Whose pages this site has."""
    return User.objects.filter(pk__in=pages_here(request).order_by().values("owner"))


def authors(request):
    """Who has edited pages of this site."""
    edits = PageLogEntry.objects.filter(action="wagtail.edit", page__in=pages_here(request))
    return User.objects.filter(pk__in=edits.order_by().values("user"))


def lockers(request):
    """Who has locked a page of this site."""
    return User.objects.filter(locked_pages__in=pages_here(request)).distinct()


def requesters(about_here):
    """Who asked for an approval; `about_here` is the condition on what it was asked for."""
    return User.objects.filter(requested_workflows__in=WorkflowState.objects.filter(about_here)).distinct()
