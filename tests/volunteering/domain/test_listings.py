"""What is kept of the public list agrees with the requests after every verb; commands check and repair it."""

from datetime import UTC, datetime, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django_scopes import scope, scopes_disabled

from neighbourhoods.cells import ROW
from neighbourhoods.domain.places import Place
from neighbourhoods.models import Moderation
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.volunteering import CommitmentFactory, HelpRequestFactory, VisitFactory
from volunteering import duties
from volunteering.domain import commitments, finding, help_requests, intake, listings, moving, own_data
from volunteering.domain.facets import Facets
from volunteering.domain.visits import Times
from volunteering.models import HelpRequest, ListingChange, ListingCount, ListingWord, Timing, Visit
from volunteering.states import RequestState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]

HOME = {"person_name": "Zofia Wymyślona", "phone": "+48601000001", "address": "", "directions": ""}


def run(command):
    output = StringIO()
    call_command(command, stdout=output)
    return output.getvalue()


def kept():
    """What is counted, by kind of help, neighbourhood and cell; places where nothing is are left out."""
    sums = {}
    for *key, number in ListingCount.objects.totals("category_id", "neighbourhood_id", "cell"):
        sums[tuple(key)] = sums.get(tuple(key), 0) + number
    return {key: number for key, number in sums.items() if number}


def counted():
    """The same, counted from the list itself."""
    sums = {}
    for key in HelpRequest.objects.listed().values_list("category_id", "neighbourhood_id", "cell"):
        sums[key] = sums.get(key, 0) + 1
    return sums


def agree():
    return kept() == counted() and listings.check() == (0, 0, 0)


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def ask(municipality, neighbourhood, shopping):
    """Files a request, which staff have to publish."""

    def ask(*, times=None, **facts):
        help_request = HelpRequest(
            municipality=municipality,
            neighbourhood=facts.pop("neighbourhood", neighbourhood),
            category=facts.pop("category", shopping),
            cell=facts.pop("cell", 3_000_020_000),
            words=facts.pop("words", "Żółw potrzebuje sałaty."),
            requester=UserFactory(),
            **facts,
        )
        times = times or Times(Timing.FIXED, datetime(2027, 4, 23, tzinfo=UTC).date(), at=time(15))
        return help_requests.submit(help_request, home=HOME, times=times, actor=help_request.requester)

    return ask


@pytest.fixture
def published(ask, staff):
    return help_requests.publish(ask(), actor=staff)


# Each verb ------------------------------------------------------------------------------------------------------------


def test_nothing_is_counted_before_others_may_read_it(ask):
    ask()

    assert (kept(), ListingWord.objects.count(), agree()) == ({}, 0, True)


def test_published_request_is_counted_where_it_is(published, neighbourhood, shopping):
    assert kept() == {(shopping.pk, neighbourhood.pk, published.cell): 1}
    assert agree()


def test_request_is_counted_at_once_where_nobody_reads_it_first(municipality, ask):
    municipality.moderation = Moderation.AFTER
    municipality.save()

    ask()

    assert sum(kept().values()) == 1
    assert agree()


def test_protected_request_is_never_counted(ask, staff):
    help_request = help_requests.protect(ask(), actor=staff)

    help_requests.publish(help_request, actor=staff)

    assert (kept(), ListingWord.objects.count(), agree()) == ({}, 0, True)


def test_request_that_is_protected_no_longer_is_counted(ask, staff):
    help_request = help_requests.protect(ask(), actor=staff)

    help_requests.protect(help_request, actor=staff, protected=False)
    help_requests.publish(help_request, actor=staff)

    assert sum(kept().values()) == 1
    assert agree()


@pytest.mark.parametrize(
    "end",
    [
        lambda request, staff: help_requests.cancel(request, actor=staff),
        lambda request, staff: help_requests.close(request, actor=staff, reason="Już nie."),
        lambda request, staff: help_requests.refer(request, actor=staff, case_number="CUS/1"),
        lambda request, staff: own_data.erase(request.requester),
    ],
    ids=["cancel", "close", "refer", "erase"],
)
def test_request_that_has_ended_is_not_counted(published, staff, end):
    end(published, staff)

    assert (kept(), ListingWord.objects.count(), agree()) == ({}, 0, True)


def test_expired_request_is_not_counted(published, clock):
    clock.move_to(datetime(2027, 4, 24, 12, tzinfo=UTC))
    duties.close_visits_that_are_over()

    published.refresh_from_db()
    assert (published.state, kept(), agree()) == (RequestState.EXPIRED, {}, True)


def test_request_whose_helper_is_found_is_not_counted_until_the_helper_gives_up(published, make_helper):
    helper = make_helper(radius=50_000).user
    commitment = commitments.take(published.visits.get(), actor=helper)
    taken = kept()

    commitments.withdraw(commitment, actor=helper)

    assert (taken, sum(kept().values()), agree()) == ({}, 1, True)


