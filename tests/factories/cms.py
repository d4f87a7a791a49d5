"""Factories of sites and their content. `make_centre` makes as little as a centre needs; the whole of it, with all its
first pages, is `cms.domain.sites.build_site`."""

import io
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django_scopes import scope
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from cms.domain.groups import make_team
from cms.domain.workflow import ensure_workflow
from cms.models import (
    DropIn,
    EditorialTeam,
    HomePage,
    NeighbourhoodPage,
    NewsIndexPage,
    NewsPage,
    PeoplePage,
    Person,
    PortalPage,
    StandardPage,
)
from neighbourhoods.domain import membership
from neighbourhoods.models import Role
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, SiteFactory

numbers = count(1)


def make_page(page, *, below, live=True, language="pl"):
    """Adds a page to the tree, published unless `live=False`."""
    page.locale = Locale.objects.get_or_create(language_code=language)[0]
    page.live = False
    below.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
        page.refresh_from_db()
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
