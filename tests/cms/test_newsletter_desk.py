"""Issues of the newsletter at the desk and in the archive: gathered from the site, seen by those whose site it is."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from cms.domain import newsletter_gathering as gathering
from cms.domain import newsletters
from cms.models import NewsletterIssue
from notifications import worker
from tests.factories.accounts import UserFactory
from tests.factories.cms import (
    home_of,
    make_call,
    make_call_index,
    make_editor,
    make_event,
    make_event_index,
    make_news,
    make_news_index,
    republish,
)
from tests.factories.neighbourhoods import MembershipFactory
from tests.factories.newsletter import make_issue, make_subscriber
from tests.factories.volunteering import InitiativeFactory, MeetingFactory
from volunteering.errors import Refused, TransitionError

pytestmark = pytest.mark.django_db

DESK = "/biurko/newsletter/"
WORDS = {"title_pl": "Grudzień w sąsiedztwie", "lead_pl": "Dzień dobry!"}


def words(response):
    return response.content.decode().replace("\xa0", " ")


def gathered(centre, days=31):
    now = timezone.now()
    with scope(municipality=centre):
        return gathering.candidates(centre, since=now - timedelta(days=days), now=now)


def issues():
    with scopes_disabled():
        return list(NewsletterIssue.objects.order_by("pk"))


# --- What can go in ---------------------------------------------------------------------------------------------------


def test_what_is_new_and_what_is_to_come_is_gathered(centre):
    make_news(make_news_index(centre), title="Nowe godziny")
    make_event(make_event_index(home_of(centre)), title="Piknik")
    make_call(make_call_index(home_of(centre)), title="Nabór dla partnerów")
    with scope(municipality=centre):
        MeetingFactory(initiative=InitiativeFactory(municipality=centre, title="Klub szachowy"))

    found = [(candidate.topic, candidate.title) for candidate in gathered(centre)]

    assert found == [
        ("news", "Nowe godziny"),
        ("initiatives", "Klub szachowy"),
        ("events", "Piknik"),
        ("calls", "Nabór dla partnerów"),
    ]


def test_closed_groups_drafts_and_what_is_over_or_far_away_stay_out(centre):
    index = make_event_index(home_of(centre))
    make_news(make_news_index(centre), live=False)
    make_event(index, days=-3)
    make_event(index, days=90)
    make_event(index, called_off=True)
    with scope(municipality=centre):
        MeetingFactory(initiative=InitiativeFactory(municipality=centre, joining="closed"))

    assert gathered(centre) == []


def test_old_news_and_those_of_another_centre_stay_out(centre, stranger):
    make_news(make_news_index(centre))
    make_news(make_news_index(stranger))

    assert [it.topic for it in gathered(centre)] == ["news"]
    assert gathered(centre, days=-1) == []


# --- Doors ------------------------------------------------------------------------------------------------------------


def addresses(issue):
    own = f"{DESK}{issue.pk}/"
    get = [own, f"{own}zmiana/", f"{own}list.html", f"{own}wysylka/"]
    return [("get", it) for it in get] + [
        ("post", f"{own}{end}/") for end in ("wyslij", "proba", "stop", "usun", "zmiana")
    ]


def test_strangers_find_no_desk(browse, centre, stranger, portal, superuser):
    issue = make_issue(centre)
    visitors = {
        "resident": browse(centre, UserFactory()),
        "volunteer coordinator": browse(
            centre, MembershipFactory(municipality=centre, role="volunteer_coordinator").user
        ),
        "other centre": browse(centre, make_editor(stranger)),
        "portal": browse(None, superuser),
    }

    answers = {
        name: {getattr(client, method)(it).status_code for method, it in [("get", DESK), *addresses(issue)]}
        for name, client in visitors.items()
    }

    assert answers == {name: {404} for name in visitors}
    assert issues()[0].state == "draft"


def test_issue_of_another_centre_does_not_exist(desk, stranger):
    issue = make_issue(stranger, title_pl="Cudzoziemski numer", sent=True)
    make_subscriber(stranger)

    codes = {getattr(desk, method)(it).status_code for method, it in addresses(issue)}

    assert codes == {404}
    assert "Cudzoziemski" not in words(desk.get(DESK)) + words(desk.get("/newsletter/"))
    assert desk.get(f"/newsletter/{issue.number}/").status_code == 404


def test_no_page_of_the_desk_shows_an_address(desk, centre):
    make_subscriber(centre, address="tajna@example.org")
    draft, sent = make_issue(centre), make_issue(centre, sent=True)
    worker.run_tasks()

    pages = [DESK, *(f"{DESK}{issue.pk}/" for issue in (draft, sent)), f"{DESK}{draft.pk}/wysylka/"]

    assert [address for address in pages if "tajna" in words(desk.get(address))] == []


def test_editor_without_the_second_factor_is_sent_to_show_it(centre, editor, client):
    client.force_login(editor)

    response = client.get(DESK, headers={"host": centre.site.hostname})

    assert response.status_code == 302


# --- An issue from beginning to end -----------------------------------------------------------------------------------


def test_editor_makes_tries_and_sends_an_issue(desk, centre, editor):
    news = make_news(make_news_index(centre), title="Nowe godziny")
    make_subscriber(centre)
    assert f'value="page-{news.pk}" checked' in words(desk.get(f"{DESK}nowy/"))

    written = desk.post(f"{DESK}nowy/", WORDS | {"items": [f"page-{news.pk}"]})
    assert "Nowe godziny" in words(desk.get(written.url))
    desk.post(f"{written.url}proba/")
    worker.run_tasks()
    assert [message.to for message in mail.outbox] == [[editor.email]]

    (issue,) = issues()
    assert desk.get(f"{written.url}wysylka/").status_code == 200
    desk.post(f"{written.url}wyslij/", {"version": issue.version})
    worker.run_tasks()

    (issue,) = issues()
    assert (issue.state, issue.number, issue.sent) == ("sent", 1, 1)
    assert "Nowe godziny" in words(desk.get("/newsletter/1/"))


def test_issue_that_says_nothing_is_not_saved(desk):
    response = desk.post(f"{DESK}nowy/", {"title_pl": "Pusty", "items": []})

    assert response.status_code == 200
    assert 'role="alert"' in words(response)
    assert issues() == []


def test_thing_of_another_centre_cannot_be_put_in(desk, stranger):
    foreign = make_news(make_news_index(stranger))

    response = desk.post(f"{DESK}nowy/", WORDS | {"items": [f"page-{foreign.pk}"]})

    assert response.status_code == 200
    assert issues() == []


def test_words_in_another_language_need_their_title(desk):
    desk.post(f"{DESK}nowy/", WORDS | {"lead_en": "Good morning"})

    assert issues() == []


def test_nobody_sends_or_saves_over_words_that_they_have_not_read(desk, centre):
    issue = make_issue(centre)
    with scope(municipality=centre):
        newsletters.edit(issue, actor=None, words=WORDS, chosen=[], version=1)

    codes = [
        desk.post(f"{DESK}{issue.pk}/wyslij/", {"version": 1}).status_code,
        desk.post(f"{DESK}{issue.pk}/wyslij/", {"version": "x"}).status_code,
        desk.post(f"{DESK}{issue.pk}/zmiana/", WORDS | {"version": 1}).status_code,
    ]

    assert codes == [409, 409, 409]
    assert issues()[0].state == "draft"


@pytest.mark.parametrize("verb", ["edit", "send", "try_out", "throw_away"])
def test_sent_issue_is_changed_by_nothing(verb, centre):
    issue = make_issue(centre, sent=True)
    arguments = {
        "edit": {"words": WORDS, "chosen": [], "version": issue.version},
        "send": {"version": issue.version},
    }

    with scope(municipality=centre), pytest.raises(TransitionError):
        getattr(newsletters, verb)(issue, actor=None, **arguments.get(verb, {}))

    assert issues()[0].state == "sending"


def test_only_what_is_being_sent_can_be_stopped(centre):
    issue = make_issue(centre)

    with scope(municipality=centre), pytest.raises(TransitionError):
        newsletters.stop(issue, actor=None)


def test_issue_whose_things_were_all_taken_down_is_not_sent(centre):
    news = make_news(make_news_index(centre))
    issue = make_issue(centre, chosen=gathered(centre), lead_pl="")
    news.unpublish()

    with scope(municipality=centre), pytest.raises(Refused):
        newsletters.send(issue, actor=None, version=issue.version)


def test_issue_is_sent_in_the_words_of_that_day(centre):
    news = make_news(make_news_index(centre), title="Stary tytuł")
    issue = make_issue(centre, chosen=gathered(centre))
    republish(news, title="Nowy tytuł")

    with scope(municipality=centre):
        newsletters.send(issue, actor=None, version=issue.version)
        assert issue.items.get().words["pl"]["title"] == "Nowy tytuł"


def test_draft_is_thrown_away(desk, centre):
    issue = make_issue(centre)

    assert desk.post(f"{DESK}{issue.pk}/usun/").status_code == 302
    assert issues() == []


# --- The archive ------------------------------------------------------------------------------------------------------


def test_archive_shows_what_was_sent_and_nothing_else(browse, centre):
    sent = make_issue(centre, title_pl="Wysłany", sent=True)
    make_issue(centre, title_pl="Szkic")
    stopped = make_issue(centre, title_pl="Zatrzymany", sent=True)
    with scope(municipality=centre):
        newsletters.stop(stopped, actor=None)
    client = browse(centre)

    page = words(client.get("/newsletter/"))

    assert [title in page for title in ("Wysłany", "Szkic", "Zatrzymany")] == [True, False, False]
    assert client.get(sent.get_absolute_url()).status_code == 200
    assert client.get(stopped.get_absolute_url()).status_code == 404


def test_page_taken_down_since_is_told_without_a_link(browse, centre):
    news = make_news(make_news_index(centre), title="Nowe godziny")
    make_issue(centre, chosen=gathered(centre), sent=True)
    client = browse(centre)
    assert f'href="{news.get_url_parts()[2]}"' in words(client.get("/newsletter/1/"))

    news.unpublish()
    with scope(municipality=centre):
        page = words(client.get("/newsletter/1/?po"))

    assert "Nowe godziny" in page
    assert news.get_url_parts()[2] not in page.split("<main")[1].split("</main>")[0]


def test_deleted_page_is_still_told(browse, centre):
    news = make_news(make_news_index(centre), title="Nowe godziny")
    make_issue(centre, chosen=gathered(centre), sent=True)
    news.delete()

    assert "Nowe godziny" in words(browse(centre).get("/newsletter/1/"))


def test_archive_touches_no_session_and_is_cached(browse, centre, django_assert_num_queries):
    make_issue(centre, sent=True)
    client = browse(centre)

    first = client.get("/newsletter/")
    with django_assert_num_queries(1):
        client.get("/newsletter/")

    assert first.cookies == {}


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_of_an_issue_is_constant(number, browse, centre, django_assert_num_queries):
    index = make_news_index(centre)
    for _ in range(number):
        make_news(index)
    make_issue(centre, chosen=gathered(centre), sent=True)
    client = browse(centre)
    client.get("/newsletter/")

    with django_assert_num_queries(5):
        client.get("/newsletter/1/")


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_of_the_desk_is_constant(number, desk, centre, django_assert_num_queries):
    for _ in range(number):
        make_issue(centre, sent=True)
        make_issue(centre)
    desk.get(DESK)

    with django_assert_num_queries(13):
        desk.get(DESK)


def test_sitemap_names_what_stands_in_the_archive(browse, centre):
    make_issue(centre)
    assert "/newsletter/" not in words(browse(centre).get("/sitemap.xml"))

    issue = make_issue(centre, sent=True)

    assert f"{issue.get_absolute_url()}</loc>" in words(browse(centre).get("/sitemap.xml?po"))
