"""The frame of every page, its components, Polish typography, and the switches of text size, contrast and language."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core import signing
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from cms.models import SiteLook
from config import views
from config.style_page import SampleForm
from config.templatetags.ogniwo import (
    clock,
    current,
    day,
    home_address,
    long_day,
    nbsp,
    phone,
    reference,
    tel,
    unbroken,
    when,
)
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.neighbourhoods import MunicipalityFactory

APPEARANCE = "/konto/wyglad/"
COMFORT = {"text_size": "aaa", "contrast": "high", "language": "uk"}


@pytest.fixture
def municipality(db):
    return MunicipalityFactory(
        centre_name="Centrum Usług Społecznych w Rudzie Śląskiej", phone="+48322440000", opening_hours="pn. 8–18"
    )


@pytest.fixture
def browser(municipality):
    """Function: a client at the centre's host (or another) that checks CSRF tokens as a real server does."""

    def browser(user=None, host=municipality.site.hostname, **cookies):
        client = Client(enforce_csrf_checks=True, headers={"host": host})
        client.cookies.load(cookies)
        if user is not None:
            sign_in(client, user)
        return client

    return browser


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def render(source, **context):
    return Template(source).render(Context(context))


def values_of(cookies):
    return {name: cookie.value for name, cookie in cookies.items()}


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("w domu", "w~domu"),
        ("dom i ogród", "dom i~ogród"),
        ("a i w domu", "a~i~w~domu"),
        ("Z wizytą u lekarza", "Z~wizytą u~lekarza"),
        ("з дому в місто", "з~дому в~місто"),
        ("do domu", "do domu"),
        ("5 km", "5 km"),
        ("grupa w", "grupa w"),
        ("Hanna's a b-c d", "Hanna's a~b-c d"),
        ("", ""),
    ],
)
def test_nbsp_binds_words_of_one_letter(text, bound):
    assert nbsp(text) == bound.replace("~", "\u00a0")


def test_nbsp_leaves_tags_of_safe_text_alone():
    text = mark_safe('<a class="a b" href="/">w domu</a>')

    bound = nbsp(text)

    assert bound == '<a class="a b" href="/">w\u00a0domu</a>'
    assert isinstance(bound, SafeString)


def test_nbsp_of_unsafe_text_is_escaped_in_a_template():
    assert render("{{ words|nbsp }}", words="<b>w domu</b>") == "&lt;b&gt;w\u00a0domu&lt;/b&gt;"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("RS-7K4M", '<span class="reference">RS-7K4M</span>'),
        ("ab12cd34", '<span class="reference">ab12<span class="reference__next">cd34</span></span>'),
        ("<b>", '<span class="reference">&lt;b&gt;</span>'),
    ],
)
def test_reference_comes_in_groups(text, shown):
    assert reference(text) == shown


def test_reference_keeps_its_text_for_copying():
    shown = reference("AB12CD34-7K4M")

    assert re.sub("<[^>]*>", "", shown) == "AB12CD34-7K4M"


# --- Days and hours ---------------------------------------------------------------------------------------------------


def moment(*numbers):
    return datetime(*numbers, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words", "with_weekday"),
    [
        ("pl", "28 listopada 2026", "sobota, 28 listopada 2026"),
        ("en", "28 November 2026", "Saturday, 28 November 2026"),
        ("uk", "28 листопада 2026", "субота, 28 листопада 2026"),
    ],
)
def test_day_is_written_as_people_say_it(language, words, with_weekday):
    with translation.override(language):
        assert day(date(2026, 11, 28)) == words
        assert day(moment(2026, 11, 28, 12)) == words
        assert long_day(date(2026, 11, 28)) == with_weekday


def test_day_is_that_of_local_clocks():
    with translation.override("pl"):
        assert day(moment(2026, 11, 27, 23, 30)) == "28 listopada 2026"


