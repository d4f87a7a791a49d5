"""The search over a site: what it finds, in which order, and what it must never find."""

import pytest
from django.core.management import call_command
from django_scopes import scope

from cms.domain import searching
from cms.models import SearchEntry, SearchTerm, StandardPage
from neighbourhoods.models import OrganisationState
from tests.factories.cms import (
    home_of,
    make_home,
    make_neighbourhood_page,
    make_news,
    make_news_index,
    make_page,
    make_words,
)
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.partners import PartnerProfileFactory, PublicPlaceFactory
from tests.factories.volunteering import HelpRequestFactory, InitiativeFactory, MeetingFactory
from volunteering.models import Joining
from volunteering.states import LifecycleState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def body(*paragraphs):
    return [("paragraph", f"<p>{words}</p>") for words in paragraphs]


def look(municipality, text, **options):
    return searching.search(municipality.site, text, **{"language": "pl", **options})


def titles(findings):
    return [result.entry.title for group in findings.groups for result in group.results]


def publish_initiative(municipality, **fields):
    with scope(municipality=municipality):
        initiative = InitiativeFactory(municipality=municipality, **fields)
        initiative.save_revision().publish()
    return initiative


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    ["żółty", "zolty", "ŻÓŁTY", "żółtego", "zoltymi", "  zolty,  parasol? ", "parasole"],
)
def test_search_finds_words_in_any_spelling_and_form(centre, asked):
    make_words(centre, title="Wypożyczalnia", body=body("Żółty parasol czeka przy drzwiach."))

    assert titles(look(centre, asked)) == ["Wypożyczalnia"]


def test_search_finds_what_holds_all_words(centre):
    make_words(centre, title="Joga dla seniorów")
    make_words(centre, title="Joga dla rodzin")

    assert titles(look(centre, "joga senior")) == ["Joga dla seniorów"]


def test_search_without_a_page_for_all_words_takes_some(centre):
    make_words(centre, title="Joga")
    make_words(centre, title="Seniorzy")

    findings = look(centre, "joga seniorów")

    assert findings.any_word
    assert sorted(titles(findings)) == ["Joga", "Seniorzy"]


def test_search_puts_titles_before_texts(centre):
    make_words(centre, title="Co robimy", body=body("Prowadzimy też bibliotekę."))
    make_words(centre, title="Biblioteka sąsiedzka")
    make_words(centre, title="O bibliotekach")

    assert titles(look(centre, "biblioteka")) == ["Biblioteka sąsiedzka", "O bibliotekach", "Co robimy"]


def test_search_groups_what_it_finds(centre):
    index = make_news_index(centre)
    make_news(index, title="Szachy w parku")
    make_words(centre, title="Szachy")
    publish_initiative(centre, title="Klub szachowy", slug="szachy")
    with scope(municipality=centre):
        place = NeighbourhoodFactory(municipality=centre, name="Szachowice")
    make_neighbourhood_page(place)

    findings = look(centre, "szach")

    assert [(group.code, group.number) for group in findings.groups] == [
        ("initiatives", 1),
        ("pages", 1),
        ("places", 1),
        ("news", 1),
    ]


def test_search_shows_some_of_each_group_and_counts_all(centre):
    for number in range(6):
        make_words(centre, title=f"Poradnia {number}")

    findings = look(centre, "poradnia")
    sheet = look(centre, "poradnia", group="pages").sheet

    assert [(group.number, len(group.results)) for group in findings.groups] == [(6, searching.IN_A_GROUP)]
    assert len(sheet.object_list) == 6


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("bibloiteka", "biblioteka"),
        ("biblioteak", "biblioteka"),
        ("bibloteka", "biblioteka"),
        ("bblioteka", "biblioteka"),
        ("wypozyczalina", "wypozyczalnia"),
        ("szahcy", "szachy"),
        ("szach szahcy", "szach szachy"),
    ],
)
def test_search_understands_a_misspelt_word(centre, asked, meant):
    make_words(centre, title="Biblioteka i wypożyczalnia: szachy")

    findings = look(centre, asked)

    assert findings.corrected == meant
    assert findings.number == 1


