"""The host decides the gmina, and nothing of one gmina is ever seen under the name of another.

The views of this file stand in for all others: they say which scope is open while they run.
"""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django_scopes import get_scope
from django_scopes.exceptions import ScopeError

from config import urls as site_urls
from neighbourhoods.models import Neighbourhood
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@login_not_required
def names(request):
    return HttpResponse(",".join(Neighbourhood.objects.order_by("pk").values_list("name", flat=True)))


@login_not_required
def failing(request, how):
    list(Neighbourhood.objects.all())
    raise {"404": Http404, "403": PermissionDenied, "500": RuntimeError}[how]


@login_not_required
def late(request):
    """Its rows are read while the template is rendered, after the view has returned."""
    template = engines["django"].from_string("{% for place in places %}{{ place.name }}{% endfor %}")
    return TemplateResponse(request, template, {"places": Neighbourhood.objects.all})


@login_not_required
def streaming(request):
    names = list(Neighbourhood.objects.order_by("pk").values_list("name", flat=True))
    return StreamingHttpResponse(iter(names))


@login_not_required
def streaming_carelessly(request):
    def rows():
        for place in Neighbourhood.objects.all():
            yield place.name

    return StreamingHttpResponse(rows())


@login_not_required
def municipality(request):
    return HttpResponse(request.municipality.name if request.municipality else "portal")


def walled(request):
    return HttpResponse("inside")


app_patterns = ([path("", names), path("wewnatrz/", walled)], "department")

urlpatterns = [
    path("nazwy/", names),
    path("blad/<str:how>/", failing),
    path("pozno/", late),
    path("strumien/", streaming),
    path("strumien-niedbaly/", streaming_carelessly),
    path("gmina/", municipality),
    path("za-murem/", walled),
    path("dzial/", include(app_patterns)),
    *site_urls.urlpatterns,
]


@pytest.fixture
def ruda():
    return MunicipalityFactory(name="Ruda", site__hostname="ruda.localhost")


@pytest.fixture
def klucze():
    return MunicipalityFactory(name="Klucze", site__hostname="klucze.localhost")


@pytest.fixture
def places(ruda, klucze):
    return NeighbourhoodFactory(municipality=ruda, name="Halemba"), NeighbourhoodFactory(
        municipality=klucze, name="Bydlin"
    )


# --- Which gmina ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["ruda.localhost", "ruda.localhost:8000", "RUDA.LocalHost", "ruda.localhost.", "Ruda.localhost.:8104"]
)
def test_host_names_the_gmina(client, ruda, klucze, host):
    assert client.get("/gmina/", HTTP_HOST=host).content == b"Ruda"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "testserver", "nieznana.localhost", "x.ruda.localhost", "rudalocalhost.localhost"],
)
def test_every_other_host_is_the_portal(client, ruda, host):
    assert client.get("/gmina/", HTTP_HOST=host).content == b"portal"


@pytest.mark.parametrize("host", ["[::1]", "[::1]:8000", "127.0.0.1", "127.0.0.1:8000"])
def test_bare_addresses_are_the_portal_where_they_are_allowed(client, ruda, settings, host):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "[::1]"]

    assert client.get("/gmina/", HTTP_HOST=host).content == b"portal"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "zlo.example", "ruda.localhost.zlo.example", "ruda.localhost@zlo.example", "ruda.localhost,x", ""],
)
def test_hosts_that_are_not_ours_are_refused(client, ruda, host, logged_errors):
    assert client.get("/gmina/", HTTP_HOST=host).status_code == 400


def test_forwarded_host_is_not_believed(client, ruda, klucze):
    headers = {
        "X-Forwarded-Host": "klucze.localhost",
        "Forwarded": "host=klucze.localhost",
        "X-Host": "klucze.localhost",
    }

    assert client.get("/gmina/", HTTP_HOST="ruda.localhost", headers=headers).content == b"Ruda"


