"""Calls for partners: their status follows from dates and from the words about the result."""

import pytest
from django.core.exceptions import ValidationError

from cms.models import CallPage
from cms.states import CallStatus
from tests.factories.cms import home_of, make_call, make_call_index, make_document, republish

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(centre):
    return make_call_index(home_of(centre))


def show(browse, where, address):
    response = browse(where).get(address)
    assert response.status_code == 200, address
    return response.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, CallStatus.OPEN),
        ({"opened": 2}, CallStatus.UPCOMING),
        ({"opened": -9, "closes": -2}, CallStatus.CLOSED),
        ({"opened": -9, "closes": -2, "result": "<p>Wybrano trzy gminy.</p>"}, CallStatus.RESOLVED),
    ],
)
def test_status_follows_from_dates_and_result(index, fields, status):
    assert make_call(index, **fields).status == status


def test_open_calls_come_first(browse, centre, index):
    titles = ["Otwarty dłużej", "Rozstrzygnięty", "Zapowiedziany", "Zamknięty", "Otwarty krócej"]
    fields = [
        {"closes": 20},
        {"opened": -40, "closes": -20, "result": "<p>Wybrano.</p>"},
        {"opened": 3, "closes": 9},
        {"opened": -20, "closes": -1},
        {"closes": 2},
    ]
    for title, its in zip(titles, fields, strict=True):
        make_call(index, title=title, **its)

    words = show(browse, centre, "/nabory/")

    order = sorted(titles, key=words.index)
    assert order == ["Otwarty krócej", "Otwarty dłużej", "Zapowiedziany", "Zamknięty", "Rozstrzygnięty"]


def test_page_shows_documents_and_the_result(browse, centre, index):
    document = make_document(centre)
    call = make_call(index, slug="szukamy-partnerow", opened=-9, closes=-2, contact_email="nabor@example.org")
    republish(
        call,
        result="<p>Wybrano trzy gminy.</p>",
        documents=[("document", {"document": document, "text": "Regulamin naboru"})],
    )

    words = show(browse, centre, "/nabory/szukamy-partnerow/")

    assert "Wybrano trzy gminy." in words
    assert "Regulamin naboru</a>" in words
    assert "mailto:nabor@example.org" in words


def test_portal_shows_its_open_calls_on_the_front_page(browse, portal):
    index = make_call_index(portal.root_page)
    make_call(index, title="Nabór otwarty")
    make_call(index, title="Nabór zamknięty", opened=-9, closes=-1)

    words = show(browse, None, "/")

    assert "Nabór otwarty" in words
    assert "Nabór zamknięty" not in words


def test_empty_list_says_so(browse, centre, index):
    assert "empty__title" in show(browse, centre, "/nabory/")


@pytest.mark.parametrize(("fields", "field"), [({"closes": -5}, "closes_at"), ({"result": "<p>Już.</p>"}, "result")])
def test_call_that_cannot_be_is_refused(index, fields, field):
    with pytest.raises(ValidationError) as refusal:
        make_call(index, **fields)

    assert field in refusal.value.message_dict


def test_emptied_result_is_no_result(index):
    assert make_call(index, result="<p> </p>").status == CallStatus.OPEN


@pytest.mark.parametrize("calls", [1, 3])
def test_list_costs_the_same_for_one_call_and_for_three(browse, centre, index, django_assert_max_num_queries, calls):
    for _call in range(calls):
        make_call(index)
    show(browse, centre, "/nabory/")

    with django_assert_max_num_queries(20) as counted:
        show(browse, centre, "/nabory/?strona=1")
    assert len(counted) == 9


def test_calls_are_found_only_where_they_are(browse, centre, stranger, index):
    make_call(make_call_index(home_of(stranger)), title="Cudzoziemski nabór")

    assert "Cudzoziemski" not in show(browse, centre, "/nabory/")
    assert CallPage.objects.count() == 1
