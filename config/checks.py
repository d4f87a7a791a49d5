"""System checks that refuse to start an unsafe installation."""

from importlib.metadata import version

from django.conf import settings
from django.core.checks import Error, Tags, register

# Below these, known holes are open (docs/operate.md lists the advisories).
MINIMUM = {"Django": (5, 2, 19), "wagtail": (8, 0, 1), "daphne": (4, 2, 3)}


def numbers(text):
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


@register(Tags.security)
def versions_are_safe(app_configs, **kwargs):
    return [
        Error(
            f"{name} {version(name)} has known holes; install at least {'.'.join(map(str, least))}.", id="ogniwo.E001"
        )
        for name, least in MINIMUM.items()
        if numbers(version(name)) < least
    ]


@register(Tags.security)
def hosts_are_named(app_configs, **kwargs):
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS may not be *: the host decides which gmina answers.", id="ogniwo.E002")]
    return []


@register(Tags.security)
def demo_stays_at_home(app_configs, **kwargs):
    """The demo signs people in at a click: it must not be reachable under a public name."""
    if settings.DEMO and any(not host.endswith("localhost") for host in settings.ALLOWED_HOSTS):
        return [Error("OGNIWO_DEMO works on localhost names only.", id="ogniwo.E003")]
    return []


@register(Tags.security)
def proxy_header_needs_a_proxy(app_configs, **kwargs):
    if settings.EMBEDDED and getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return [Error("Without a proxy the client could send X-Forwarded-Proto itself.", id="ogniwo.E004")]
    return []


@register(Tags.security)
def secret_key_is_long(app_configs, **kwargs):
    if not settings.DEBUG and not settings.DEMO and len(settings.SECRET_KEY) < 32 and "test" not in settings.SECRET_KEY:
        return [Error("SECRET_KEY is shorter than 32 characters.", id="ogniwo.E005")]
    return []


@register(Tags.database)
def redis_needs_a_shared_database(app_configs, **kwargs):
    if settings.REDIS_URL and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return [Error("Several processes need PostgreSQL: set DATABASE_URL beside REDIS_URL.", id="ogniwo.E006")]
    return []
