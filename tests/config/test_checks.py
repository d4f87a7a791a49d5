"""Every check refuses what it is there for, and says nothing about a sound installation."""

import pytest
from django.db import connection, connections

from config import checks

PUBLIC = {
    "DEBUG": False,
    "DEMO": False,
    "EMBEDDED": False,
    "SCHEME": "https",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": ["ogniwo.example", ".ogniwo.example"],
    "SOCKET_ORIGINS": ["https://ogniwo.example"],
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
WITHOUT_DATABASE = (
    checks.versions_are_safe,
    checks.redis_client_keeps_sockets_open,
    checks.hosts_are_named,
    checks.demo_stays_at_home,
    checks.proxy_header_needs_a_proxy,
    checks.pages_are_encrypted,
    checks.socket_origins_are_whole,
    checks.secret_key_is_long,
    checks.metrics_token_is_long,
    checks.redis_needs_a_shared_database,
    checks.processes_can_ring,
    checks.letters_leave_the_machine,
    checks.geocoder_is_known,
    checks.answers_find_their_way,
)


@pytest.fixture
def installation(monkeypatch):
    """Settings of a sound public installation, in place of Django's own; call it to change some."""

    class Settings:
        GEOCODER = "gazetteer"
        HUB_LOOK_SECONDS = 3.0
        MAIL_SERVICE = ""
        MAIL_WEBHOOK_SECRET = ""
        METRICS_TOKEN = ""
        REPLY_ADDRESS = ""
        SECURE_PROXY_SSL_HEADER = None

    made = Settings()
    made.__dict__.update(PUBLIC)
    monkeypatch.setattr(checks, "settings", made)
    return made.__dict__.update


def ids():
    return [problem.id for check in WITHOUT_DATABASE for problem in check(None)]


def test_sound_installation_has_no_problem(installation):
    assert ids() == []


def test_demo_on_this_machine_has_no_problem(installation):
    installation(
        DEMO=True,
        EMBEDDED=True,
        SCHEME="http",
        ALLOWED_HOSTS=["localhost", ".localhost"],
        SECRET_KEY="short",
        REDIS_URL="",
        EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend",
    )

    assert ids() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, ["ogniwo.E002"]),
        ({"DEMO": True}, ["ogniwo.E003"]),
        ({"DEBUG": True}, ["ogniwo.E003"]),
        ({"DEMO": True, "ALLOWED_HOSTS": ["localhost", "localhost.example"]}, ["ogniwo.E003"]),
        ({"DEMO": True, "ALLOWED_HOSTS": ["notlocalhost"]}, ["ogniwo.E003"]),
        ({"EMBEDDED": True, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}, ["ogniwo.E004"]),
        ({"SECRET_KEY": "k" * 49}, ["ogniwo.E005"]),
        ({"METRICS_TOKEN": "t" * 31}, ["ogniwo.E013"]),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, ["ogniwo.E006"]),
        ({"SCHEME": "http"}, ["ogniwo.E008"]),
        ({"SOCKET_ORIGINS": ["ogniwo.example"]}, ["ogniwo.E009"]),
        ({"SOCKET_ORIGINS": ["https://ogniwo.example/"]}, ["ogniwo.E009"]),
        ({"SOCKET_ORIGINS": ["https://*.ogniwo.example"]}, ["ogniwo.E009"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["ogniwo.W001"]),
        ({"REDIS_URL": ""}, ["ogniwo.W002"]),
        ({"GEOCODER": "google"}, ["ogniwo.E012"]),
        ({"GEOCODER": "Nominatim"}, ["ogniwo.E012"]),
        ({"GEOCODER": ""}, ["ogniwo.E012"]),
    ],
)
def test_unsafe_setting_is_refused(installation, change, expected):
    installation(**change)

    assert ids() == expected


ANSWERS = {"MAIL_SERVICE": "postmark", "MAIL_WEBHOOK_SECRET": "poczta:tajne"}


