"""Settings of the test suite: the real ones, with mail in memory and a database of the worker's own."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("OGNIWO_DEMO", "0")
os.environ.setdefault("SCHEME", "http")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,.localhost,testserver")

from config.settings import *  # noqa: E402, F403 -- the environment above must be set first
from config.settings import BASE_DIR, DATABASES, STORAGES  # noqa: E402

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = BASE_DIR / "var" / "test-media"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "var" / "test.sqlite3"}
