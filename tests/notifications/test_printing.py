"""Letters printed from a form are the letters that Django would have made."""

from email import message_from_bytes

import pytest
from django.utils import timezone, translation

from notifications import leases, letters, printing
from notifications.models import Channel, Delivery, DeliveryState
from notifications.printing import Own, Printer, composed
from notifications.words import Wording, Words
from tests.factories.accounts import UserFactory
from tests.factories.notifications import DeliveryFactory, EventFactory

pytestmark = pytest.mark.django_db
OWN = Own(
    link="http://ruda.localhost/moje/powiadomienia/7/",
    unsubscribe="http://ruda.localhost/moje/powiadomienia/bez-poczty/" + "aB-_:" * 22 + "/",
    message_id="<0123456789abcdef@ruda.localhost>",
    address="jan.kowalski+ogniwo@example.org",
    date="Sun, 22 Nov 2026 08:07:22 -0000",
)
ORIGIN = "http://ruda.localhost"


def in_one_line(wire):
    """Without the boundary, which is drawn by lot."""
    boundary = message_from_bytes(wire).get_boundary()
    return wire.replace(boundary.encode(), b"boundary")


@pytest.mark.parametrize(
    "words",
    [
        Words("Probe", "", "/"),
        Words("Zażółć gęślą jaźń: „Ania” & <Jan>", "Pierwszy akapit.\n\nDrugi o 15.00 — i w deszczu.\n.\n..", "/"),
        Words("Довгий заголовок, який не вміщується в один рядок листа і тому переноситься", "Текст", "/"),
    ],
)
@pytest.mark.parametrize("language", ["pl", "uk", "en"])
def test_printed_letter_is_the_one_that_django_composes(words, language):
    with translation.override(language):
        composed_by_django = composed([{"words": words, "link": OWN.link}], ORIGIN, OWN)
        made = printing.Form(words, ORIGIN).letter(OWN)

    assert in_one_line(made.printed) == in_one_line(composed_by_django.message().as_bytes(linesep="\r\n"))
    assert made.body == composed_by_django.body
    assert made.alternatives == composed_by_django.alternatives
    assert (made.subject, made.to) == (composed_by_django.subject, composed_by_django.to)
    assert made.extra_headers == composed_by_django.extra_headers


def test_letter_with_a_very_long_line_is_left_to_django():
    words = Words("Probe", "ą" * 2000, "/")

    made = printing.Form(words, ORIGIN).letter(OWN)

    assert made.printed is None
    assert OWN.link in made.body


@pytest.mark.parametrize("address", ["jan@gmina.łódź.pl", "'jan kowalski'@example.org", "jan..k@example.org"])
def test_address_that_needs_encoding_is_left_to_django(address):
    row = DeliveryFactory(notification__user=UserFactory(email=address))
    parcel = leases.Parcel([row])

    made = Printer(Wording(parcel.events, [parcel.user])).compose(parcel)

    assert made.printed is None
    assert made.to == [address]


def test_words_of_ones_own_are_printed_for_nobody_else():
    jan, ewa = UserFactory(email="jan@example.org"), UserFactory(email="ewa@example.org")
    # A number that a random boundary or token does not hold by chance.
    data = {"to": [], "words": "Dzień dobry", "shared": "razem", "near": {str(jan.pk): 31415926}}
    event = EventFactory(delivered=True, data=data)
    parcels = [
        leases.Parcel([DeliveryFactory(notification__user=user, notification__event=event)]) for user in (jan, ewa)
    ]
    printer = Printer(Wording([event], [jan, ewa]))

    made = [printer.compose(parcel) for parcel in parcels]

    assert "31415926" in made[0].body
    assert made[0].printed is None
    assert b"ewa@example.org" in made[1].printed
    assert b"31415926" not in made[1].printed


def test_what_a_slow_mail_server_leaves_of_a_batch_is_put_back(monkeypatch):
    DeliveryFactory.create_batch(2)
    monkeypatch.setattr(letters, "BATCH_SECONDS", 0)

    letters.send_due()

    rows = Delivery.objects.values_list("state", "attempts", "leased_until")
    assert set(rows) == {(DeliveryState.WAITING, 0, None)}


def test_what_is_put_back_is_settled_by_another_worker_only_once():
    row = DeliveryFactory()
    parcels = leases.claim(Channel.MAIL)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now())

    leases.give_back(parcels)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.SENT, 1)
