import re

import pytest
from django.core import mail
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications import habits, letters, preferences
from notifications.models import Channel, Delivery, Habits, Inbox, Notification, Preference
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import KIND, DeliveryFactory, EventFactory, NotificationFactory

INBOX = "/moje/powiadomienia/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def seqs(response):
    """Numbers of the listed notifications, in order; the template for live ones has none."""
    return [int(seq) for seq in re.findall(r'data-seq="(\d+)"', response.content.decode().split("data-inbox-list")[1])]


# --- The list ---


def test_inbox_lists_the_newest_first_in_the_language_of_the_page(client, person):
    NotificationFactory(user=person, read=True)
    NotificationFactory(user=person)

    response = client.get(INBOX)

    assert seqs(response) == [2, 1]
    assert response.content.decode().count("pl: Dzień dobry") >= 2


def test_inbox_shows_nothing_of_other_people(client, person):
    NotificationFactory()

    response = client.get(INBOX)

    assert seqs(response) == []
    assert "Dzień dobry" not in response.content.decode()


def test_inbox_asks_strangers_to_sign_in(client):
    response = client.get(INBOX)

    assert response.status_code == 302
    assert response.url.startswith("/konto/")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_inbox_is_only_read(client, person, method):
    assert getattr(client, method)(INBOX).status_code == 405


@pytest.mark.postgres
def test_inbox_costs_the_same_for_few_and_many(client, person):
    numbers = []
    for more in (1, 2):
        NotificationFactory.create_batch(more, user=person)
        client.get(INBOX)
        with CaptureQueriesContext(connection) as queries:
            client.get(INBOX)
        ours = [query for query in queries.captured_queries if "notifications_" in query["sql"]]
        numbers.append((len(ours), len(queries)))

    # how the inbox stands; its rows with their events. The frame of the page asks the same for one and for three.
    assert [ours for ours, _all in numbers] == [2, 2]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("count", [1, 3])
def test_bell_costs_one_query(count, django_assert_num_queries):
    person = UserFactory()
    NotificationFactory.create_batch(count, user=person)

    with django_assert_num_queries(1):
        bell = render_to_string("notifications/bell.html", {"viewer": person})

    assert f'data-unread="{count}"' in bell


def test_inbox_turns_pages_by_number(client, person):
    NotificationFactory.create_batch(25, user=person)

    first = client.get(INBOX)
    second = client.get(INBOX, {"before": 6})

    assert seqs(first) == list(range(25, 5, -1))
    assert f'href="{INBOX}?before=6"' in first.content.decode()
    assert seqs(second) == [5, 4, 3, 2, 1]
    assert "data-inbox-live" in first.content.decode()
    assert "data-inbox-live" not in second.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "9" * 40, "", "²"])
def test_inbox_takes_any_page_number_calmly(client, person, before):
    NotificationFactory(user=person)

    assert client.get(INBOX, {"before": before}).status_code == 200


def test_inbox_can_leave_out_what_was_read(client, person):
    NotificationFactory(user=person, read=True)
    NotificationFactory(user=person)

    assert seqs(client.get(INBOX, {"unread": "1"})) == [2]


@pytest.mark.parametrize(("query", "words"), [({}, "Nothing here yet"), ({"unread": "1"}, "You have read everything")])
def test_empty_inbox_says_what_will_come(client, person, query, words):
    client.cookies["language"] = "en"

    assert words in client.get(INBOX, query).content.decode()


def test_inbox_is_not_kept_by_caches(client, person):
    assert "no-store" in client.get(INBOX)["Cache-Control"]


def test_notification_with_a_hostile_name_is_shown_as_text(client, person):
    event = EventFactory(data={"to": [], "words": "<script>alert(1)</script>", "shared": '"><img src=x>'})
    NotificationFactory(user=person, event=event)

    page = client.get(INBOX).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x>" not in page


# --- The bell ---


def test_bell_carries_the_count_and_the_last_number(client, person):
    NotificationFactory.create_batch(2, user=person)
    NotificationFactory(user=person, read=True)

    page = client.get(INBOX).content.decode()

    assert 'data-seq="3"' in page
    assert 'data-unread="2"' in page
    assert re.search(r"<span data-bell-unread>", page)