@pytest.mark.parametrize(
    "address", ["rozmowy@ogniwo.example", "odpowiedzi.ogniwo.example", "a" * 30 + "@ogniwo.example"]
)
def test_letters_may_be_answered_at_a_mailbox_or_a_domain(installation, address):
    installation(**ANSWERS, REPLY_ADDRESS=address)

    assert ids() == []


@pytest.mark.parametrize(
    "change",
    [
        {"MAIL_SERVICE": ""},
        {"MAIL_WEBHOOK_SECRET": ""},
        {"MAIL_WEBHOOK_SECRET": "tajne"},
        {"MAIL_WEBHOOK_SECRET": "poczta:"},
        {"REPLY_ADDRESS": "@ogniwo.example"},
        {"REPLY_ADDRESS": "rozmowy@"},
        {"REPLY_ADDRESS": "ogniwo"},
        {"REPLY_ADDRESS": "Rozmowy@ogniwo.example"},
        {"REPLY_ADDRESS": "rozmowy+x@ogniwo.example"},
        {"REPLY_ADDRESS": "Ogniwo <rozmowy@ogniwo.example>"},
        {"REPLY_ADDRESS": "a" * 31 + "@ogniwo.example"},
    ],
)
def test_half_of_what_answers_need_is_refused(installation, change):
    installation(**{**ANSWERS, "REPLY_ADDRESS": "rozmowy@ogniwo.example", **change})

    assert ids() == ["ogniwo.E014"]


@pytest.mark.parametrize("name", ["gazetteer", "gugik", "nominatim"])
def test_every_geocoder_may_be_chosen(installation, name):
    installation(GEOCODER=name)

    assert ids() == []


def test_refusal_of_a_geocoder_names_those_there_are(installation):
    installation(GEOCODER="google")

    [problem] = checks.geocoder_is_known(None)

    assert problem.msg == "GEOCODER is “google”, but may be: gazetteer, gugik, nominatim."


@pytest.mark.parametrize("name", sorted(checks.MINIMUM))
def test_old_version_is_refused(installation, monkeypatch, name):
    monkeypatch.setitem(checks.MINIMUM, name, (99,))

    assert ids() == ["ogniwo.E001"]


@pytest.mark.parametrize("version", [None, (8,), (8, 0, 1), (9, 1)])
def test_unfit_redis_client_is_refused_when_redis_is_used(installation, monkeypatch, version):
    monkeypatch.setattr(checks, "installed", lambda name: version if name == "redis" else (99,))

    assert ids() == ["ogniwo.E007"]
    installation(REDIS_URL="")
    assert ids() == ["ogniwo.W002"]


@pytest.mark.parametrize(
    ("text", "expected"), [("8.0.1", (8, 0, 1)), ("8.1rc2", (8, 1)), ("5.2.19.post1", (5, 2, 19)), ("26.10", (26, 10))]
)
def test_version_is_read_as_numbers(text, expected):
    assert checks.numbers(text) == expected


# --- The database itself ----------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db
def test_database_is_set_up_as_the_settings_ask():
    assert checks.database_is_set_up(None, databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="pragmas are SQLite's")
@pytest.mark.parametrize(
    ("pragma", "words"),
    [("PRAGMA foreign_keys=OFF", "foreign_keys is 0"), ("PRAGMA busy_timeout=100", "busy_timeout is 100")],
)
def test_wrong_pragma_is_refused(transactional_db, pragma, words):
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(pragma)

    [problem] = checks.database_is_set_up(None, databases=["default"])

    connection.close()
    assert problem.id == "ogniwo.E010"
    assert words in problem.msg


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a mode of SQLite's")
def test_deferred_transactions_are_refused(monkeypatch):
    monkeypatch.setattr(connections["default"], "transaction_mode", "DEFERRED")

    [problem] = checks.database_is_set_up(None, databases=["default"])

    assert "transaction_mode is DEFERRED" in problem.msg


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a version of PostgreSQL's")
def test_old_postgres_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "OLDEST_POSTGRES", 990000)

    [problem] = checks.database_is_set_up(None, databases=["default"])

    assert problem.id == "ogniwo.E011"


def test_checks_without_database_touch_none():
    assert checks.database_is_set_up(None) == []
