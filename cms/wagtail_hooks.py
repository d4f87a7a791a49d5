"""Where Wagtail's admin meets ours."""

from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms.checker import with_our_checker
from cms.domain import registrations, versions
from cms.models import InitiativeLogEntry, ServicePage, TextVersion
from cms.publishing import silence_mails
from cms.trees import is_home, pages_here
from cms.views import founding, translations
from cms.views.dashboard import QueuePanel, ReadinessPanel, ShortcutsPanel, raise_approvals
from cms.views.initiatives import InitiativeViewSet
from cms.views.pages import SitePageViewSet
from cms.views.services import ServicesDuePanel
from cms.views.taxonomy import TaxonomyViewSet
from volunteering.models import Initiative

register_snippet(InitiativeViewSet)
silence_mails()


@hooks.register("register_admin_viewset")
def taxonomy():
    return TaxonomyViewSet()


@hooks.register("register_admin_viewset")
def pages():
    return SitePageViewSet()


@hooks.register("register_log_actions")
def log_of_initiatives(actions):
    actions.register_model(Initiative, InitiativeLogEntry)


# --- Each host's CMS is about its own site ----------------------------------------------------------------------------


@hooks.register("construct_page_chooser_queryset")
def choose_own_pages(pages, request):
    return pages & pages_here(request)


@hooks.register("construct_explorer_page_queryset")
def explore_own_pages(parent_page, pages, request):
    return pages & pages_here(request)


@hooks.register("insert_global_admin_css")
def platform_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("construct_homepage_panels")
def add_shortcuts(request, panels):
    raise_approvals(panels)
    panels += [ShortcutsPanel(), QueuePanel(), ServicesDuePanel()]
    if request.municipality is not None:
        panels.append(ReadinessPanel(request.municipality))


@hooks.register("construct_wagtail_userbar")
def check_content(request, items, page):
    items[:] = with_our_checker(items)


@hooks.register("construct_homepage_summary_items", order=1000)
def no_sums_over_all_sites(request, items):
    items.clear()


@hooks.register("construct_main_menu")
def hide_what_nobody_needs(request, items):
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("construct_reports_menu")
def hide_reports_on_all_sites(request, items):
    items[:] = [item for item in items if item.name != "page-types-usage"]


class CentresMenuItem(MenuItem):
    """Leads to something that the portal has not."""

    def is_shown(self, request):
        return request.municipality is not None


@hooks.register("register_reports_menu_item")
def services_to_check():
    address = reverse("cms_services_due")
    return CentresMenuItem(_("Services to check again"), address, name="services-due", icon_name="rotate", order=100)


@hooks.register("register_page_header_buttons")
def check_this_service(page, user, view_name, next_url=None):
    """Leads to the row of this service: a button of one click changes something, so it must be a form there."""
    if page.specific_class is ServicePage and page.live:
        yield Button(
            _("When was it checked?"), url=f"{reverse('cms_services_due')}#service-{page.pk}", icon_name="rotate"
        )


# --- New municipalities -----------------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def address_of_the_wizard():
    return [path("new-municipality/", founding.wizard, name="cms_founding")]


class FoundingMenuItem(MenuItem):
    def is_shown(self, request):
        return request.municipality is None and request.user.is_superuser


@hooks.register("register_settings_menu_item")
def way_to_the_wizard():
    return FoundingMenuItem(gettext_lazy("New municipality"), reverse_lazy("cms_founding"), icon_name="site", order=10)


# --- Redirects --------------------------------------------------------------------------------------------------------


@hooks.register("register_settings_menu_item")
def way_to_own_redirects():
    return MenuItem(gettext_lazy("Old addresses"), reverse_lazy("cms_redirects"), icon_name="redirect", order=700)


# --- Translations -----------------------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def addresses_of_translations():
    return [
        path("translations/", translations.listing, name="cms_translations"),
        path("translations/<int:page_id>/up-to-date/", translations.confirm, name="cms_translation_confirm"),
    ]


