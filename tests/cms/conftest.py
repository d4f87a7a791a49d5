"""Two centres, the portal between them, and people at the right doors."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.template import engines
from django.test import Client

from tests.cms.found import PLACES
from tests.cms.registering import join
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.cms import (
    home_of,
    make_centre,
    make_editor,
    make_event,
    make_event_index,
    make_portal,
    register_of,
)

# Wagtail scales photos in temporary files and leaves their closing to Python.
UNCLOSED = (
    "ignore:[Uu]nclosed file <:ResourceWarning",
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning",
    "ignore:Exception ignored in. <_io.FileIO name=[0-9]+ :pytest.PytestUnraisableExceptionWarning",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "cms":
            item.add_marker(pytest.mark.filterwarnings(*UNCLOSED))


@pytest.fixture
def places(tmp_path):
    path = tmp_path / "miejsca.csv"
    path.write_text(PLACES)
    return path


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """A transaction around the tests of a module: what fixtures of its scope make in it is there for each of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def centre(db):
    """The centre whose host tests are on."""
    return make_centre(name="Nasza Gmina")


@pytest.fixture
def stranger(db):
    """Another centre. Whatever belongs to it bears a word with "cudzoziemsk" in it."""
    return make_centre(name="Cudzoziemska Gmina", centre_name="Cudzoziemskie Centrum")


@pytest.fixture
def portal(db):
    return make_portal()


@pytest.fixture
def browse():
    """Function: a client at the host of a municipality (or of the portal), signed in as a person with a second factor
    shown if one is given."""

    def browse(where=None, user=None, **cookies):
        client = Client(headers={"host": where.site.hostname if where else "localhost"})
        client.cookies.load(cookies)
        if user is not None:
            sign_in(client, user, second_factor=True)
        return client

    return browse


@pytest.fixture
def editor(centre):
    return make_editor(centre, display_name="Nasza Redaktorka")


@pytest.fixture
def superuser(db):
    return UserFactory(superuser=True)


@pytest.fixture
def desk(browse, centre, editor):
    """The editor's browser in the CMS of the own centre."""
    return browse(centre, editor)


@pytest.fixture
def wagtails_templates(monkeypatch):
    """Wagtail's own templates use variables that are not there, and count on their being empty."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    # Should a setting be changed meanwhile, Django makes a new engine, with pytest's strict word for what is not there.
    strict = settings.TEMPLATES[0]["OPTIONS"].get("string_if_invalid")
    if strict is not None:
        monkeypatch.setattr(strict, "fail", False, raising=False)


@pytest.fixture
def index(centre):
    return make_event_index(home_of(centre))


@pytest.fixture
def small(index):
    """An event with one place, and its register."""
    return register_of(make_event(index, places=1))


@pytest.fixture
def queue(index):
    """An event in a week with one place, somebody who has it, and three who wait."""
    with time_machine.travel(datetime(2027, 4, 21, 10, tzinfo=UTC), tick=False):
        register = register_of(make_event(index, places=1, hours_to_confirm=24))
        rows = [join(register) for _person in range(4)]
        yield register, rows