def test_gmina_costs_one_query(client, ruda, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/gmina/", HTTP_HOST="ruda.localhost")


# --- Scopes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/nazwy/", "/pozno/", "/strumien/"])
def test_host_opens_its_own_scope_only(client, places, address):
    answers = {host: b"".join(client.get(address, HTTP_HOST=host)) for host in ["ruda.localhost", "klucze.localhost"]}

    assert answers == {"ruda.localhost": b"Halemba", "klucze.localhost": b"Bydlin"}


@pytest.mark.parametrize("address", ["/nazwy/", "/pozno/", "/strumien/"])
@pytest.mark.parametrize("host", ["localhost", "nieznana.localhost"])
def test_portal_fails_closed(client, places, address, host, logged_errors):
    with pytest.raises(ScopeError):
        client.get(address, HTTP_HOST=host)


def test_careless_stream_fails_closed(client, places):
    """A streamed body runs after the scope has closed: it must not show another gmina, nor all of them."""
    response = client.get("/strumien-niedbaly/", HTTP_HOST="ruda.localhost")

    with pytest.raises(ScopeError):
        b"".join(response)


def test_portal_fails_closed_also_right_after_a_gmina(client, places, logged_errors):
    client.get("/nazwy/", HTTP_HOST="ruda.localhost")

    with pytest.raises(ScopeError):
        client.get("/nazwy/", HTTP_HOST="localhost")


@pytest.mark.parametrize("how", ["404", "403", "500"])
@pytest.mark.parametrize("host", ["ruda.localhost", "localhost"])
def test_raising_views_leave_no_scope_behind(places, host, how, logged_errors):
    client = Client(raise_request_exception=False)

    client.get(f"/blad/{how}/", HTTP_HOST=host)

    assert get_scope() == {}


def test_mixed_hosts_never_mix(places, logged_errors):
    """Some hundred requests in a row on two hosts and the portal, a good part of them raising: every answer is right
    and no scope is left behind."""
    client = Client(raise_request_exception=False)
    expected = {"ruda.localhost": b"Halemba", "klucze.localhost": b"Bydlin"}
    hosts = ["ruda.localhost", "klucze.localhost", "localhost"]

    wrong = []
    for number in range(300):
        host = hosts[number * 7 % 3]
        if number % 5 in {1, 3}:
            client.get(f"/blad/{['404', '403', '500'][number % 3]}/", HTTP_HOST=host)
        else:
            answer = client.get("/nazwy/", HTTP_HOST=host)
            if answer.content != expected.get(host) and answer.status_code != 500:
                wrong.append((number, host, answer.content))
        if get_scope():
            wrong.append((number, get_scope()))

    assert wrong == []


def test_other_gmina_is_not_reached_by_asking_for_it(client, places):
    _halemba, bydlin = places

    for address in [f"/nazwy/?municipality={bydlin.municipality_id}", "/nazwy/?host=klucze.localhost"]:
        assert client.get(address, HTTP_HOST="ruda.localhost").content == b"Halemba"


# --- The portal and its centres ---------------------------------------------------------------------------------------


@pytest.fixture
def department(settings):
    """The stand-in for an app that only centres have."""
    settings.CENTRE_APPS = {"department"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_of_a_centre_leads_from_the_portal_to_the_centres(client, department, ruda, klucze, method):
    response = getattr(client, method)("/dzial/", HTTP_HOST="localhost")

    page = response.content.decode()
    assert response.status_code == 404
    assert f'href="{ruda.origin}/dzial/"' in page
    assert f'href="{klucze.origin}/dzial/"' in page
    assert response.cookies == {}


def test_portal_offers_the_centres_before_it_asks_to_sign_in(client, department, ruda):
    assert client.get("/dzial/wewnatrz/", HTTP_HOST="localhost").status_code == 404


def test_portal_without_centres_says_so(client, department):
    assert client.get("/dzial/", HTTP_HOST="localhost").status_code == 404


def test_list_of_centres_costs_the_same_for_one_and_three(client, department):
    costs = []
    for more in [1, 2]:
        MunicipalityFactory.create_batch(more)
        client.get("/dzial/", HTTP_HOST="localhost")
        with CaptureQueriesContext(connection) as queries:
            client.get("/dzial/", HTTP_HOST="localhost")
        costs.append(len(queries))

    assert costs[0] == costs[1]


# --- Health -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["ruda.localhost", "localhost", "nieznana.localhost", "testserver"])
def test_health_answers_under_every_host_without_the_database(client, ruda, django_assert_num_queries, host):
    with django_assert_num_queries(0):
        response = client.get("/healthz", HTTP_HOST=host)

    assert response.content == b"ok"
    assert response.cookies == {}


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_cookies_name_no_domain(settings):
    assert settings.SESSION_COOKIE_DOMAIN is None
    assert settings.CSRF_COOKIE_DOMAIN is None
    assert settings.LANGUAGE_COOKIE_DOMAIN is None


def test_sign_in_sets_a_cookie_for_this_host_only(client, ruda, settings):
    settings.DEMO = True
    UserFactory(email="mieszkanka@ogniwo.example")

    response = client.post("/konto/demo/", {"person": "resident"}, HTTP_HOST="ruda.localhost")

    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["domain"], cookie["path"], cookie["httponly"], cookie["samesite"]) == ("", "/", True, "Lax")


def test_role_of_one_gmina_opens_nothing_at_the_next(client, ruda, klucze):
    organiser = MembershipFactory(municipality=ruda).user
    sign_in(client, organiser, second_factor=True)

    assert client.get("/biurko/", HTTP_HOST="ruda.localhost").status_code == 200
    assert client.get("/biurko/", HTTP_HOST="klucze.localhost").status_code in {403, 404}


# --- The wall ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["ruda.localhost", "localhost"])
def test_views_are_closed_unless_they_are_opened(client, ruda, host):
    response = client.get("/za-murem/", HTTP_HOST=host)

    assert response["Location"] == "/konto/login/?next=/za-murem/"
