"""Publishing while the desk works on the same thing, on either database."""

import pytest
from django_scopes import scope

from cms.domain import rechecks
from cms.models import ServiceCheck
from tests.factories.accounts import UserFactory
from tests.factories.cms import make_centre
from tests.factories.services import make_catalogue, make_service
from tests.races import meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_service_is_published_while_somebody_has_just_checked_it(time_machine):
    time_machine.move_to("2026-03-03 12:00:00+01:00", tick=False)
    centre = make_centre()
    with scope(municipality=centre):
        page = make_service(make_catalogue(centre), recheck_months=12)
        time_machine.move_to("2026-11-03 12:00:00+01:00", tick=False)
        page.recheck_months = 6

        answer = meanwhile(
            lambda: rechecks.confirm(page, actor=UserFactory()), lambda: rechecks.service_published(page)
        )

        check = ServiceCheck.objects.get()
    assert answer is None
    # Six months after the check of today, not after the one of March.
    assert (check.checked_on.isoformat(), check.due_on.isoformat()) == ("2026-11-03", "2027-05-03")
