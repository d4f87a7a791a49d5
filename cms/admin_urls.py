"""Addresses below /cms/: Wagtail's, some of them replaced, all of them behind the gate."""

from django.urls import path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.views import admin, guide, redirects, reports, services
from cms.views.gate import own_site_only

replaced = decorate_urlpatterns(
    [
        path("account/", admin.account),
        path("pages/", admin.explore_home),
        path("tag-autocomplete/", admin.no_tags),
        path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", admin.no_tags),
        path("choose-page/", admin.BrowsePages.as_view()),
        path("reports/workflow/", reports.WorkflowView.as_view()),
        path("reports/workflow/results/", reports.WorkflowView.as_view(results_only=True)),
        path("reports/workflow_tasks/", reports.WorkflowTasksView.as_view()),
        path("reports/workflow_tasks/results/", reports.WorkflowTasksView.as_view(results_only=True)),
        path("reports/locked/", reports.LockedPagesView.as_view()),
        path("reports/locked/results/", reports.LockedPagesView.as_view(results_only=True)),
        path("reports/site-history/", reports.SiteHistoryView.as_view()),
        path("reports/site-history/results/", reports.SiteHistoryView.as_view(results_only=True)),
        path("reports/page-types-usage/", admin.closed),
        path("reports/page-types-usage/results/", admin.closed),
        re_path(r"^images/\d+/generate_url/", admin.closed),
        re_path(r"^(?:forms|embeds)/", admin.closed),
        re_path(r"^api/main/pages/\d+/action/", admin.closed),
        re_path(r"^api/main/(?:documents|images)/", admin.closed),
    ],
    require_admin_access,
)
own = decorate_urlpatterns(
    [
        path("guide/", guide.guide, name="cms_guide"),
        path("site-redirects/", redirects.listing, name="cms_redirects"),
        path("site-redirects/<int:redirect_id>/remove/", redirects.remove, name="cms_redirect_remove"),
        path("services/", services.to_recheck, name="cms_services_due"),
        path("services/<int:page_id>/checked/", services.checked, name="cms_service_checked"),
    ],
    require_admin_access,
)
no_passwords = [re_path(r"^password_reset/", admin.closed)]

urlpatterns = decorate_urlpatterns([*no_passwords, *replaced, *own, *wagtailadmin_urls.urlpatterns], own_site_only)
