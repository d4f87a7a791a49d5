"""Partners and what is around here, as everybody reads them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from tests.factories.neighbourhoods import NeighbourhoodFactory, OrganisationFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from tests.factories.services import make_catalogue, make_service
from tests.factories.volunteering import InitiativeFactory, InitiativeKindFactory, MeetingFactory
from volunteering.domain import partners
from volunteering.models import ServiceArea

pytestmark = pytest.mark.django_db

PARTNERS_COST = 6
SURROUNDINGS_COST = 13


@pytest.fixture(autouse=True)
def opened(centre):
    with scope(municipality=centre):
        yield


@pytest.fixture
def visitor(browse, centre):
    return browse(centre)


@pytest.fixture
def wirek(centre):
    return NeighbourhoodFactory(municipality=centre, name="Wirek", slug="wirek")


@pytest.fixture
def ruda(centre):
    return NeighbourhoodFactory(municipality=centre, name="Ruda", slug="ruda")


@pytest.fixture
def profile(centre, wirek):
    return PartnerProfileFactory(
        organisation__municipality=centre,
        organisation__name="Klub Szachów",
        public=True,
        neighbourhoods=[wirek],
        summary="Gramy w szachy.",
        words="Dla <b>wszystkich</b>.",
        krs="0000123456",
        is_public_benefit=True,
        phone="+48512345678",
    )


def group(centre, *, joining="open", title="Klub otwarty", place="Biblioteka, sala 2"):
    kind = InitiativeKindFactory(has_members=True)
    initiative = InitiativeFactory(municipality=centre, title=title, kind=kind, joining=joining)
    starts = timezone.now() + timedelta(days=2)
    MeetingFactory(initiative=initiative, place=place, starts_at=starts, ends_at=starts + timedelta(hours=1))
    return initiative


def read(visitor, address):
    return visitor.get(address).content.decode()


def page_of(profile):
    return reverse("cms:partner", args=[profile.organisation.slug])


# --- The page of a partner --------------------------------------------------------------------------------------------


def test_page_says_who_they_are_and_what_they_do(visitor, centre, profile):
    running = InitiativeFactory(municipality=centre, organisation=profile.organisation, title="Turniej")
    PublicPlaceFactory(municipality=centre, organisation=profile.organisation, name="Sala z szachownicą")

    page = read(visitor, page_of(profile))

    for words in ("Klub Szachów", "Gramy w szachy.", "0000123456", "512 345 678", "Wirek", "Sala z szachownicą"):
        assert words in page.replace("\xa0", " ")
    assert running.get_absolute_url() in page
    assert "&lt;b&gt;wszystkich" in page


def test_page_shows_no_drafts_and_no_contact_that_the_centre_keeps(visitor, centre, profile):
    InitiativeFactory(municipality=centre, organisation=profile.organisation, title="Szkic", unpublished=True)
    InitiativeFactory(
        municipality=centre, organisation=profile.organisation, title="Pomysł", lifecycle__state="proposed"
    )
    type(profile.organisation).objects.filter(pk=profile.organisation_id).update(email="prezeska@example.org")
    PartnerProfileFactory(organisation=profile.organisation, summary="Jeszcze nieprzeczytane.")

    page = read(visitor, page_of(profile))

    for words in ("Szkic", "Pomysł", "prezeska@example.org", "Jeszcze nieprzeczytane."):
        assert words not in page


def test_hidden_and_undescribed_partners_have_no_page(visitor, centre, profile, editor):
    plain = OrganisationFactory(municipality=centre, name="Bez Profilu", slug="bez-profilu")
    assert visitor.get(reverse("cms:partner", args=[plain.slug])).status_code == 404

    partners.hide(profile.organisation, actor=editor, reason="Sprawdzamy skargę.")

    assert visitor.get(page_of(profile)).status_code == 404
    for address in (reverse("cms:partners"), reverse("cms:surroundings"), "/sitemap.xml"):
        assert "Klub Szachów" not in read(visitor, address)
        assert profile.organisation.slug not in read(visitor, address)


def test_page_is_no_centres_but_its_own(browse, stranger, profile):
    assert browse(stranger).get(page_of(profile)).status_code == 404
    assert "Klub Szachów" not in read(browse(stranger), reverse("cms:partners"))


def test_initiative_leads_to_its_partner_as_long_as_that_can_be_read(visitor, centre, profile, editor):
    initiative = InitiativeFactory(municipality=centre, organisation=profile.organisation)
    assert page_of(profile) in read(visitor, initiative.get_absolute_url())

    partners.hide(profile.organisation, actor=editor, reason="Sprawdzamy skargę.")

    page = read(visitor, f"{initiative.get_absolute_url()}?od-nowa")
    assert "Klub Szachów" not in page
    assert centre.centre_name in page


# --- The list of partners ---------------------------------------------------------------------------------------------


def test_list_is_narrowed_by_place_area_and_words(visitor, centre, profile, ruda):
    area = ServiceArea.objects.create(code="culture", number=99, name_pl="Kultura", name_en="", name_uk="")
    everywhere = PartnerProfileFactory(organisation__municipality=centre, public=True, areas=[area])

    def found(query):
        return {entry.thing.pk for entry in visitor.get(reverse("cms:partners") + query).context["found"].found()}

    assert found("") == {profile.pk, everywhere.pk}
    assert found("?gdzie=wirek") == {profile.pk, everywhere.pk}
    assert found("?gdzie=ruda") == {everywhere.pk}
    assert found("?zakres=culture") == {everywhere.pk}
    assert found("?slowa=SZACHÓW") == {profile.pk}
    assert found("?slowa=nicponie") == set()
    assert found("?gdzie=%00&zakres=nic&strona=-3") == {profile.pk, everywhere.pk}


def test_empty_list_says_so(visitor):
    assert visitor.get(reverse("cms:partners")).status_code == 200


@pytest.mark.parametrize("number", [1, 5])
def test_lists_cost_the_same_with_more_rows(visitor, centre, wirek, number, django_assert_num_queries):
    for _each in range(number):
        PartnerProfileFactory(organisation__municipality=centre, public=True, neighbourhoods=[wirek])
        PublicPlaceFactory(municipality=centre, neighbourhood=wirek)
        group(centre, title="Klub")
    visitor.get(reverse("cms:partners") + "?strona=1")
    visitor.get(reverse("cms:surroundings") + "?strona=1")

    with django_assert_num_queries(PARTNERS_COST):
        visitor.get(reverse("cms:partners") + f"?slowa=a&strona={number}")
    with django_assert_num_queries(SURROUNDINGS_COST):
        visitor.get(reverse("cms:surroundings") + f"?slowa=b&strona={number}")


# --- What is around here ----------------------------------------------------------------------------------------------


def titles(visitor, query=""):
    return [entry.thing.title for entry in visitor.get(reverse("cms:surroundings") + query).context["found"].found()]


def test_list_holds_places_groups_organisations_and_services(visitor, centre, profile):
    PublicPlaceFactory(municipality=centre, name="Biblioteka")
    group(centre)
    make_service(make_catalogue(centre), title="Obiady")

    assert titles(visitor) == ["Biblioteka", "Klub otwarty", "Klub Szachów", "Obiady"]
    assert titles(visitor, "?rodzaj=miejsca") == ["Biblioteka"]
    assert titles(visitor, "?rodzaj=grupy") == ["Klub otwarty"]
    assert titles(visitor, "?rodzaj=organizacje") == ["Klub Szachów"]
    assert titles(visitor, "?rodzaj=uslugi&slowa=obiad") == ["Obiady"]


@pytest.mark.parametrize("joining", ["request", "closed"])
def test_groups_that_are_not_open_are_not_there(visitor, centre, joining):
    group(centre, joining=joining, title="Grupa wsparcia")

    assert titles(visitor) == []
    assert "Grupa wsparcia" not in read(visitor, reverse("cms:surroundings"))
    assert "Grupa wsparcia" not in read(visitor, reverse("cms:surroundings_map"))


def test_drafts_and_unpublished_places_are_not_there(visitor, centre):
    PublicPlaceFactory(municipality=centre, name="Zamknięta", is_published=False)
    InitiativeFactory(municipality=centre, unpublished=True, kind=InitiativeKindFactory(has_members=True))

    assert titles(visitor) == []


def test_meeting_place_is_told_only_where_it_is_a_public_place(visitor, centre):
    PublicPlaceFactory(municipality=centre, name="Biblioteka")
    group(centre, title="Klub w bibliotece", place="biblioteka, sala 2")
    group(centre, title="Klub u sąsiadki", place="u pani Krysi, Wolności 5/3")

    page = visitor.get(reverse("cms:surroundings"))

    shown = {entry.thing.title: entry.thing.place for entry in page.context["found"].found()}
    assert shown["Klub w bibliotece"].name == "Biblioteka"
    assert shown["Klub u sąsiadki"] is None
    assert "Krysi" not in page.content.decode()


def test_map_counts_what_is_in_each_neighbourhood(visitor, centre, wirek, ruda, profile):
    PublicPlaceFactory(municipality=centre, neighbourhood=wirek)
    PublicPlaceFactory(municipality=centre)

    places = visitor.get(reverse("cms:surroundings_map")).context["map"].places

    assert {place["neighbourhood"].name: place["number"] for place in places} == {"Wirek": 2, "Ruda": 0}


def test_deleted_neighbourhood_leaves_the_place(visitor, centre, wirek):
    PublicPlaceFactory(municipality=centre, neighbourhood=wirek, name="Biblioteka")

    wirek.delete()

    assert titles(visitor) == ["Biblioteka"]


def test_nothing_of_another_centre_is_there(visitor, stranger):
    with scope(municipality=stranger):
        PublicPlaceFactory(municipality=stranger, name="Cudzoziemska biblioteka")
        PartnerProfileFactory(organisation__municipality=stranger, organisation__name="Cudzoziemski klub", public=True)
        group(stranger, title="Cudzoziemska grupa")
        make_service(make_catalogue(stranger), title="Cudzoziemska usługa")

    assert titles(visitor) == []


@pytest.mark.parametrize("name", ["partners", "surroundings", "surroundings_map"])
def test_portal_has_none_of_it(browse, portal, name):
    assert browse().get(reverse(f"cms:{name}")).status_code in {302, 404}


def test_what_changes_is_seen_at_once(visitor, centre, editor, profile, django_capture_on_commit_callbacks):
    before = centre.content_version

    with django_capture_on_commit_callbacks(execute=True):
        partners.hide(profile.organisation, actor=editor, reason="Sprawdzamy skargę.")

    centre.refresh_from_db()
    assert centre.content_version > before
