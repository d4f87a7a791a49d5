"""System checks: an unsafe installation does not start. docs/operate.md says what to do about each of them.

`check --deploy` adds Django's own. The ones of the database run in `migrate` and in `check --database default`.
"""

import re
from importlib.metadata import PackageNotFoundError, version
from itertools import takewhile
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register  # noqa: A004 -- Django's name for it
from django.db import connections

from neighbourhoods.geocoding import GEOCODERS

# Below these, known holes are open (docs/operate.md lists the advisories).
MINIMUM = {"Django": (5, 2, 19), "wagtail": (8, 0, 1), "daphne": (4, 2, 3), "channels": (4, 3, 2)}
# redis-py 8 ends idle sockets of channels_redis 4.3 every five seconds.
FIRST_REFUSED_REDIS = (8,)
OLDEST_POSTGRES = 150000
SHORTEST_KEY = 50
SHORTEST_TOKEN = 32
REPLY_ADDRESS = re.compile(r"(?:[a-z0-9][a-z0-9._-]*@)?[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+")
# 64 in all (RFC 5321), a plus sign and a mark of 33.
LONGEST_MAILBOX = 30


def numbers(text):
    """The leading numbers of a version: (8, 0, 1) of "8.0.1" and of "8.0.1rc2"."""
    parts = ("".join(takewhile(str.isdigit, part)) for part in text.split("."))
    return tuple(int(part) for part in takewhile(bool, parts))


def installed(name):
    """Version of a package as numbers, or None where it is not installed."""
    try:
        return numbers(version(name))
    except PackageNotFoundError:
        return None


def is_public():
    """Whether strangers may reach this installation: neither the demo nor a developer's own."""
    return not settings.DEBUG and not settings.DEMO


def is_local(host):
    return host.strip(".") == "localhost" or host.endswith(".localhost") or host in {"127.0.0.1", "[::1]"}


# --- Versions ---------------------------------------------------------------------------------------------------------


@register(Tags.security)
def versions_are_safe(app_configs, **kwargs):
    return [
        Error(f"{name} {version(name)} has known holes.", hint="Install what requirements.txt names.", id="ogniwo.E001")
        for name, least in MINIMUM.items()
        if installed(name) < least
    ]


@register(Tags.security)
def redis_client_keeps_sockets_open(app_configs, **kwargs):
    client = installed("redis")
    if settings.REDIS_URL and (client is None or client >= FIRST_REFUSED_REDIS):
        hint = "Install what requirements-prod.txt names: redis>=7,<8."
        return [Error("This redis client is missing or closes idle sockets.", hint=hint, id="ogniwo.E007")]
    return []


# --- Who may reach it -------------------------------------------------------------------------------------------------


@register(Tags.security)
def hosts_are_named(app_configs, **kwargs):
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS may not be *: the host decides which gmina answers.", id="ogniwo.E002")]
    return []


@register(Tags.security)
def demo_stays_at_home(app_configs, **kwargs):
    """The demo signs people in at a click, and DEBUG shows the inside: neither may have a public name."""
    strangers = [host for host in settings.ALLOWED_HOSTS if not is_local(host)]
    if strangers and (settings.DEMO or settings.DEBUG):
        return [Error(f"OGNIWO_DEMO and DEBUG work on localhost only, not on {strangers[0]}.", id="ogniwo.E003")]
    return []


@register(Tags.security)
def proxy_header_needs_a_proxy(app_configs, **kwargs):
    if settings.EMBEDDED and getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return [Error("Without a proxy the client could send X-Forwarded-Proto itself.", id="ogniwo.E004")]
    return []


@register(Tags.security)
def pages_are_encrypted(app_configs, **kwargs):
    if is_public() and settings.SCHEME != "https" and not all(map(is_local, settings.ALLOWED_HOSTS)):
        return [Error("SCHEME must be https: addresses of people would travel in the open.", id="ogniwo.E008")]
    return []


@register(Tags.security)
def socket_origins_are_whole(app_configs, **kwargs):
    """`https://host`, with nothing behind: a bare host name would let every port and plain http in."""
    wrong = [origin for origin in settings.SOCKET_ORIGINS if not is_origin(origin)]
    return [Error(f"SOCKET_ORIGINS: {origin} is not a whole origin.", id="ogniwo.E009") for origin in wrong]


def is_origin(text):
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and text == f"{parts.scheme}://{parts.netloc}" and "*" not in parts.netloc