@hooks.register("register_reports_menu_item")
def list_of_translations():
    return MenuItem(gettext_lazy("Translations"), reverse_lazy("cms_translations"), icon_name="globe", order=100)


# --- What a site cannot do without ------------------------------------------------------------------------------------


@hooks.register("before_delete_page")
@hooks.register("before_move_page")
@hooks.register("before_unpublish_page")
def keep_home(request, page, *args):
    return refuse_without_home(request, [page])


@hooks.register("before_bulk_action")
def keep_home_in_bulk(request, action_type, objects, action):
    if action.model is Page and action_type in {"delete", "move", "unpublish"}:
        return refuse_without_home(request, objects)
    return None


def refuse_without_home(request, pages):
    if not any(is_home(page) for page in pages):
        return None
    messages.error(
        request, _("This is the home page of the site: it can be neither deleted nor moved nor unpublished.")
    )
    return redirect("wagtailadmin_explore_root")


# --- Events that people have registered for ---------------------------------------------------------------------------


@hooks.register("before_unpublish_page")
def warn_of_registered_people(request, page):
    """Taking a page down tells nobody: whoever wants an event not to take place calls it off. Wagtail asks here after
    its own question was answered, so this is a second one."""
    number = registrations.people_of([page])
    if not number or "sure" in request.POST:
        return None
    warning = ngettext(
        "%(number)d person has registered for this event. Unpublishing tells nobody: if the event does not "
        "take place, tick “called off” and publish instead.",
        "%(number)d people have registered for this event. Unpublishing tells nobody: if the event does not "
        "take place, tick “called off” and publish instead.",
        number,
    )
    context = {"page": page, "warning": warning % {"number": number}}
    return render(request, "cms/admin/unpublish_with_people.html", context)


@hooks.register("before_delete_page")
def keep_registered_people(request, page):
    return refuse_with_people(request, [page])


@hooks.register("before_bulk_action")
def keep_registered_people_in_bulk(request, action_type, objects, action):
    if action.model is Page and action_type in {"delete", "unpublish"}:
        return refuse_with_people(request, objects)
    return None


def refuse_with_people(request, pages):
    if not registrations.people_of(pages):
        return None
    messages.error(
        request,
        _(
            "People have registered for an event here, so it can be neither deleted nor unpublished together with "
            "others. Call the event off, or unpublish it on its own page."
        ),
    )
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


# --- Texts that people agreed to --------------------------------------------------------------------------------------


@hooks.register("before_delete_page")
def keep_agreed_texts(request, page):
    """What somebody agreed to must stay readable."""
    return refuse_to_lose_texts(request, [page])


@hooks.register("before_bulk_action")
def keep_agreed_texts_in_bulk(request, action_type, objects, action):
    if action.model is Page and action_type == "delete":
        return refuse_to_lose_texts(request, objects)
    return None


def refuse_to_lose_texts(request, pages):
    if not TextVersion.objects.below(pages).exists():
        return None
    messages.error(
        request,
        _("People agreed to this text: it has to stay readable and cannot be deleted. Publish a new version instead."),
    )
    return redirect("wagtailadmin_explore_root")


# --- Initiatives ------------------------------------------------------------------------------------------------------


@hooks.register("before_delete_snippet")
def keep_meetings(request, snippets):
    """Meetings, sign-ups and groups are live data of the desk: words are deleted only where there are none."""
    initiatives = [snippet for snippet in snippets if isinstance(snippet, Initiative)]
    if not any(initiative.meetings.exists() or hasattr(initiative, "group") for initiative in initiatives):
        return None
    messages.error(
        request,
        _("This initiative has meetings or a group, so it cannot be deleted. Unpublish it, or finish it at the desk."),
    )
    return redirect(InitiativeViewSet().get_url_name("list"))


@hooks.register("after_delete_snippet")
def forget_deleted_initiatives(request, snippets):
    for snippet in snippets:
        if isinstance(snippet, Initiative):
            versions.initiative_changed(snippet)


# --- Looks ------------------------------------------------------------------------------------------------------------


@hooks.register("after_edit_setting")
def looks_changed(request, setting):
    versions.site_changed(setting.site)
