"""The page of one request: a face for each reader, and the acts of the resident and of the helper."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from neighbourhoods.domain import whereabouts
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import (
    AlertFactory,
    BlockFactory,
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    InitiativeFactory,
    MeetingFactory,
    StandingFactory,
    VisitFactory,
)
from volunteering.models import Alert, Commitment, HelpRequest
from volunteering.states import CommitmentState, RequestState

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2027, 4, 21, 12, tzinfo=WARSAW)
START = datetime(2027, 4, 22, 15, tzinfo=WARSAW)
# What `WhereaboutsFactory` writes down.
PRIVATE = ("Zofia Wymyślona", "601000001", "601 000 001", "Zmyślona 7/3", "domofon 3")
RESIDENT_ACTS = ("zgoda", "odmowa", "nie-bylo")
HELPER_ACTS = ("rezygnuje", "jestem", "adres")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(code="RS")
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def resident():
    return UserFactory(display_name="Zofia Wymyślona")


@pytest.fixture
def helper(municipality):
    """An active helper."""
    user = UserFactory(display_name="Jan Pomocny")
    StandingFactory(municipality=municipality, volunteer=user)
    return user


@pytest.fixture
def help_request(municipality, resident):
    """An open request at home: the resident accepts each helper herself."""
    category = CategoryFactory(at_home=True)
    return HelpRequestFactory(
        municipality=municipality, requester=resident, category=category, reference="RS-7K4M", words="Kapie kran."
    )


@pytest.fixture
def visit(help_request):
    return VisitFactory(help_request=help_request, starts_at=START)


@pytest.fixture
def promise(visit, helper):
    """An agreed promise for the visit, which is full."""
    type(visit).objects.filter(pk=visit.pk).update(taken=1, state="full")
    HelpRequest.objects.update(state=RequestState.FILLED)
    return CommitmentFactory(visit=visit, volunteer=helper, note="Mieszkam obok.")


@pytest.fixture
def proposal(promise):
    promise.state, promise.accepted_at = CommitmentState.PROPOSED, None
    promise.consent_until = START - timedelta(hours=2)
    promise.save()
    return promise


@pytest.fixture
def as_(client, municipality):
    """The client with the session of a person, on the centre's own host."""
    client.defaults["HTTP_HOST"] = municipality.site.hostname

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def path_of(thing, act=""):
    """The page of a request, or the address of an act on a promise or a visit."""
    if isinstance(thing, HelpRequest):
        return f"/prosby/{thing.reference}/{act}/".replace("//", "/")
    if isinstance(thing, Commitment):
        return f"/prosby/{thing.visit.help_request.reference}/pomoc/{thing.pk}/{act}/"
    return f"/prosby/{thing.help_request.reference}/wizyty/{thing.pk}/{act}/"


def state_of(thing):
    return type(thing).objects.get(pk=thing.pk).state


def text_of(response):
    return response.content.decode()


def looks():
    return list(Event.objects.filter(kind="neighbourhoods.whereabouts_revealed"))


# --- Who sees the page ------------------------------------------------------------------------------------------------


def test_stranger_is_asked_to_sign_in(client, municipality, help_request):
    response = client.get(path_of(help_request), headers={"host": municipality.site.hostname})

    assert response.status_code == 302
    assert response["Location"].startswith("/konto/")


def test_other_person_does_not_find_the_request(as_, help_request):
    assert as_(UserFactory()).get(path_of(help_request)).status_code == 404


@pytest.mark.parametrize("trait", ["applied", "met", "suspended", "ended"])
def test_person_who_is_no_active_helper_does_not_find_it(as_, municipality, help_request, trait):
    person = StandingFactory(municipality=municipality, **{trait: True}).volunteer

    assert as_(person).get(path_of(help_request)).status_code == 404


def test_helper_of_another_municipality_does_not_find_it(as_, help_request):
    assert as_(StandingFactory().volunteer).get(path_of(help_request)).status_code == 404


def test_request_is_not_found_on_the_host_of_another_municipality(as_, help_request, resident):
    other = MunicipalityFactory()

    response = as_(resident).get(path_of(help_request), headers={"host": other.site.hostname})

    assert response.status_code == 404