@pytest.mark.parametrize("shown", [day, long_day, clock, when])
def test_no_moment_is_no_words(shown):
    assert shown(None) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "sobota, 28 listopada 2026, 15:30–16:30"),
        ("en", "Saturday, 28 November 2026, 15:30–16:30"),
        ("uk", "субота, 28 листопада 2026, 15:30–16:30"),
    ],
)
def test_when_names_the_day_once(language, words):
    with translation.override(language):
        assert when(moment(2026, 11, 28, 14, 30), moment(2026, 11, 28, 15, 30)) == words


def test_when_over_midnight_names_both_days():
    with translation.override("pl"):
        assert when(moment(2026, 11, 27, 21), moment(2026, 11, 28, 5)) == (
            "piątek, 27 listopada 2026, 22:00 – sobota, 28 listopada 2026, 6:00"
        )


@pytest.mark.parametrize("end", [None, moment(2026, 11, 27, 14, 30)])
def test_when_without_a_length_is_the_start(end):
    with translation.override("pl"):
        assert when(moment(2026, 11, 27, 14, 30), end) == "piątek, 27 listopada 2026, 15:30"


def test_when_follows_the_clocks_in_the_night_they_go_forward():
    with translation.override("pl"):
        assert when(moment(2026, 3, 29, 0, 30), moment(2026, 3, 29, 1, 30)) == "niedziela, 29 marca 2026, 1:30–3:30"


def test_when_tells_the_two_equal_hours_apart_in_the_night_clocks_go_back():
    with translation.override("en"):
        assert when(moment(2026, 10, 25, 0, 30), moment(2026, 10, 25, 1, 30)) == (
            "Sunday, 25 October 2026, 2:30 summer time–2:30 winter time"
        )


def test_when_says_nothing_of_summer_time_beside_that_hour():
    with translation.override("pl"):
        assert when(moment(2026, 10, 24, 23, 30), moment(2026, 10, 25, 2)) == (
            "niedziela, 25 października 2026, 1:30–3:00"
        )


# --- Phones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown", "address"),
    [
        ("+48322440000", "32 244 00 00", "tel:+48322440000"),
        ("+48512345678", "512 345 678", "tel:+48512345678"),
        ("512345678", "512 345 678", "tel:+48512345678"),
        ("+380441234567", "+380 44 123 4567", "tel:+380441234567"),
        ("zadzwoń rano", "zadzwoń rano", ""),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_phone_is_written_as_it_is_read_out(number, shown, address):
    assert phone(number) == shown
    assert tel(number) == address


def test_number_on_a_button_stays_on_one_line():
    assert unbroken(phone("+48322440000")) == "32\u00a0244\u00a000\u00a000"


def test_phone_reads_fields_of_models(municipality):
    municipality.refresh_from_db()

    assert phone(municipality.phone) == "32 244 00 00"
    assert tel(municipality.phone) == "tel:+48322440000"


# --- Where we are -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "address", "other_than", "attribute"),
    [
        ("/prosby/", "/prosby/", None, ' aria-current="page"'),
        ("/prosby/RS-7K4M/", "/prosby/", None, ' aria-current="true"'),
        ("/prosby/nowa/co/", "/prosby/", "/prosby/nowa/", ""),
        ("/inicjatywy/", "/prosby/", None, ""),
        ("/prosby/", "/", None, ""),
        ("/", "/", None, ' aria-current="page"'),
    ],
)
def test_current_marks_the_way_to_this_page(rf, path, address, other_than, attribute):
    assert current({"request": rf.get(path)}, address, other_than) == attribute


def test_current_needs_no_request():
    assert current({}, "/prosby/") == ""


@pytest.mark.parametrize(("prefix", "address"), [("", "/"), ("uk", "/uk/")])
def test_home_is_in_the_language_of_the_address(rf, prefix, address):
    request = rf.get("/")
    request.language_prefix = prefix

    assert home_address({"request": request}) == address


def test_home_needs_no_request():
    assert home_address({}) == "/"


# --- The frame --------------------------------------------------------------------------------------------------------