@pytest.mark.parametrize("asked", ["kot", "xyzxyzxyz", "41700", "rower"])
def test_search_does_not_guess_wildly(centre, asked):
    make_words(centre, title="Biblioteka, kod 41-703, nowe")

    findings = look(centre, asked)

    assert (findings.number, findings.corrected) == (0, "")


def test_search_marks_words_where_they_stand(centre):
    make_words(centre, title="Dyżury", body=body("Najpierw długi wstęp. " * 20 + "Żółty domek stoi za szkołą."))

    (group,) = look(centre, "żółtego domku").groups
    lines = group.results[0].lines

    assert [piece.text for piece in lines if piece.is_hit] == ["Żółty", "domek"]
    assert lines[0].text.startswith("… ")


def test_search_is_translated_where_there_is_a_translation(centre):
    english = make_home("Centre", "centre-en", language="en", translation_of=home_of(centre))
    polish = make_words(centre, title="Szachy")
    only_polish = make_words(centre, title="Szachy w parku")
    translation = StandardPage(title="Szachy (chess)", slug="chess", translation_key=polish.translation_key)
    make_page(translation, below=english, language="en")

    in_english, in_polish = look(centre, "szachy", language="en"), look(centre, "szachy")

    assert sorted(titles(in_english)) == ["Szachy (chess)", only_polish.title]
    assert sorted(titles(in_polish)) == ["Szachy", only_polish.title]


# --- What keeps the index in step -------------------------------------------------------------------------------------


def test_search_forgets_a_page_that_was_taken_down(centre):
    page = make_words(centre, title="Szachy")
    page.unpublish()

    assert look(centre, "szachy").number == 0
    assert not SearchEntry.objects.filter(page=page).exists()


def test_search_forgets_a_page_that_was_deleted(centre):
    make_words(centre, title="Szachy").delete()

    assert look(centre, "szachy").number == 0


def test_search_follows_a_page_and_those_below_it(centre, django_capture_on_commit_callbacks):
    above = make_words(centre, title="Szachy", slug="szachy")
    make_page(StandardPage(title="Szachy dla dzieci", slug="dzieci"), below=above)

    above.slug = "warcaby"
    with django_capture_on_commit_callbacks(execute=True):
        above.save_revision().publish()

    rows = SearchEntry.objects.filter(title__startswith="Szachy").order_by("pk")
    assert [entry.url for entry in rows] == ["/warcaby/", "/warcaby/dzieci/"]


def test_search_follows_a_page_that_moved(centre):
    above, page = make_words(centre, slug="wyzej"), make_words(centre, title="Szachy", slug="szachy")
    page.move(above, pos="last-child")

    assert SearchEntry.objects.get(page=page).url == "/wyzej/szachy/"


def test_search_reads_a_page_anew_when_it_is_published_again(centre):
    page = make_words(centre, title="Szachy")
    page.title = "Warcaby"
    page.save_revision().publish()

    assert look(centre, "szachy").number == 0
    assert titles(look(centre, "warcaby")) == ["Warcaby"]


def test_rebuilding_gives_the_same_index(centre):
    make_words(centre, title="Szachy", body=body("W parku."))
    publish_initiative(centre, title="Klub szachowy", slug="szachy")
    before = list(SearchEntry.objects.order_by("url").values_list("url", "words", "title_words", "text"))
    SearchEntry.objects.update(words=" ", title="Zepsute")

    call_command("rebuild_search", verbosity=0)

    assert list(SearchEntry.objects.order_by("url").values_list("url", "words", "title_words", "text")) == before


# --- What is never found ----------------------------------------------------------------------------------------------


def test_search_never_finds_drafts(centre):
    make_words(centre, live=False, title="Szachy")
    page = make_words(centre, title="Warcaby")
    page.title = "Szachy zamiast warcabów"
    page.save_revision()

    assert look(centre, "szachy").number == 0


