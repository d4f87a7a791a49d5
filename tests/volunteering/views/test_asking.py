"""Asking for help: the questions, checking the answers, the code by e-mail, the receipt; and all that can go wrong."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from neighbourhoods.domain import whereabouts
from neighbourhoods.models import Moderation
from notifications.models import Event
from tests.factories.accounts import UserFactory, give_app, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import CategoryFactory, InitiativeFactory, InitiativeKindFactory, MeetingFactory
from volunteering.domain import intake
from volunteering.forms.asking import STEPS
from volunteering.forms.draft import LIFE_SECONDS, SESSION_KEY
from volunteering.forms.fields import read_day, read_hour
from volunteering.models import HelpRequest, IntakeAttempt, Timing, Visit
from volunteering.states import RequestState

pytestmark = pytest.mark.django_db

ASK = "/prosby/nowa/"
CHECK = "/prosby/nowa/sprawdz/"
SEND = "/prosby/nowa/wyslij/"
RECEIPT = "/prosby/nowa/wyslano/"
CODE = "/konto/login/code/confirm/"

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
DAY = date(2027, 3, 8)


@pytest.fixture(autouse=True)
def clock():
    """Monday noon, four weeks before clocks change. Time goes on, as sessions and codes expect."""
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(code="RS")
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def neighbourhood(municipality):
    return NeighbourhoodFactory(municipality=municipality, slug="bykowina")


@pytest.fixture
def category():
    return CategoryFactory(code="shopping")


@pytest.fixture
def page(client, municipality, neighbourhood, category):
    """The client of somebody unknown on the centre's own host."""
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


def answers(**changes):
    """What is told at each question, by the question's address; `changes` by the name of the question."""
    told = {
        "what": {"category": "shopping"},
        "words": {"words": "Proszę o zakupy: chleb i mleko."},
        "where": {
            "neighbourhood": "bykowina",
            "street": "Ogrodowa",
            "house": "7",
            "flat": "12",
            "directions": "druga klatka",
        },
        "when": {"timing": "fixed"},
        "times": {"day": DAY.isoformat(), "at": "15:30", "minutes": "60"},
        "whom": {"whom": "me", "people": "1"},
        "contact": {
            "asker": "Zofia Wymyślona",
            "phone": "512 345 678",
            "email": "zofia@example.org",
            "language": "pl",
        },
    }
    told = {name: {**fields, **changes.get(name, {})} for name, fields in told.items()}
    return {name: {key: value for key, value in fields.items() if value is not None} for name, fields in told.items()}


def url_of(step):
    return ASK if step.name == "what" else f"{ASK}{step.slug}/"


def tell(page, **changes):
    """Answers all questions one after the other. Returns the last answer of the server."""
    told = answers(**changes)
    for step in STEPS:
        response = page.post(url_of(step), told[step.name])
        assert response.status_code == 302, response.context["form"].errors
    return response


def press_send(page):
    """Presses the button under the checked answers."""
    version = page.get(CHECK).context["version"]
    return page.post(CHECK, {"version": version})


def code_in(letter):
    return re.search(r"\b\d{4}-?\d{4}\b", letter.body)[0]


def home_of(help_request):
    """What is kept of the exact home."""
    revealed = whereabouts.reveal(help_request.whereabouts, to=UserFactory(), why="test", subject=help_request)
    return revealed.person_name, revealed.phone, revealed.address, revealed.directions


# --- The whole way ----------------------------------------------------------------------------------------------------


def test_first_page_of_a_stranger_keeps_nothing(page):
    response = page.get(ASK)

    assert response.status_code == 200
    assert "sessionid" not in response.cookies
    assert not Session.objects.exists()


