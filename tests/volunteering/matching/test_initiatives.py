"""Which initiatives answer a need: what is in the way, the parts of the score, the order."""

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteering.matching import initiatives
from volunteering.matching.errors import MatchingError
from volunteering.matching.initiatives import Need, Offer, Weights, answers, assess, obstacles

CODES = st.frozensets(st.sampled_from(["seniors", "young", "lonely"]))
STEMS = st.frozensets(st.sampled_from(["toste", "kawa", "napra", "ogrod"]))
KINDS = st.frozensets(st.integers(1, 3))
NUMBERS = st.floats(0, 30_000)

needs = st.builds(Need, category=st.integers(1, 3), stems=STEMS, audiences=CODES, not_audiences=CODES)
offers = st.builds(
    Offer,
    key=st.integers(1, 10**6),
    categories=KINDS,
    metres=st.none() | NUMBERS,
    stems=STEMS,
    audiences=CODES,
    hours=st.none() | NUMBERS,
    free_places=st.none() | st.integers(0, 40),
    full=st.booleans(),
    closed=st.booleans(),
)

NEED = Need(category=1, stems=frozenset({"toste"}), audiences=frozenset({"seniors"}))
FITTING = Offer(key=1, categories=frozenset({1}), metres=0.0)


@given(needs, st.lists(offers, max_size=8, unique_by=lambda offer: offer.key), st.randoms())
def test_the_order_of_the_input_does_not_matter(need, some, random):
    mixed = list(some)
    random.shuffle(mixed)

    assert answers(need, mixed) == answers(need, some)


@given(needs, st.lists(offers, max_size=8, unique_by=lambda offer: offer.key))
def test_only_what_may_answer_is_proposed_and_all_of_it(need, some):
    found = answers(need, some)

    assert {answer.key for answer in found} == {offer.key for offer in some if not obstacles(need, offer)}
    assert [(-answer.score, answer.key) for answer in found] == sorted((-it.score, it.key) for it in found)


@given(needs, offers)
def test_score_and_parts_lie_between_0_and_1(need, offer):
    answer = assess(need, offer)

    assert 0 <= answer.score <= 1
    assert all(0 <= part <= 1 for part in vars(answer.parts).values())


@given(needs, offers, NUMBERS, NUMBERS)
def test_nearer_and_sooner_never_lower_the_score(need, offer, metres, hours):
    far = replace(offer, metres=max(metres, hours), hours=max(metres, hours))
    near = replace(offer, metres=min(metres, hours), hours=min(metres, hours))

    assert assess(need, near).score >= assess(need, far).score


@given(needs, offers, STEMS)
def test_words_in_common_never_lower_the_score(need, offer, more):
    assert assess(need, replace(offer, stems=offer.stems | more)).score >= assess(need, offer).score


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({"closed": True}, initiatives.CLOSED),
        ({"categories": frozenset({2})}, initiatives.WRONG_CATEGORY),
        ({"categories": frozenset()}, initiatives.WRONG_CATEGORY),
        ({"metres": 10_001.0}, initiatives.TOO_FAR),
        ({"full": True}, initiatives.FULL),
        ({"audiences": frozenset({"young"})}, initiatives.OTHER_AUDIENCE),
    ],
)
def test_what_is_in_the_way(facts, obstacle):
    need = replace(NEED, not_audiences=frozenset({"young"}))

    assert obstacles(need, replace(FITTING, **facts)) == (obstacle,)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"metres": None},
        {"metres": 10_000.0},
        {"hours": None},
        {"hours": 0.0, "free_places": 1},
        {"audiences": frozenset({"lonely"})},
        {"audiences": frozenset({"young", "lonely"})},
    ],
)
def test_what_is_not_in_the_way(facts):
    need = replace(NEED, not_audiences=frozenset({"young"}))

    assert obstacles(need, replace(FITTING, **facts)) == ()


@pytest.mark.parametrize(
    ("told", "meant", "value"),
    [
        (set(), set(), 1.0),
        ({"seniors"}, set(), 1.0),
        ({"seniors"}, {"seniors", "young"}, 1.0),
        ({"seniors"}, {"young"}, 0.0),
        (set(), {"young"}, 0.5),
    ],
)
def test_audience(told, meant, value):
    need, offer = replace(NEED, audiences=frozenset(told)), replace(FITTING, audiences=frozenset(meant))

    assert initiatives.audience(need, offer) == value


def test_parts_of_an_initiative_next_door_and_now():
    parts = assess(NEED, replace(FITTING, stems=NEED.stems, hours=0.0)).parts

    assert vars(parts) == {"nearness": 1.0, "audience": 1.0, "words": 0.5, "time": 1.0, "room": 1.0}


@pytest.mark.parametrize(
    ("facts", "part", "value"),
    [
        ({"metres": 2000.0}, "nearness", 0.5),
        ({"metres": None}, "nearness", 0.7),
        ({"hours": 168.0}, "time", 0.5),
        ({"hours": None}, "time", 0.0),
        ({"hours": None}, "room", 0.5),
        ({"hours": 1.0, "free_places": 0}, "room", 0.0),
        ({"hours": 1.0, "free_places": 3}, "room", 1.0),
        ({"hours": 1.0, "free_places": 30}, "room", 1.0),
    ],
)
def test_parts(facts, part, value):
    assert getattr(assess(NEED, replace(FITTING, **facts)).parts, part) == value


def test_equals_come_by_key():
    twins = [replace(FITTING, key=key) for key in (3, 1, 2)]

    assert [answer.key for answer in answers(NEED, twins)] == [1, 2, 3]


def test_no_offers_give_no_answers():
    assert answers(NEED, []) == []


@pytest.mark.parametrize("number", [nan, inf, -inf, -1.0])
@pytest.mark.parametrize("name", ["metres", "hours", "free_places"])
def test_numbers_that_are_none_are_refused(name, number):
    with pytest.raises(MatchingError):
        replace(FITTING, **{name: number})


@pytest.mark.parametrize(
    "facts",
    [
        {"nearness": nan},
        {"words": inf},
        {"time": -1.0},
        {"half_distance": 0.0},
        {"half_hours": 0.0},
        {"ample_places": 0.0},
        dict.fromkeys(["nearness", "audience", "words", "time", "room"], 0.0),
    ],
)
def test_weights_that_are_none_are_refused(facts):
    with pytest.raises(MatchingError):
        Weights(**facts)
