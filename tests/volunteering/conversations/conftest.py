"""Two people who agreed on a visit, and pictures as cameras make them."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django_scopes import scope
from PIL import Image

from tests.factories.accounts import UserFactory, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import CategoryFactory, CommitmentFactory, StandingFactory, VisitFactory
from volunteering.domain import conversations

NOW = datetime(2027, 4, 21, 10, tzinfo=UTC)
GPS = 34853


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def english(clean_process):
    """What the verbs say is compared in English here; pages speak the language of their reader."""
    with translation.override("en"):
        yield


@pytest.fixture
def municipality(db):
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def helper(municipality):
    user = UserFactory(display_name="Jan Pomocny", phone="+48601000009", email="jan.kanarek@example.org")
    StandingFactory(municipality=municipality, volunteer=user)
    return user


@pytest.fixture
def resident():
    return UserFactory(display_name="Zofia Wymyślona", phone="+48601000008", email="zofia.kanarek@example.org")


@pytest.fixture
def organiser(municipality):
    user = UserFactory(display_name="Jadwiga Ogniwo")
    MembershipFactory(municipality=municipality, user=user)
    return user


@pytest.fixture
def promise(municipality, helper, resident):
    visit = VisitFactory(
        help_request__municipality=municipality,
        help_request__requester=resident,
        help_request__category=CategoryFactory(name_pl="Zakupy"),
        full=True,
    )
    return CommitmentFactory(visit=visit, volunteer=helper)


@pytest.fixture
def conversation(promise, helper):
    return conversations.begin(promise, actor=helper)


@pytest.fixture
def enter(municipality):
    """A client at the centre's host with the session of a person; staff have shown their second factor."""

    def enter(user, *, second_factor=True):
        client = Client(HTTP_HOST=municipality.site.hostname)
        sign_in(client, user, second_factor=second_factor)
        return client

    return enter


@pytest.fixture
def picture():
    """Makes an uploaded picture. With `gps=True` its notes say where it was taken."""

    def picture(size=(40, 30), kind="JPEG", *, gps=False, name="zdjecie.jpg", **options):
        mode = options.pop("mode", "RGB")
        target = BytesIO()
        if gps:
            notes = Image.Exif()
            notes[270] = "Kanarek opisu"
            notes.get_ifd(GPS).update({1: "N", 2: (50.0, 16.0, 50.0), 3: "E", 4: (18.0, 51.0, 33.0)})
            options["exif"] = notes
        Image.new(mode, size, "red").save(target, kind, **options)
        return SimpleUploadedFile(name, target.getvalue(), content_type="image/jpeg")

    return picture