def test_request_is_sent_after_the_code_from_the_mail(page, mailoutbox, category, neighbourhood):
    tell(page)
    response = press_send(page)
    assert response["Location"] == CODE
    assert not HelpRequest.objects.exists()

    response = page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    help_request = HelpRequest.objects.get()
    visit = Visit.objects.get()
    assert response.redirect_chain == [(SEND, 302), (RECEIPT, 302)]
    assert help_request.requester == User.objects.get(email="zofia@example.org")
    assert help_request.requester.display_name == "Zofia Wymyślona"
    assert (help_request.category, help_request.neighbourhood) == (category, neighbourhood)
    assert help_request.words == "Proszę o zakupy: chleb i mleko."
    assert (help_request.state, help_request.needs_call) == (RequestState.AWAITING_REVIEW, False)
    assert home_of(help_request) == ("Zofia Wymyślona", "+48512345678", "Ogrodowa 7/12", "druga klatka")
    assert visit.starts_at == datetime(2027, 3, 8, 15, 30, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert help_request.reference in re.sub(r"<[^>]+>", "", response.content.decode())


def test_receipt_says_that_the_centre_reads_first(page, mailoutbox):
    tell(page)
    press_send(page)
    response = page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    assert not response.context["is_published"]
    assert response.context["is_own"]


def test_receipt_says_that_the_search_has_begun_where_nobody_reads_first(page, municipality, mailoutbox):
    municipality.moderation = Moderation.AFTER
    municipality.save()
    tell(page)
    press_send(page)

    response = page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    assert HelpRequest.objects.get().state == RequestState.OPEN
    assert response.context["is_published"]


def test_phone_alone_is_enough_and_staff_ring_back(page, mailoutbox):
    tell(page, contact={"email": ""})

    response = press_send(page)

    help_request = HelpRequest.objects.get()
    assert response["Location"] == RECEIPT
    assert (help_request.requester, help_request.needs_call) == (None, True)
    assert help_request.state == RequestState.AWAITING_REVIEW
    assert home_of(help_request)[:2] == ("Zofia Wymyślona", "+48512345678")
    assert mailoutbox == []
    assert not User.objects.filter(email="zofia@example.org").exists()
    assert page.get(RECEIPT).context["help_request"] == help_request


def test_phone_alone_is_read_by_staff_even_where_nothing_else_is(page, municipality):
    municipality.moderation = Moderation.AFTER
    municipality.save()
    tell(page, contact={"email": ""})

    press_send(page)

    assert HelpRequest.objects.get().state == RequestState.AWAITING_REVIEW


def test_person_who_is_signed_in_needs_no_code(page, mailoutbox):
    user = UserFactory(accepted=True)
    sign_in(page, user)
    tell(page, contact={"email": None})

    response = press_send(page)

    assert response["Location"] == RECEIPT
    assert HelpRequest.objects.get().requester == user
    assert mailoutbox == []


def test_person_who_is_signed_in_finds_name_and_phone_filled_in(page):
    sign_in(page, UserFactory(display_name="Anna Zmyślona", phone="+48601000009"))
    page.post(ASK, {"category": "shopping"})
    for step in STEPS[1:-1]:
        page.post(url_of(step), answers()[step.name])

    form = page.get(f"{ASK}kontakt/").context["form"]

    assert form["asker"].value() == "Anna Zmyślona"
    assert form["phone"].value() == "+48601000009"
    assert "email" not in form.fields


def test_code_of_a_mailbox_with_an_account_signs_in_to_that_account(page, mailoutbox):
    user = UserFactory(email="zofia@example.org", display_name="Zofia Dawna", accepted=True)
    tell(page)
    press_send(page)

    page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    user.refresh_from_db()
    assert HelpRequest.objects.get().requester == user
    assert user.display_name == "Zofia Dawna"


def test_staff_show_their_second_factor_before_the_request_is_sent(page, municipality, mailoutbox):
    user = UserFactory(email="zofia@example.org", accepted=True)
    MembershipFactory(user=user, municipality=municipality)
    give_app(user)
    tell(page)
    press_send(page)

    response = page.post(CODE, {"code": code_in(mailoutbox[-1])})

    assert "2fa" in response["Location"]
    assert not HelpRequest.objects.exists()


def test_wrong_code_sends_nothing_and_loses_nothing(page, mailoutbox):
    tell(page)
    press_send(page)

    page.post(CODE, {"code": "00000000"})

    assert not HelpRequest.objects.exists()
    assert page.get(CHECK).status_code == 200
    page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)
    assert HelpRequest.objects.count() == 1


def test_request_for_somebody_else_names_that_person_and_staff_ring_first(page, mailoutbox):
    tell(page, whom={"whom": "other"}, contact={"person": "Helena Wymyślona"})
    press_send(page)
    page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    help_request = HelpRequest.objects.get()
    assert (help_request.for_someone_else, help_request.needs_call) == (True, True)
    assert home_of(help_request)[0] == "Helena Wymyślona"
    assert help_request.requester.display_name == "Zofia Wymyślona"


