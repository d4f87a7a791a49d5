"""Wagtail's reports that show more than they check, narrowed to the site of the host."""

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports import audit_logging, locked_pages, workflows
from wagtail.models import Page

from cms.trees import pages_here
from cms.who import lockers, requesters
from volunteering.models import Initiative


def about_here(request, prefix=""):
    """Workflow states of pages of this host's site and of initiatives of its gmina; nothing else is ever approved."""
    things = [(Page, pages_here(request))]
    if request.municipality is not None and request.user.has_perm("volunteering.change_initiative"):
        things.append((Initiative, Initiative.objects.all()))
    condition = Q(pk__in=[])
    for model, rows in things:
        keys = rows.annotate(key=Cast("pk", CharField())).order_by().values("key")
        content_type = ContentType.objects.get_for_model(model)
        condition |= Q(**{f"{prefix}base_content_type": content_type, f"{prefix}object_id__in": keys})
    return condition


def requesters_here(request):
    return requesters(about_here(request))


class WorkflowFilterSet(workflows.WorkflowReportFilterSet):
    requested_by = django_filters.ModelChoiceFilter(field_name="requested_by", queryset=requesters_here)

    class Meta(workflows.WorkflowReportFilterSet.Meta):
        pass


class WorkflowView(workflows.WorkflowView):
    filterset_class = WorkflowFilterSet

    def get_queryset(self):
        return super().get_queryset().filter(about_here(self.request))


class WorkflowTasksView(workflows.WorkflowTasksView):
    def get_queryset(self):
        return super().get_queryset().filter(about_here(self.request, "workflow_state__"))


class LockedPagesFilterSet(locked_pages.LockedPagesReportFilterSet):
    locked_by = django_filters.ModelChoiceFilter(
        label=_("Locked by"), empty_label=_("Anyone"), field_name="locked_by", queryset=lockers
    )

    class Meta(locked_pages.LockedPagesReportFilterSet.Meta):
        pass


class LockedPagesView(locked_pages.LockedPagesView):
    filterset_class = LockedPagesFilterSet


class SiteHistoryFilterSet(audit_logging.SiteHistoryReportFilterSet):
    def get_users_queryset(self):
        """Wagtail asks for everybody who ever did anything."""
        return audit_logging.get_users_for_filter(self.request.user)


class SiteHistoryView(audit_logging.LogEntriesView):
    filterset_class = SiteHistoryFilterSet
