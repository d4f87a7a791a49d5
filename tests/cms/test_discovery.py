"""What search engines and feed readers are told, host by host; redirects; the frame's new parts."""

import re
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError
from django_scopes import scope
from wagtail.models import Page

from cms.domain import versions
from cms.models import QuickLink, SiteLook, StandardPage
from tests.cms.looks import sent
from tests.factories.cms import (
    home_of,
    make_home,
    make_image,
    make_news,
    make_news_index,
    make_page,
    make_words,
)
from tests.factories.volunteering import HelpRequestFactory, InitiativeFactory
from volunteering.models import Initiative

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(response):
    return [found.text for found in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]  # noqa: S314 -- our own


# --- Sitemap ----------------------------------------------------------------------------------------------------------


def test_sitemap_has_the_published_pages_of_its_host(browse, centre, stranger):
    make_words(centre, slug="o-nas")
    make_words(centre, slug="szkic", live=False)
    make_words(stranger, slug="cudza")

    response = browse(centre).get("/sitemap.xml")

    host = f"http://{centre.site.hostname}"
    assert response.headers["Content-Type"].startswith("application/xml")
    assert addresses(response) == [
        f"{host}{path}" for path in ("/", "/o-nas/", "/inicjatywy/", "/partnerzy/", "/okolica/")
    ]


def test_sitemap_names_translations(browse, centre):
    make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))

    words = browse(centre).get("/sitemap.xml").text

    assert words.count('<xhtml:link rel="alternate" hreflang="en"') == 2
    assert f'hreflang="pl" href="http://{centre.site.hostname}/"' in words


def test_sitemap_leaves_out_what_lies_below_a_draft_home(browse, centre):
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))
    make_page(type(make_words(centre))(title="Contact", slug="contact"), below=english, language="en")
    Page.objects.filter(pk=english.pk).update(live=False)

    assert not [address for address in addresses(browse(centre).get("/sitemap.xml")) if "/en/" in address]


def test_sitemap_has_initiatives_and_nothing_about_people(browse, centre, stranger):
    for municipality, slug in ((centre, "kawa"), (stranger, "cudza-kawa")):
        with scope(municipality=municipality):
            initiative = InitiativeFactory(municipality=municipality, slug=slug)
            Initiative.objects.filter(pk=initiative.pk).update(live=True)
            HelpRequestFactory(municipality=municipality)

    found = addresses(browse(centre).get("/sitemap.xml"))

    assert [address for address in found if "cudza" in address or "/prosby/" in address] == []
    assert f"http://{centre.site.hostname}/inicjatywy/kawa/" in found


def test_sitemap_costs_the_same_however_many_pages(browse, centre, django_assert_num_queries):
    make_words(centre)
    client = browse(centre)
    client.get("/sitemap.xml")
    for _number in range(3):
        make_words(centre)

    with django_assert_num_queries(9):
        client.get("/sitemap.xml?x=1")


def test_portal_has_a_sitemap_of_its_own(browse, portal, centre):
    found = addresses(browse(None).get("/sitemap.xml"))

    assert found == ["http://localhost/"]


def test_robots_are_told_where_the_sitemap_is(browse, centre):
    words = browse(centre).get("/robots.txt").text

    assert f"Sitemap: http://{centre.site.hostname}/sitemap.xml" in words
    assert "Disallow: /prosby/\n" in words


# --- The feed of news -------------------------------------------------------------------------------------------------


def test_feed_has_the_news_of_its_site_and_language(browse, centre, stranger):
    make_news(make_news_index(centre), title="Nasza wiadomość", lead="Nowe godziny.")
    make_news(make_news_index(stranger), title="Cudza wiadomość")
    make_news(make_news_index(centre, slug="inne"), title="Szkic", live=False)

    response = browse(centre).get("/kanaly/aktualnosci.pl.xml")

    ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert "Nasza wiadomość" in response.text
    assert "Nowe godziny." in response.text
    assert "Cudza" not in response.text
    assert "Szkic" not in response.text