def test_bell_hides_the_count_where_everything_is_read(client, person):
    NotificationFactory(user=person, read=True)

    assert re.search(r"<span data-bell-unread hidden>", client.get(INBOX).content.decode())


# --- Opening and reading ---


def test_opening_marks_read_and_leads_on(client, person):
    notification = NotificationFactory(user=person)

    response = client.get(f"{INBOX}{notification.seq}/")

    notification.refresh_from_db()
    assert response.url == "/prosby/"
    assert notification.read_at is not None


def test_opening_again_keeps_the_first_time(client, person):
    notification = NotificationFactory(user=person, read=True)
    read_at = notification.read_at

    client.get(f"{INBOX}{notification.seq}/")

    notification.refresh_from_db()
    assert notification.read_at == read_at


def test_opening_leads_to_the_site_of_its_municipality(client, person):
    municipality = MunicipalityFactory(site__hostname="ruda.localhost", site__port=8000)
    notification = NotificationFactory(user=person, event__municipality_id=municipality.pk)

    elsewhere = client.get(f"{INBOX}{notification.seq}/")
    here = client.get(f"{INBOX}{notification.seq}/", headers={"host": "ruda.localhost"})

    assert elsewhere.url == "http://ruda.localhost:8000/prosby/"
    assert here.url == "/prosby/"


def test_opening_what_was_deleted_leads_back_with_a_word(client, person):
    notification = NotificationFactory(user=person, event__subject_id=0)

    response = client.get(f"{INBOX}{notification.seq}/", follow=True)

    assert response.redirect_chain == [(INBOX, 302)]
    assert [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("seq", [2, 10**30])
def test_opening_what_does_not_exist_is_not_found(client, person, seq):
    NotificationFactory(user=person)

    assert client.get(f"{INBOX}{seq}/").status_code == 404


def test_opening_another_persons_is_not_found(client, person):
    NotificationFactory.create_batch(3, user=UserFactory())

    response = client.get(f"{INBOX}3/")

    assert response.status_code == 404
    assert not Notification.objects.exclude(read_at=None).exists()


def test_one_is_marked_read_and_the_page_stays(client, person):
    first, second = NotificationFactory.create_batch(2, user=person)

    response = client.post(f"{INBOX}{first.seq}/przeczytane/", {"unread": "1", "before": "9"})

    assert response.url == f"{INBOX}?unread=1&before=9"
    assert list(Notification.objects.unread()) == [second]


def test_marking_another_persons_read_is_not_found(client, person):
    NotificationFactory(user=UserFactory())

    assert client.post(f"{INBOX}1/przeczytane/").status_code == 404
    assert Notification.objects.unread().count() == 1


def test_all_are_marked_read_up_to_what_was_seen(client, person):
    other = NotificationFactory()
    NotificationFactory.create_batch(3, user=person)

    response = client.post(f"{INBOX}przeczytane/", {"up_to": "2"})

    assert response.url == INBOX
    assert list(Notification.objects.unread().order_by("seq").values_list("user", "seq")) == [
        (other.user_id, 1),
        (person.pk, 3),
    ]


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30])
def test_marking_all_read_without_a_number_changes_nothing(client, person, up_to):
    NotificationFactory(user=person)

    client.post(f"{INBOX}przeczytane/", {"up_to": up_to})

    assert Notification.objects.unread().count() == 1


@pytest.mark.parametrize("path", ["przeczytane/", "1/przeczytane/"])
def test_marking_read_needs_a_form(client, person, path):
    NotificationFactory(user=person)

    assert client.get(INBOX + path).status_code == 405


# --- What comes by mail, and when ---

HABITS = {
    "rhythm": "now",
    "digest_hour": "8",
    "digest_weekday": "0",
    "quiet_from": "21",
    "quiet_until": "7",
    "daily_cap": "10",
    "reminder_hours": "24",
}


def wants_mail(user):
    return preferences.wanted_by(user, preferences.offered_to(user), [Channel.MAIL])[KIND, Channel.MAIL]