def test_request_for_somebody_else_by_phone_names_both(page):
    tell(page, whom={"whom": "other"}, contact={"person": "Helena Wymyślona", "email": ""})
    press_send(page)

    name = home_of(HelpRequest.objects.get())[0]
    assert "Helena Wymyślona" in name
    assert "Zofia Wymyślona" in name


def test_weekly_request_has_a_visit_for_each_week(page):
    tell(
        page,
        when={"timing": "recurring"},
        times={"until": "2027-04-05"},
        contact={"email": ""},
    )
    press_send(page)

    hours = {visit.starts_at.astimezone(ZoneInfo("Europe/Warsaw")).hour for visit in Visit.objects.all()}
    assert (HelpRequest.objects.get().timing, Visit.objects.count(), hours) == (Timing.RECURRING, 5, {15})


def test_flexible_request_leaves_the_hour_to_the_helper(page):
    tell(
        page,
        when={"timing": "flexible"},
        times={"day": "2027-03-08", "until": "10.3.2027", "at": None},
        contact={"email": ""},
    )
    press_send(page)

    visit = Visit.objects.get()
    assert visit.is_flexible
    assert visit.ends_at == datetime(2027, 3, 10, 21, tzinfo=ZoneInfo("Europe/Warsaw"))


def test_request_without_an_address_is_possible_where_nobody_comes_home(page):
    tell(page, where={"street": "", "house": "", "flat": ""}, contact={"email": ""})
    press_send(page)

    assert home_of(HelpRequest.objects.get())[2] == ""


def test_helpers_needed_become_places(page):
    tell(page, whom={"people": "3"}, contact={"email": ""})
    press_send(page)

    assert (HelpRequest.objects.get().people_needed, Visit.objects.get().places) == (3, 3)


def test_nothing_of_the_answers_stands_in_the_audit_trail(page):
    tell(page, contact={"email": ""})
    press_send(page)

    trail = " ".join(str(row) for row in Event.objects.values())
    for private in ("Ogrodowa", "512345678", "Zofia", "chleb"):
        assert private not in trail


# --- Sent twice -------------------------------------------------------------------------------------------------------


def test_second_press_of_send_leads_to_the_same_receipt(page):
    tell(page, contact={"email": ""})
    version = page.get(CHECK).context["version"]

    page.post(CHECK, {"version": version})
    response = page.post(CHECK, {"version": version})

    assert response["Location"] == RECEIPT
    assert HelpRequest.objects.count() == 1


def test_two_presses_side_by_side_make_one_request(page):
    tell(page, contact={"email": ""})
    version = page.get(CHECK).context["version"]
    draft = page.session[SESSION_KEY]

    page.post(CHECK, {"version": version})
    session = page.session
    session[SESSION_KEY] = draft
    session.save()
    response = page.post(CHECK, {"version": version})

    assert response["Location"] == RECEIPT
    assert HelpRequest.objects.count() == 1


def test_reload_of_the_finish_leads_to_the_receipt(page, mailoutbox):
    tell(page)
    press_send(page)
    page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    response = page.get(SEND)

    assert response["Location"] == RECEIPT
    assert HelpRequest.objects.count() == 1


def test_finish_without_pressing_send_changes_nothing(page):
    """A link on a stranger's page may lead there: only what was agreed to is sent."""
    sign_in(page, UserFactory(accepted=True))
    tell(page, contact={"email": None})

    response = page.get(SEND)

    assert response["Location"] == CHECK
    assert not HelpRequest.objects.exists()


def test_answers_changed_in_another_window_are_read_again_first(page):
    tell(page, contact={"email": ""})
    version = page.get(CHECK).context["version"]
    page.post(f"{ASK}opis/?zmien=1", {"words": "Co innego."})

    response = page.post(CHECK, {"version": version})

    assert response.status_code == 409
    assert not HelpRequest.objects.exists()


