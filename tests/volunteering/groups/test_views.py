"""The pages of a group: for whom they are there, and what one can do."""

import re
import uuid

import pytest
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupMemberFactory
from tests.factories.volunteering import MeetingFactory
from volunteering.domain import groups, time_banks
from volunteering.models import (
    GroupMember,
    GroupPost,
    Joining,
    MemberState,
    ShownTo,
)

PAGES = (
    "",
    "osoby/",
    "spotkania/",
    "umowa/",
    "ja/",
    "ankiety/",
    "wpisy/{post}/",
    "wpisy/{post}/zdjecie/",
    "prowadzenie/",
    "czas/",
)
ACTS = (
    "wyjdz/",
    "ankiety/{poll}/glos/",
    "ankiety/{poll}/koniec/",
    "wpisy/{post}/kasuj/",
    "wpisy/{post}/zgloszenie/",
    "wpisy/{post}/na-gorze/",
    "wpisy/{post}/z-gory/",
    "wpisy/{post}/ukryj/",
    "wpisy/{post}/pokaz/",
    "wpisy/{post}/w-porzadku/",
    "prowadzenie/umowa/",
    "prowadzenie/zaproszenie/",
    "prowadzenie/przekaz/",
    "osoby/{member}/przyjmij/",
    "osoby/{member}/odmow/",
    "osoby/{member}/usun/",
    "czas/konto/",
    "czas/wpis/",
    "czas/wpis/1/tak/",
    "czas/wpis/1/nie/",
    "czas/wpis/1/cofnij/",
    "czas/ogloszenie/",
    "czas/ogloszenie/1/kasuj/",
    "czas/limit/",
    "czas/poprawka/",
)
LEADING = [
    act
    for act in ACTS
    if act.startswith(("prowadzenie", "osoby"))
    or act.endswith(("koniec/", "gorze/", "gory/", "ukryj/", "pokaz/", "porzadku/", "limit/", "poprawka/"))
]


# --- For whom it is there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [*PAGES, *ACTS])
def test_the_group_does_not_exist_for_others(at, enter, person, organiser, *, asking_group, part):
    there, not_there = at(part), re.sub(r"^/grupy/\d+/", "/grupy/987654/", at(part))

    for reader in (enter(person), enter(organiser)):
        for ask in (reader.get, reader.post):
            answer, missing = ask(there), ask(not_there)
            assert answer.status_code in {404, 405}
            assert without_tokens(answer).replace(there, not_there) == without_tokens(missing)


def without_tokens(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.text)


@pytest.mark.parametrize("state", [MemberState.ASKED, MemberState.DECLINED, MemberState.REMOVED])
def test_who_does_not_belong_yet_or_any_more_finds_nothing(at, group, enter, state):
    outside = GroupMemberFactory(group=group, state=state)

    assert enter(outside.user).get(at("")).status_code == 404


