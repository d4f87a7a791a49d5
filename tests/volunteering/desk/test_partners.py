"""Partners and public places at the centre's desk."""

import pytest
from django.urls import reverse

from neighbourhoods.models import Membership, Organisation, PublicPlace, Role
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, OrganisationFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from volunteering.models import PartnerProfile
from volunteering.states import ProfileStage

pytestmark = pytest.mark.django_db

PROFILE = {"kind": "association", "summary": "Gramy w szachy.", "words": "We wtorki.", "email": "my@example.org"}
PLACE = {"kind": "club", "name": "Klub", "step_free": "yes", "is_open_to_all": "on", "is_published": "on"}


@pytest.fixture
def organisation(municipality):
    return OrganisationFactory(municipality=municipality, name="Klub Szachowy", slug="klub-szachowy")


def of(name, organisation, *more):
    return reverse(f"desk:{name}", args=[organisation.pk, *more])


def test_list_names_who_waits_first(organiser, municipality, organisation):
    OrganisationFactory(municipality=municipality, name="Aaa")
    PartnerProfileFactory(organisation=organisation)

    page = organiser.get(reverse("desk:partners")).content.decode()

    assert page.index("Klub Szachowy") < page.index("Aaa")


def test_list_may_be_empty(organiser):
    response = organiser.get(reverse("desk:partners"))

    assert 'class="empty' in response.content.decode()


def test_partner_is_added(organiser, municipality):
    response = organiser.post(reverse("desk:partner_add"), {"name": "Koło Gospodyń", "phone": "512 345 678"})

    organisation = Organisation.objects.get()
    assert response.url == of("partner", organisation)
    assert (organisation.municipality, str(organisation.phone)) == (municipality, "+48512345678")


def test_partner_of_a_taken_name_is_refused(organiser, organisation):
    assert organiser.post(reverse("desk:partner_add"), {"name": "klub szachowy"}).status_code == 409
    assert organiser.post(reverse("desk:partner_add"), {"name": ""}).status_code == 200
    assert Organisation.objects.count() == 1


def test_centre_writes_a_profile(organiser, organisation):
    response = organiser.post(of("partner_profile", organisation), PROFILE)

    assert response.url == of("partner", organisation)
    assert PartnerProfile.objects.public().get().summary == "Gramy w szachy."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"krs": "12345"}, "krs"),
        ({"is_public_benefit": "on"}, "krs"),
        ({"email": "nikt"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"phone": "123"}, "phone"),
        ({"address": "ul. Długa 5 m. 3"}, "address"),
        ({"kind": "party"}, "kind"),
        ({"neighbourhoods": ["nigdzie"]}, "neighbourhoods"),
    ],
    ids=str,
)
def test_profile_that_cannot_be_is_refused(organiser, organisation, wrong, field):
    response = organiser.post(of("partner_profile", organisation), PROFILE | wrong)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not PartnerProfile.objects.exists()


def test_words_of_the_partner_are_approved(organiser, organisation):
    profile = PartnerProfileFactory(organisation=organisation)

    organiser.post(of("partner_approve", organisation, profile.pk))

    assert PartnerProfile.objects.public().get() == profile


def test_words_that_wait_no_more_are_not_approved(organiser, organisation):
    other = PartnerProfileFactory(organisation=OrganisationFactory(municipality=organisation.municipality))

    assert organiser.post(of("partner_approve", organisation, 4711)).status_code == 409
    assert organiser.post(of("partner_approve", organisation, other.pk)).status_code == 409
    assert not PartnerProfile.objects.approved().exists()


def test_words_are_sent_back_with_a_reason(organiser, organisation):
    profile = PartnerProfileFactory(organisation=organisation)

    empty = organiser.post(of("partner_send_back", organisation, profile.pk), {"answer": " "})
    organiser.post(of("partner_send_back", organisation, profile.pk), {"answer": "Dopiszcie godziny."})

    assert (empty.status_code, "<title>Błąd: " in empty.text) == (200, True)
    assert PartnerProfile.objects.get().stage == ProfileStage.RETURNED


