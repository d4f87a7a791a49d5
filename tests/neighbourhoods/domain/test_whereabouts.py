"""The single door to exact homes: every look leaves a trace, and what is erased is gone."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django_scopes import ScopeError, scope

from neighbourhoods.domain import whereabouts as homes
from neighbourhoods.errors import Erased
from neighbourhoods.geocoding import Point
from neighbourhoods.models.whereabouts import Whereabouts
from notifications.outbox import history
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import WhereaboutsFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def home(municipality):
    return WhereaboutsFactory(
        municipality=municipality,
        person_name="Zofia Zażółć",
        phone="+48601000002",
        address="Zmyślona 7/3",
        directions="drugie piętro",
    )


@pytest.fixture
def subject(municipality):
    """Anything that has a timeline."""
    return NeighbourhoodFactory(municipality=municipality)


def test_keep_writes_a_home_down(municipality):
    home = homes.keep(
        municipality,
        person_name="Zofia",
        phone="601 000 003",
        address="Zmyślona 1",
        directions="kod 12",
        point=Point(50.1, 18.1, 30),
    )

    home.refresh_from_db()
    assert (home.municipality, home.person_name, str(home.phone)) == (municipality, "Zofia", "+48601000003")
    assert (home.address, home.directions) == ("Zmyślona 1", "kod 12")
    assert (home.latitude, home.longitude, home.precision, home.erased_at) == (50.1, 18.1, 30, None)


def test_keep_needs_a_name_only(municipality):
    home = homes.keep(municipality, person_name="Zofia")

    assert (home.phone, home.address, home.directions, home.latitude) == ("", "", "", None)


def test_reveal_shows_the_home_and_writes_it_down(home, subject, municipality):
    helper = UserFactory()

    revealed = homes.reveal(home, to=helper, why="helper", subject=subject)

    event = history(subject).get()
    assert revealed == homes.Revealed("Zofia Zażółć", "+48601000002", "Zmyślona 7/3", "drugie piętro")
    assert (event.kind, event.actor, event.municipality_id) == (
        "neighbourhoods.whereabouts_revealed",
        helper,
        municipality.pk,
    )
    assert event.data == {"reason": "helper", "whereabouts": home.pk}


def test_each_look_is_written_down(home, subject):
    for _look in range(3):
        homes.reveal(home, to=UserFactory(), why="helper", subject=subject)

    assert history(subject).count() == 3


def test_reveal_of_what_is_erased_is_refused_and_tells_nothing(municipality, subject):
    home = WhereaboutsFactory(municipality=municipality, erased=True)

    with pytest.raises(Erased) as refusal:
        homes.reveal(home, to=UserFactory(), why="helper", subject=subject)

    assert refusal.value.reasons
    assert not history(subject).exists()


def test_reveal_reads_the_home_as_it_is_now(home, subject):
    stale = Whereabouts.objects.get(pk=home.pk)
    homes.erase(home)

    with pytest.raises(Erased):
        homes.reveal(stale, to=UserFactory(), why="helper", subject=subject)


@pytest.mark.parametrize("why", ["", "Because I want to", "Zofia", "x" * 41, "helper\n", "1"])
def test_a_reason_is_a_code_not_words(home, subject, why):
    with pytest.raises(ValueError, match="code"):
        homes.reveal(home, to=UserFactory(), why=why, subject=subject)

    assert not history(subject).exists()


def test_a_home_of_another_municipality_is_not_there(home, subject):
    with scope(municipality=MunicipalityFactory()), pytest.raises(Whereabouts.DoesNotExist):
        homes.reveal(home, to=UserFactory(), why="helper", subject=subject)


def test_without_a_scope_no_door_opens():
    home = WhereaboutsFactory()

    with pytest.raises(ScopeError):
        homes.reveal(home, to=UserFactory(), why="helper", subject=home)


def test_nothing_of_a_home_shows_in_a_repr(home, subject):
    revealed = homes.reveal(home, to=UserFactory(), why="helper", subject=subject)

    assert repr(revealed) == "Revealed()"
    assert "Zofia" not in repr(home) + str(home)


def test_correct_changes_what_is_named_and_tells_which_fields(home, subject):
    staff = UserFactory()

    homes.correct(home, actor=staff, subject=subject, phone="+48601000009", directions="drugie piętro")

    home.refresh_from_db()
    event = history(subject).get()
    assert (str(home.phone), home.person_name) == ("+48601000009", "Zofia Zażółć")
    assert (event.kind, event.actor) == ("neighbourhoods.whereabouts_corrected", staff)
    assert event.data == {"whereabouts": home.pk, "fields": ["phone"]}


def test_correct_puts_the_point_right(home, subject):
    homes.correct(home, actor=UserFactory(), subject=subject, point=Point(50.3, 18.9, 10))

    home.refresh_from_db()
    assert (home.latitude, home.longitude, home.precision) == (50.3, 18.9, 10)
    assert history(subject).get().data["fields"] == ["point"]


def test_a_new_address_forgets_the_old_point(municipality, subject):
    home = WhereaboutsFactory(municipality=municipality, latitude=50.3, longitude=18.9, precision=10)

    homes.correct(home, actor=UserFactory(), subject=subject, address="Całkiem Inna 1")

    home.refresh_from_db()
    assert (home.address, home.latitude, home.longitude, home.precision) == ("Całkiem Inna 1", None, None, None)


def test_correct_without_a_change_tells_nothing(home, subject):
    homes.correct(home, actor=UserFactory(), subject=subject, address=home.address)

    assert not history(subject).exists()


def test_correct_of_what_is_erased_is_refused(municipality, subject):
    home = WhereaboutsFactory(municipality=municipality, erased=True)

    with pytest.raises(Erased):
        homes.correct(home, actor=UserFactory(), subject=subject, address="Nowa 1")


@pytest.mark.parametrize("field", ["latitude", "erased_at", "municipality", "nonsense"])
def test_correct_of_an_unknown_field_is_a_mistake(home, subject, field):
    with pytest.raises(TypeError):
        homes.correct(home, actor=UserFactory(), subject=subject, **{field: None})


def test_erase_forgets_everything(municipality, subject):
    home = WhereaboutsFactory(municipality=municipality, latitude=50.3, longitude=18.9, precision=10)

    homes.erase(home, subject=subject)

    home.refresh_from_db()
    assert (home.person_name, str(home.phone), home.address, home.directions) == ("", "", "", "")
    assert (home.latitude, home.longitude, home.precision) == (None, None, None)
    assert home.erased_at is not None
    assert history(subject).get().kind == "neighbourhoods.whereabouts_erased"


def test_erasing_twice_tells_once(home):
    first = homes.erase(home).erased_at

    assert homes.erase(home).erased_at == first
    assert history(home).count() == 1


@pytest.mark.parametrize("answer", [None, Point(50.3, 18.9, 50)])
def test_ask_puts_the_question_to_the_address(home, answer):
    asked, found = [], []

    homes.ask(home.pk, lambda address: asked.append(address) or answer, found=found.append)

    home.refresh_from_db()
    assert asked == ["Zmyślona 7/3"]
    assert found == ([answer] if answer else [])
    assert home.latitude == (answer and 50.3)


@pytest.mark.parametrize("meanwhile", ["corrected", "erased", "placed"])
def test_an_answer_that_comes_too_late_is_thrown_away(home, subject, meanwhile):
    found = []

    def slow(address):
        if meanwhile == "corrected":
            homes.correct(home, actor=UserFactory(), subject=subject, address="Inna 2")
        elif meanwhile == "placed":
            homes.correct(home, actor=UserFactory(), subject=subject, point=Point(50.2, 18.8, 5))
        else:
            homes.erase(home)
        return Point(50.3, 18.9, 50)

    homes.ask(home.pk, slow, found=found.append)

    home.refresh_from_db()
    assert found == []
    assert home.latitude == (50.2 if meanwhile == "placed" else None)


def test_a_failing_move_leaves_no_point_behind(home):
    def fail(point):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        homes.ask(home.pk, lambda address: Point(50.3, 18.9, 50), found=fail)

    home.refresh_from_db()
    assert home.latitude is None


@pytest.mark.parametrize("words", [{"address": "Nowa 1"}, {"person_name": "Z"}, {"latitude": 50.0, "longitude": 18.0}])
def test_the_database_keeps_the_erased_empty(municipality, words):
    home = WhereaboutsFactory(municipality=municipality, erased=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Whereabouts.objects.filter(pk=home.pk).update(**words)


def test_nobody_reads_a_home_past_the_door():
    """`request.whereabouts.address` would leave no trace: no code and no template may say so."""
    secrets = {"person_name", "phone", "address", "directions", "latitude", "longitude"}
    door = Path("neighbourhoods/domain/whereabouts.py")
    found = []
    for app in ("config", "cms", "volunteering", "neighbourhoods", "notifications", "accounts"):
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            if path.relative_to(settings.BASE_DIR) != door:
                found += [f"{path}:{line}" for line in _lines_that_read(path, secrets)]
        for path in Path(settings.BASE_DIR, app).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            found += [f"{path}: {secret}" for secret in secrets if f"whereabouts.{secret}" in text]

    assert found == []


def _lines_that_read(path, secrets):
    """Lines with `….whereabouts.<secret>`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in secrets
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "whereabouts"
    ]
