"""Factories of partners' profiles and of public places."""

import factory
from factory.django import DjangoModelFactory

from neighbourhoods.models import OrganisationState, PlaceKind, PublicPlace
from tests.factories.neighbourhoods import MunicipalityFactory, OrganisationFactory
from volunteering.models import PartnerKind, PartnerProfile
from volunteering.states import ProfileStage


class PartnerProfileFactory(DjangoModelFactory):
    """Words that wait for the centre. Traits: `public` (with the page of the partner), `returned`. `areas` and
    `neighbourhoods` take lists."""

    class Meta:
        model = PartnerProfile
        skip_postgeneration_save = True

    class Params:
        public = factory.Trait(
            stage=ProfileStage.PUBLIC,
            organisation__state=OrganisationState.PUBLISHED,
            organisation__slug=factory.Sequence(lambda number: f"partner-{number}"),
        )
        returned = factory.Trait(stage=ProfileStage.RETURNED, answer="Dopiszcie godziny.")

    organisation = factory.SubFactory(OrganisationFactory)
    kind = PartnerKind.ASSOCIATION
    summary = "Robimy coś razem."

    @factory.post_generation
    def areas(self, create, areas, **kwargs):
        self.areas.set(areas or [])

    @factory.post_generation
    def neighbourhoods(self, create, neighbourhoods, **kwargs):
        self.neighbourhoods.set(neighbourhoods or [])


class PublicPlaceFactory(DjangoModelFactory):
    """A library."""

    class Meta:
        model = PublicPlace

    municipality = factory.SubFactory(MunicipalityFactory)
    kind = PlaceKind.LIBRARY
    name = factory.Sequence(lambda number: f"Biblioteka {number}")