def test_search_never_finds_what_is_no_longer_live_even_if_the_index_says_so(centre):
    page = make_words(centre, title="Szachy")
    StandardPage.objects.filter(pk=page.pk).update(live=False)

    assert look(centre, "szachy").number == 0


@pytest.mark.parametrize("state", [state for state in LifecycleState if state != LifecycleState.RUNNING])
def test_search_never_finds_initiatives_that_are_not_under_way(centre, state):
    initiative = publish_initiative(centre, title="Szachy", slug="szachy")
    with scope(municipality=centre):
        initiative.lifecycle.state = state
        initiative.lifecycle.save()

    assert look(centre, "szachy").number == 0


def test_search_never_finds_another_centres_things(centre, stranger):
    make_words(stranger, title="Szachy cudzoziemskie")
    publish_initiative(stranger, title="Szachy cudzoziemskie", slug="szachy")

    assert look(centre, "szachy").number == 0
    assert look(centre, "cudzoziemskei").corrected == ""


def test_search_never_finds_the_hours_of_a_closed_group(centre):
    closed = publish_initiative(centre, title="Grupa wsparcia", slug="grupa", joining=Joining.CLOSED)
    with scope(municipality=centre):
        MeetingFactory(initiative=closed, place="Sala pod jaworem")

    assert titles(look(centre, "grupa wsparcia")) == ["Grupa wsparcia"]
    assert look(centre, "jaworem").number == 0


def test_search_never_finds_words_of_requests(centre):
    with scope(municipality=centre):
        HelpRequestFactory(municipality=centre, words="Proszę wynieść fortepian")

    assert look(centre, "fortepian").number == 0
    assert not SearchTerm.objects.filter(word=b"fortepian").exists()


# --- The page ---------------------------------------------------------------------------------------------------------


def test_search_page_shows_what_it_found(browse, centre):
    make_words(centre, title="Żółty <b>parasol</b>", slug="parasol", lead="Dla <i>każdego</i> parasol.")

    page = browse(centre).get("/szukaj/", {"q": "parasol <script>"}).content.decode()

    assert '<a href="/parasol/">Żółty &lt;b&gt;<mark>parasol</mark>&lt;/b&gt;' in page
    assert "Dla &lt;i&gt;każdego&lt;/i&gt; <mark>parasol</mark>." in page
    assert "parasol &lt;script&gt;" in page
    assert "<script>" not in page


def test_search_page_says_what_it_looked_for_instead(browse, centre):
    make_words(centre, title="Biblioteka")

    page = browse(centre).get("/szukaj/", {"q": "bibloiteka"}).content.decode()

    assert "<strong>biblioteka</strong>" in page


def test_search_page_without_results_leads_on(browse, centre):
    page = browse(centre).get("/szukaj/", {"q": "wielbłąd"}).content.decode()

    assert 'href="/prosby/nowa/"' in page
    assert f'href="tel:{centre.phone}"' in page.replace("&#x2B;", "+")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 200),
        ("   ", 200),
        ("!?…", 400),
        ("\x00", 400),
        ("a\x00b", 200),
        ("%_\\'\"", 400),
        ("w", 200),
        ("🙂", 400),
        ("x" * 100_000, 400),
        ("słowo " * 16, 200),
        ("\ud800", 400),
    ],
)
def test_search_page_answers_whatever_is_asked(browse, centre, asked, status):
    make_words(centre, title="Szachy")

    response = browse(centre).get("/szukaj/", {"q": asked.encode("utf-8", "surrogatepass")})

    assert response.status_code == status


@pytest.mark.parametrize("query", [{"dzial": "nie-ma"}, {"strona": "99999999999999999999"}, {"jezyk": "xx"}])
def test_search_page_forgives_forged_addresses(browse, centre, query):
    make_words(centre, title="Szachy")

    page = browse(centre).get("/szukaj/", {"q": "szachy", **query})

    assert page.status_code == 200
    assert "Szachy" in page.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_search_page_speaks_the_language_it_was_asked_in(browse, centre):
    page = browse(centre).get("/szukaj/", {"q": "szachy", "jezyk": "en"}).content.decode()

    assert '<html lang="en"' in page


