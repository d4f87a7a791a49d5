"""Settings of one installation. Every difference between machines comes from the environment.

With neither DATABASE_URL nor REDIS_URL the site runs embedded: one Daphne process, SQLite, an in-memory channel layer
and the worker as a thread. With them it runs as a server: gunicorn for pages, Daphne for sockets, `manage.py worker`.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# Tests, checks and the demo set it to nothing: an installation's own values must not reach them.
ENV_FILE = env.str("ENV_FILE", default=str(BASE_DIR / ".env"))
if ENV_FILE and Path(ENV_FILE).exists():
    env.read_env(ENV_FILE)

DEMO = env.bool("OGNIWO_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Start the demo with `python3 dev.py demo`, or see .env.example.")

# Earlier keys, after a change: sessions and second factors made under them stay good.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# The bare host carries the portal, its subdomains (or other hosts) the centres.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", ".localhost"])
SCHEME = env.str("SCHEME", default="http" if DEMO or DEBUG else "https")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Full origins of pages that may open a socket; the sites' own addresses are added to them.
SOCKET_ORIGINS = env.list("SOCKET_ORIGINS", default=[])

# --- Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "cms",
    "volunteering",
    "neighbourhoods",
    "notifications",
    "accounts",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.sites",
    "cms.apps.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules.apps.AutodiscoverRulesConfig",
    "channels",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "phonenumber_field",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.middleware.refuse_trace",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "neighbourhoods.middleware.find_municipality",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.choose_language",
    "config.page_cache.PublicPageCache",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "neighbourhoods.middleware.show_when_open",
    "neighbourhoods.middleware.open_scope",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.guard_staff_pages",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "config.context_processors.page",
                "cms.frames.context",
            ],
            "builtins": ["config.templatetags.ogniwo"],
        },
    },
]
FORM_RENDERER = "config.forms.Renderer"

# --- Database, cache, channel layer, tasks ----------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED = not DATABASE_URL and not REDIS_URL
# This process serves the sockets and leaves the pages to gunicorn (server shape).
SOCKETS_ONLY = env.bool("OGNIWO_SOCKETS_ONLY", default=False)

DATABASES = {
    "default": env.db_url_config(DATABASE_URL)
    if DATABASE_URL
    else {"ENGINE": "config.sqlite3", "NAME": VAR_DIR / "ogniwo.sqlite3"}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL with IMMEDIATE transactions: readers never wait, writers queue instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
# Threads that stay keep one connection each: gunicorn's, and the one of Daphne where it has sockets only. Where Daphne
# has pages, every request has a thread of its own and nothing may be kept: so only start commands set it. A killed
# backend is noticed before it is used.
kept = env.str("CONN_MAX_AGE", default="0")
DATABASES["default"]["CONN_MAX_AGE"] = None if kept == "none" else int(kept)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# "default" is allauth's and Wagtail's: limits, used-up codes, addresses of sites. Several processes count them together
# in the database. The others are copies that each process may hold for itself; they have stores of their own, so that
# a flood of addresses cannot push the limits out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",  # made by a migration of accounts
        "KEY_FUNCTION": "config.shared_cache.seal",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
    if DATABASE_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "default",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
    # Wagtail's name for where it keeps the sizes and addresses of scaled photos.
    "renditions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "renditions",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "ogniwo"},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:landing"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Every way in begins with a code from the mailbox (accounts/mailbox.py), so no address waits to be verified later.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Eight digits: easy to type on a phone, and five guesses a code and six codes in ten minutes stay hopeless for years.
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "40/10m/ip,6/10m/key",
    "login_failed": "20/m/ip,5/5m/key",
    # Asking for the newsletter: from one network, at one centre, and letters to one address.
    "newsletter": "10/h/ip",
    "newsletter_centre": "300/h/key",
    "newsletter_address": "3/d/key",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.PasskeyForm",
    "authenticate_webauthn": "accounts.forms.ShowPasskeyAtSignInForm",
    "login_webauthn": "accounts.forms.EnterByPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.ShowPasskeyForm",
}
MFA_TOTP_ISSUER = "Ogniwo"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SCHEME == "http"
# How long a session may use the desk and the CMS after the second factor was shown: a working day (seconds).
SECOND_FACTOR_AGE = 12 * 3600
# How long a code or a second factor counts as just shown, for acts that a stranger at an open session must not do.
FRESH_PROOF_AGE = ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SCHEME == "https"
SESSION_COOKIE_NAME = "__Host-sessionid" if SCHEME == "https" else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SCHEME == "https" else "csrftoken"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
PHONENUMBER_DEFAULT_REGION = "PL"
PHONENUMBER_DEFAULT_FORMAT = "E164"

# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "pl"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("pl", _("Polish")), ("en", _("English")), ("uk", _("Ukrainian"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
WAGTAIL_I18N_ENABLED = True

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
# The demo serves static files from where the packages keep them: no collectstatic before the first page.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEMO or DEBUG
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Mail -------------------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
if DEMO:
    EMAIL_BACKEND = "config.mail.TerminalBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Ogniwo <ogniwo@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# A mail service with an API and webhooks, by its name in django-anymail (production extra): "mailgun", "postmark" …
MAIL_SERVICE = env.str("MAIL_SERVICE", default="")
# user:password in the addresses of its webhooks, for what it reports and for the mail that it brings.
MAIL_WEBHOOK_SECRET = env.str("MAIL_WEBHOOK_SECRET", default="")
# Where letters about conversations can be answered: a mailbox (rozmowy@ogniwo.example, the service must take
# rozmowy+…@ too) or a domain of its own (odpowiedzi.ogniwo.example). Empty: on the site only.
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="")
if MAIL_SERVICE:
    INSTALLED_APPS.append("anymail")
    EMAIL_BACKEND = f"anymail.backends.{MAIL_SERVICE}.EmailBackend"
    # Its own names, such as MAILGUN_API_KEY.
    ANYMAIL = {
        **{name: env.str(name) for name in env.list("MAIL_SERVICE_SETTINGS", default=[])},
        "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET,
        "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
    }

# --- Security ---------------------------------------------------------------------------------------------------------

# Only behind a proxy that sets it: the embedded shape has none, so a client could send the header itself.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Limits count by the address that the outermost of our own proxies saw; what a client writes before it is ignored.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=int(BEHIND_PROXY))
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SCHEME == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SCHEME == "https"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the CMS previews pages in a frame of its own origin
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # wants DENY, which the preview cannot have
# Pages of staff: nothing below these without a second factor.
CMS_PREFIX = "/cms/"
DESK_PREFIX = "/biurko/"
# Namespaces of addresses that centres have and the portal has not: there they lead to the list of centres.
CENTRE_APPS = {"volunteering", "desk"}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
# Wagtail's editor writes inline scripts and styles; nothing outside its prefix gets this.
CMS_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# --- Wagtail ----------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Ogniwo"
# As the help texts write dates, and people in Poland; Wagtail's own is 2027-04-24.
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAILADMIN_BASE_URL = env.str("WAGTAILADMIN_BASE_URL", default=f"{SCHEME}://{ALLOWED_HOSTS[0].lstrip('.')}")
WAGTAILADMIN_PERMITTED_LANGUAGES = [("pl", "polski"), ("en", "English"), ("uk", "українська")]
WAGTAIL_FRONTEND_LOGIN_URL = "/konto/login/code/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Nothing that was uploaded is opened under our own origin: every document is a download.
WAGTAILDOCS_INLINE_CONTENT_TYPES = []
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.uploads.PhotoForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.uploads.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "odt", "ods", "docx", "xlsx", "csv", "txt", "rtf", "mp4", "webm"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILEMBEDS_FINDERS = []

# --- Places -----------------------------------------------------------------------------------------------------------

# Which geocoder answers: "gazetteer" (offline, the installation's own places), "gugik" (GUGiK UUG) or "nominatim".
GEOCODER = env.str("GEOCODER", default="gazetteer")
GEOCODER_URL = env.str("GEOCODER_URL", default="")
GEOCODER_USER_AGENT = env.str("GEOCODER_USER_AGENT", default="ogniwo")
# An outside geocoder is asked at most once in so many seconds, by the whole installation.
GEOCODER_PAUSE_SECONDS = env.float("GEOCODER_PAUSE_SECONDS", default=1.0)

# --- Requests for help ------------------------------------------------------------------------------------------------

# How many requests one network address may send within an hour without signing in. Whoever tries out the demonstration
# sends everything from this one machine.
REQUESTS_PER_SOURCE_AND_HOUR = 60 if DEMO else 5
# The same for requests with only a phone number, of a whole centre: each of them is rung back.
PHONE_ONLY_PER_HOUR = 60 if DEMO else 20

# --- Notifications ----------------------------------------------------------------------------------------------------

# An event with more recipients than this is delivered by the worker, not by the request that caused it.
DELIVER_AT_ONCE = 200
# The hub asks the database this often (seconds) for news whose bell was lost.
HUB_LOOK_SECONDS = env.float("HUB_LOOK_SECONDS", default=3.0)
WORKER_PAUSE_SECONDS = env.float("WORKER_PAUSE_SECONDS", default=1.0)

# Text messages: by default the demo writes them to the terminal, and an installation without a gateway sends none
# (whom no mail reaches is rung by staff).
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
SMS_POLISH_LETTERS = env.bool("SMS_POLISH_LETTERS", default=False)
SMS_TIMEOUT = 10
SMS_BACKEND = "notifications.sms.Gateway" if SMS_GATEWAY_URL else "notifications.sms.Console" if DEMO or DEBUG else ""

# Web push: keys of the installation (`manage.py push_keys` makes a pair) and whom a push service may write to.
VAPID_PUBLIC_KEY = env.str("VAPID_PUBLIC_KEY", default="")
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
VAPID_CONTACT = env.str("VAPID_CONTACT", default="")
# Browsers name the address that we post to: only these services and their subdomains are believed.
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=["fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com"],
)
PUSH_TIMEOUT = 10
# Who shows this token may read the figures of the installation at /metrics. Without it there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Logs: one JSON object a line, without words about people ---------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "config.logs.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain" if DEMO or DEBUG else "json"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "fido2": {"level": "WARNING"},  # below that it names the passkeys of people
    },
}
