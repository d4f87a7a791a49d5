"""Partners write while the centre decides, and several people press at once. On either database."""

import threading

import pytest
from django.db import connection
from django_scopes import scope

from neighbourhoods.models import Organisation
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, OrganisationFactory
from volunteering.domain import partners
from volunteering.domain.partners import Profile
from volunteering.errors import Refused
from volunteering.models import PartnerProfile
from volunteering.states import ProfileStage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROWD = 4


def at_once(acts, *, municipality):
    """Runs every act in a thread of its own, all from the same moment; returns what they answered or raised."""
    barrier, answers = threading.Barrier(len(acts)), []

    def run(act):
        try:
            barrier.wait(60)
            with scope(municipality=municipality):
                answers.append(act())
        except Exception as error:  # noqa: BLE001 -- the test looks at every one of them
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return answers


def words(number):
    return Profile(kind="association", summary=f"Słowa {number}.")


def test_one_public_and_one_pending_version_whoever_comes_first():
    municipality, actor = MunicipalityFactory(), UserFactory()
    with scope(municipality=municipality):
        organisation = OrganisationFactory(municipality=municipality)
        read = partners.propose(organisation, actor=actor, profile=words(0))

    answers = at_once(
        [
            *[lambda: partners.approve(read, actor=actor)] * CROWD,
            *[
                lambda number=number: partners.propose(organisation, actor=actor, profile=words(number))
                for number in range(1, CROWD + 1)
            ],
        ],
        municipality=municipality,
    )

    faults = [it for it in answers if isinstance(it, Exception) and not isinstance(it, Refused)]
    with scope(municipality=municipality):
        public = list(PartnerProfile.objects.filter(stage=ProfileStage.PUBLIC).values_list("summary", flat=True))
        pending = PartnerProfile.objects.pending().count()
    assert faults == []
    # What is public is what was read, or nothing: never words that nobody has read.
    assert public in ([], ["Słowa 0."])
    assert pending == 1


def test_partner_that_several_people_add_is_there_once():
    municipality, actor = MunicipalityFactory(), UserFactory()

    answers = at_once(
        [lambda: partners.add(municipality, actor=actor, name="Klub Szachowy")] * CROWD, municipality=municipality
    )

    assert sum(isinstance(it, Organisation) for it in answers) == 1
    assert sum(isinstance(it, Refused) for it in answers) == CROWD - 1