def test_choice_of_mail_is_kept(client, person):
    page = client.get(reverse("notifications:settings")).content.decode()
    refused = client.post(reverse("notifications:settings"), HABITS)
    chosen_off = wants_mail(person)
    names = re.findall(r'name="(mail_\d+)"', page)
    client.post(reverse("notifications:settings"), HABITS | dict.fromkeys(names, "on"))

    assert refused.url == reverse("notifications:settings")
    assert chosen_off is False
    assert wants_mail(person) is True


def test_habits_are_kept(client, person):
    client.post(
        reverse("notifications:settings"), HABITS | {"rhythm": "weekly", "digest_weekday": "4", "quiet_mail": "on"}
    )

    kept = habits.of(person.pk)
    assert (kept.rhythm, kept.digest_weekday, kept.quiet_mail, kept.daily_cap) == ("weekly", 4, True, 10)


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": "24"}, {"rhythm": "hourly"}, {"daily_cap": "-1"}, {"digest_weekday": "7"}]
)
def test_habits_that_cannot_be_are_refused(client, person, wrong):
    response = client.post(reverse("notifications:settings"), HABITS | wrong)

    assert response.status_code == 200
    assert not Habits.objects.exists()


def test_choosing_kind_by_kind_ends_the_word_on_all_kinds(client, person):
    preferences.stop_mail(person.pk)

    client.post(reverse("notifications:settings"), HABITS)

    assert not Preference.objects.filter(user=person, kind=Preference.EVERY_KIND).exists()


def test_choices_offer_what_may_concern_the_person_only(client, person, monkeypatch):
    offered = "News of the tests" in client.get(reverse("notifications:settings")).content.decode()
    monkeypatch.setattr("tests.factories.notifications.News.concerns", staticmethod(lambda user: False))
    still_offered = "News of the tests" in client.get(reverse("notifications:settings")).content.decode()

    assert (offered, still_offered) == (True, False)


# --- Unsubscribing ---


def unsubscribe_address(user, kind=KIND):
    return reverse("notifications:unsubscribe", args=[preferences.unsubscribe_token(user.pk, kind)])


def test_one_click_of_a_mail_program_stops_the_kind(client):
    user = UserFactory()
    DeliveryFactory(notification__user=user)
    letters.send_due()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = "/" + address.split("/", 3)[3]
    client.handler.enforce_csrf_checks = True

    response = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert list(Preference.objects.values_list("user", "kind", "channel", "wanted")) == [
        (user.pk, KIND, Channel.MAIL, False)
    ]


def test_opening_the_address_changes_nothing(client):
    response = client.get(unsubscribe_address(UserFactory()))

    assert response.status_code == 200
    assert not Preference.objects.exists()


def test_unsubscribing_sets_no_cookie(client):
    address = unsubscribe_address(UserFactory())

    for response in (client.get(address), client.post(address)):
        assert not response.cookies


def test_all_mail_can_be_stopped_without_signing_in(client):
    user = UserFactory()
    Preference.objects.create(user=user, kind=KIND, channel=Channel.MAIL, wanted=True)

    client.post(unsubscribe_address(user), {"all": "1"})

    assert wants_mail(user) is False


def test_unsubscribing_twice_changes_nothing(client):
    address = unsubscribe_address(UserFactory())

    client.post(address)
    response = client.post(address)

    assert response.status_code == 200
    assert Preference.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "x:y", "WzEsIm5ld3MiXQ:forged"])
def test_forged_address_is_not_found(client, token):
    assert client.post(reverse("notifications:unsubscribe", args=[token])).status_code == 404


def test_address_of_an_erased_person_answers_calmly(client):
    user = UserFactory()
    address = unsubscribe_address(user)
    user.delete()

    assert client.post(address).status_code == 404


def test_unsubscribed_person_is_told_on_the_page_only():
    user = UserFactory()
    preferences.stop_mail(user.pk, KIND)
    letter = DeliveryFactory(notification__user=user)

    letters.send_due()

    assert mail.outbox == []
    assert Delivery.objects.get(pk=letter.pk).state == "skipped"
    assert Inbox.objects.get(user=user).last_seq == 1