def test_search_works_on_the_portal(browse, portal, centre):
    make_page(StandardPage(title="Szachy w regionie", slug="szachy"), below=portal.root_page)
    make_words(centre, title="Szachy w gminie")

    page = browse().get("/szukaj/", {"q": "szachy"}).content.decode()

    assert "w regionie" in page
    assert "w gminie" not in page


@pytest.mark.parametrize("pages", [1, 5])
@pytest.mark.parametrize(("asked", "queries"), [("poradnia", 3), ("porandia", 4), ("poradnia szachy", 4)])
def test_search_asks_as_often_for_one_result_as_for_many(centre, django_assert_num_queries, pages, asked, queries):
    for number in range(pages):
        make_words(centre, title=f"Poradnia {number}")

    with django_assert_num_queries(queries):
        look(centre, asked)


def test_words_that_no_page_holds_together_are_looked_for_apart(centre, django_assert_num_queries):
    for title in ("Poradnia", "Szachy"):
        make_words(centre, title=title)

    with django_assert_num_queries(4):
        findings = look(centre, "poradnia szachy")

    assert (sorted(titles(findings)), findings.any_word) == (["Poradnia", "Szachy"], True)


def test_a_word_that_nobody_says_hides_no_other(centre):
    make_words(centre, title="Poradnia")

    findings = look(centre, "poradnia qxqxqxqx")

    assert (titles(findings), findings.any_word, findings.corrected) == (["Poradnia"], True, "")


def test_each_page_has_the_search_in_its_head(browse, centre):
    page = browse(centre).get("/").content.decode()

    assert 'action="/szukaj/"' in page


def test_search_has_one_box_on_its_own_page(browse, centre):
    page = browse(centre).get("/szukaj/").content.decode()

    assert page.count('action="/szukaj/"') == 1


def test_search_takes_texts_with_some_of_the_words_where_no_title_has_one(centre):
    make_words(centre, title="Pierwsza", body=body("Uczymy grać w szachy."))
    make_words(centre, title="Druga", body=body("Ćwiczymy jogę."))

    findings = look(centre, "szachy joga")

    assert findings.any_word
    assert sorted(titles(findings)) == ["Druga", "Pierwsza"]


# --- Places and partners ----------------------------------------------------------------------------------------------


def test_search_tells_places_and_partners_beside_the_pages(browse, centre):
    with scope(municipality=centre):
        PublicPlaceFactory(municipality=centre, name="Biblioteka na Wirku", words="Książki i komputery.")
        PublicPlaceFactory(municipality=centre, name="Świetlica", words="Nic o tamtym.")

    page = browse(centre).get("/szukaj/", {"q": "ksiazki wirku"}).text

    assert "Biblioteka na Wirku" in page
    assert "Świetlica" not in page
    assert 'href="/okolica/?slowa=ksiazki+wirku"' in page
    assert 'id="nothing-found"' not in page


def test_search_tells_no_hidden_partner_and_no_place_of_another_centre(browse, centre, stranger):
    with scope(municipality=centre):
        hidden = {"state": OrganisationState.HIDDEN, "hidden_because": "Umowa się skończyła."}
        words = {f"organisation__{name}": value for name, value in hidden.items()}
        PartnerProfileFactory(public=True, organisation__municipality=centre, summary="Czaple.", **words)
        PublicPlaceFactory(municipality=centre, name="Czapla", is_published=False)
    with scope(municipality=stranger):
        PartnerProfileFactory(public=True, organisation__municipality=stranger, summary="Czaple.")
        PublicPlaceFactory(municipality=stranger, name="Czapla")

    answer = browse(centre).get("/szukaj/", {"q": "czapla"})

    assert answer.context["around"] == []
    assert 'id="nothing-found"' in answer.text