@pytest.mark.parametrize("trait", ["draft", "awaiting_review", "done", "cancelled"])
def test_helper_does_not_find_what_is_not_open(as_, municipality, helper, trait):
    help_request = HelpRequestFactory(municipality=municipality, reference="RS-AAAA", **{trait: True})

    assert as_(helper).get(path_of(help_request)).status_code == 404


def test_helper_who_comes_too_late_reads_that_nobody_is_needed(as_, municipality, helper):
    help_request = HelpRequestFactory(municipality=municipality, reference="RS-AAAA", filled=True)
    VisitFactory(help_request=help_request, full=True)

    context = as_(helper).get(path_of(help_request)).context

    assert (context["visits"], context["promises"], context["helps_here"]) == ([], [], True)


@pytest.mark.parametrize("state", [RequestState.DONE, RequestState.CANCELLED, RequestState.EXPIRED])
def test_helper_who_was_told_of_it_reads_that_it_is_over(as_, helper, visit, help_request, state):
    AlertFactory(visit=visit, volunteer=helper)
    HelpRequest.objects.update(state=state)

    responses = [as_(helper).get(path_of(help_request)), as_(helper).post(path_of(visit, "biore"))]

    assert [response.status_code for response in responses] == [410, 410]
    assert not any("Kapie kran." in text_of(response) for response in responses)


def test_helper_does_not_find_a_protected_request(as_, municipality, helper):
    help_request = HelpRequestFactory(municipality=municipality, reference="RS-AAAA", protected=True)

    assert as_(helper).get(path_of(help_request)).status_code == 404


@pytest.mark.parametrize(
    "reference", ["RS-0000", "RS", "RS-7K4M%00", "%F0%9F%A7%93", "rs 7k4m", "A" * 500, "RS-7K4M%0A"]
)
def test_no_reference_is_not_found(as_, resident, help_request, reference):
    assert as_(resident).get(f"/prosby/{reference}/").status_code == 404


def test_reference_may_be_typed_in_small_letters(as_, resident, help_request):
    assert as_(resident).get("/prosby/rs-7k4m/").status_code == 200


def test_page_is_never_stored_and_looking_writes_nothing(as_, resident, visit, help_request):
    before = Event.objects.count()

    response = as_(resident).get(path_of(help_request))

    assert "no-store" in response["Cache-Control"]
    assert Event.objects.count() == before


# --- The resident's face ----------------------------------------------------------------------------------------------


def test_resident_reads_her_words_and_the_story(as_, resident, visit, help_request):
    response = as_(resident).get(path_of(help_request))

    assert "Kapie kran." in text_of(response)
    assert response.context["may_cancel"]


def test_resident_reads_the_first_name_and_the_note_of_the_helper(as_, resident, proposal, help_request):
    text = text_of(as_(resident).get(path_of(help_request)))

    assert "Jan" in text
    assert "Mieszkam obok." in text
    assert "Pomocny" not in text
    assert proposal.volunteer.email not in text


def test_resident_is_asked_about_a_proposal_only(as_, resident, proposal, help_request):
    page = as_(resident)

    assert path_of(proposal, "zgoda") in text_of(page.get(path_of(help_request)))
    Commitment.objects.update(state=CommitmentState.ACCEPTED)
    assert path_of(proposal, "zgoda") not in text_of(page.get(path_of(help_request)))


def test_resident_confirms_or_misses_a_visit_once_it_has_begun(as_, resident, promise, help_request, clock):
    page = as_(resident)
    offered = {path_of(promise, act) for act in ("bylo", "nie-bylo")}

    before = text_of(page.get(path_of(help_request)))
    clock.move_to(START + timedelta(minutes=5))
    after = text_of(page.get(path_of(help_request)))

    assert not any(path in before for path in offered)
    assert all(path in after for path in offered)


def test_resident_accepts(as_, resident, proposal, help_request):
    response = as_(resident).post(path_of(proposal, "zgoda"))

    assert response["Location"] == path_of(help_request)
    assert state_of(proposal) == CommitmentState.ACCEPTED