@pytest.mark.parametrize("part", ["", "osoby/", "dolacz/"])
def test_a_stranger_is_led_to_signing_in_whether_there_is_a_group_or_not(client, group, municipality, part):
    for pk in (group.pk, 987654):
        answer = client.get(f"/grupy/{pk}/{part}", headers={"host": municipality.site.hostname})
        assert (answer.status_code, "login" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("act", LEADING)
def test_members_do_not_lead(at, enter, member, act):
    assert enter(member.user).post(at(act)).status_code == 404


def test_members_read_nothing_before_they_agree(at, group, enter, member):
    groups.write_agreement(group, text="Co tu powiedziane, zostaje tutaj.")
    client = enter(member.user)

    for part in ("", "osoby/", "ankiety/", "czas/", "ja/"):
        answer = client.get(at(part))
        assert (answer.status_code, answer.url) == (302, at("umowa/"))
    assert "zostaje tutaj" in client.get(at("umowa/")).text
    assert client.post(at("umowa/"), {"version": "x"}).status_code == 409
    assert client.post(at("umowa/"), {"version": "1"}).url == at("")
    assert client.get(at("")).status_code == 200


@pytest.mark.parametrize("part", [part for part in PAGES if "zdjecie" not in part])
def test_every_page_opens_for_the_facilitator(at, group, enter, leader, part):
    MeetingFactory(initiative=group.initiative, place="świetlica pod dębem")
    groups.write_agreement(group, text="Szanujemy się.")
    groups.agree(leader, version=1)

    answer = enter(leader.user).get(at(part))

    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert ("pod dębem" in answer.text) == (part == "spotkania/")


# --- Coming in and going ----------------------------------------------------------------------------------------------


def test_one_press_joins_an_open_group(group, enter, person):
    answer = enter(person).post(f"/grupy/{group.pk}/dolacz/", {"shows_name": "on"})

    assert answer.url == group.get_absolute_url()
    assert GroupMember.objects.get().shown_to == ShownTo.GROUP


def test_on_request_one_waits_and_may_take_it_back(asking_group, enter, person):
    client = enter(person)

    client.post(f"/grupy/{asking_group.pk}/dolacz/", {"word": "Chętnie przyjdę"})
    shown = client.get("/grupy/").text
    client.post(f"/grupy/{asking_group.pk}/wycofaj/")

    assert asking_group.initiative.title in shown
    assert not GroupMember.objects.exists()


def test_a_closed_group_is_not_found_by_joining(closed_group, enter, person):
    assert enter(person).post(f"/grupy/{closed_group.pk}/dolacz/").status_code == 404


def test_an_invitation_is_looked_at_and_used(closed_group, enter, person):
    code, client = groups.invite(closed_group), enter(person)

    assert closed_group.initiative.title in client.get(f"/grupy/zaproszenie/{code}/").text
    assert closed_group.initiative.title in client.get("/grupy/zaproszenie/", {"kod": code.lower()}).text
    assert not GroupMember.objects.exists()
    assert client.post(f"/grupy/zaproszenie/{code}/", {"wchodze": "1"}).url == closed_group.get_absolute_url()
    assert client.get(f"/grupy/zaproszenie/{code}/").status_code == 409


def test_an_invitation_of_another_centre_opens_nothing(closed_group, person, enter, client):
    from tests.factories.neighbourhoods import MunicipalityFactory  # noqa: PLC0415 -- only here

    code, elsewhere = groups.invite(closed_group), MunicipalityFactory()
    client.force_login(person)

    answer = client.get(f"/grupy/zaproszenie/{code}/", headers={"host": elsewhere.site.hostname})

    assert (answer.status_code, closed_group.initiative.title in answer.text) == (409, False)


@pytest.mark.parametrize(("sent", "left"), [({}, 1), ({"remove_words": "1"}, 0)])
def test_leaving_is_one_press(at, enter, member, say, *, sent, left):
    say(member, "Moje słowa")

    assert enter(member.user).post(at("wyjdz/"), sent).url == "/grupy/"
    assert GroupPost.objects.filter(text="Moje słowa").count() == left
    assert enter(member.user).get(at("")).status_code == 404


# --- Leading ----------------------------------------------------------------------------------------------------------


def test_the_facilitator_lets_in_invites_and_hands_over(at, group, enter, leader, member):
    group.initiative.joining = Joining.REQUEST
    group.initiative.save()
    asked, other = (
        GroupMemberFactory(group=group, asked=True, user__display_name=name) for name in ("Ewa Ew", "Ola Ol")
    )
    client = enter(leader.user)

    shown = client.get(at("prowadzenie/")).text
    client.post(f"{at('')}osoby/{asked.pk}/przyjmij/")
    client.post(f"{at('')}osoby/{other.pk}/odmow/")
    again = client.post(f"{at('')}osoby/{other.pk}/przyjmij/")
    invited = client.post(at("prowadzenie/zaproszenie/"))
    removed = client.post(f"{at('')}osoby/{asked.pk}/usun/")
    handed = client.post(at("prowadzenie/przekaz/"), {"to": member.pk})

    assert ("Ewa" in shown, "Ew " in shown) == (True, False)
    assert (again.status_code, removed.status_code, handed.url) == (409, 302, at(""))
    assert "/grupy/zaproszenie/" in invited.text
    states = dict(GroupMember.objects.values_list("user__display_name", "state"))
    assert (states["Ewa Ew"], states["Ola Ol"]) == ("removed", "declined")
    assert client.get(at("prowadzenie/")).status_code == 404


def test_own_settings_are_kept(at, enter, member):
    client = enter(member.user)

    assert client.post(at("ja/"), {"shown_to": "nobody", "is_muted": "on"}).status_code == 302
    assert client.post(at("ja/"), {"shown_to": "everybody"}).status_code == 200
    member.refresh_from_db()
    assert (member.shown_to, member.is_muted) == ("nobody", True)


# --- The initiative's own page ----------------------------------------------------------------------------------------


def test_the_page_of_the_initiative_names_the_facilitator_on_wish(group, leader, client, municipality):
    groups.set_own(leader, shown_to=ShownTo.EVERYBODY, is_muted=False)

    shown = client.get(group.initiative.get_absolute_url(), headers={"host": municipality.site.hostname}).text

    assert ("Anna" in shown, "Wymyślona" in shown) == (True, False)


def test_the_page_of_a_closed_group_hides_hours_and_places(closed_group, client, municipality):
    MeetingFactory(initiative=closed_group.initiative, place="tajna świetlica")
    host = {"host": municipality.site.hostname}

    shown = client.get(closed_group.initiative.get_absolute_url(), headers=host).text
    listed = client.get("/inicjatywy/", headers=host).text

    assert closed_group.initiative.title in listed
    assert "tajna świetlica" not in shown + listed
    assert "Najbliższe spotkanie" not in listed


# --- The desk ---------------------------------------------------------------------------------------------------------


def test_the_centre_opens_a_group_and_appoints_by_invitation(municipality, enter, organiser, person):
    from tests.factories.volunteering import InitiativeFactory  # noqa: PLC0415 -- only here

    initiative = InitiativeFactory(municipality=municipality, kind__has_members=True)
    desk, client = f"/biurko/inicjatywy/{initiative.slug}/", enter(organiser)

    client.post(f"{desk}grupa/")
    shown = client.post(f"{desk}grupa/prowadzenie/").text
    client.post(f"{desk}grupa/bank-czasu/")
    code = shown.split("/grupy/zaproszenie/")[1][:16]
    enter(person).post(f"/grupy/zaproszenie/{code}/", {"wchodze": "1"})

    assert GroupMember.objects.get().is_facilitator
    assert "Zofia" not in client.get(desk).text
    assert enter(person).get(f"/grupy/{GroupMember.objects.get().group_id}/czas/").status_code == 200


@pytest.mark.parametrize("part", ["grupa/", "grupa/prowadzenie/", "grupa/bank-czasu/"])
def test_nobody_else_opens_groups(group, enter, person, leader, part):
    for user in (person, leader.user):
        assert enter(user).post(f"/biurko/inicjatywy/{group.initiative.slug}/{part}").status_code == 404


# --- Counts of queries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "queries"), [("", 8), ("osoby/", 2), ("ankiety/", 4), ("prowadzenie/", 6), ("czas/", 8)]
)
def test_pages_cost_the_same_however_many(at, group, leader, enter, *, say, queries_of, part, queries, holders):
    client, counts = enter(leader.user), []
    for _more in range(2):
        for _number in range(2):
            other = GroupMemberFactory(group=group, named=True, user=UserFactory())
            say(other)
            account = time_banks.open_account(group.time_bank, membership=other)
            time_banks.note(account, kind="offer", text="Szyję")
            time_banks.thank(account, giver=holders[0], minutes=5, day=timezone.localdate(), key=uuid.uuid4())
        counts.append(queries_of(client, at(part)))

    assert counts == [queries, queries]
