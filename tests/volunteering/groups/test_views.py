"""The pages of a group: for whom they are there, and what one can do."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupMemberFactory, GroupPostFactory, TimeAccountFactory, TimeBankFactory
from tests.factories.volunteering import MeetingFactory
from volunteering.domain import group_posts, groups, time_banks
from volunteering.models import (
    GroupMember,
    GroupPhoto,
    GroupPost,
    GroupReport,
    Joining,
    MemberState,
    ShownTo,
    TimeAccount,
    TimeExchange,
    TimeNote,
    Vote,
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


@pytest.fixture
def poll(member):
    return group_posts.ask(member, question="Kiedy?", options=["wtorek", "środa"], ends_at=soon())


def soon():
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def at(group, leader, member, poll):
    """Address of a part of the group's pages."""
    TimeBankFactory(group=group)
    post = GroupPostFactory(group=group, author=leader.user)

    def at(part):
        names = {"post": post.pk, "poll": poll.pk, "member": member.pk}
        return group.get_absolute_url() + part.format(**names)

    return at


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


# --- Posts ------------------------------------------------------------------------------------------------------------


def form(**values):
    return {"key": uuid.uuid4(), "text": "Dzień dobry wszystkim", **values}


def test_posting_works_by_reload_and_live(at, group, enter, member):
    client = enter(member.user)

    by_reload = client.post(at(""), form())
    live = client.post(at(""), {**form(text="Na żywo"), "po": "0"}, headers={"x-live": "1"})

    assert by_reload.status_code == 302
    assert ("Na żywo" in live.text, "X-Next-Key" in live.headers) == (True, True)
    assert "Na żywo" in client.get(at(""), {"po": "0"}).text


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "x" * 1001}, {"key": "nonsense"}])
def test_what_cannot_be_posted_is_not(at, enter, member, wrong):
    before = GroupPost.objects.count()
    answer = enter(member.user).post(at(""), form(**wrong))

    assert (answer.status_code, GroupPost.objects.count()) == (200, before)


def test_a_photo_is_read_in_the_group_alone(at, group, enter, member, person):
    picture = SimpleUploadedFile("x.png", png(), content_type="image/png")
    enter(member.user).post(at(""), form(text="", photo=picture, alt="Kran"))
    address = f"{at('')}wpisy/{GroupPhoto.objects.get().pk}/zdjecie/"

    assert enter(member.user).get(address)["Content-Type"] == "image/jpeg"
    assert enter(person).get(address).status_code == 404


def png():
    from io import BytesIO  # noqa: PLC0415 -- only here

    from PIL import Image  # noqa: PLC0415 -- only here

    target = BytesIO()
    Image.new("RGB", (4, 3), "red").save(target, "PNG")
    return target.getvalue()


def test_names_are_shown_with_consent_only(at, group, enter, member, say):
    quiet = GroupMemberFactory(group=group, user__display_name="Cicha Osoba")
    say(quiet, "Cicho mówię")

    shown = enter(member.user).get(at("")).text

    assert ("Cicho mówię" in shown, "Cicha" in shown, "Anna" in shown) == (True, False, True)
    assert "Cicha" not in enter(member.user).get(at("osoby/")).text


def test_a_post_is_reported_hidden_and_shown_again(at, enter, leader, member, *, say, group):
    post = say(member, "Nie na miejscu")
    reporter = GroupMemberFactory(group=group)
    base = f"{at('')}wpisy/{post.pk}/"

    enter(reporter.user).post(f"{base}zgloszenie/", {"text": "Przykre"})
    assert "Przykre" in enter(leader.user).get(at("prowadzenie/")).text
    enter(leader.user).post(f"{base}ukryj/")
    assert "Nie na miejscu" not in enter(reporter.user).get(at("")).text
    assert "Nie na miejscu" not in enter(reporter.user).get(base).text
    assert not GroupReport.objects.unsettled().exists()
    enter(leader.user).post(f"{base}pokaz/")
    assert "Nie na miejscu" in enter(reporter.user).get(at("")).text


