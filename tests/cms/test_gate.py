"""Who gets into which CMS, and what it does without."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from cms.models import EditorialTeam, NewsIndexPage
from neighbourhoods.domain import membership
from neighbourhoods.models import Role
from tests.cms.belongings import Belongings
from tests.cms.walk import addresses
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_editor, make_news, make_news_index, make_page, make_words
from tests.factories.neighbourhoods import MembershipFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wagtails_templates"),
]


def test_strangers_are_led_to_the_sign_in(browse, centre):
    response = browse(centre).get("/cms/")

    assert response.url == f"{reverse('account_login')}?next=/cms/"


@pytest.mark.parametrize("role", ["resident", "coordinator", "director"])
def test_people_without_an_editing_role_are_refused(browse, centre, role):
    user = UserFactory() if role == "resident" else MembershipFactory(municipality=centre, **{role: True}).user

    assert browse(centre, user).get("/cms/").status_code == 403


def test_own_editor_is_let_in(desk):
    assert desk.get("/cms/").status_code == 200


def test_editor_of_another_centre_is_refused(browse, centre, stranger):
    assert browse(centre, make_editor(stranger)).get("/cms/").status_code == 403


def test_editor_of_a_centre_is_refused_at_the_portal(browse, portal, editor):
    assert browse(None, editor).get("/cms/").status_code == 403


def test_editor_without_a_second_factor_is_not_let_in(client, centre, editor):
    client.force_login(editor)

    response = client.get("/cms/", headers={"host": centre.site.hostname})

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:second_factor"))


def test_editor_of_two_centres_sees_each_on_its_own_host(browse, centre, stranger):
    both = make_editor(centre)
    membership.grant(both, municipality=stranger, role=Role.EDITOR, actor=None)
    other = make_words(stranger)

    assert browse(stranger, both).get(reverse("wagtailadmin_pages:edit", args=[other.pk])).status_code == 200
    assert browse(centre, both).get(reverse("wagtailadmin_pages:edit", args=[other.pk])).status_code == 404


@pytest.mark.long
def test_portal_breaks_at_no_address(browse, portal, centre, superuser):
    """No gmina is open there: what belongs to one is not found, whoever asks."""
    things = Belongings(centre, "Nasza")
    client = browse(None, superuser)

    answers = [(address, client.get(address).status_code) for address in addresses(things)]

    assert [address for address, status in answers if status >= 500] == []
    found = [address for address, status in answers if status == 200]
    # The completion of tags answers everybody alike: with nothing.
    assert [address for address in found if "initiative" in address and "tag-autocomplete" not in address] == []


@pytest.fixture
def portal_editor(portal):
    """Named by hand: the portal has no municipality that could give roles."""
    user = UserFactory()
    user.groups.add(EditorialTeam.objects.get(site=portal).group)
    return user


def test_editor_of_the_portal_writes_its_news(browse, portal, portal_editor):
    index = make_page(NewsIndexPage(title="Aktualności", slug="aktualnosci"), below=portal.root_page)
    sent = {"title": "Nabór", "slug": "nabor", "date": "2026-11-21", "body-count": "0", "action-publish": "1"}

    browse(None, portal_editor).post(f"/cms/pages/add/cms/newspage/{index.pk}/", sent)

    page = browse(None).get("/aktualnosci/nabor/")
    assert (page.status_code, "Nabór" in page.content.decode()) == (200, True)


def test_editor_of_the_portal_is_refused_at_centres(browse, portal, portal_editor, centre):
    assert browse(centre, portal_editor).get("/cms/").status_code == 403


def test_portal_does_not_offer_initiatives(browse, portal, superuser):
    response = browse(None, superuser).get("/cms/")

    assert response.status_code == 200
    assert reverse("wagtailsnippets_volunteering_initiative:list") not in response.content.decode()


def test_centre_offers_initiatives(desk):
    response = desk.get("/cms/")

    assert reverse("wagtailsnippets_volunteering_initiative:list") in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/cms/password_reset/",
        "/cms/forms/",
        "/cms/embeds/chooser/",
        "/cms/api/main/images/",
        "/cms/api/main/documents/",
        "/cms/images/1/generate_url/",
        "/cms/reports/page-types-usage/",
    ],
)
def test_what_this_installation_does_without_is_closed(desk, address):
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/cms/users/", "/cms/groups/", "/cms/sites/", "/cms/categories/", "/cms/redirects/"]
)
def test_settings_of_the_installation_are_for_superusers(browse, centre, editor, superuser, address):
    assert browse(centre, editor).get(address).status_code == 302
    assert browse(centre, superuser).get(address).status_code == 200


def test_superuser_makes_and_changes_a_person_without_a_password(browse, centre, superuser):
    client = browse(centre, superuser)

    client.post("/cms/users/new/", {"email": "Nowa@Example.org", "display_name": "Nowa Osoba", "groups": []})
    person = type(superuser).objects.get(email="nowa@example.org")
    client.post(
        f"/cms/users/edit/{person.pk}/", {"email": person.email, "display_name": "Zmieniona", "is_active": "on"}
    )

    person.refresh_from_db()
    assert (person.display_name, person.has_usable_password()) == ("Zmieniona", False)


def test_account_settings_are_those_of_the_person(desk):
    assert desk.get("/cms/account/").url == reverse("accounts:settings")


def test_spreadsheets_are_never_csv(desk):
    """A cell that begins with = would run in the reader's spreadsheet."""
    response = desk.get("/cms/reports/aging-pages/?export=csv&p=1")

    assert response.url == "/cms/reports/aging-pages/?export=xlsx&p=1"


@pytest.mark.parametrize("act", ["delete", "unpublish", "move"])
def test_home_page_stays(desk, centre, act):
    home = home_of(centre)

    response = desk.post(f"/cms/pages/{home.pk}/{act}/", {"new_parent_page": 1})

    home.refresh_from_db()
    assert (response.status_code, home.live, home.depth) == (302, True, 2)


@pytest.mark.parametrize("act", ["delete", "unpublish", "move"])
def test_home_page_stays_among_several(desk, centre, act):
    home = home_of(centre)

    desk.post(f"/cms/bulk/wagtailcore/page/{act}/?id={home.pk}", {"include_descendants": "on", "chooser": home.pk})

    home.refresh_from_db()
    assert (home.live, home.depth) == (True, 2)


def test_own_pages_can_be_deleted(desk, centre):
    page = make_words(centre)

    desk.post(f"/cms/pages/{page.pk}/delete/")

    assert not Page.objects.filter(pk=page.pk).exists()


def test_tags_are_not_asked_for(desk):
    assert 'name="tags"' not in desk.get("/cms/images/add/").content.decode()
    assert desk.get("/cms/tag-autocomplete/?term=a").json() == []


def test_page_lists_name_own_people_only(desk, centre, stranger, editor):
    make_words(centre, owner=editor)
    make_words(stranger, owner=make_editor(stranger, display_name="Obca Redaktorka"))

    page = desk.get(f"/cms/pages/{home_of(centre).pk}/").content.decode()

    assert "Nasza Redaktorka" in page
    assert "Obca Redaktorka" not in page


def test_chooser_opens_at_home(desk, centre, stranger):
    make_news(make_news_index(stranger, title="Obce aktualności"))

    answer = desk.get("/cms/choose-page/?page_type=cms.newspage").json()

    assert answer["parent_page_id"] == home_of(centre).pk
