"""Settings of the test suite: the real ones, with mail in memory and a database of the worker's own."""

import os

# What a .env file says is meant for this machine's own installation, never for its tests.
os.environ["ENV_FILE"] = ""
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("OGNIWO_DEMO", "0")
os.environ.setdefault("SCHEME", "http")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,.localhost,testserver")

from config.settings import *  # noqa: F403 -- the environment above must be set first
from config.settings import CHANNEL_LAYERS, REDIS_URL, STORAGES

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
if REDIS_URL:
    # Parallel workers share one server and must not hear each other's bells.
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"ogniwo-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