def test_request_for_two_is_not_counted_after_its_time_though_one_helper_has_yet_to_confirm(
    ask, staff, make_helper, clock
):
    help_request = help_requests.publish(ask(people_needed=2), actor=staff)
    commitments.take(help_request.visits.get(), actor=make_helper(radius=50_000).user)
    before = sum(kept().values())

    clock.move_to(datetime(2027, 4, 24, 12, tzinfo=UTC))
    duties.close_visits_that_are_over()

    help_request.refresh_from_db()
    assert (before, help_request.state, kept(), agree()) == (1, RequestState.OPEN, {}, True)


def test_visit_that_is_moved_ahead_again_brings_its_request_back(municipality, neighbourhood, shopping, staff):
    help_request = HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping)
    visit = VisitFactory(help_request=help_request, over=True)
    before = kept()

    moving.move(visit, actor=staff, times=Times(Timing.FIXED, datetime(2027, 4, 25, tzinfo=UTC).date(), at=time(10)))

    assert (before, sum(kept().values()), agree()) == ({}, 1, True)


def test_weekly_request_is_counted_once(ask, staff):
    first, last = datetime(2027, 4, 23, tzinfo=UTC).date(), datetime(2027, 5, 30, tzinfo=UTC).date()

    help_requests.publish(ask(times=Times(Timing.RECURRING, first, at=time(15), until=last)), actor=staff)

    assert Visit.objects.count() == 6
    assert sum(kept().values()) == 1
    assert agree()


def test_request_that_moves_is_counted_where_it_went(published, municipality, shopping):
    other = NeighbourhoodFactory(municipality=municipality)

    help_requests.relocate(published, place=Place(published.cell + ROW, other))

    assert kept() == {(shopping.pk, other.pk, published.cell + ROW): 1}
    assert agree()


def test_corrected_address_is_counted_where_it_is(published, staff, municipality, shopping):
    other = NeighbourhoodFactory(municipality=municipality, latitude=50.3, longitude=18.9)
    # An address that is not known lies in the middle of the neighbourhood that is named.
    published.neighbourhood = other

    moved = intake.correct_home(published, actor=staff, address="Inna 1")

    assert moved.neighbourhood == other
    assert kept() == {(shopping.pk, other.pk, moved.cell): 1}


def test_request_that_is_not_listed_moves_without_being_counted(ask, municipality):
    help_request = ask()

    help_requests.relocate(help_request, place=Place(1, NeighbourhoodFactory(municipality=municipality)))

    assert (kept(), agree()) == ({}, True)


# The ledger -----------------------------------------------------------------------------------------------------------


def test_adding_up_changes_nothing_that_is_read(municipality, published, ask, staff):
    help_requests.publish(ask(), actor=staff)
    before = kept()

    listings.add_up(municipality)

    assert (kept(), ListingChange.objects.count(), ListingCount.objects.get().requests) == (before, 0, 2)
    assert agree()


def test_place_with_nothing_left_is_forgotten(municipality, published, staff):
    listings.add_up(municipality)
    help_requests.cancel(published, actor=staff)

    duties.add_up_counts_of_the_list()

    assert (ListingCount.objects.count(), ListingChange.objects.count()) == (0, 0)


def test_long_ledger_is_added_up_to_its_end(municipality, published, monkeypatch, ask, staff):
    monkeypatch.setattr(listings, "CHUNK", 2)
    for _number in range(4):
        help_requests.publish(ask(), actor=staff)

    listings.add_up(municipality)

    assert (ListingChange.objects.count(), ListingCount.objects.get().requests) == (0, 5)


def test_other_municipalities_are_neither_added_up_nor_counted(municipality, published):
    with scopes_disabled():
        other = VisitFactory().help_request.municipality

    listings.add_up(municipality)

    assert sum(Facets(municipality).by_category().values()) == 1
    with scope(municipality=other):
        assert ListingChange.objects.count() == 1


def test_count_below_zero_is_refused_by_the_database(published, municipality):
    listings.add_up(municipality)

    with pytest.raises(IntegrityError), transaction.atomic():
        ListingCount.objects.update(requests=-1)


def test_place_is_counted_in_one_row(published, municipality):
    listings.add_up(municipality)
    row = ListingCount.objects.get()
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_facets_are_one_query(municipality, published, django_assert_num_queries):
    facets = Facets(municipality)

    with django_assert_num_queries(1):
        both = facets.by_category(), facets.by_neighbourhood(published.category_id)

    assert both == ({published.category_id: 1}, {published.neighbourhood_id: 1})


# Words ----------------------------------------------------------------------------------------------------------------


def found(text, municipality):
    return set(finding.holding(HelpRequest.objects.listed(), text, municipality))