def test_frame_of_a_centre_names_it_and_its_phone(browser, demo):
    response = browser().get("/styl/")

    assert "<title>Styl – Centrum Usług Społecznych w Rudzie Śląskiej</title>" in response.text
    assert 'href="tel:+48322440000"' in response.text
    assert "32 244 00 00" in response.text
    assert 'href="/prosby/nowa/"' in response.text


def test_frame_of_the_portal_is_shorter(browser, demo):
    response = browser(host="localhost").get("/styl/404/")

    assert "– Ogniwo</title>" in response.text
    assert "tel:" not in response.text
    assert "/prosby/" not in response.text


def test_frame_leaves_anonymous_visitors_without_cookies(browser, demo):
    response = browser().get("/styl/404/")

    assert values_of(response.cookies) == {}
    assert "csrfmiddlewaretoken" not in response.text


def test_frame_does_as_the_cookies_ask(browser, demo):
    response = browser(**COMFORT).get("/styl/404/")

    assert re.search(r'<html lang="uk"\s+data-text-size="aaa"\s+data-contrast="high">', response.text)
    assert pressed(response.text) == {("text_size", "aaa"), ("contrast", "normal"), ("language", "uk")}


def test_frame_ignores_cookies_that_say_nothing_it_knows(browser, demo):
    response = browser(text_size='"><b>', contrast="low", language="xx").get("/styl/404/")

    assert re.search(r'<html lang="pl"\s+data-text-size="a"\s+data-contrast="normal">', response.text)
    assert pressed(response.text) == {("text_size", "a"), ("language", "pl")}


def pressed(text):
    """Name and value of the switches that are on."""
    return set(re.findall(r'name="(\w+)"\s+value="(\w+)"(?:\s+lang="\w+")?\s+aria-pressed="true"', text))


def test_frame_of_a_person_signed_in_offers_the_way_out(browser, demo):
    response = browser(UserFactory()).get("/styl/404/")

    assert 'action="/konto/logout/"' in response.text
    assert "csrfmiddlewaretoken" in response.text
    assert 'href="/biurko/"' not in response.text


def test_frame_escapes_the_address_it_will_return_to(browser, demo):
    response = browser().get('/styl/404/?q="><script>')

    assert "<script>" not in response.text


def test_messages_are_shown_once(browser, demo):
    waiting = signing.get_cookie_signer(salt="django.contrib.messages").sign_object(
        [["__json_message", 0, 25, "Zapisane"]], serializer=SimpleSerializer
    )
    client = browser(messages=waiting)

    first, second = client.get("/styl/404/"), client.get("/styl/404/")

    assert "Zapisane" in first.text
    assert "Zapisane" not in second.text


class SimpleSerializer:
    """How Django's cookie storage writes messages."""

    @staticmethod
    def dumps(messages):
        from django.contrib.messages.storage.cookie import MessageEncoder  # noqa: PLC0415 -- only here

        return MessageEncoder(separators=(",", ":")).encode(messages).encode("latin-1")


@pytest.mark.parametrize(("path", "status"), [("/styl/", 200), ("/styl/formularz/", 200), ("/styl/500/", 500)])
def test_style_page_is_there_in_the_demo(browser, demo, path, status, logged_errors):
    assert browser().get(path).status_code == status


@pytest.mark.parametrize("path", ["/styl/", "/styl/formularz/", "/styl/404/"])
def test_style_page_is_unknown_where_people_work(browser, path):
    response = browser().get(path)

    assert response.status_code == 404
    assert "Formularz z błędami" not in response.text


# --- When something is wrong ------------------------------------------------------------------------------------------


def test_unknown_page_says_whom_to_ring(browser):
    response = browser().get("/nie-ma/takiej/strony/")

    assert response.status_code == 404
    assert 'href="tel:+48322440000"' in response.text


def test_form_without_token_is_answered_in_words(browser):
    response = browser(UserFactory()).post("/konto/ustawienia/", {"display_name": "Zofia"})

    assert response.status_code == 403
    assert 'href="tel:+48322440000"' in response.text