def test_resident_declines_and_the_place_opens(as_, resident, proposal, visit):
    as_(resident).post(path_of(proposal, "odmowa"))

    visit.refresh_from_db()
    assert state_of(proposal) == CommitmentState.DECLINED
    assert (visit.state, visit.taken) == ("open", 0)


def test_resident_reports_that_nobody_came(as_, resident, promise, clock):
    clock.move_to(START + timedelta(hours=1))

    as_(resident).post(path_of(promise, "nie-bylo"))

    assert state_of(promise) == CommitmentState.NO_SHOW


def test_both_confirm_and_the_request_is_done(as_, resident, promise, help_request, clock):
    clock.move_to(START + timedelta(hours=1))

    as_(promise.volunteer).post(path_of(promise, "bylo"), {"minutes": "45"})
    as_(resident).post(path_of(promise, "bylo"))

    promise.refresh_from_db()
    assert (promise.state, promise.minutes) == (CommitmentState.DONE, 45)
    assert state_of(help_request) == RequestState.DONE


def test_resident_cancels_with_a_reason(as_, resident, visit, help_request):
    response = as_(resident).post(path_of(help_request, "odwolaj"), {"reason": "Pomogła sąsiadka."})

    help_request.refresh_from_db()
    assert response["Location"] == path_of(help_request)
    assert (help_request.state, help_request.reason) == (RequestState.CANCELLED, "Pomogła sąsiadka.")


def test_reason_that_is_too_long_is_explained_and_kept(as_, resident, visit, help_request):
    response = as_(resident).post(path_of(help_request, "odwolaj"), {"reason": "a" * 301})

    assert response.context["form"].errors
    assert "a" * 301 in text_of(response)
    assert state_of(help_request) == RequestState.OPEN


def test_what_can_no_longer_be_done_is_said_on_the_same_page(as_, resident, proposal, help_request):
    page = as_(resident)
    page.post(path_of(proposal, "odmowa"))

    response = page.post(path_of(proposal, "zgoda"))

    assert response.status_code == 409
    assert response.context["reasons"]
    assert state_of(proposal) == CommitmentState.DECLINED


def test_request_that_has_ended_is_not_cancelled_again(as_, resident, visit, help_request):
    page = as_(resident)
    page.post(path_of(help_request, "odwolaj"))

    assert page.post(path_of(help_request, "odwolaj")).status_code == 409


@pytest.mark.parametrize("act", ["bylo", "nie-bylo"])
def test_visit_that_has_not_begun_is_neither_confirmed_nor_missed(as_, resident, promise, act):
    assert as_(resident).post(path_of(promise, act)).status_code == 409
    assert state_of(promise) == CommitmentState.ACCEPTED


@pytest.mark.parametrize("state", RequestState)
def test_resident_reads_her_request_in_every_state(as_, resident, visit, help_request, state):
    HelpRequest.objects.update(state=state, case_number="CUS.1.2027", reason="Bo tak.", finished_at=NOW)

    response = as_(resident).get(path_of(help_request))

    assert response.status_code == 200
    assert str(state.label) in text_of(response) or response.context["help_request"].get_state_display() in text_of(
        response
    )


@pytest.mark.parametrize("state", CommitmentState)
def test_resident_reads_her_request_with_a_promise_in_every_state(as_, resident, proposal, help_request, state):
    Commitment.objects.update(
        state=state, helper_confirmed_at=NOW, resident_confirmed_at=NOW, minutes=60, consent_until=None
    )

    assert as_(resident).get(path_of(help_request)).status_code == 200


# --- What she told, and who looked at it ------------------------------------------------------------------------------


def test_own_address_is_shown_by_a_button(as_, resident, visit, help_request):
    page = as_(resident)
    shown = text_of(page.get(path_of(help_request)))

    response = page.post(path_of(help_request, "moj-adres"))

    assert not any(private in shown for private in PRIVATE[1:])
    assert "Zmyślona 7/3" in text_of(response)
    assert "no-store" in response["Cache-Control"]