@pytest.mark.parametrize("language", ["en", "de", "x"])
def test_no_feed_in_a_language_that_the_site_has_not(browse, centre, language):
    assert browse(centre).get(f"/kanaly/aktualnosci.{language}.xml").status_code == 404


def test_news_changed_are_in_the_feed_at_once(browse, centre):
    index = make_news_index(centre)
    client = browse(centre)
    before = client.get("/kanaly/aktualnosci.pl.xml").text

    make_news(index, title="Pilna wiadomość")
    versions.site_changed(centre.site)
    centre.content_version += 1
    centre.save()

    assert "Pilna wiadomość" not in before
    assert "Pilna wiadomość" in client.get("/kanaly/aktualnosci.pl.xml").text


# --- Metadata ---------------------------------------------------------------------------------------------------------


def test_page_says_what_it_is_to_machines(browse, centre):
    make_words(centre, slug="o-nas", title="O nas", lead="Kim jesteśmy.")

    words = browse(centre).get("/o-nas/?utm_source=x").text

    address = f"http://{centre.site.hostname}/o-nas/"
    assert f'<link rel="canonical" href="{address}">' in words
    assert f'<meta property="og:url" content="{address}">' in words
    assert '<meta property="og:title" content="O nas">' in words
    assert '<meta property="og:description" content="Kim jesteśmy.">' in words
    assert f'<link rel="alternate" hreflang="x-default" href="{address}">' in words


@pytest.mark.parametrize(
    ("query", "tail"), [("?strona=2", "?strona=2"), ("?strona=1", ""), ("?strona=x", ""), ("", "")]
)
def test_sheets_of_a_list_have_an_address_each(browse, centre, query, tail):
    make_news_index(centre)

    words = browse(centre).get(f"/aktualnosci/{query}").text

    assert f'rel="canonical" href="http://{centre.site.hostname}/aktualnosci/{tail}"' in words


def test_photo_of_a_news_item_stays_on_the_host(browse, centre):
    make_news(make_news_index(centre), slug="nowa", image=make_image(centre), image_description="Łąka")

    words = browse(centre).get("/aktualnosci/nowa/").text

    assert re.search(rf'property="og:image"\s+content="{centre.origin}/media/images/', words)


def test_home_is_a_government_office(browse, centre):
    words = browse(centre).get("/").text

    assert 'itemtype="https://schema.org/GovernmentOffice"' in words
    assert '<meta itemprop="latitude" content="50.2806">' in words


# --- Redirects --------------------------------------------------------------------------------------------------------


def test_page_that_moved_is_found_at_its_old_address_on_its_own_host_only(
    browse, centre, stranger, django_capture_on_commit_callbacks
):
    page = StandardPage.objects.get(pk=make_words(centre, slug="stary").pk)
    page.slug = "nowy"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    response = browse(centre).get("/stary/")

    assert (response.status_code, response.url) == (301, f"{centre.origin}/nowy/")
    assert browse(stranger).get("/stary/").status_code == 404


def test_pages_below_one_that_moved_are_found(browse, centre):
    above, target = make_words(centre, slug="nad"), make_words(centre, slug="cel")
    make_page(type(above)(title="Pod", slug="pod"), below=above)

    above.refresh_from_db()
    above.move(type(target).objects.get(pk=target.pk), pos="last-child")

    assert browse(centre).get("/nad/pod/").url == f"{centre.origin}/cel/nad/pod/"


# --- The frame --------------------------------------------------------------------------------------------------------


def test_funding_stands_on_every_page_of_its_site_only(browse, centre, stranger):
    look = SiteLook.for_site(centre.site)
    look.eu_text, look.eu_logo = "Projekt współfinansowany przez Unię Europejską.", make_image(centre)
    look.save()

    own, other = browse(centre).get("/inicjatywy/").text, browse(stranger).get("/inicjatywy/").text

    assert "współfinansowany przez" in own
    assert 'class="funding" lang="pl"' in own
    assert "funding" not in other


