"""Factories of sites and their content. `make_centre` makes as little as a centre needs; the whole of it, with all its
first pages, is `cms.domain.sites.build_site`."""

import io
from datetime import date, timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from django_scopes import scope
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site
from wagtail.signals import page_published

from cms.domain.groups import make_team
from cms.domain.workflow import ensure_workflow
from cms.models import (
    AccessibilityStatementPage,
    CallIndexPage,
    CallPage,
    DropIn,
    EasyReadPage,
    EditorialTeam,
    EventIndexPage,
    EventPage,
    EventRegister,
    HomePage,
    NeighbourhoodPage,
    NewsIndexPage,
    NewsPage,
    PeoplePage,
    Person,
    PortalPage,
    PrivacyPage,
    ProtectionStandardsPage,
    StandardPage,
    TermsPage,
)
from neighbourhoods.domain import membership
from neighbourhoods.models import Role
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, SiteFactory

numbers = count(1)


def make_page(page, *, below, live=True, language="pl"):
    """Adds a page to the tree, published unless `live=False`: as publishing leaves it, without writing the page a
    second time and without the log."""
    page.locale = Locale.objects.get_or_create(language_code=language)[0]
    page.live = live
    below.add_child(instance=page)
    revision = page.save_revision(log_action=False)
    if live:
        now = timezone.now()
        Page.objects.filter(pk=page.pk).update(
            first_published_at=now, last_published_at=now, live_revision=revision, has_unpublished_changes=False
        )
        page.refresh_from_db()
        page_published.send(sender=type(page), instance=page, revision=revision)
    return page


def make_home(title, slug, *, language="pl", translation_of=None):
    home = HomePage(title=title, slug=slug)
    if translation_of is not None:
        home.translation_key = translation_of.translation_key
    return make_page(home, below=Page.get_first_root_node(), language=language)


def make_centre(**fields):
    """A gmina at gmina-N.localhost with a home page and an editorial team."""
    number = next(numbers)
    home = make_home(fields.pop("centre_name", f"Centrum {number}"), f"centrum-{number}")
    site = SiteFactory(root_page=home)
    municipality = MunicipalityFactory(site=site, centre_name=home.title, **fields)
    make_team(site, name=municipality.name)
    ensure_workflow()
    return municipality


def make_portal():
    """The portal on localhost, in place of the site that Wagtail brings."""
    home = make_page(PortalPage(title="Portal", slug="portal"), below=Page.get_first_root_node())
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.save()
    make_team(site, name="Portal")
    ensure_workflow()
    return site


def home_of(municipality):
    return HomePage.objects.get(pk=municipality.site.root_page_id)


def collection_of(municipality):
    return EditorialTeam.objects.get(site=municipality.site).collection


def make_news_index(municipality, **fields):
    return make_page(
        NewsIndexPage(**{"title": "Aktualności", "slug": "aktualnosci", **fields}), below=home_of(municipality)
    )


def make_news(index, *, live=True, **fields):
    number = next(numbers)
    fields = {"title": f"Wiadomość {number}", "slug": f"wiadomosc-{number}", "lead": "Krótko.", **fields}
    return make_page(NewsPage(**fields), below=index, live=live)


def make_event_index(below, *, language="pl", **fields):
    """Below the home of a centre or of the portal."""
    return make_page(
        EventIndexPage(**{"title": "Wydarzenia", "slug": "wydarzenia", **fields}), below=below, language=language
    )


def make_event(index, *, live=True, days=7, hours=2, language="pl", audiences=(), **fields):
    """An event so many days from now, that takes registrations without counting places unless something else is
    said."""
    number = next(numbers)
    starts_at = fields.pop("starts_at", None) or timezone.now() + timedelta(days=days)
    fields = {
        "title": f"Wydarzenie {number}",
        "slug": f"wydarzenie-{number}",
        "lead": "Krótko.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "place": "Biblioteka, ul. Bajkowa 1",
        "registration": "open",
        **fields,
    }
    event = EventPage(**fields)
    event.audiences = audiences
    return make_page(event, below=index, live=live, language=language)


def register_of(event):
    return EventRegister.objects.of_event(event).get()


