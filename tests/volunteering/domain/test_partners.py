"""Partners: added, described, read by the centre, hidden; and what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from accounts.errors import Refused as NotGranted
from neighbourhoods.domain import membership
from neighbourhoods.models import Membership, Organisation, OrganisationState, PublicPlace, Role
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, OrganisationFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from tests.factories.volunteering import InitiativeFactory
from volunteering.domain import partners
from volunteering.domain.partners import Profile
from volunteering.errors import Refused, TransitionError
from volunteering.models import PartnerProfile
from volunteering.states import ProfileStage

pytestmark = pytest.mark.django_db

WORDS = Profile(kind="association", summary="Gramy w szachy.")


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def organisation(municipality):
    return OrganisationFactory(municipality=municipality, name="Klub Szachowy")


@pytest.fixture
def organiser(municipality):
    return MembershipFactory(municipality=municipality).user


@pytest.fixture
def staff(organisation):
    return MembershipFactory(municipality=organisation.municipality, partner=True, organisation=organisation).user


def summaries(organisation):
    rows = PartnerProfile.objects.of_organisation(organisation).order_by("stage")
    return list(rows.values_list("stage", "summary"))


def reload(organisation):
    return Organisation.objects.get(pk=organisation.pk)


def told(user):
    return list(Notification.objects.filter(user=user).values_list("event__kind", flat=True))


def test_new_partner_has_an_address_and_no_page(municipality, organiser):
    first = partners.add(municipality, actor=organiser, name="Koło Gospodyń „Żarki”")
    second = partners.add(municipality, actor=organiser, name="Koło gospodyń Żarki")

    assert (first.slug, second.slug) == ("kolo-gospodyn-zarki", "kolo-gospodyn-zarki-2")
    assert first.state == OrganisationState.DRAFT


def test_two_partners_of_one_name_are_refused(organisation, organiser):
    with pytest.raises(Refused):
        partners.add(organisation.municipality, actor=organiser, name="klub szachowy")
    other = OrganisationFactory(municipality=organisation.municipality)
    with pytest.raises(Refused):
        partners.change(other, actor=organiser, name="KLUB SZACHOWY")


def test_change_keeps_the_address_of_the_page(municipality, organiser):
    partner = partners.add(municipality, actor=organiser, name="Klub Bez Nazwy")
    before = partner.slug

    partners.change(partner, actor=organiser, name="Klub z Nazwą", can_host_volunteers=True)

    assert (reload(partner).slug, reload(partner).name) == (before, "Klub z Nazwą")
    assert reload(partner).can_host_volunteers


def test_what_a_partner_writes_is_not_public_before_the_centre_says_so(
    organisation, staff, organiser, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        partners.propose(organisation, actor=staff, profile=WORDS)

    assert reload(organisation).state == OrganisationState.DRAFT
    assert not PartnerProfile.objects.public().exists()
    assert told(organiser) == ["volunteering.partner_propose"]
    assert told(staff) == []


def test_approved_words_open_the_page(organisation, staff, organiser, django_capture_on_commit_callbacks):
    profile = partners.propose(organisation, actor=staff, profile=WORDS)

    with django_capture_on_commit_callbacks(execute=True):
        partners.approve(profile, actor=organiser)

    assert reload(organisation).is_published
    assert PartnerProfile.objects.public().get() == profile
    assert "volunteering.partner_approve" in told(staff)


def test_new_words_leave_the_public_ones_until_they_are_approved(organisation, staff, organiser):
    partners.approve(partners.propose(organisation, actor=staff, profile=WORDS), actor=organiser)

    newer = partners.propose(organisation, actor=staff, profile=Profile(kind="circle", summary="Gramy w warcaby."))

    assert summaries(organisation) == [("proposed", "Gramy w warcaby."), ("public", "Gramy w szachy.")]
    partners.approve(newer, actor=organiser)
    assert summaries(organisation) == [("public", "Gramy w warcaby.")]


def test_words_that_were_replaced_meanwhile_cannot_be_approved(organisation, staff, organiser):
    read = partners.propose(organisation, actor=staff, profile=WORDS)
    partners.propose(organisation, actor=staff, profile=Profile(kind="circle", summary="Coś zupełnie innego."))

    with pytest.raises(TransitionError):
        partners.approve(read, actor=organiser)
    with pytest.raises(TransitionError):
        partners.send_back(read, actor=organiser, answer="Dopiszcie godziny.")

    assert summaries(organisation) == [("proposed", "Coś zupełnie innego.")]


def test_words_sent_back_keep_the_page_as_it_was(organisation, staff, organiser):
    partners.approve(partners.propose(organisation, actor=staff, profile=WORDS), actor=organiser)
    profile = partners.propose(organisation, actor=staff, profile=Profile(kind="circle", summary="Zapraszamy!"))

    partners.send_back(profile, actor=organiser, answer="Na co zapraszacie?")

    returned = PartnerProfile.objects.of_organisation(organisation).pending().get()
    assert (returned.stage, returned.answer) == (ProfileStage.RETURNED, "Na co zapraszacie?")
    assert PartnerProfile.objects.public().get().summary == "Gramy w szachy."
    with pytest.raises(TransitionError):
        partners.approve(returned, actor=organiser)


def test_centre_does_not_write_over_words_that_wait(organisation, staff, organiser):
    partners.propose(organisation, actor=staff, profile=WORDS)

    with pytest.raises(Refused):
        partners.write(organisation, actor=organiser, profile=WORDS)


def test_hidden_partner_is_gone_and_comes_back(organisation, organiser):
    partners.write(organisation, actor=organiser, profile=WORDS)
    initiative = InitiativeFactory(municipality=organisation.municipality, organisation=organisation)

    partners.hide(organisation, actor=organiser, reason="Sprawdzamy skargę.")

    assert not PartnerProfile.objects.public().exists()
    initiative = type(initiative).objects.select_related("organisation").get(pk=initiative.pk)
    assert initiative.host_name == organisation.municipality.centre_name
    partners.show(organisation, actor=organiser)
    assert PartnerProfile.objects.public().exists()


def test_partner_without_a_profile_is_named_and_has_no_page(organisation):
    initiative = InitiativeFactory(municipality=organisation.municipality, organisation=organisation)

    assert initiative.host_name == "Klub Szachowy"
    assert not organisation.is_published


def test_hidden_partner_stays_hidden_whatever_it_writes(organisation, staff, organiser):
    partners.hide(organisation, actor=organiser, reason="Sprawdzamy skargę.")

    partners.approve(partners.propose(organisation, actor=staff, profile=WORDS), actor=organiser)

    assert reload(organisation).is_hidden
    partners.show(organisation, actor=organiser)
    assert reload(organisation).is_published


def test_hiding_and_showing_twice_is_refused(organisation, organiser):
    with pytest.raises(TransitionError):
        partners.show(organisation, actor=organiser)
    partners.hide(organisation, actor=organiser, reason="Sprawdzamy skargę.")
    with pytest.raises(TransitionError):
        partners.hide(organisation, actor=organiser, reason="Jeszcze raz.")


def test_shown_partner_without_words_still_has_no_page(organisation, organiser):
    partners.hide(organisation, actor=organiser, reason="Sprawdzamy skargę.")

    partners.show(organisation, actor=organiser)

    assert reload(organisation).state == OrganisationState.DRAFT


def test_ended_role_is_gone_at_once_and_closes_sockets(
    organisation, staff, organiser, django_capture_on_commit_callbacks
):
    role = Membership.objects.get(user=staff)

    with django_capture_on_commit_callbacks() as callbacks:
        membership.end(role, actor=organiser)

    assert not membership.is_staff(type(staff).objects.get(pk=staff.pk))
    assert len(callbacks) >= 2, "the event, and the bell that closes sockets"
    assert Event.objects.filter(kind="neighbourhoods.role_ended", data__role=Role.PARTNER).exists()


def test_one_person_works_for_one_partner_of_a_centre(organisation, staff):
    other = OrganisationFactory(municipality=organisation.municipality)

    with pytest.raises(NotGranted):
        membership.grant(
            staff, municipality=organisation.municipality, role=Role.PARTNER, organisation=other, actor=None
        )


def test_invited_without_an_account_gets_one(organisation, organiser):
    row = membership.invite(
        "nowa@example.org",
        municipality=organisation.municipality,
        role=Role.PARTNER,
        organisation=organisation,
        actor=organiser,
    )

    assert row.user.email == "nowa@example.org"
    assert not row.user.has_usable_password()


# --- What the database refuses ----------------------------------------------------------------------------------------


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "fields",
    [
        {"state": "hidden", "hidden_because": ""},
        {"state": "draft", "hidden_because": "Bo tak."},
        {"state": "published", "slug": ""},
        {"state": "gone"},
    ],
    ids=str,
)
def test_states_of_partners_that_cannot_be(organisation, fields):
    refused(lambda: Organisation.objects.filter(pk=organisation.pk).update(**fields))


@pytest.mark.postgres
@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "returned", "answer": ""},
        {"stage": "proposed", "answer": "Dopiszcie."},
        {"is_public_benefit": True, "krs": ""},
        {"summary": ""},
        {"stage": "secret"},
    ],
    ids=str,
)
def test_profiles_that_cannot_be(organisation, fields):
    profile = PartnerProfileFactory(organisation=organisation)

    refused(lambda: PartnerProfile.objects.filter(pk=profile.pk).update(**fields))


@pytest.mark.postgres
def test_one_public_and_one_pending_profile_at_most(organisation):
    for stage in ({}, {"stage": ProfileStage.PUBLIC}):
        PartnerProfileFactory(organisation=organisation, **stage)

    refused(lambda: PartnerProfileFactory(organisation=organisation))
    refused(lambda: PartnerProfileFactory(organisation=organisation, returned=True))
    refused(lambda: PartnerProfileFactory(organisation=organisation, stage=ProfileStage.PUBLIC))


@pytest.mark.postgres
def test_two_partners_have_no_one_address(organisation):
    OrganisationFactory(municipality=organisation.municipality, slug="klub")

    refused(lambda: OrganisationFactory(municipality=organisation.municipality, slug="klub"))
    OrganisationFactory(municipality=MunicipalityFactory(), slug="klub")


@pytest.mark.postgres
def test_public_places_that_cannot_be(municipality):
    place = PublicPlaceFactory(municipality=municipality, name="Biblioteka", address="ul. Długa 1")

    refused(lambda: PublicPlaceFactory(municipality=municipality, name="Biblioteka", address="ul. Długa 1"))
    refused(lambda: PublicPlace.objects.filter(pk=place.pk).update(kind="home"))
    refused(lambda: PublicPlace.objects.filter(pk=place.pk).update(name=""))


def test_partners_of_another_centre_are_not_there(organisation):
    elsewhere = MunicipalityFactory()
    with scope(municipality=elsewhere):
        PartnerProfileFactory(organisation=OrganisationFactory(municipality=elsewhere), public=True)

    assert list(Organisation.objects.all()) == [organisation]
    assert not PartnerProfile.objects.exists()


def test_erased_writer_leaves_the_words(organisation, organiser):
    writer = UserFactory()
    profile = PartnerProfileFactory(organisation=organisation, written_by=writer)

    writer.delete()

    assert PartnerProfile.objects.get(pk=profile.pk).written_by is None
