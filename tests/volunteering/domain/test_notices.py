"""Words of notices that differ from reader to reader."""

import pytest
from django_scopes import scopes_disabled

from neighbourhoods.models import Role
from notifications.models import Event
from notifications.words import Wording
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory
from tests.factories.volunteering import HelpRequestFactory, VisitFactory
from volunteering.domain import help_requests
from volunteering.notices.requests import RequestExpired
from volunteering.states import RequestState, VisitState

pytestmark = pytest.mark.django_db


def test_centre_is_not_told_that_the_centre_will_get_in_touch(municipality, neighbourhood):
    resident = UserFactory()
    worker = MembershipFactory(municipality=municipality, role=Role.ORGANISER).user
    with scopes_disabled():
        asked = HelpRequestFactory(
            municipality=municipality, neighbourhood=neighbourhood, requester=resident, state=RequestState.OPEN
        )
        VisitFactory(help_request=asked, state=VisitState.MISSED)
        help_requests.finish(asked)
        event = Event.objects.get(kind=RequestExpired.kind)

        wording = Wording([event], [resident, worker])
        own, staffs = (wording.words(event, reader, "pl").body for reader in (resident, worker))

    assert set(RequestExpired.recipients(event)) == {resident.pk, worker.pk}
    assert ("Centrum się odezwie." in own, "Centrum się odezwie." in staffs) == (True, False)
    assert "Otwórz prośbę" in staffs