@register(Tags.security)
def secret_key_is_long(app_configs, **kwargs):
    if is_public() and len(settings.SECRET_KEY) < SHORTEST_KEY:
        return [Error(f"SECRET_KEY is shorter than {SHORTEST_KEY} characters.", id="ogniwo.E005")]
    return []


@register(Tags.security)
def metrics_token_is_long(app_configs, **kwargs):
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        return [Error(f"METRICS_TOKEN is shorter than {SHORTEST_TOKEN} characters.", id="ogniwo.E013")]
    return []


# --- Whether its parts fit together -----------------------------------------------------------------------------------


@register(Tags.security)
def redis_needs_a_shared_database(app_configs, **kwargs):
    if settings.REDIS_URL and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return [Error("Several processes need PostgreSQL: set DATABASE_URL beside REDIS_URL.", id="ogniwo.E006")]
    return []


@register(Tags.security)
def processes_can_ring(app_configs, **kwargs):
    if not settings.EMBEDDED and not settings.REDIS_URL:
        hint = f"Without it news reaches open pages up to {settings.HUB_LOOK_SECONDS:g} s late."
        return [Warning("REDIS_URL is not set, so processes cannot ring each other.", hint=hint, id="ogniwo.W002")]
    return []


@register(Tags.security)
def letters_leave_the_machine(app_configs, **kwargs):
    if is_public() and settings.EMAIL_BACKEND.rsplit(".", 2)[-2] in {"console", "dummy", "locmem", "filebased"}:
        return [Warning("EMAIL_URL is not set: nobody can sign in, as codes come by mail.", id="ogniwo.W001")]
    return []


@register(Tags.security)
def answers_find_their_way(app_configs, **kwargs):
    """Letters name the address for answers only where all of it is there: half of it would be silence."""
    return [Error(f"REPLY_ADDRESS: {words}", id="ogniwo.E014") for words in problems_of_answers()]


def problems_of_answers():
    if not settings.REPLY_ADDRESS:
        return
    if not REPLY_ADDRESS.fullmatch(settings.REPLY_ADDRESS):
        yield "write a mailbox or a domain in small letters, such as rozmowy@ogniwo.example."
    if len(settings.REPLY_ADDRESS.rpartition("@")[0]) > LONGEST_MAILBOX:
        yield f"the part before @ has more than {LONGEST_MAILBOX} characters, so that no mark fits behind it."
    if not settings.MAIL_SERVICE:
        yield "no mail comes in without a MAIL_SERVICE."
    if not all(settings.MAIL_WEBHOOK_SECRET.partition(":")):
        yield "set MAIL_WEBHOOK_SECRET (user:password): without it anybody could bring mail."


@register(Tags.security)
def geocoder_is_known(app_configs, **kwargs):
    """A misspelt name would come to light only where the first address is looked up, in a task."""
    if settings.GEOCODER not in GEOCODERS:
        words = f"GEOCODER is “{settings.GEOCODER}”, but may be: {', '.join(GEOCODERS)}."
        return [Error(words, id="ogniwo.E012")]
    return []


@register(Tags.database)
def database_is_set_up(app_configs, databases=None, **kwargs):
    """What the settings ask of the database is what the connection has: options in the wrong place do nothing."""
    problems = []
    for alias in databases or []:
        connection = connections[alias]
        problems += sqlite_problems(connection) if connection.vendor == "sqlite" else postgres_problems(connection)
    return problems


def sqlite_problems(connection):
    """WAL, so that readers never wait; NORMAL; keys enforced; writers queue and take the lock at BEGIN."""
    with connection.cursor() as cursor:
        has = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", *SQLITE_HAS)}
    wrong = [f"{name} is {has[name]}" for name, value in SQLITE_HAS.items() if has[name] < value]
    if has["journal_mode"] not in {"wal", "memory"}:
        wrong.append(f"journal_mode is {has['journal_mode']}")
    if connection.transaction_mode != "IMMEDIATE":
        wrong.append(f"transaction_mode is {connection.transaction_mode}")
    return [Error(f"SQLite is not set up as it must be: {'; '.join(wrong)}.", id="ogniwo.E010")] if wrong else []


SQLITE_HAS = {"synchronous": 1, "foreign_keys": 1, "busy_timeout": 5000}


def postgres_problems(connection):
    connection.ensure_connection()
    if connection.pg_version < OLDEST_POSTGRES:
        return [Error(f"PostgreSQL {connection.pg_version // 10000} is too old; take 15 or newer.", id="ogniwo.E011")]
    return []