def test_answers_changed_after_send_are_not_sent_by_the_code(page, mailoutbox):
    tell(page)
    press_send(page)
    page.post(f"{ASK}opis/?zmien=1", {"words": "Co innego."})

    response = page.post(CODE, {"code": code_in(mailoutbox[-1])}, follow=True)

    assert response.redirect_chain[-1][0] == CHECK
    assert not HelpRequest.objects.exists()


def test_new_request_after_a_sent_one_is_another(page):
    for _turn in range(2):
        tell(page, contact={"email": ""})
        press_send(page)

    assert HelpRequest.objects.count() == 2


# --- The way through the questions ------------------------------------------------------------------------------------


def test_answer_leads_to_the_next_question(page):
    told = answers()
    places = [page.post(url_of(step), told[step.name])["Location"] for step in STEPS]

    assert places == [*(url_of(step) for step in STEPS[1:]), f"{ASK}moze-tez/"]


def test_question_shows_what_was_answered(page):
    tell(page)

    forms = {step.name: page.get(url_of(step)).context["form"] for step in STEPS}

    assert forms["what"]["category"].value() == "shopping"
    assert forms["where"]["street"].value() == "Ogrodowa"
    assert forms["times"]["day"].value() == "2027-03-08"
    assert not any(form.errors for form in forms.values())


def test_changed_answer_leads_back_to_the_check(page):
    tell(page)

    response = page.post(f"{ASK}opis/?zmien=1", {"words": "Tylko chleb."})

    assert response["Location"] == CHECK
    assert "Tylko chleb." in page.get(CHECK).content.decode()


def test_changed_answer_that_needs_another_one_asks_for_it(page):
    tell(page)
    page.post(f"{ASK}kiedy/?zmien=1", {"timing": "recurring"})

    response = page.get(CHECK)

    assert response["Location"] == f"{ASK}termin/?zmien=1"
    assert not page.get(response["Location"]).context["form"].errors


def test_category_at_home_asks_for_the_address_that_was_left_out(page):
    CategoryFactory(code="home_help", at_home=True)
    tell(page, where={"street": "", "house": "", "flat": ""})
    page.post(f"{ASK}?zmien=1", {"category": "home_help"})

    response = page.get(CHECK)

    assert response["Location"] == f"{ASK}gdzie/?zmien=1"
    assert set(page.get(response["Location"]).context["form"].errors) == {"street", "house"}


def test_question_that_was_skipped_is_asked(page):
    page.post(ASK, {"category": "shopping"})

    assert page.get(f"{ASK}kontakt/")["Location"] == f"{ASK}opis/"


def test_check_asks_the_first_question_that_was_skipped(page):
    page.post(ASK, {"category": "shopping"})

    assert page.get(CHECK)["Location"] == f"{ASK}opis/?zmien=1"


def test_unknown_question_is_not_found(page):
    assert page.get(f"{ASK}pesel/").status_code == 404


def test_category_may_be_chosen_by_a_link(page):
    form = page.get(f"{ASK}?kategoria=shopping").context["form"]

    assert form["category"].value() == "shopping"


@pytest.mark.parametrize("value", ["nie-ma", "\x00", "a" * 5000, "<script>"])
def test_link_with_an_unknown_category_is_just_the_first_question(page, value):
    assert page.get(ASK, {"kategoria": value}).status_code == 200


def test_progress_is_told_in_words(page):
    page.post(ASK, {"category": "shopping"})

    context = page.get(f"{ASK}opis/").context

    assert (context["number"], context["total"]) == (2, 7)


def test_pages_with_answers_are_never_stored(page):
    tell(page)

    for path in [CHECK, *(url_of(step) for step in STEPS)]:
        assert "no-store" in page.get(path)["Cache-Control"]


# --- Initiatives that may help too ------------------------------------------------------------------------------------


def test_initiatives_that_may_help_are_shown_before_the_check(page, municipality, category, neighbourhood):
    kind = InitiativeKindFactory()
    category.answered_by.add(kind)
    initiative = InitiativeFactory(municipality=municipality, kind=kind, neighbourhoods=[neighbourhood])
    meeting = MeetingFactory(initiative=initiative)
    response = tell(page)

    suggested = page.get(response["Location"]).context["suggested"]

    assert [(it.initiative, it.meeting) for it in suggested] == [(initiative, meeting)]


def test_page_of_initiatives_is_passed_over_where_there_are_none(page):
    response = tell(page)

    assert page.get(response["Location"])["Location"] == CHECK