def test_server_error_asks_nothing_of_the_database(rf, municipality, django_assert_num_queries):
    request = rf.get("/")
    request.municipality = municipality

    with django_assert_num_queries(0):
        response = views.server_error(request)

    assert response.status_code == 500
    assert "tel:+48322440000" in response.text


def test_server_error_needs_no_municipality(rf):
    assert views.server_error(rf.get("/")).status_code == 500


def test_bad_request_is_answered_in_words(client, settings, logged_errors):
    settings.ALLOWED_HOSTS = ["localhost"]

    response = client.get("/", headers={"host": "inny.example"})

    assert response.status_code == 400
    assert '<main class="main main--narrow"' in response.text


# --- Appearance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("text_size", "aa"), ("text_size", "a"), ("contrast", "high"), ("language", "en")]
)
def test_appearance_is_kept_in_a_cookie_without_a_token(browser, name, value):
    response = browser().post(APPEARANCE, {"next": "/prosby/?kiedy=tydzien", name: value})

    assert (response.status_code, response["Location"]) == (302, "/prosby/?kiedy=tydzien")
    assert values_of(response.cookies) == {name: value}
    assert response.cookies[name]["samesite"] == "Lax"


@pytest.mark.parametrize("chosen", [{}, {"text_size": "xxl"}, {"contrast": ""}, {"language": "de"}, {"theme": "dark"}])
def test_appearance_ignores_what_it_does_not_know(browser, chosen):
    response = browser().post(APPEARANCE, {"next": "/prosby/", **chosen})

    assert response["Location"] == "/prosby/"
    assert values_of(response.cookies) == {}


@pytest.mark.parametrize(
    "address",
    [
        "https://zly.example/",
        "//zly.example/",
        "/\\zly.example/",
        "javascript:alert(1)",
        "\n//zly.example",
        APPEARANCE,
        f"{APPEARANCE}?next=/",
        "",
        "x" * 9000 + "://",
    ],
)
def test_appearance_never_leads_away(browser, address):
    assert browser().post(APPEARANCE, {"next": address, "text_size": "aa"})["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://zly.example"},
        {"origin": "null"},
        {"origin": "http://localhost"},
    ],
)
def test_appearance_refuses_forms_of_strangers(browser, headers):
    response = browser().post(APPEARANCE, {"next": "/", "contrast": "high"}, headers=headers)

    assert response.status_code == 403
    assert values_of(response.cookies) == {}


def test_appearance_accepts_forms_of_this_host(browser, municipality):
    own = f"http://{municipality.site.hostname}"

    for headers in ({"sec-fetch-site": "same-origin", "origin": own}, {"origin": own}, {}):
        response = browser().post(APPEARANCE, {"next": "/", "contrast": "high"}, headers=headers)
        assert values_of(response.cookies) == {"contrast": "high"}


def test_appearance_is_no_page(browser):
    assert browser().get(APPEARANCE).status_code == 405


def test_appearance_is_kept_with_the_account(browser):
    user = UserFactory()

    browser(user).post(APPEARANCE, {"next": "/", "text_size": "aaa", "display_name": "Ktoś inny", "is_superuser": "1"})

    kept = User.objects.get(pk=user.pk)
    assert (kept.text_size, kept.contrast, kept.language) == ("aaa", "normal", "pl")
    assert (kept.display_name, kept.is_superuser) == (user.display_name, False)


def test_appearance_of_strangers_touches_no_account(browser):
    user = UserFactory()

    browser(sessionid="zmyslona").post(APPEARANCE, {"next": "/", "text_size": "aaa"})

    assert User.objects.get(pk=user.pk).text_size == "a"


def test_language_leads_to_the_translation_that_the_page_named(browser):
    addresses = {"address_en": "/en/news/", "address_uk": "//zly.example/"}

    english = browser().post(APPEARANCE, {"next": "/aktualnosci/", "language": "en", **addresses})
    ukrainian = browser().post(APPEARANCE, {"next": "/aktualnosci/", "language": "uk", **addresses})
    larger = browser().post(APPEARANCE, {"next": "/aktualnosci/", "text_size": "aa", **addresses})

    assert english["Location"] == "/en/news/"
    assert ukrainian["Location"] == "/aktualnosci/"
    assert larger["Location"] == "/aktualnosci/"