def test_signs_without_a_sentence_are_refused(centre):
    look = SiteLook(site=centre.site, eu_logo=make_image(centre))

    with pytest.raises(Exception, match="eu_text"):
        look.full_clean()


def test_quick_links_lead_to_translations(browse, centre):
    english = make_home("Centre", "centrum-en", language="en", translation_of=home_of(centre))
    page = make_words(centre, slug="druki")
    make_page(
        type(page)(title="Forms", slug="forms", translation_key=page.translation_key), below=english, language="en"
    )
    hidden = make_words(centre, slug="szkic", live=False)
    look = SiteLook.for_site(centre.site)
    QuickLink.objects.create(look=look, text_pl="Druki", text_en="Forms", page=page)
    QuickLink.objects.create(look=look, text_pl="Mapa", url="https://example.org/mapa")
    QuickLink.objects.create(look=look, text_pl="Szkic", page=hidden)

    polish, other = browse(centre).get("/").text, browse(centre).get("/en/").text

    assert re.findall(r'button--secondary"\s+href="(/druki/|/en/forms/|https://example.org/mapa)"', polish + other) == [
        "/druki/", "https://example.org/mapa", "/en/forms/", "https://example.org/mapa",
    ]  # fmt: skip
    assert 'lang="pl">Mapa' in other
    assert "Szkic" not in polish


@pytest.mark.usefixtures("wagtails_templates")
@pytest.mark.parametrize("field", ["eu_page", "quick link"])
def test_pages_of_another_centre_cannot_be_linked(desk, centre, stranger, field):
    foreign = make_words(stranger, title="Cudza strona")
    form = sent()
    if field == "eu_page":
        form |= {"eu_text": "Projekt", "eu_page": foreign.pk}
    else:
        row = {"text_pl": "Cudza", "text_en": "", "text_uk": "", "page": foreign.pk, "url": "", "id": "", "ORDER": 1}
        form |= {f"quick_links-0-{name}": value for name, value in row.items()} | {"quick_links-TOTAL_FORMS": 1}

    desk.post(f"/cms/settings/cms/sitelook/{centre.site.pk}/", form)

    look = SiteLook.for_site(centre.site)
    assert (look.eu_page, look.quick_links.count()) == (None, 0)


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["", "https://example.org"])
def test_database_keeps_quick_links_to_one_place(centre, url):
    page = make_words(centre) if url else None
    with pytest.raises(IntegrityError):
        QuickLink.objects.create(look=SiteLook.for_site(centre.site), text_pl="Dwa", url=url, page=page)


@pytest.mark.usefixtures("wagtails_templates")
def test_quick_link_leads_to_one_place(desk, centre):
    row = {"text_pl": "Donikąd", "text_en": "", "text_uk": "", "page": "", "url": "", "id": "", "ORDER": 1}
    form = sent() | {f"quick_links-0-{name}": value for name, value in row.items()} | {"quick_links-TOTAL_FORMS": 1}

    response = desk.post(f"/cms/settings/cms/sitelook/{centre.site.pk}/", form)

    assert response.status_code == 200
    assert not QuickLink.objects.exists()


@pytest.mark.parametrize(("level", "text", "grey"), [("mourning", "Żegnamy.", True), ("mourning", "", False), ("important", "Uwaga.", False)])  # fmt: skip  # noqa: E501
def test_page_in_mourning_loses_its_colours(browse, centre, level, text, grey):
    SiteLook.objects.create(site=centre.site, notice_level=level, notice_text=text)

    assert (" data-mourning" in browse(centre).get("/").text) is grey


def test_page_that_is_not_there_offers_the_phone(browse, centre):
    response = browse(centre).get("/zajecia-dla-seniorow/")

    assert response.status_code == 404
    assert "tel:+48320000000" in response.text
