"""What a centre's site needs before it opens, as far as pages, looks and people go (`neighbourhoods.readiness`)."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.second_factor import has_second_factor
from cms.models import NeighbourhoodPage, NewsIndexPage, NewsPage, SiteLook
from cms.models.look import DEFAULT_COLOUR
from neighbourhoods.models import Membership, Neighbourhood
from neighbourhoods.readiness import register, register_confirmation

# Letters of these backends reach nobody.
SILENT_MAIL = ("console.EmailBackend", "dummy.EmailBackend")


def looks(municipality):
    """Where the looks of the site are edited."""
    return reverse("wagtailsettings:edit", args=["cms", "sitelook", municipality.site_id])


def contact(municipality):
    return reverse("desk:contact")


def rules(municipality):
    return reverse("desk:settings")


def home(municipality):
    return reverse("wagtailadmin_explore", args=[municipality.site.root_page_id])


def news_index(municipality):
    return NewsIndexPage.objects.child_of(municipality.site.root_page).first()


def writing_news(municipality):
    index = news_index(municipality)
    return reverse("wagtailadmin_pages:add", args=["cms", "newspage", index.pk]) if index else home(municipality)


def look_of(municipality):
    return SiteLook.objects.select_related("privacy_page", "accessibility_page").filter(
        site=municipality.site_id
    ).first() or SiteLook(site_id=municipality.site_id)


# --- No site opens without these --------------------------------------------------------------------------------------


@register("contact", gettext_lazy("Contact data"), mend=contact, must=True, order=10)
def contact_data(municipality):
    facts = {
        _("e-mail"): municipality.email,
        _("address"): municipality.address,
        _("opening hours"): municipality.opening_hours,
    }
    missing = [name for name, value in facts.items() if not value]
    return _("Still missing: %(facts)s.") % {"facts": ", ".join(missing)} if missing else ""


@register("dpo", gettext_lazy("Data protection officer"), mend=looks, must=True, order=20)
def data_protection_officer(municipality):
    look = look_of(municipality)
    if look.dpo_name and look.dpo_email:
        return ""
    return _("Write the name and the e-mail of the person whom residents may ask about their data.")


@register("privacy", gettext_lazy("Privacy notice"), mend=looks, must=True, order=30)
def privacy_notice(municipality):
    return unpublished(look_of(municipality).privacy_page, _("Choose the page with your privacy notice."))


@register("accessibility", gettext_lazy("Accessibility statement"), mend=looks, must=True, order=40)
def accessibility_statement(municipality):
    return unpublished(
        look_of(municipality).accessibility_page, _("Choose the page with your accessibility statement.")
    )


def unpublished(page, request_for_one):
    if page is None:
        return request_for_one
    return "" if page.live else _("The page “%(title)s” is not published.") % {"title": page.title}


register_confirmation(
    "crisis",
    gettext_lazy("Numbers for a crisis"),
    gettext_lazy("Read the numbers that residents see before they send a request, and ring those that are local."),
    mend=looks,
    must=True,
    order=50,
)
register_confirmation(
    "moderation",
    gettext_lazy("Who reads requests first"),
    gettext_lazy("Choose in the rules whether staff read requests before or after they are published."),
    mend=rules,
    must=True,
    order=60,
)


@register("organiser", gettext_lazy("An organiser with a second factor"), must=True, order=70)
def organiser(municipality):
    organisers = Membership.objects.of_organisers().select_related("user")
    if any(has_second_factor(membership.user) for membership in organisers):
        return ""
    return _("At least one organiser must have signed in here and set up an app or a passkey.")


@register("neighbourhoods", gettext_lazy("Neighbourhoods"), must=True, order=80)
def neighbourhoods(municipality):
    if Neighbourhood.objects.exists():
        return ""
    return _("Without them nobody can ask for help. Whoever keeps the platform adds them from a list or a map file.")


@register("mail", gettext_lazy("Mail"), must=True, order=90)
def mail(municipality):
    if not settings.EMAIL_BACKEND.endswith(SILENT_MAIL):
        return ""
    return _("This installation sends no mail, so nobody can sign in. Whoever keeps the platform sets it up.")


# --- These make it a good site ----------------------------------------------------------------------------------------


@register("logo", gettext_lazy("Logo"), mend=looks, order=200)
def logo(municipality):
    return "" if look_of(municipality).logo_id else _("Without one the sign of the platform stands in its place.")


@register("colour", gettext_lazy("Colour of the centre"), mend=looks, order=210)
def colour(municipality):
    if look_of(municipality).colour.lower() != DEFAULT_COLOUR:
        return ""
    return _("It is still the colour of the platform.")


@register("bip", gettext_lazy("Public Information Bulletin (BIP)"), mend=looks, order=220)
def bip(municipality):
    return "" if look_of(municipality).bip_url else _("Write the address of your BIP page: it stands on every page.")


@register("news", gettext_lazy("First news item"), mend=writing_news, order=230)
def first_news(municipality):
    if NewsPage.objects.latest_below(municipality.site.root_page).exists():
        return ""
    return _("Tell people that you are there.")


@register("places", gettext_lazy("Pages of neighbourhoods"), mend=home, order=240)
def neighbourhood_pages(municipality):
    pages = NeighbourhoodPage.objects.live().child_of(municipality.site.root_page)
    missing = Neighbourhood.objects.exclude(pk__in=pages.values("neighbourhood_id"))
    names = ", ".join(missing.values_list("name", flat=True))
    return _("These have no page yet: %(places)s.") % {"places": names} if names else ""