def test_what_the_facilitator_wrote_is_reported_to_the_centre(at, enter, leader, member, *, say, group, organiser):
    post = say(leader, "Słowa prowadzącej")
    enter(member.user).post(f"{at('')}wpisy/{post.pk}/zgloszenie/", {"text": "Przykre"})
    desk = f"/biurko/inicjatywy/{group.initiative.slug}/"

    shown = enter(organiser).get(desk).text
    assert ("Słowa prowadzącej" in shown, "Anna" in shown, "Jan" in shown) == (True, False, False)
    assert enter(organiser).post(f"{desk}grupa/wpisy/{post.pk}/ukryj/").status_code == 302
    post.refresh_from_db()
    assert post.hidden_at is not None


def test_the_desk_hides_nothing_that_was_not_reported_to_it(at, enter, member, say, *, group, organiser):
    post = say(member)

    answer = enter(organiser).post(f"/biurko/inicjatywy/{group.initiative.slug}/grupa/wpisy/{post.pk}/ukryj/")

    assert answer.status_code == 404


def test_own_posts_are_removed_and_those_of_others_not(at, enter, leader, member, say):
    own, other = say(member), say(leader)
    client = enter(member.user)

    assert client.post(f"{at('')}wpisy/{own.pk}/kasuj/").status_code == 302
    assert client.post(f"{at('')}wpisy/{other.pk}/kasuj/").status_code == 403
    assert client.post(f"{at('')}wpisy/{own.pk}/kasuj/").status_code == 404


def test_three_posts_are_on_top_at_most(at, enter, leader, member, say):
    posts = [say(member, f"Wpis {number}") for number in range(4)]
    answers = [enter(leader.user).post(f"{at('')}wpisy/{post.pk}/na-gorze/").status_code for post in posts]

    assert answers == [302, 302, 302, 409]


# --- Polls ------------------------------------------------------------------------------------------------------------


def test_votes_are_counted_when_the_poll_is_over(at, enter, leader, member, poll):
    first, second = poll.options.all()
    client = enter(member.user)
    for option in (first, second):
        client.post(at("ankiety/{poll}/glos/"), {"option": option.pk})

    before = client.get(at("ankiety/")).text
    enter(leader.user).post(at("ankiety/{poll}/koniec/"))
    after = client.get(at("ankiety/")).text

    assert list(Vote.objects.values_list("option", flat=True)) == [second.pk]
    assert ('class="facts"' in before, 'class="facts"' in after) == (False, True)
    client.post(at("ankiety/{poll}/glos/"), {"option": first.pk})
    assert list(Vote.objects.values_list("option", flat=True)) == [second.pk]


@pytest.mark.parametrize("option", ["", "x", "987654", "9" * 30])
def test_no_vote_for_what_is_no_answer(at, enter, member, option):
    enter(member.user).post(at("ankiety/{poll}/glos/"), {"option": option})

    assert not Vote.objects.exists()


def test_a_poll_of_another_group_takes_no_vote(at, enter, closed_group, leader):
    elsewhere = GroupMemberFactory(group=closed_group)
    foreign = group_posts.ask(elsewhere, question="Co?", options=["a", "b"], ends_at=soon())

    answer = enter(leader.user).post(f"{at('')}ankiety/{foreign.pk}/glos/", {"option": foreign.options.first().pk})

    assert (answer.status_code, Vote.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    ("wrong", "status"), [({"options": "tylko jedna"}, 409), ({"until": "2001-01-01"}, 200), ({"question": ""}, 200)]
)
def test_a_poll_that_cannot_be_is_refused(at, enter, member, wrong, status):
    asked = {"question": "Co gotujemy?", "options": "zupa\nciasto", "until": "", **wrong}
    asked["until"] = wrong.get("until") or timezone.localdate().isoformat()

    assert enter(member.user).post(at("ankiety/"), asked).status_code == status