def republish(page, **fields):
    """Changes a page as an editor would."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def make_call_index(below, **fields):
    return make_page(CallIndexPage(**{"title": "Nabory", "slug": "nabory", **fields}), below=below)


def make_call(index, *, live=True, opened=-3, closes=10, **fields):
    """A call that opened and closes so many days from now."""
    number, now = next(numbers), timezone.now()
    fields = {
        "title": f"Nabór {number}",
        "slug": f"nabor-{number}",
        "lead": "Krótko.",
        "opens_at": now + timedelta(days=opened),
        "closes_at": now + timedelta(days=closes),
        **fields,
    }
    return make_page(CallPage(**fields), below=index, live=live)


def make_words(municipality, *, live=True, **fields):
    number = next(numbers)
    fields = {"title": f"Strona {number}", "slug": f"strona-{number}", **fields}
    return make_page(StandardPage(**fields), below=home_of(municipality), live=live)


def make_neighbourhood_page(neighbourhood, **fields):
    with scope(municipality=neighbourhood.municipality):
        fields = {"title": neighbourhood.name, "slug": neighbourhood.slug, "neighbourhood": neighbourhood, **fields}
        return make_page(NeighbourhoodPage(**fields), below=home_of(neighbourhood.municipality))


def make_people_page(municipality, *, live=True, people=(), drop_ins=(), closures=(), below=None, **fields):
    """A page of people; `people`, `drop_ins` and `closures` are dictionaries of fields."""
    page = PeoplePage(**{"title": "Ludzie i dyżury", "slug": "ludzie", **fields})
    page.people = [Person(**row) for row in people]
    page.drop_ins = [DropIn(**row) for row in drop_ins]
    page.closures = list(closures)
    with scope(municipality=municipality):
        return make_page(page, below=below or home_of(municipality), live=live)


def picture_file(name="zdjecie.png", size=(640, 480)):
    file = io.BytesIO()
    Picture.new("RGB", size, "seagreen").save(file, "PNG")
    file.seek(0)
    return ImageFile(file, name=name)


def make_image(municipality, **fields):
    fields = {"title": "Zdjęcie", "file": picture_file(), "collection": collection_of(municipality), **fields}
    return get_image_model().objects.create(**fields)


def make_document(municipality, **fields):
    file = ContentFile(b"Tresc", name="pismo.txt")
    fields = {"title": "Pismo", "file": file, "collection": collection_of(municipality), **fields}
    return get_document_model().objects.create(**fields)


def make_editor(municipality, *, role=Role.EDITOR, **fields):
    """A person who edits a centre's site, as the desk names one."""
    user = UserFactory(**fields)
    membership.grant(user, municipality=municipality, role=role, actor=None)
    return user


def statement_fields(**fields):
    """Everything that an accessibility statement needs before it may be published."""
    facts = {
        "title": "Deklaracja dostępności",
        "slug": "deklaracja-dostepnosci",
        "entity": "Centrum Usług Społecznych",
        "site_address": "https://cus.example.org/",
        "published_on": date(2026, 9, 1),
        "updated_on": date(2026, 10, 1),
        "conformity": "partial",
        "failings": "<ul><li>Skany bez tekstu.</li></ul>",
        "prepared_on": date(2026, 10, 2),
        "contact": "Anna Przykład",
        "email": "dostepnosc@example.org",
        "phone": "+48320000000",
        "architecture": "<p>Wejście bez progu.</p>",
        "communication": "<p>Tłumacz języka migowego na prośbę.</p>",
    }
    return facts | fields


def make_statement(home, *, live=True, language="pl", **fields):
    return make_page(AccessibilityStatementPage(**statement_fields(**fields)), below=home, live=live, language=language)


def make_standards(home, *, live=True, **fields):
    facts = {
        "title": "Ochrona dzieci",
        "slug": "ochrona-dzieci",
        "short": "<p>Masz prawo czuć się bezpiecznie.</p>",
        "full": "<p>Standardy w całości.</p>",
        "responsible": "Anna Przykład, pokój 6",
        "approved_on": date(2025, 3, 1),
    }
    return make_page(ProtectionStandardsPage(**facts | fields), below=home, live=live)


def make_easy_read(home, *, live=True, **fields):
    facts = {
        "title": "Co robimy",
        "slug": "co-robimy",
        "easy_text": "<p>Pomagamy.</p>",
        "text": "<p>Centrum organizuje usługi.</p>",
    }
    return make_page(EasyReadPage(**facts | fields), below=home, live=live)


def make_terms(home, *, live=True, **fields):
    facts = {"title": "Zasady", "slug": "zasady", "text": "<p>Pierwsze zasady.</p>"}
    return make_page(TermsPage(**facts | fields), below=home, live=live)


def make_privacy(home, *, live=True, **fields):
    facts = {"title": "Prywatność", "slug": "prywatnosc", "text": "<p>Co o Tobie wiemy.</p>"}
    return make_page(PrivacyPage(**facts | fields), below=home, live=live)
