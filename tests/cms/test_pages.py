"""Every page type as residents see it, with everything filled in, and as often asked for one thing as for three."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_scopes import scope
from wagtail.models import PageViewRestriction

from cms.models import (
    AccessibilityStatementPage,
    ContactPage,
    DocumentsPage,
    EasyReadPage,
    FaqPage,
    HomePage,
    NeighbourhoodPage,
    NewsIndexPage,
    NewsPage,
    PeoplePage,
    PortalPage,
    PrivacyPage,
    ProgrammePage,
    ProtectionStandardsPage,
    ServiceIndexPage,
    ServicePage,
    SiteLook,
    StandardPage,
    TermsPage,
)
from tests.factories.cms import (
    home_of,
    make_document,
    make_event,
    make_event_index,
    make_image,
    make_neighbourhood_page,
    make_news,
    make_news_index,
    make_page,
    make_words,
)
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.volunteering import HelpRequestFactory, InitiativeFactory, MeetingFactory, VisitFactory

pytestmark = [
    pytest.mark.django_db,
]
TYPES = [
    AccessibilityStatementPage,
    EasyReadPage,
    ContactPage,
    DocumentsPage,
    FaqPage,
    HomePage,
    NeighbourhoodPage,
    NewsIndexPage,
    NewsPage,
    PortalPage,
    PrivacyPage,
    ProtectionStandardsPage,
    StandardPage,
    TermsPage,
    PeoplePage,
    ProgrammePage,
    ServiceIndexPage,
    ServicePage,
]


def every_block(municipality, page):
    """A body in which each block stands once."""
    return [
        ("paragraph", f'<p>Akapit z <a linktype="page" id="{page.pk}">odnośnikiem</a>.</p>'),
        ("heading", {"text": "Śródtytuł", "level": "h2"}),
        ("heading", {"text": "Mniejszy śródtytuł", "level": "h3"}),
        (
            "image",
            {"image": with_words(make_image(municipality), "Dwie osoby przy stole"), "caption": "Podpis zdjęcia"},
        ),
        (
            "links",
            [
                {"text": "Nasza strona", "page": page, "url": ""},
                {"text": "Strona miasta", "page": None, "url": "https://example.org/"},
            ],
        ),
        ("document", {"document": make_document(municipality), "text": "Wniosek do klubu"}),
        (
            "contact",
            {
                "name": "Biuro centrum",
                "about": "w sprawie klubów",
                "phone": "+48322440000",
                "email": "biuro@example.org",
                "address": "ul. Bajkowa 1",
                "hours": "8:00–15:00",
            },
        ),
    ]


def with_words(image, words):
    """A photo as the block of photos wants it: with what it shows."""
    image.contextual_alt_text, image.decorative = words, False
    return image


def fill(page, municipality, **fields):
    for field, value in fields.items():
        setattr(page, field, value)
    page.save_revision().publish()
    return page


def show(browse, municipality, address="/"):
    response = browse(municipality).get(address)
    assert response.status_code == 200, address
    # One-letter words are bound to the next one; here only the words matter.
    return response.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("page_type", TYPES, ids=lambda page_type: page_type.__name__)
def test_page_type_says_where_it_may_stand(page_type):
    own = vars(page_type)

    assert {"parent_page_types", "subpage_types", "template"} <= set(own)
    assert page_type.private_page_options == []


def test_standard_page_shows_every_block(browse, centre):
    page = make_words(centre, slug="o-nas", lead="Krótko o nas.")
    below = make_page(StandardPage(title="Niżej", slug="nizej", lead="Jeszcze niżej."), below=page)
    fill(page, centre, body=every_block(centre, below))

    words = show(browse, centre, "/o-nas/")

    for expected in (
        "Krótko o nas.",
        # Rich text knows no request, so Wagtail writes the whole address where there are several sites.
        f'Akapit z <a href="http://{centre.site.hostname}/o-nas/nizej/">odnośnikiem</a>.',
        "<h2>Śródtytuł</h2>",
        "<h3>Mniejszy śródtytuł</h3>",
        'alt="Dwie osoby przy stole"',
        "<figcaption>Podpis zdjęcia</figcaption>",
        '<a href="/o-nas/nizej/">Nasza strona</a>',
        '<a href="https://example.org/">Strona miasta</a>',
        "Wniosek do klubu</a>",
        '<a href="tel:+48322440000">32 244 00 00</a>',
        '<a href="mailto:biuro@example.org">biuro@example.org</a>',
        "Jeszcze niżej.",
    ):
        assert expected in words


def test_closing_written_into_the_database_is_obeyed(centre):
    """No form of ours offers it; who restores an old database may have it."""
    page, beside = make_words(centre, slug="o-nas"), make_words(centre, slug="obok")
    below = make_page(StandardPage(title="Niżej", slug="nizej"), below=page)
    closing = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    found = [list(each.get_view_restrictions()) for each in (below, page, beside, home_of(centre))]

    assert found == [[closing], [closing], [], []]


def test_document_on_a_page_can_be_opened(browse, centre):
    page = make_words(centre, slug="o-nas")
    fill(page, centre, body=every_block(centre, page))

    address = re.search(r'href="(/dokumenty/[^"]+)"', show(browse, centre, "/o-nas/"))[1]
    response = browse(centre).get(address)

    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    response.close()


def test_photo_on_a_page_can_be_seen(browse, centre):
    make_news(make_news_index(centre), image=make_image(centre), image_description="Drzewo")

    address = re.search(r'src="(/media/images/[^"]+)"', show(browse, centre, "/aktualnosci/"))[1]
    response = browse(centre).get(address)

    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    response.close()


@pytest.mark.parametrize("path", ["original_images/zdjecie.png", "documents/pismo.txt"])
def test_uploads_as_they_came_are_not_handed_out(browse, centre, path):
    make_image(centre)
    make_document(centre)

    assert browse(centre).get(f"/media/{path}").status_code == 404


def test_photos_are_no_way_out_of_their_directory(browse, centre, logged_errors):
    make_document(centre)

    assert browse(centre).get("/media/images/../documents/pismo.txt").status_code == 400


def test_home_shows_the_doors_the_week_the_news_and_the_phone(browse, centre):
    fill(home_of(centre), centre, heading="W czym pomóc?", lead="Tu się spotykamy.")
    meeting = MeetingFactory(initiative=InitiativeFactory(municipality=centre, title="Klub sąsiedzki"), places=12)
    make_news(make_news_index(centre), title="Nowy klub", image=make_image(centre), image_description="Drzewo")
    make_neighbourhood_page(NeighbourhoodFactory(municipality=centre, name="Godula", slug="godula"))

    words = show(browse, centre)

    for expected in (
        "W czym pomóc?",
        "Tu się spotykamy.",
        'href="/prosby/nowa/"',
        'href="/pomagam/"',
        meeting.initiative.get_absolute_url(),
        "Nowy klub",
        'alt="Drzewo"',
        'href="/godula/"',
        'href="tel:+48320000000"',
    ):
        assert expected in words


def test_empty_home_says_where_to_look(browse, centre):
    words = show(browse, centre)

    assert 'class="empty"' in words
    assert 'href="/inicjatywy/"' in words


@pytest.mark.parametrize(
    "hidden",
    [
        {"unpublished": True},
        {"finished": True},
        # Whoever stood at the door at that hour would learn who belongs to the group.
        {"closed": True},
    ],
    ids=lambda hidden: next(iter(hidden)),
)
def test_home_names_no_meeting_that_is_not_for_all(browse, centre, hidden):
    MeetingFactory(initiative=InitiativeFactory(municipality=centre, title="Nie dla wszystkich", **hidden))

    assert "Nie dla wszystkich" not in show(browse, centre)


def test_home_names_meetings_of_the_coming_seven_days_only(browse, centre):
    starts_at = timezone.now() + timedelta(days=8)
    MeetingFactory(
        initiative=InitiativeFactory(municipality=centre, title="Za tydzień"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )

    assert "Za tydzień" not in show(browse, centre)


def test_home_shows_nothing_of_another_gmina(browse, centre, stranger):
    MeetingFactory(initiative=InitiativeFactory(municipality=stranger, title="Cudzoziemski klub"))
    make_news(make_news_index(stranger), title="Cudzoziemska wiadomość")
    make_neighbourhood_page(NeighbourhoodFactory(municipality=stranger, name="Cudzoziemska Dzielnica"))

    words = show(browse, centre)

    assert re.findall("[Cc]udzoziemsk", words) == []


def test_news_page_shows_everything(browse, centre):
    index = make_news_index(centre)
    neighbourhood = NeighbourhoodFactory(municipality=centre, name="Godula")
    with scope(municipality=centre):
        item = make_news(
            index,
            slug="nowy-klub",
            title="Nowy klub",
            lead="W każdy czwartek.",
            date=timezone.localdate().replace(year=2027, month=4, day=24),
            image=make_image(centre),
            image_description="Stół z ciastem",
            neighbourhood=neighbourhood,
        )
        fill(item, centre, body=every_block(centre, index))

    words = show(browse, centre, "/aktualnosci/nowy-klub/")

    for expected in ("W każdy czwartek.", "24 kwietnia 2027", 'alt="Stół z ciastem"', "Godula", "Śródtytuł"):
        assert expected in words


def test_photo_needs_words(centre):
    item = make_news(make_news_index(centre), image=None)
    item.image = make_image(centre)

    with pytest.raises(ValidationError) as refusal:
        item.full_clean()

    assert list(refusal.value.message_dict) == ["image_description"]


def test_news_are_paged_newest_first(browse, centre):
    index = make_news_index(centre)
    today = timezone.localdate()
    for number in range(12):
        make_news(index, title=f"Wiadomość nr {number:02}.", date=today - timedelta(days=number))

    first, second = show(browse, centre, "/aktualnosci/"), show(browse, centre, "/aktualnosci/?strona=2")

    titles = [re.findall(r"Wiadomość nr (\d\d)\.", words) for words in (first, second)]
    assert titles == [[f"{number:02}" for number in range(10)], ["10", "11"]]
    assert 'rel="next" href="?strona=2"' in first
    assert 'rel="prev" href="?strona=1"' in second


@pytest.mark.parametrize("sheet", ["0", "99", "x", "", "-1", "1e9", "\x00", "ł" * 1000])
def test_any_sheet_of_news_is_answered(browse, centre, sheet):
    make_news(make_news_index(centre))

    assert browse(centre).get("/aktualnosci/", {"strona": sheet}).status_code == 200


def test_drafts_are_not_shown(browse, centre):
    index = make_news_index(centre)
    draft = make_news(index, title="Jeszcze nie", live=False)

    assert "Jeszcze nie" not in show(browse, centre, "/aktualnosci/")
    assert browse(centre).get(f"/aktualnosci/{draft.slug}/").status_code == 404


def test_neighbourhood_page_shows_what_happens_there(browse, centre):
    godula, wirek = (NeighbourhoodFactory(municipality=centre, name=name) for name in ("Godula", "Wirek"))
    page = make_neighbourhood_page(godula, slug="godula", lead="Dawna osada.")
    index, events = make_news_index(centre), make_event_index(home_of(centre))
    with scope(municipality=centre):
        fill(page, centre, body=every_block(centre, index))
        for place in (godula, wirek):
            initiative = InitiativeFactory(municipality=centre, title=f"Klub {place.name}", neighbourhoods=[place])
            MeetingFactory(initiative=initiative, neighbourhood=place)
            make_news(index, title=f"Wieści {place.name}", neighbourhood=place)
            make_event(events, title=f"Piknik {place.name}", neighbourhood=place)
        VisitFactory(help_request=HelpRequestFactory(municipality=centre, neighbourhood=godula, state="open"))

    words = show(browse, centre, "/godula/")

    for expected in (
        "Dawna osada.",
        "Klub Godula",
        "Wieści Godula",
        "Piknik Godula",
        f"?gdzie={godula.slug}",
        "Śródtytuł",
    ):
        assert expected in words
    assert re.findall("Wirek", words) == []
    assert re.search(r"1\s+(prośb|request)", words)


def test_neighbourhood_page_counts_no_protected_request(browse, centre):
    godula = NeighbourhoodFactory(municipality=centre, name="Godula")
    make_neighbourhood_page(godula, slug="godula")
    with scope(municipality=centre):
        VisitFactory(
            help_request=HelpRequestFactory(municipality=centre, neighbourhood=godula, state="open", protected=True)
        )

    assert not re.search(r"1\s+(prośb|request)", show(browse, centre, "/godula/"))


def test_page_of_a_deleted_neighbourhood_stays_readable(browse, centre):
    godula = NeighbourhoodFactory(municipality=centre, name="Godula")
    make_neighbourhood_page(godula, slug="godula", lead="Dawna osada.")
    godula.delete()

    assert "Dawna osada." in show(browse, centre, "/godula/")


def test_portal_lists_centres_and_figures(browse, portal, centre, stranger):
    make_page(NewsIndexPage(title="Aktualności", slug="aktualnosci"), below=portal.root_page)
    fill(PortalPage.objects.get(), centre, lead="Wybierz gminę.", body=every_block(centre, portal.root_page))

    words = show(browse, None)

    for municipality in (centre, stranger):
        assert f"http://{municipality.site.hostname}/" in words
        assert municipality.centre_name in words
    assert "Wybierz gminę." in words


def test_portal_does_not_count_out_the_few(browse, portal, centre):
    with scope(municipality=centre):
        VisitFactory(help_request=HelpRequestFactory(municipality=centre, state="open"))

    words = show(browse, None)

    assert re.search(r"<strong>\s*(mniej niż 5|under 5|poniżej 5)", words)


# --- Frame ------------------------------------------------------------------------------------------------------------


def test_frame_shows_notice_phone_and_links(browse, centre):
    privacy = make_words(centre, title="Prywatność", slug="prywatnosc")
    SiteLook.objects.create(
        site=centre.site,
        notice_text="W piątek nieczynne.",
        phone="+48111222333",
        bip_url="https://bip.example.org/",
        privacy_page=privacy,
        logo=make_image(centre),
        colour="#7a3b0f",
    )

    words = show(browse, centre)
    colours = browse(centre).get("/marka.css").content.decode()

    for expected in ("W piątek nieczynne.", 'href="https://bip.example.org/"', 'href="/prywatnosc/"', "/media/images/"):
        assert expected in words
    assert "--brand:#7a3b0f" in colours


def test_unpublished_pages_are_not_linked_from_the_frame(browse, centre):
    SiteLook.objects.create(site=centre.site, privacy_page=make_words(centre, slug="prywatnosc", live=False))

    assert 'href="/prywatnosc/"' not in show(browse, centre)
