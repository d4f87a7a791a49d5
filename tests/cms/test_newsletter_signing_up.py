"""Signing up for the newsletter: what strangers can do with an address that is not theirs, and what is kept."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.domain import people
from cms.domain import newsletter_links as links
from cms.domain import subscribing, subscriptions
from cms.domain.own_data import erase, export
from cms.models import SiteLook, Subscriber
from cms.states import LeftWhy
from notifications import bounces, worker
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.newsletter import make_subscriber
from volunteering.errors import Refused

pytestmark = pytest.mark.django_db

SIGN_UP = "/newsletter/zapis/"
ANSWERS = {"email": "Anna@Example.org", "topics": ["news", "events"], "language": "pl", "agreed": "on"}


def subscriber_at(address):
    with scopes_disabled():
        return Subscriber.objects.at_address(address).first()


def link_in(message, name):
    return re.search(rf"http://[^/\s]+(/newsletter/{name}/\S+)", message.body)[1]


def signed_up(client, **answers):
    response = client.post(SIGN_UP, ANSWERS | answers)
    worker.run_tasks()
    return response


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_stranger_signs_up_and_confirms_with_a_press(browse, centre):
    client = browse(centre)
    response = signed_up(client)
    assert (response.status_code, response.url) == (302, "/newsletter/zapis/wyslane/")
    assert client.get(response.url).status_code == 200
    assert mail.outbox[0].to == ["anna@example.org"]

    answer = client.post(link_in(mail.outbox[0], "potwierdzenie"))

    subscriber = subscriber_at("anna@example.org")
    assert answer.status_code == 200
    assert (subscriber.state, subscriber.topics, subscriber.language) == ("confirmed", ["news", "events"], "pl")
    assert centre.centre_name in subscriber.consent_words
    assert subscriber.privacy_version == people.text_version("privacy", centre)


def test_opening_the_link_confirms_nothing(browse, centre):
    client = browse(centre)
    signed_up(client)

    answer = client.get(link_in(mail.outbox[0], "potwierdzenie"))

    assert answer.status_code == 200
    assert subscriber_at("anna@example.org").state == "pending"


def test_confirming_twice_changes_nothing(browse, centre):
    client = browse(centre)
    signed_up(client)
    link = link_in(mail.outbox[0], "potwierdzenie")
    client.post(link)
    first = subscriber_at("anna@example.org").confirmed_at

    assert client.post(link).status_code == 200
    assert subscriber_at("anna@example.org").confirmed_at == first


def test_old_link_confirms_nobody(browse, centre):
    client = browse(centre)
    signed_up(client)
    link = link_in(mail.outbox[0], "potwierdzenie")

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        answer = client.post(link)

    assert answer.status_code == 410
    assert subscriber_at("anna@example.org").state == "pending"


def test_link_of_another_centre_or_a_changed_one_is_no_link(browse, centre, stranger):
    signed_up(browse(centre))
    link = link_in(mail.outbox[0], "potwierdzenie")

    assert browse(stranger).post(link).status_code == 410
    assert browse(centre).post(link[:-2] + "x/").status_code == 410
    assert subscriber_at("anna@example.org").state == "pending"


def test_answer_is_the_same_whether_the_address_is_known(browse, centre):
    make_subscriber(centre, address="znana@example.org", topics=["news"])
    client = browse(centre)

    known, unknown = signed_up(client, email="znana@example.org"), signed_up(client, email="obca@example.org")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 2
    assert "potwierdzenie" not in mail.outbox[0].body
    assert subscriber_at("znana@example.org").topics == ["news"]


def test_one_address_gets_three_letters_a_day_and_the_answer_stays_the_same(browse, centre):
    client = browse(centre)

    answers = [signed_up(client) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {302}
    assert len(mail.outbox) == 3


def test_network_that_asks_too_often_is_told_so(browse, centre):
    client = browse(centre)

    codes = [signed_up(client, email=f"osoba{number}@example.org").status_code for number in range(11)]

    assert codes == [302] * 10 + [429]
    assert subscriber_at("osoba10@example.org") is None


@pytest.mark.parametrize(
    "fault", [{"email": "anna"}, {"topics": []}, {"topics": ["secrets"]}, {"agreed": ""}, {"language": "xx"}]
)
def test_faults_are_shown_and_nobody_is_written_to(fault, browse, centre):
    response = signed_up(browse(centre), **fault)

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert (subscriber_at("anna@example.org"), mail.outbox) == (None, [])


def test_neighbourhood_of_another_gmina_cannot_be_chosen(browse, centre, stranger):
    NeighbourhoodFactory(municipality=centre)
    foreign = NeighbourhoodFactory(municipality=stranger)

    response = signed_up(browse(centre), neighbourhoods=[foreign.pk])

    assert response.status_code == 200
    assert subscriber_at("anna@example.org") is None


def test_program_that_fills_in_everything_learns_nothing(browse, centre):
    response = signed_up(browse(centre), website="http://spam.example")

    assert response.url == "/newsletter/zapis/wyslane/"
    assert (subscriber_at("anna@example.org"), mail.outbox) == (None, [])


def test_letter_is_in_the_language_that_was_chosen(browse, centre):
    signed_up(browse(centre), language="en")

    assert mail.outbox[0].subject == "Confirm that you want the newsletter"
    assert '<html lang="en">' in mail.outbox[0].alternatives[0].content


def test_portal_and_a_centre_without_a_newsletter_have_no_pages_of_it(browse, centre, portal):
    SiteLook.objects.create(site=centre.site, newsletter_rhythm="")

    assert browse(centre).get(SIGN_UP).status_code == 404
    assert browse(centre).get("/newsletter/").status_code == 404
    assert browse().get(SIGN_UP).status_code == 404
    assert browse().get("/newsletter/").status_code == 404


def test_same_address_at_two_centres_is_two_subscribers(centre, stranger):
    for municipality in (centre, stranger):
        with scope(municipality=municipality):
            subscribing.ask(municipality, address="anna@example.org", language="pl", topics=["news"])

    with scope(municipality=stranger):
        subscriptions.leave(Subscriber.objects.get())
        assert Subscriber.objects.get().state == "left"
    with scope(municipality=centre):
        assert Subscriber.objects.get().state == "pending"


# --- What I get, and leaving ------------------------------------------------------------------------------------------


def own(subscriber, name):
    return f"/newsletter/{name}/{links.own_token(subscriber)}/"


def test_choices_are_changed_without_signing_in(browse, centre):
    place = NeighbourhoodFactory(municipality=centre)
    subscriber = make_subscriber(centre)
    client = browse(centre)
    assert client.get(own(subscriber, "moje")).status_code == 200

    client.post(own(subscriber, "moje"), {"topics": ["calls"], "language": "uk", "neighbourhoods": [place.pk]})

    subscriber = subscriber_at(subscriber.address)
    assert (subscriber.topics, subscriber.language) == (["calls"], "uk")
    with scope(municipality=centre):
        assert [it.pk for it in subscriber.neighbourhoods.all()] == [place.pk]


def test_wanting_nothing_is_refused(browse, centre):
    subscriber = make_subscriber(centre, topics=["news"])

    response = browse(centre).post(own(subscriber, "moje"), {"topics": [], "language": "pl"})

    assert 'role="alert"' in response.content.decode()
    assert subscriber_at(subscriber.address).topics == ["news"]


def test_one_press_leaves_and_opening_the_page_does_not(browse, centre):
    subscriber = make_subscriber(centre)
    client = browse(centre)

    assert client.get(own(subscriber, "rezygnacja")).status_code == 200
    assert subscriber_at(subscriber.address).state == "confirmed"

    assert client.post(own(subscriber, "rezygnacja")).status_code == 200
    assert client.post(own(subscriber, "rezygnacja")).status_code == 200
    assert subscriber_at(subscriber.address).state == "left"
    assert client.get(own(subscriber, "moje")).status_code == 410


def test_mail_program_leaves_without_cookies_or_a_csrf_token(centre, browse):
    subscriber = make_subscriber(centre)
    client = browse(centre)
    client.handler.enforce_csrf_checks = True

    response = client.post(own(subscriber, "rezygnacja"), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert subscriber_at(subscriber.address).state == "left"


def test_links_of_another_centre_do_not_exist(browse, centre, stranger):
    subscriber = make_subscriber(stranger)
    client = browse(centre)

    codes = {client.post(own(subscriber, name)).status_code for name in ("moje", "rezygnacja")}

    assert codes == {404}
    assert subscriber_at(subscriber.address).state == "confirmed"


def test_link_to_confirm_opens_no_choices(browse, centre):
    subscriber = make_subscriber(centre)
    token = links.confirming_token(subscriber)

    assert browse(centre).get(f"/newsletter/moje/{token}/").status_code == 404


def test_who_left_comes_back_by_confirming_again_only(browse, centre):
    subscriber = make_subscriber(centre, address="anna@example.org")
    with scope(municipality=centre):
        subscriptions.leave(subscriber)
    client = browse(centre)

    signed_up(client)
    assert subscriber_at("anna@example.org").state == "pending"
    client.post(link_in(mail.outbox[0], "potwierdzenie"))

    back = subscriber_at("anna@example.org")
    assert (back.pk, back.state, back.left_at) == (subscriber.pk, "confirmed", None)


@pytest.mark.parametrize(
    ("event_type", "reason", "left"),
    [
        ("bounced", "bounced", LeftWhy.DEAD),
        ("complained", None, LeftWhy.COMPLAINED),
        ("bounced", "timed_out", ""),
        ("delivered", None, ""),
    ],
)
def test_what_the_mail_service_reports_holds_at_all_centres(event_type, reason, left, centre, stranger):
    subscribers = [make_subscriber(where, address="anna@example.org") for where in (centre, stranger)]
    event = SimpleNamespace(event_type=event_type, recipient="ANNA@example.org", reject_reason=reason)

    bounces.hear(sender=None, event=event, esp_name="Test")

    with scopes_disabled():
        for subscriber in subscribers:
            subscriber.refresh_from_db()
    assert {it.left_why for it in subscribers} == {left}
    assert {it.state for it in subscribers} == {"left" if left else "confirmed"}


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_who_never_confirms_is_forgotten(centre):
    now = timezone.now()
    make_subscriber(centre, address="a@example.org", state="pending", asked_at=now - timedelta(days=8))
    make_subscriber(centre, address="b@example.org", state="pending", asked_at=now - timedelta(days=6))

    with scope(municipality=centre):
        subscriptions.erase_old(now)
        assert [it.address for it in Subscriber.objects.all()] == ["b@example.org"]


def test_address_of_who_left_goes_and_is_known_again(centre):
    now = timezone.now()
    subscriber = make_subscriber(centre, address="anna@example.org", state="left", left_at=now - timedelta(days=31))

    with scope(municipality=centre):
        subscriptions.erase_old(now)
        erased = Subscriber.objects.get()
        assert (erased.address, erased.topics) == ("", [])
        assert subscribing.ask(centre, address="anna@example.org", language="pl", topics=["news"]).pk == subscriber.pk


def test_fingerprint_goes_after_three_years(centre):
    now = timezone.now()
    make_subscriber(centre, state="left", left_at=now - timedelta(days=3 * 365 + 1))

    with scope(municipality=centre):
        subscriptions.erase_old(now)
        assert Subscriber.objects.count() == 0


def test_person_gets_the_subscription_with_their_data_and_it_goes_with_the_account(centre):
    user = UserFactory(email="anna@example.org")
    make_subscriber(centre, address="anna@example.org")

    (part,) = export(user)["newsletters"]
    erase(user)

    assert (part["centre"], part["agreed_to"]) == (centre.centre_name, "Chcę newsletter.")
    assert subscriber_at("anna@example.org") is None


def test_verb_refuses_an_unknown_topic(centre):
    with scope(municipality=centre), pytest.raises(Refused):
        subscribing.ask(centre, address="anna@example.org", language="pl", topics=["secrets"])


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "ANNA@example.org"},
        {"state": "pending", "address": ""},
        {"state": "asleep"},
        {"consent_words": ""},
        {"state": "left", "left_at": None},
    ],
)
def test_database_refuses(fields, centre):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscriber(centre, **fields)


def test_database_keeps_one_row_for_an_address(centre):
    make_subscriber(centre, address="anna@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscriber(centre, address="anna@example.org", fingerprint="x")
