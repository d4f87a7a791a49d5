"""Fixtures of the notifications: the tests' own notice, real commits, a hub that is gone afterwards."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from notifications import realtime, registry
from notifications.models import Duty, Event, Habits, Hour, Inbox, Preference
from tests.factories.notifications import KIND, News


@pytest.fixture(autouse=True)
def news_of_the_tests(settings, monkeypatch):
    template_engine = {**settings.TEMPLATES[0]}
    template_engine["DIRS"] = [*template_engine["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [template_engine]
    monkeypatch.setitem(registry.NOTICES, KIND, News)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Real transactions, seen by threads and sockets. Removes what the test left, and leaves what migrations made:
    the flush of transactional tests would take Wagtail's root page with it."""
    with django_db_blocker.unblock():
        yield
        for model in (Event, Inbox, Preference, Habits, Hour, Duty, DBTaskResult, Session, User):
            model._base_manager.all().delete()
        connection.close()


@pytest.fixture
async def sockets(committed, settings):
    """The hub of this test's loop looks often, and ends with the test."""
    settings.HUB_LOOK_SECONDS = 0.2
    yield
    await realtime.hub.stop()
    realtime.bell.forget()