def test_helpers_look_at_the_address_stands_in_her_story(as_, resident, helper, promise, help_request):
    as_(helper).post(path_of(promise, "adres"))

    story = as_(resident).get(path_of(help_request)).context["story"]

    [entry] = [entry for entry in story if entry.is_reveal]
    assert "Jan" in entry.text


def test_own_look_does_not_stand_in_her_story(as_, resident, visit, help_request):
    page = as_(resident)
    page.post(path_of(help_request, "moj-adres"))

    story = page.get(path_of(help_request)).context["story"]

    assert not any(entry.is_reveal for entry in story)


def test_address_that_was_erased_is_said_in_words(as_, resident, visit, help_request):
    whereabouts.erase(help_request.whereabouts)

    response = as_(resident).post(path_of(help_request, "moj-adres"))

    assert response.status_code == 409
    assert response.context["reasons"]


# --- The helper's face ------------------------------------------------------------------------------------------------


def test_helper_reads_words_and_hour_but_nothing_private(as_, helper, visit, help_request):
    text = text_of(as_(helper).get(path_of(help_request)))

    assert "Kapie kran." in text
    assert "15:00" in text
    assert not any(private in text for private in PRIVATE)


def test_helper_does_not_read_words_that_are_held_back(as_, helper, visit, help_request):
    HelpRequest.objects.update(words_held_back=True)

    assert "Kapie kran." not in text_of(as_(helper).get(path_of(help_request)))


def test_alerted_helper_reads_why_and_how_far(as_, helper, visit, help_request):
    AlertFactory(visit=visit, volunteer=helper, parts={"band": 1000, "reasons": []})

    [offer] = as_(helper).get(path_of(help_request)).context["visits"]

    assert (offer["distance"], offer["may_pass"]) == ("1 km", True)


def test_helper_who_was_not_alerted_reads_no_distance(as_, helper, visit, help_request):
    [offer] = as_(helper).get(path_of(help_request)).context["visits"]

    assert (offer["distance"], offer["may_pass"]) == ("", False)


def test_helper_takes_a_visit(as_, helper, visit, help_request):
    response = as_(helper).post(path_of(visit, "biore"), {"note": "Przyjdę z synem."})

    commitment = Commitment.objects.get()
    assert response["Location"] == path_of(help_request)
    assert (commitment.volunteer, commitment.state) == (helper, CommitmentState.PROPOSED)
    assert (commitment.note, commitment.starts_at) == ("Przyjdę z synem.", START)


def test_nobody_promises_another_time_than_the_one_they_read(as_, helper, visit, help_request):
    reader = as_(helper)
    [offer] = reader.get(path_of(help_request)).context["visits"]
    seen = offer["form"]["seen"].value()
    type(visit).objects.filter(pk=visit.pk).update(
        starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=2)
    )

    warned = reader.post(path_of(visit, "biore"), {"seen": seen, "note": "Chętnie."})
    promised_too_early = Commitment.objects.exists()
    [offer] = warned.context["visits"]
    reader.post(path_of(visit, "biore"), {"seen": offer["form"]["seen"].value()})

    assert (warned.status_code, promised_too_early, offer["form"]["note"].value()) == (200, False, "Chętnie.")
    assert "data-error-summary" in warned.text
    assert Commitment.objects.get().starts_at == START + timedelta(days=1)


