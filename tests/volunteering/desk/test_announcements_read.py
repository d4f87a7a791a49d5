"""Announcements as those read them whom they told, and as nobody else does."""

import pytest
from django.urls import reverse

from notifications.models import Notification
from notifications.words import words
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    AnnouncementRecipientFactory,
    StandingFactory,
)
from volunteering.domain import announcements
from volunteering.models import Addressees
from volunteering.tasks import send_announcement

pytestmark = pytest.mark.django_db

WORDS = {"title": "W piątek zamknięte", "body": "Do zobaczenia."}


@pytest.fixture
def crowd(municipality):
    return [StandingFactory(municipality=municipality).volunteer for _ in range(3)]


@pytest.fixture
def told(municipality, crowd):
    announcement = AnnouncementFactory(municipality=municipality, sent=True, total=3, told=1)
    AnnouncementRecipientFactory(announcement=announcement, user=crowd[0], told=True)
    AnnouncementRecipientFactory(announcement=announcement, user=crowd[1], outcome="capped")
    AnnouncementRecipientFactory(announcement=announcement, user=crowd[2])
    return announcement


def read(enter, user, announcement):
    return enter(None, user=user).get(reverse("volunteering:announcement", args=[announcement.pk]))


def test_who_was_told_can_read_it(enter, crowd, told):
    response = read(enter, crowd[0], told)

    assert response.status_code == 200
    assert told.title in response.text


def test_nobody_else_can_read_it(enter, crowd, told):
    answers = [read(enter, user, told).status_code for user in (crowd[1], crowd[2], UserFactory())]

    assert answers == [404, 404, 404]


def test_it_is_read_on_its_own_site_only(enter, crowd, told):
    elsewhere = MunicipalityFactory()
    client = enter(None, user=crowd[0], host=elsewhere.site.hostname)

    assert client.get(reverse("volunteering:announcement", args=[told.pk])).status_code == 404


def test_what_was_withdrawn_says_so_and_no_more(enter, crowd, municipality):
    announcement = AnnouncementFactory(municipality=municipality, cancelled=True, total=1, told=1)
    AnnouncementRecipientFactory(announcement=announcement, user=crowd[0], told=True)

    response = read(enter, crowd[0], announcement)

    assert announcement.title in response.text
    assert "Do zobaczenia" not in response.text


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_the_frame_is_in_the_language_of_the_reader(municipality, crowd, language, django_capture_on_commit_callbacks):

    crowd[0].language = language
    crowd[0].save(update_fields=["language"])
    author = MembershipFactory(municipality=municipality).user
    announcement = announcements.write(municipality, actor=author, audience=Addressees.HELPERS, **WORDS)
    announcements.send(announcement, actor=author)
    with django_capture_on_commit_callbacks(execute=True):
        send_announcement.call(announcement.pk)

    read_words = words(Notification.objects.get(user=crowd[0]), crowd[0])

    begins = {"pl": "pisze do wszystkich", "en": "writes to everybody", "uk": "пише всім"}[language]
    assert begins in read_words.paragraphs[0]
    assert read_words.paragraphs[1:] == [WORDS["body"]]
    assert read_words.path == reverse("volunteering:announcement", args=[announcement.pk])