def test_page_of_initiatives_without_answers_leads_back(page):
    response = page.get(f"{ASK}moze-tez/", follow=True)

    assert response.status_code == 410


# --- Words that give something away -----------------------------------------------------------------------------------

TELLING = "Zakupy, ul. Markowa 20, tel. 512 345 678, anna@example.org"


def test_contact_details_in_words_are_pointed_out(page):
    page.post(ASK, {"category": "shopping"})

    response = page.post(f"{ASK}opis/", {"words": TELLING})

    assert response.status_code == 200
    assert response.context["form"].gives_away == {"email", "phone", "address"}
    assert TELLING in response.content.decode()


def test_contact_details_can_be_cut_out(page):
    tell(page, words={"words": TELLING, "cut": "1"}, contact={"email": ""})
    press_send(page)

    help_request = HelpRequest.objects.get()
    assert help_request.words == "Zakupy, […], tel. […], […]"
    assert not help_request.words_held_back


def test_contact_details_may_stay_and_are_then_held_back(page):
    tell(page, words={"words": TELLING, "keep": "1"}, contact={"email": ""})
    press_send(page)

    help_request = HelpRequest.objects.get()
    assert (help_request.words, help_request.words_held_back) == (TELLING, True)


def test_words_that_were_kept_are_not_questioned_again(page):
    tell(page, words={"words": TELLING, "keep": "1"})

    assert page.get(CHECK).status_code == 200


# --- Answers that cannot be -------------------------------------------------------------------------------------------

BAD = [
    ("what", {"category": None}, {"category"}),
    ("what", {"category": "nie-ma"}, {"category"}),
    ("what", {"category": "closed"}, {"category"}),
    ("what", {"category": "minors"}, {"category"}),
    ("what", {"category": "\x00"}, {"category"}),
    ("words", {"words": None}, {"words"}),
    ("words", {"words": "  \n "}, {"words"}),
    ("words", {"words": "\x00\u202e"}, {"words"}),
    ("words", {"words": "a" * 1001}, {"words"}),
    ("words", {"words": "ż" * 100_000}, {"words"}),
    ("where", {"neighbourhood": None}, {"neighbourhood"}),
    ("where", {"neighbourhood": "foreign"}, {"neighbourhood"}),
    ("where", {"neighbourhood": "1"}, {"neighbourhood"}),
    ("where", {"neighbourhood": "\x00"}, {"neighbourhood"}),
    ("where", {"house": ""}, {"house"}),
    ("where", {"street": ""}, {"street"}),
    ("where", {"street": "a" * 101}, {"street"}),
    ("where", {"house": "1" * 11, "flat": "2" * 11, "directions": "a" * 201}, {"house", "flat", "directions"}),
    ("when", {"timing": None}, {"timing"}),
    ("when", {"timing": "never"}, {"timing"}),
    ("times", {"day": None}, {"day"}),
    ("times", {"day": "kiedyś"}, {"day"}),
    ("times", {"day": "2027-02-30"}, {"day"}),
    ("times", {"day": "28.2.2027"}, {"day"}),
    ("times", {"day": "9999-12-31"}, {"day"}),
    ("times", {"day": "0001-01-01"}, {"day"}),
    ("times", {"day": "0000-00-00"}, {"day"}),
    ("times", {"day": "2028-03-03"}, {"day"}),
    ("times", {"day": "1" * 5000}, {"day"}),
    ("times", {"at": None}, {"at"}),
    ("times", {"at": "24:00"}, {"at"}),
    ("times", {"at": "rano"}, {"at"}),
    ("times", {"day": "2027-03-01", "at": "11:59"}, {"at"}),
    ("times", {"day": "2027-03-28", "at": "2:30"}, {"at"}),
    ("times", {"minutes": "7"}, {"minutes"}),
    ("times", {"minutes": "\x00"}, {"minutes"}),
    ("whom", {"whom": None}, {"whom"}),
    ("whom", {"people": ""}, {"people"}),
    ("whom", {"people": "0"}, {"people"}),
    ("whom", {"people": "21"}, {"people"}),
    ("whom", {"people": "9" * 5000}, {"people"}),
    ("whom", {"people": "dwie"}, {"people"}),
    ("contact", {"asker": ""}, {"asker"}),
    ("contact", {"asker": "a" * 81}, {"asker"}),
    ("contact", {"phone": "", "email": ""}, {"phone"}),
    ("contact", {"phone": "12345"}, {"phone"}),
    ("contact", {"phone": "5" * 100_000}, {"phone"}),
    ("contact", {"email": "zofia@"}, {"email"}),
    ("contact", {"email": "a" * 300 + "@example.org"}, {"email"}),
    ("contact", {"email": "zofia\x00@example.org"}, {"email"}),
    ("contact", {"language": "xx"}, {"language"}),
]