def test_helper_names_the_hour_of_a_flexible_visit(as_, helper, help_request):
    visit = VisitFactory(help_request=help_request, starts_at=START, flexible=True)

    as_(helper).post(path_of(visit, "biore"), {"day": "24.4.2027", "at": "10:30"})

    commitment = Commitment.objects.get()
    assert commitment.starts_at == datetime(2027, 4, 24, 10, 30, tzinfo=WARSAW)
    assert commitment.ends_at - commitment.starts_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, 200),
        ({"day": "24.4.2027"}, 200),
        ({"at": "10:30"}, 200),
        ({"day": "kiedyś", "at": "10:30"}, 200),
        ({"day": "24.4.2027", "at": "25:00"}, 200),
        ({"day": "0001-01-01", "at": "00:00"}, 200),
        ({"day": "2027-10-31", "at": "02:30"}, 409),
        ({"day": "9999-12-31", "at": "23:59"}, 409),
        ({"day": "20.4.2027", "at": "10:30"}, 409),
        ({"day": "29.4.2027", "at": "23:00"}, 409),
        ({"day": "\x00", "at": "\x00", "note": "\x00"}, 200),
        ({"day": "24.4.2027", "at": "10:30", "note": "a" * 301}, 200),
        ({"day": "24.4.2027", "at": "10:30", "note": "ż" * 100_000}, 200),
    ],
)
def test_hour_that_cannot_be_is_explained_and_kept(as_, helper, help_request, answers, status):
    visit = VisitFactory(help_request=help_request, starts_at=START, flexible=True)

    response = as_(helper).post(path_of(visit, "biore"), answers)

    [offer] = response.context["visits"]
    assert response.status_code == status
    assert offer["form"].is_bound
    assert not Commitment.objects.exists()


def test_hour_that_summer_time_leaves_out_is_explained_at_its_field(as_, helper, help_request, clock):
    clock.move_to(datetime(2027, 3, 26, 12, tzinfo=WARSAW))
    visit = VisitFactory(help_request=help_request, starts_at=datetime(2027, 3, 27, 7, tzinfo=WARSAW), flexible=True)

    response = as_(helper).post(path_of(visit, "biore"), {"day": "28.3.2027", "at": "2:30"})

    assert set(response.context["form"].errors) == {"at"}


def test_second_helper_reads_that_somebody_was_faster(as_, municipality, helper, visit, help_request):
    HelpRequest.objects.update(people_needed=1)
    VisitFactory(help_request=help_request, starts_at=START + timedelta(days=3))
    other = StandingFactory(municipality=municipality).volunteer
    as_(other).post(path_of(visit, "biore"))

    response = as_(helper).post(path_of(visit, "biore"), {"note": "Chętnie."})

    assert response.status_code == 409
    assert "volunteering/requests/too_late.html" in {template.name for template in response.templates}
    assert response.context["has_more"], "another day of the request is still free"
    assert Commitment.objects.count() == 1


def test_helper_who_comes_too_late_for_the_last_place_finds_a_kind_page(as_, municipality, helper, visit):
    """The request is filled now, so it is no longer theirs to see."""
    other = StandingFactory(municipality=municipality).volunteer
    as_(other).post(path_of(visit, "biore"))

    assert as_(helper).post(path_of(visit, "biore")).status_code == 409


def test_reasons_against_a_visit_stand_in_place_of_the_button(as_, municipality, helper, visit, help_request):
    elsewhere = VisitFactory(help_request=HelpRequestFactory(municipality=municipality), starts_at=START)
    CommitmentFactory(visit=elsewhere, volunteer=helper)

    response = as_(helper).get(path_of(help_request))

    assert response.context["visits"][0]["against"]
    assert path_of(visit, "biore") not in text_of(response)


def test_visit_of_another_request_is_not_taken_through_this_one(as_, municipality, helper, visit, help_request):
    other = VisitFactory(help_request=HelpRequestFactory(municipality=municipality, protected=True))

    response = as_(helper).post(f"/prosby/{help_request.reference}/wizyty/{other.pk}/biore/")

    assert response.status_code == 404


@pytest.mark.parametrize("pk", [0, 10**9, 10**19, 10**40])
def test_unknown_visit_is_not_found(as_, helper, help_request, pk):
    assert as_(helper).post(f"/prosby/{help_request.reference}/wizyty/{pk}/biore/").status_code == 404


def test_not_this_time_asks_the_next_person(as_, helper, visit):
    AlertFactory(visit=visit, volunteer=helper)

    response = as_(helper).post(path_of(visit, "nie-tym-razem"))

    assert response["Location"] == "/pomagam/"
    assert Alert.objects.get(volunteer=helper).answer == Alert.Answer.DECLINED