@pytest.mark.parametrize("text", ["zolw", "ŻÓŁW", "żółw", "Zol", "salaty zolw", "zakupy", "  zolw, sałaty!"])
def test_words_are_found_in_any_spelling_from_their_beginning(municipality, published, text):
    assert found(text, municipality) == {published}


@pytest.mark.parametrize("text", ["olw", "zolwik", "zolw kot", "lekarz"])
def test_other_words_find_nothing(municipality, published, text):
    assert found(text, municipality) == set()


@pytest.mark.parametrize("text", ["", "  ", "!?", "\x00"])
def test_no_word_leaves_the_list_as_it_is(municipality, published, text):
    assert found(text, municipality) == {published}


def test_common_word_is_found_like_a_rare_one(municipality, published, ask, staff, monkeypatch):
    other = help_requests.publish(ask(words="Żółw i kot."), actor=staff)
    monkeypatch.setattr(finding, "RARE", 1)

    assert found("zolw", municipality) == {published, other}
    assert found("zolw zakupy", municipality) == {published, other}
    assert found("zolw kot", municipality) == {other}


def test_request_that_holds_two_words_alike_is_found_once(municipality, ask, staff):
    help_request = help_requests.publish(ask(words="Żółw, żółwie, żółwia."), actor=staff)

    assert list(finding.holding(HelpRequest.objects.listed(), "zolw", municipality)) == [help_request]


def test_words_that_are_held_back_are_not_searched(municipality, ask, staff):
    """Otherwise a helper could guess a phone number digit by digit."""
    help_request = help_requests.publish(ask(words="Żółw, tel. 512 345 678"), actor=staff)

    assert (found("512", municipality), found("zolw", municipality)) == (set(), set())
    assert found("zakupy", municipality) == {help_request}


def test_words_that_staff_have_cut_are_found_no_more(municipality, published, staff):
    help_requests.rewrite_words(published, actor=staff, text="Kot potrzebuje mleka.")

    assert (found("zolw", municipality), found("kot", municipality)) == (set(), {published})
    assert agree()


def test_words_of_other_municipalities_are_not_found(municipality, published):
    with scopes_disabled():
        other = VisitFactory(help_request__search_text="zolw").help_request
        assert found("zolw", municipality) == {published}
        assert found("zolw", other.municipality) == {other}


def test_long_word_is_cut_the_same_way_on_both_sides(municipality, ask, staff):
    help_request = help_requests.publish(ask(words="a" * 90), actor=staff)

    assert found("a" * 80, municipality) == {help_request}


# Commands -------------------------------------------------------------------------------------------------------------


def break_marks():
    HelpRequest.objects.update(is_listed=False)


def break_counts():
    ListingChange.objects.all().delete()


def break_words():
    ListingWord.objects.all().delete()


@pytest.mark.parametrize("break_it", [break_marks, break_counts, break_words])
def test_what_was_written_around_the_verbs_is_noticed_and_repaired(published, break_it):
    break_it()

    with pytest.raises(CommandError, match="Run rebuild_listings"):
        run("check_listings")
    run("rebuild_listings")

    assert "agrees" in run("check_listings")
    assert agree()


def test_state_that_was_written_around_the_verbs_is_noticed_and_repaired(published, municipality):
    listings.add_up(municipality)
    HelpRequest.objects.update(state=RequestState.CANCELLED)

    with pytest.raises(CommandError, match="1 requests wrongly on it"):
        run("check_listings")
    run("rebuild_listings")

    assert (kept(), agree()) == ({}, True)


def test_place_that_was_written_around_the_verbs_is_noticed_and_repaired(published, municipality):
    listings.add_up(municipality)
    HelpRequest.objects.update(cell=5)

    with pytest.raises(CommandError, match="2 wrong counts"):
        run("check_listings")
    run("rebuild_listings")

    assert [key[-1] for key in kept()] == [5]
    assert agree()


def test_repairing_what_is_right_changes_nothing(published):
    before = list(ListingChange.objects.values())

    assert "0 requests, 0 counts and the words of 0 requests" in run("rebuild_listings")
    assert list(ListingChange.objects.values()) == before


def test_visit_that_has_just_passed_is_no_mistake(published, clock):
    clock.move_to(datetime(2027, 4, 23, 14, 10, tzinfo=UTC))

    assert "agrees" in run("check_listings")


def test_request_that_is_done_is_not_counted(published, make_helper, clock):
    CommitmentFactory(visit=published.visits.get(), volunteer=make_helper().user, done=True)

    clock.move_to(datetime(2027, 4, 24, 12, tzinfo=UTC))
    duties.close_visits_that_are_over()

    published.refresh_from_db()
    assert (published.state, kept(), agree()) == (RequestState.DONE, {}, True)