def test_a_poll_is_asked(at, enter, member):
    asked = {"question": "Co gotujemy?", "options": "zupa\nciasto\nzupa", "until": timezone.localdate().isoformat()}

    assert enter(member.user).post(at("ankiety/"), asked).status_code == 302
    assert "Co gotujemy?" in enter(member.user).get(at("ankiety/")).text


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


# --- The time bank ----------------------------------------------------------------------------------------------------


@pytest.fixture
def holders(at, group, leader, member):
    return [time_banks.open_account(group.time_bank, membership=each) for each in (leader, member)]


def exchange(other, **values):
    return {
        "key": uuid.uuid4(),
        "side": "took",
        "other": other.pk,
        "hours": 1,
        "minutes": 0,
        "day": timezone.localdate().isoformat(),
        "what": "Szycie",
        **values,
    }


def test_hours_are_written_down_confirmed_and_put_right(at, enter, leader, member, holders):
    anna, jan = holders
    client, leading = enter(member.user), enter(leader.user)

    client.post(at("czas/wpis/"), exchange(anna))
    client.post(at("czas/wpis/"), exchange(anna, side="gave", minutes=30))
    waiting = TimeExchange.objects.proposed().get()
    leading.post(at(f"czas/wpis/{waiting.pk}/tak/"))
    statement = client.get(at("czas/")).text
    put_right = leading.post(at("czas/poprawka/"), {"number": str(waiting.pk)})

    assert "Szycie" in statement
    assert put_right.status_code == 302
    assert dict(TimeAccount.objects.values_list("number", "balance")) == {anna.number: 60, jan.number: -60}


def test_the_account_of_another_is_read_nowhere(at, enter, leader, member, holders):
    anna, _jan = holders
    enter(member.user).post(at("czas/wpis/"), exchange(anna, what="Tajne szycie"))
    third = TimeAccountFactory(bank=anna.bank)

    shown = enter(third.user).get(at("czas/")).text

    assert "Tajne szycie" not in shown
    assert "−1" not in shown


@pytest.mark.parametrize("verb", ["tak", "nie", "cofnij"])
def test_the_exchange_of_others_is_not_found(at, enter, holders, verb):
    anna, jan = holders
    waiting = time_banks.report(anna, receiver=jan, minutes=60, day=timezone.localdate(), key=uuid.uuid4())
    third = TimeAccountFactory(bank=anna.bank)
    # The giver does not confirm, the receiver does not take back.
    wrong_side = jan.user if verb == "cofnij" else anna.user

    for user in (third.user, wrong_side):
        assert enter(user).post(at(f"czas/wpis/{waiting.pk}/{verb}/")).status_code == 404


def test_below_the_limit_nothing_is_written(at, enter, member, holders):
    answer = enter(member.user).post(at("czas/wpis/"), exchange(holders[0], hours=11))

    assert (answer.status_code, TimeExchange.objects.count()) == (409, 0)


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"hours": 25}, {"other": 987654}, {"day": "jutro"}, {"key": "x"}])
def test_hours_that_cannot_be_are_refused(at, enter, member, holders, wrong):
    answer = enter(member.user).post(at("czas/wpis/"), exchange(holders[0]) | wrong)

    assert answer.status_code in {200, 409}
    assert not TimeExchange.objects.exists()


def test_offers_and_wishes_are_read_inside(at, enter, member, leader, holders):
    enter(member.user).post(at("czas/ogloszenie/"), {"kind": "offer", "words": "Naprawiam rowery"})
    note = TimeNote.objects.get()

    assert "Naprawiam rowery" in enter(leader.user).get(at("czas/")).text
    assert enter(leader.user).post(at(f"czas/ogloszenie/{note.pk}/kasuj/")).status_code == 404
    assert enter(member.user).post(at(f"czas/ogloszenie/{note.pk}/kasuj/")).status_code == 302


def test_without_a_bank_there_is_none(group, member, enter):
    assert enter(member.user).get(f"{group.get_absolute_url()}czas/").status_code == 404


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