def test_who_cannot_now_may_wish_to_be_asked_again(as_, helper, visit):
    AlertFactory(visit=visit, volunteer=helper)
    page = as_(helper).get(f"/prosby/{visit.help_request.reference}/")

    as_(helper).post(path_of(visit, "nie-tym-razem"), {"again": "1"})

    assert 'name="again"' in page.text
    assert Alert.objects.get(volunteer=helper).answer == Alert.Answer.LATER


def test_only_who_was_asked_can_pass(as_, helper, visit):
    assert as_(helper).post(path_of(visit, "nie-tym-razem")).status_code == 404


def test_helper_withdraws_with_a_reason_and_the_place_opens(as_, helper, promise, visit):
    response = as_(helper).post(path_of(promise, "rezygnuje"), {"reason": "Grypa."})

    promise.refresh_from_db()
    visit.refresh_from_db()
    assert response["Location"] == "/pomagam/"
    assert (promise.state, promise.reason) == (CommitmentState.WITHDRAWN, "Grypa.")
    assert (visit.state, visit.taken) == ("open", 0)


def test_reason_of_a_withdrawal_may_not_be_endless(as_, helper, promise):
    response = as_(helper).post(path_of(promise, "rezygnuje"), {"reason": "a" * 301})

    assert response.context["reasons"]
    assert state_of(promise) == CommitmentState.ACCEPTED


def test_helper_is_at_the_door(as_, helper, promise, clock):
    clock.move_to(START - timedelta(minutes=5))

    as_(helper).post(path_of(promise, "jestem"))

    assert state_of(promise) == CommitmentState.ARRIVED


@pytest.mark.parametrize(("before", "is_offered"), [(timedelta(hours=3), False), (timedelta(hours=1), True)])
def test_door_is_offered_near_the_hour(as_, promise, clock, before, is_offered):
    clock.move_to(START - before)

    text = text_of(as_(promise.volunteer).get(path_of(promise.visit.help_request)))

    assert (path_of(promise, "jestem") in text) is is_offered


@pytest.mark.parametrize("minutes", ["", "0", "-5", "721", "godzina", "9" * 400, "\x00"])
def test_minutes_that_cannot_be_are_explained(as_, helper, promise, clock, minutes):
    clock.move_to(START + timedelta(hours=1))

    response = as_(helper).post(path_of(promise, "bylo"), {"minutes": minutes})

    assert set(response.context["form"].errors) == {"minutes"}
    assert Commitment.objects.get().helper_confirmed_at is None


def test_helper_who_gave_up_and_has_no_standing_reads_no_words(as_, municipality, visit, help_request):
    person = StandingFactory(municipality=municipality, ended=True).volunteer
    CommitmentFactory(visit=visit, volunteer=person, withdrawn=True)

    response = as_(person).get(path_of(help_request))

    assert response.status_code == 200
    assert "Kapie kran." not in text_of(response)


@pytest.mark.parametrize("state", CommitmentState)
def test_helper_reads_the_page_with_a_promise_in_every_state(as_, helper, proposal, help_request, state):
    Commitment.objects.update(
        state=state, helper_confirmed_at=NOW, resident_confirmed_at=NOW, minutes=60, consent_until=None
    )

    assert as_(helper).get(path_of(help_request)).status_code == 200


# --- The address ------------------------------------------------------------------------------------------------------


def test_accepted_helper_sees_the_address_by_a_button_and_that_is_written_down(as_, helper, promise, help_request):
    page = as_(helper)
    shown = text_of(page.get(path_of(help_request)))

    response = page.post(path_of(promise, "adres"))

    [look] = looks()
    assert path_of(promise, "adres") in shown
    assert not any(private in shown for private in PRIVATE)
    assert all(
        private in text_of(response) for private in ("Zofia Wymyślona", "601 000 001", "Zmyślona 7/3", "domofon 3")
    )
    assert "no-store" in response["Cache-Control"]
    assert (look.actor, look.subject_id, look.data["reason"]) == (helper, help_request.pk, "helper")


def test_every_look_is_written_down(as_, helper, promise):
    page = as_(helper)

    for _number in range(3):
        page.post(path_of(promise, "adres"))

    assert len(looks()) == 3