@pytest.mark.parametrize(("name", "change", "fields"), BAD)
def test_bad_answer_is_explained_at_its_field(page, municipality, name, change, fields):
    CategoryFactory(code="closed", is_open=False)
    CategoryFactory(code="minors", with_minors=True)
    NeighbourhoodFactory(municipality=MunicipalityFactory(), slug="foreign")
    told = answers(**{name: change})
    for step in STEPS:
        response = page.post(url_of(step), told[step.name])
        if step.name == name:
            break

    assert response.status_code == 200
    assert set(response.context["form"].errors) == fields
    assert name not in page.session.get(SESSION_KEY, {"answers": {}})["answers"]
    assert "data-error-summary" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"day": "2027-03-08", "until": "2027-03-07"}, {"until"}),
        ({"day": "2027-02-20", "until": "2027-03-07"}, {"day"}),
        ({"day": "2027-03-08", "until": "2028-04-01"}, {"until"}),
        ({"day": "2027-03-08", "until": "9999-12-31"}, {"until"}),
        ({"day": "2027-03-08", "until": ""}, {"until"}),
    ],
)
@pytest.mark.parametrize("timing", ["flexible", "recurring"])
def test_days_that_cannot_be_are_explained(page, timing, change, fields):
    told = answers(when={"timing": timing}, times=change)
    for step in STEPS[:5]:
        response = page.post(url_of(step), told[step.name])

    assert set(response.context["form"].errors) == fields


def test_flexible_days_of_today_are_over_in_the_evening(page, clock):
    clock.move_to(NOW.replace(hour=21, minute=30))
    told = answers(when={"timing": "flexible"}, times={"day": "2027-03-01", "until": "2027-03-01", "at": None})
    for step in STEPS[:5]:
        response = page.post(url_of(step), told[step.name])

    assert set(response.context["form"].errors) == {"until"}


def test_weekly_hour_that_one_night_leaves_out_is_explained(page):
    told = answers(when={"timing": "recurring"}, times={"day": "2027-03-14", "until": "2027-04-04", "at": "2:30"})
    for step in STEPS[:5]:
        response = page.post(url_of(step), told[step.name])

    assert set(response.context["form"].errors) == {"at"}


@pytest.mark.parametrize(
    "spelling",
    ["2027-03-08", "8.3.2027", "08.03.2027", "8/3/2027", "8 marca 2027", "8 marca", "8 III 2027", "8.3", "8. 3. 27"],
)
def test_day_is_read_in_the_spellings_of_people(page, spelling):
    tell(page, times={"day": spelling}, contact={"email": ""})

    assert page.session[SESSION_KEY]["answers"]["times"]["day"] == "2027-03-08"


@pytest.mark.parametrize(
    ("spelling", "day"), [("dziś", "2027-03-01"), ("Jutro", "2027-03-02"), ("pojutrze", "2027-03-03")]
)
def test_day_near_by_may_be_named(page, spelling, day):
    tell(page, times={"day": spelling}, contact={"email": ""})

    assert page.session[SESSION_KEY]["answers"]["times"]["day"] == day


@pytest.mark.parametrize("spelling", ["15:30", "15.30", "15 30", "15h30"])
def test_hour_is_read_in_the_spellings_of_people(page, spelling):
    tell(page, times={"at": spelling}, contact={"email": ""})

    assert page.session[SESSION_KEY]["answers"]["times"]["at"] == "15:30:00"


def test_typed_answers_stay_in_a_form_with_errors(page):
    page.post(ASK, {"category": "shopping"})
    page.post(f"{ASK}opis/", {"words": "Zakupy."})

    response = page.post(f"{ASK}gdzie/", answers(where={"neighbourhood": None})["where"])

    form = response.context["form"]
    assert (form["street"].value(), form["house"].value(), form["flat"].value()) == ("Ogrodowa", "7", "12")


