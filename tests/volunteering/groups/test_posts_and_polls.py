"""Posts and polls on the pages of a group."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.groups import GroupMemberFactory
from tests.volunteering.groups.conftest import soon
from volunteering.domain import group_posts
from volunteering.models import (
    GroupPhoto,
    GroupPost,
    GroupReport,
    Vote,
)


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