def test_words_that_were_held_back_come_with_the_address(as_, helper, promise):
    HelpRequest.objects.update(words="Klucz ma sąsiadka, tel. 512 345 678", words_held_back=True)

    response = as_(helper).post(path_of(promise, "adres"))

    assert "Klucz ma sąsiadka" in text_of(response)


@pytest.mark.parametrize(
    ("moment", "is_shown"),
    [
        (START - timedelta(hours=48, minutes=1), False),
        (START - timedelta(hours=47), True),
        (START + timedelta(hours=24), True),
        (START + timedelta(hours=25, minutes=1), False),
    ],
)
def test_address_is_shown_in_its_time_only(as_, promise, clock, moment, is_shown):
    clock.move_to(moment)
    page = as_(promise.volunteer)

    offered = path_of(promise, "adres") in text_of(page.get(path_of(promise.visit.help_request)))
    response = page.post(path_of(promise, "adres"))

    assert offered is is_shown
    assert response.status_code == (200 if is_shown else 409)
    assert ("Zmyślona 7/3" in text_of(response)) is is_shown
    assert len(looks()) == is_shown


@pytest.mark.parametrize(
    "state",
    [
        CommitmentState.PROPOSED,
        CommitmentState.DECLINED,
        CommitmentState.WITHDRAWN,
        CommitmentState.RELEASED,
        CommitmentState.NO_SHOW,
    ],
)
def test_promise_that_is_not_agreed_opens_no_address(as_, helper, promise, state):
    Commitment.objects.update(state=state)

    response = as_(helper).post(path_of(promise, "adres"))

    assert response.status_code == 409
    assert not any(private in text_of(response) for private in PRIVATE)
    assert looks() == []


def test_first_visit_waits_for_the_centre(as_, helper, promise, help_request):
    helper.standings.update(first_visit_released_at=None)
    page = as_(helper)

    response = page.post(path_of(promise, "adres"))

    assert response.status_code == 409
    assert page.get(path_of(help_request)).context["promises"][0]["against_address"]
    assert looks() == []


@pytest.mark.parametrize("state", ["applied", "met", "suspended", "ended"])
def test_helper_without_an_active_standing_sees_no_address(as_, helper, promise, state):
    helper.standings.update(state=state)

    assert as_(helper).post(path_of(promise, "adres")).status_code == 409
    assert looks() == []


def test_helper_who_is_blocked_sees_no_address(as_, helper, resident, promise, municipality):
    BlockFactory(municipality=municipality, by=resident, against=helper)

    assert as_(helper).post(path_of(promise, "adres")).status_code == 409
    assert looks() == []


def test_address_is_not_for_the_resident_of_another_request_nor_for_other_helpers(as_, municipality, promise):
    HelpRequest.objects.update(state=RequestState.OPEN)
    other = StandingFactory(municipality=municipality).volunteer

    assert as_(other).post(path_of(promise, "adres")).status_code == 403
    assert looks() == []


def test_address_that_is_no_longer_kept_is_said_in_words(as_, helper, promise, help_request):
    whereabouts.erase(help_request.whereabouts)

    response = as_(helper).post(path_of(promise, "adres"))

    assert response.status_code == 409
    assert response.context["reasons"]


# --- Staff ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def organiser(municipality):
    user = UserFactory()
    MembershipFactory(user=user, municipality=municipality)
    return user


def test_staff_are_led_to_the_desk_and_read_nothing_here(as_, organiser, visit, help_request):
    """The desk asks for their second factor; this page does not."""
    text = text_of(as_(organiser).get(path_of(help_request)))

    assert f"/biurko/prosby/{help_request.reference}/" in text
    assert "Kapie kran." not in text
    assert not any(private in text for private in PRIVATE)


@pytest.mark.parametrize("act", RESIDENT_ACTS)
def test_staff_do_not_answer_for_the_resident_here(as_, organiser, proposal, act):
    assert as_(organiser).post(path_of(proposal, act)).status_code == 403
    assert state_of(proposal) == CommitmentState.PROPOSED


@pytest.mark.parametrize("act", HELPER_ACTS)
def test_staff_do_not_act_for_the_helper_here(as_, organiser, promise, act):
    assert as_(organiser).post(path_of(promise, act)).status_code == 403