def test_hidden_signs_are_taken_out_of_answers(page):
    tell(page, contact={"asker": "Zofia\u202e  Wymyślona\x07", "email": ""}, words={"words": "Chleb\u200b i\r\nmleko"})
    press_send(page)

    help_request = HelpRequest.objects.get()
    assert help_request.words == "Chleb i\nmleko"
    assert home_of(help_request)[0] == "Zofia Wymyślona"


def test_answer_that_has_become_impossible_is_asked_again(page, clock):
    tell(page, times={"day": "2027-03-01", "at": "12:30"})
    clock.shift(timedelta(hours=1))

    response = page.get(CHECK)

    assert response["Location"] == f"{ASK}termin/?zmien=1"
    assert page.get(response["Location"]).context["form"].errors


def test_category_that_was_closed_meanwhile_is_asked_again(page, category):
    tell(page)
    category.is_open = False
    category.save()

    assert page.get(CHECK)["Location"] == f"{ASK}?zmien=1"


# --- A request that lay too long --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["opis/", "gdzie/", "kontakt/", "sprawdz/", "wyslij/"])
def test_without_a_session_a_kind_page_offers_to_begin(page, path):
    response = page.get(ASK + path)

    assert response.status_code == 410
    assert f'href="{ASK}"' in response.content.decode()
    assert "sessionid" not in response.cookies


def test_draft_is_forgotten_after_a_day(page, clock):
    tell(page)
    clock.shift(timedelta(seconds=LIFE_SECONDS + 1))

    assert page.get(CHECK).status_code == 410


def test_answer_given_after_the_session_has_gone_is_kept_and_the_others_are_asked_again(page):
    response = page.post(f"{ASK}gdzie/", answers()["where"])

    assert response["Location"] == ASK
    assert page.get(ASK).context["is_rescued"]
    assert page.session[SESSION_KEY]["answers"]["where"]["street"] == "Ogrodowa"


def test_rescued_answer_is_not_asked_again(page):
    told = answers(contact={"email": ""})
    page.post(f"{ASK}gdzie/", told["where"])
    for step in STEPS:
        if step.name != "where":
            page.post(url_of(step), told[step.name])

    assert not page.get(ASK).context["is_rescued"]
    press_send(page)
    assert HelpRequest.objects.count() == 1


def test_receipt_of_nobody_leads_to_the_first_question(page):
    assert page.get(RECEIPT)["Location"] == ASK


def test_receipt_is_for_the_browser_that_has_sent_the_request(page):
    tell(page, contact={"email": ""})
    press_send(page)
    page.cookies.clear()

    assert page.get(RECEIPT).status_code == 302


def test_draft_of_one_centre_is_not_sent_at_another(page):
    """Cookies are bound to one host; should a session come along all the same, its places are not found here."""
    tell(page, contact={"email": ""})
    other = MunicipalityFactory()

    response = page.get(CHECK, headers={"host": other.site.hostname})

    assert response["Location"] == f"{ASK}gdzie/?zmien=1"


# --- Too many ---------------------------------------------------------------------------------------------------------


def test_sixth_request_of_one_place_within_an_hour_is_kindly_refused(page):
    for _turn in range(5):
        tell(page, contact={"email": ""})
        press_send(page)
    tell(page, contact={"email": ""})

    response = press_send(page)

    assert response.status_code == 429
    assert HelpRequest.objects.count() == 5
    assert page.get(CHECK).status_code == 200


def test_limit_ends_with_the_hour(page, clock):
    for _turn in range(5):
        tell(page, contact={"email": ""})
        press_send(page)
    clock.shift(timedelta(hours=1, seconds=1))
    tell(page, contact={"email": ""})

    assert press_send(page)["Location"] == RECEIPT


def test_limit_counts_a_home_network_as_one_place(page):
    for turn in range(5):
        page.defaults["REMOTE_ADDR"] = f"2001:db8:1:2::{turn:x}"
        tell(page, contact={"email": ""})
        press_send(page)
    tell(page, contact={"email": ""})

    assert press_send(page).status_code == 429