def test_hiding_wants_a_reason(organiser, organisation):
    assert organiser.post(of("partner_hide", organisation), {"reason": ""}).status_code == 200
    assert not Organisation.objects.get().is_hidden

    organiser.post(of("partner_hide", organisation), {"reason": "Sprawdzamy skargę."})

    assert Organisation.objects.get().hidden_because == "Sprawdzamy skargę."
    assert organiser.post(of("partner_hide", organisation), {"reason": "Znowu."}).status_code == 409
    organiser.post(of("partner_show", organisation))
    assert not Organisation.objects.get().is_hidden


def test_person_is_invited_and_ended(organiser, organisation):
    organiser.post(of("partner_invite", organisation), {"email": "nowa@example.org", "display_name": "Nowa Osoba"})

    row = Membership.objects.get(user__email="nowa@example.org")
    assert (row.role, row.organisation) == (Role.PARTNER, organisation)
    organiser.post(of("partner_end", organisation, row.pk))
    assert not Membership.objects.of_organisation(organisation).exists()


def test_invitation_that_cannot_be_is_refused(organiser, organisation):
    elsewhere = OrganisationFactory(municipality=organisation.municipality)
    busy = MembershipFactory(municipality=organisation.municipality, partner=True, organisation=elsewhere)

    assert organiser.post(of("partner_invite", organisation), {"email": "nikt"}).status_code == 200
    assert organiser.post(of("partner_invite", organisation), {"email": busy.user.email}).status_code == 409
    assert not Membership.objects.of_organisation(organisation).exists()


def test_roles_of_others_are_not_ended_here(organiser, organisation):
    own = Membership.objects.get(user=organiser.user)
    elsewhere = MembershipFactory(
        municipality=organisation.municipality,
        partner=True,
        organisation=OrganisationFactory(municipality=organisation.municipality),
    )

    for row in (own, elsewhere):
        assert organiser.post(of("partner_end", organisation, row.pk)).status_code == 404
        assert Membership.objects.active().filter(pk=row.pk).exists()


def test_people_are_the_organisers_business(enter, organisation):
    coordinator = enter({"coordinator": True})
    row = MembershipFactory(municipality=organisation.municipality, partner=True, organisation=organisation)

    assert coordinator.get(of("partner", organisation)).status_code == 200
    assert coordinator.post(of("partner_invite", organisation), {"email": "a@example.org"}).status_code == 404
    assert coordinator.post(of("partner_end", organisation, row.pk)).status_code == 404


def test_partners_of_another_centre_are_not_found(organiser):
    elsewhere = OrganisationFactory(municipality=MunicipalityFactory())

    for name in ("partner", "partner_change", "partner_profile"):
        assert organiser.get(of(name, elsewhere)).status_code == 404
    assert organiser.post(of("partner_hide", elsewhere), {"reason": "Bo tak."}).status_code == 404


# --- Public places ----------------------------------------------------------------------------------------------------


def test_place_is_added_changed_and_removed(organiser, neighbourhood):
    organiser.post(reverse("desk:place_add"), PLACE | {"neighbourhood": neighbourhood.pk, "address": "ul. Długa 1"})
    place = PublicPlace.objects.get()
    assert (place.name, place.neighbourhood, place.municipality) == ("Klub", neighbourhood, neighbourhood.municipality)

    organiser.post(reverse("desk:place", args=[place.pk]), PLACE | {"name": "Świetlica"})
    assert PublicPlace.objects.get().name == "Świetlica"

    organiser.post(reverse("desk:place_remove", args=[place.pk]))
    assert not PublicPlace.objects.exists()


def test_homes_are_no_public_places(organiser):
    for wrong in ({"is_open_to_all": ""}, {"address": "ul. Wolności 5 m. 3"}, {"address": "Wolności 5, mieszkanie 3"}):
        response = organiser.post(reverse("desk:place_add"), PLACE | wrong)
        assert response.status_code == 200
        assert response.context["form"].errors
    assert not PublicPlace.objects.exists()


def test_place_stands_once_on_the_list(organiser, municipality):
    PublicPlaceFactory(municipality=municipality, name="Klub")

    response = organiser.post(reverse("desk:place_add"), PLACE | {"name": "KLUB"})

    assert "name" in response.context["form"].errors


def test_place_takes_nothing_of_another_centre(organiser):
    foreign = OrganisationFactory(municipality=MunicipalityFactory())

    response = organiser.post(reverse("desk:place_add"), PLACE | {"organisation": foreign.pk})

    assert "organisation" in response.context["form"].errors