def test_staff_do_not_read_the_resident_s_own_address_here(as_, organiser, help_request):
    assert as_(organiser).post(path_of(help_request, "moj-adres")).status_code == 403
    assert looks() == []


# --- Wrong person, wrong method ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", RESIDENT_ACTS)
def test_helper_does_not_answer_for_the_resident(as_, helper, proposal, act):
    assert as_(helper).post(path_of(proposal, act)).status_code == 403
    assert state_of(proposal) == CommitmentState.PROPOSED


@pytest.mark.parametrize("act", HELPER_ACTS)
def test_resident_does_not_act_for_the_helper(as_, resident, promise, act):
    assert as_(resident).post(path_of(promise, act)).status_code == 403
    assert state_of(promise) == CommitmentState.ACCEPTED


def test_helper_does_not_cancel_the_request(as_, helper, visit, help_request):
    assert as_(helper).post(path_of(help_request, "odwolaj")).status_code == 403
    assert state_of(help_request) == RequestState.OPEN


@pytest.mark.parametrize("act", [*RESIDENT_ACTS, *HELPER_ACTS, "bylo"])
def test_stranger_finds_nothing_to_act_on(as_, promise, act):
    assert as_(UserFactory()).post(path_of(promise, act)).status_code == 404


@pytest.mark.parametrize("act", [*RESIDENT_ACTS, *HELPER_ACTS, "bylo"])
def test_address_of_an_act_just_shows_the_page(as_, resident, promise, help_request, act):
    """After signing in people land there by GET: nothing happens, and nobody is left with an empty page."""
    response = as_(resident).get(path_of(promise, act))

    assert response["Location"] == path_of(help_request)
    assert state_of(promise) == CommitmentState.ACCEPTED


def test_promise_of_another_request_is_not_found_through_this_one(as_, resident, municipality, help_request):
    elsewhere = CommitmentFactory(visit=VisitFactory(help_request=HelpRequestFactory(municipality=municipality)))

    response = as_(resident).post(f"/prosby/{help_request.reference}/pomoc/{elsewhere.pk}/zgoda/")

    assert response.status_code == 404


def test_acts_ask_for_the_token_of_the_form(municipality, resident, proposal):
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=municipality.site.hostname)
    strict.force_login(resident)

    assert strict.post(path_of(proposal, "zgoda")).status_code == 403
    assert state_of(proposal) == CommitmentState.PROPOSED


@pytest.mark.parametrize("visits", [1, 3])
def test_page_of_the_resident_costs_the_same_for_any_number_of_visits(as_, help_request, queries_of, visits):
    for number in range(visits):
        visit = VisitFactory(help_request=help_request, starts_at=START + timedelta(days=number))
        CommitmentFactory(visit=visit)

    assert queries_of(as_(help_request.requester), path_of(help_request)) == 4


@pytest.fixture
def club(help_request):
    """An initiative that may answer the request as well, with a meeting of five free places."""
    initiative = InitiativeFactory(municipality=help_request.municipality, title="Kawiarenka naprawcza")
    help_request.category.answered_by.add(initiative.kind)
    MeetingFactory(initiative=initiative, starts_at=START, places=5)
    return initiative


def test_resident_reads_which_initiatives_may_help_too(as_, help_request, club, visit):
    response = as_(help_request.requester).get(path_of(help_request))

    assert club.get_absolute_url() in response.text
    assert [str(it.initiative) for it in response.context["initiatives"]] == [club.title]


@pytest.mark.parametrize("state", [RequestState.CANCELLED, RequestState.DONE, RequestState.EXPIRED])
def test_initiatives_are_not_shown_when_the_request_is_over(as_, help_request, club, state):
    HelpRequest.objects.update(state=state, finished_at=NOW)

    assert club.get_absolute_url() not in as_(help_request.requester).get(path_of(help_request)).text


def test_initiatives_are_not_shown_to_helpers(as_, helper, help_request, club, visit):
    assert club.get_absolute_url() not in as_(helper).get(path_of(help_request)).text