def test_phone_only_requests_are_limited_for_the_whole_centre(page):
    for turn in range(20):
        page.defaults["REMOTE_ADDR"] = f"192.0.2.{turn}"
        tell(page, contact={"email": ""})
        assert press_send(page)["Location"] == RECEIPT
    page.defaults["REMOTE_ADDR"] = "198.51.100.1"
    tell(page, contact={"email": ""})

    assert press_send(page).status_code == 429


def test_limits_of_one_centre_do_not_close_another(page, municipality):
    IntakeAttempt.objects.bulk_create(
        IntakeAttempt(municipality=MunicipalityFactory(), source="x", phone_only=True) for _turn in range(20)
    )
    tell(page, contact={"email": ""})

    assert press_send(page)["Location"] == RECEIPT


def test_person_who_is_signed_in_is_not_counted(page):
    sign_in(page, UserFactory(accepted=True))
    tell(page, contact={"email": None})

    press_send(page)

    assert not IntakeAttempt.objects.exists()


def test_attempt_keeps_no_network_address(page):
    page.defaults["REMOTE_ADDR"] = "192.0.2.7"
    tell(page, contact={"email": ""})
    press_send(page)

    assert "192.0.2" not in IntakeAttempt.objects.get().source


def test_attempts_are_forgotten_after_a_day(page, clock):
    tell(page, contact={"email": ""})
    press_send(page)
    clock.shift(timedelta(hours=23))
    intake.forget_attempts()
    assert IntakeAttempt.objects.count() == 1

    clock.shift(timedelta(hours=2))
    intake.forget_attempts()

    assert IntakeAttempt.objects.count() == 0


def test_mail_server_that_is_away_loses_nothing(page, settings, logged_errors):
    settings.EMAIL_BACKEND = "tests.volunteering.views.test_asking.AwayBackend"
    tell(page)

    response = press_send(page)

    assert response.status_code == 503
    assert page.get(CHECK).status_code == 200


class AwayBackend:
    """A mail server that does not answer."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


# --- Anything whatever ------------------------------------------------------------------------------------------------

NAUGHTY = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\x00\u202e\u200bżł'\"<>%&;\r\n\t🧓🏽", max_size=20),
    st.sampled_from(["", "0", "-1", "9" * 400, "NaN", "9999-12-31", "0000-00-00", "24:60", "2027-03-28", "[]", "{}"]),
)
FIELDS = sorted({field for fields in answers().values() for field in fields} | {"person", "until", "cut", "keep"})


# One client and one database for all examples: what an earlier one has left in the session is part of the trial.
fuzzing = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@fuzzing
@given(
    sent=st.lists(
        st.tuples(st.sampled_from(STEPS), st.dictionaries(st.sampled_from(FIELDS), NAUGHTY, max_size=6)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_answered_in_whatever_order_is_no_error_of_the_server(page, sent):
    for step, fields in sent:
        assert page.post(url_of(step), {**answers()[step.name], **fields}).status_code in {200, 302}

    assert {page.get(path).status_code for path in (CHECK, SEND, f"{ASK}moze-tez/")} <= {200, 302, 410}


@fuzzing
@given(body=st.binary(max_size=200), step=st.sampled_from(STEPS))
def test_whatever_bytes_are_sent_is_no_error_of_the_server(page, body, step):
    response = page.post(url_of(step), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code in {200, 302, 400}


@fuzzing
@given(text=st.text(max_size=60))
def test_whatever_is_typed_for_a_day_or_an_hour_is_read_or_refused(text):
    day, hour = read_day(text, today=DAY), read_hour(text)

    assert day is None or isinstance(day, date)
    assert hour is None or 0 <= hour.hour < 24


@pytest.mark.parametrize(
    "text",
    ["29 lutego", "29.2", "1.1", "31 XII", "24 kwietnia 2027 r.", "24-04-2027", "24 april 2027", "24 квітня 2027"],
)
def test_day_is_read(text):
    assert read_day(text, today=DAY) is not None


@pytest.mark.parametrize(
    "text", ["30 lutego", "24.13.2027", "abc", "24 foo 2027", "2027", "", "1.2.3.4", "24.4.2027." * 9]
)
def test_what_is_no_day_is_not_read(text):
    assert read_day(text, today=DAY) is None