# --- Colours of the centre --------------------------------------------------------------------------------------------


def test_brand_is_a_stylesheet_that_browsers_keep(browser):
    response = browser().get("/marka.css?v=1")

    assert response["Content-Type"] == "text/css"
    assert "max-age=31536000" in response["Cache-Control"]
    assert "--brand:#17564e;" in response.text
    assert values_of(response.cookies) == {}


def test_brand_has_the_colours_of_the_site(browser, municipality):
    SiteLook.objects.create(site=municipality.site, colour="#7a1f2b", colour_on_dark="#e599a3")

    response = browser().get("/marka.css?v=1")

    assert response.text == "@layer brand{:root{--brand:#7a1f2b;--brand-on-dark:#e599a3;}}"


def test_brand_lets_nothing_else_into_the_stylesheet(browser, municipality):
    SiteLook.objects.create(site=municipality.site, colour="red}*{", colour_on_dark="#12345")

    assert browser().get("/marka.css").text == "@layer brand{:root{}}"


def test_brand_of_the_portal_is_not_kept_for_long(browser):
    assert "max-age=3600" in browser(host="localhost").get("/marka.css")["Cache-Control"]


# --- Components -------------------------------------------------------------------------------------------------------


@pytest.fixture
def wrong_form():
    return SampleForm({"email": "babcia@", "people": "0"})


def test_summary_links_reach_a_control_of_every_wrong_field(wrong_form):
    page = render('{% include "components/error_summary.html" with form=form only %}{{ form }}', form=wrong_form)

    targets = re.findall(r'href="#([^"]+)"', page)
    controls = set(re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', page))
    assert len(targets) == len(wrong_form.errors) == 10
    assert set(targets) <= controls


def test_ids_of_a_form_are_its_own(wrong_form):
    ids = re.findall(r'\sid="([^"]+)"', render("{{ form }}", form=wrong_form))

    assert len(ids) == len(set(ids))


def test_every_reference_to_an_id_has_its_element(wrong_form):
    page = render("{{ form }}", form=wrong_form)

    ids = set(re.findall(r'\sid="([^"]+)"', page))
    named = {name for names in re.findall(r'(?:aria-describedby|for)="([^"]+)"', page) for name in names.split()}
    assert named <= ids


def test_group_of_choices_has_a_legend(wrong_form):
    page = render("{{ form.category.as_field_group }}", form=wrong_form)

    assert re.search(r"<legend[^>]*>W czym pomóc\?\s*</legend>", page)
    assert page.count('<div class="choice">') == 3
    assert 'aria-describedby="id_category_helptext id_category_error"' in page


@pytest.mark.parametrize(("name", "is_optional"), [("name", False), ("email", True), ("skills", True)])
def test_optional_fields_say_so_in_words(name, is_optional):
    page = render("{{ field.as_field_group }}", field=SampleForm()[name])

    assert ("field__optional" in page) is is_optional


def test_words_of_editors_are_escaped_in_hints():
    class Form(forms.Form):
        name = forms.CharField(label="<i>Imię</i>", help_text="<script>")

    page = render("{{ form.name.as_field_group }}", form=Form())

    assert "<script>" not in page
    assert "<i>" not in page


def test_form_without_errors_has_no_summary():
    assert render('{% include "components/error_summary.html" with form=form only %}', form=SampleForm()).strip() == ""


def test_title_of_a_page_with_errors_says_so(browser, demo):
    with translation.override("pl"):
        response = browser(language="en").get("/styl/formularz/")

    assert "<title>Error: Formularz z błędami – " in response.text


def test_pager_without_other_pages_is_absent():
    assert render('{% include "components/pager.html" with previous_url="" next_url="" only %}').strip() == ""
