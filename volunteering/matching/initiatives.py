"""Which initiatives answer a need: what is in the way, how well each one would do, the best first.

Distances are metres, times hours from now. A need and an offer hold codes and stems of words, never the words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from math import isfinite

from volunteering.matching.errors import MatchingError

CLOSED = "closed"
WRONG_CATEGORY = "wrong_category"
OTHER_AUDIENCE = "other_audience"
TOO_FAR = "too_far"
FULL = "full"

# What is meant for the whole municipality is a little less near than what meets next door.
FOR_ALL = 0.7
# Nothing is known about the person, so an initiative for some people only may be for them or not.
UNKNOWN = 0.5


def _check(what: str, *numbers: float | None) -> None:
    for number in numbers:
        if number is not None and not (isfinite(number) and number >= 0):
            raise MatchingError(f"{what}: {number}")


@dataclass(frozen=True)
class Need:
    """What somebody asks for. `audiences`: to which of them the person is known to belong; `not_audiences`: to which
    they are known not to belong."""

    category: int
    stems: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    not_audiences: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offer:
    """One initiative as seen from one need.

    `categories`: the kinds of help that it may answer. `metres`: from the middle of the need's neighbourhood to that of
    the nearest of its own, 0 in the same one, None where it is for the whole municipality. `audiences`: empty where it
    is for everybody. `hours`: until its next meeting that can still be joined, None where none is; `free_places` there,
    None where they are not counted. `full`: meetings are planned, but none of them can be joined.
    """

    key: int
    categories: frozenset[int] = frozenset()
    metres: float | None = None
    stems: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    hours: float | None = None
    free_places: int | None = None
    full: bool = False
    closed: bool = False

    def __post_init__(self) -> None:
        _check("metres", self.metres)
        _check("hours", self.hours)
        _check("free places", self.free_places)


@dataclass(frozen=True)
class Parts:
    """Every part of a score, each in [0, 1], 1 being best."""

    nearness: float
    audience: float
    words: float
    time: float
    room: float


@dataclass(frozen=True)
class Weights:
    """How much each part of the score counts; and the scales of those parts that have one."""

    nearness: float = 3.0
    audience: float = 2.0
    words: float = 2.0
    time: float = 2.0
    room: float = 1.0
    # Metres at which nearness has fallen to a half, and beyond which nobody goes to a meeting.
    half_distance: float = 2000.0
    farthest: float = 10_000.0
    # Hours to the next meeting that count half as much as a meeting now: a week.
    half_hours: float = 168.0
    # Free places that are as good as any more.
    ample_places: float = 3.0

    def __post_init__(self) -> None:
        _check("weights", *asdict(self).values())
        if not all((self.half_distance, self.half_hours, self.ample_places)):
            raise MatchingError("a scale of zero")
        if not self.total:
            raise MatchingError("all weights are zero")

    @property
    def total(self) -> float:
        return float(sum(getattr(self, part.name) for part in fields(Parts)))


@dataclass(frozen=True)
class Answer:
    """An initiative that may answer the need, how well, and why."""

    key: int
    score: float
    parts: Parts


DEFAULT_WEIGHTS = Weights()


def answers(need: Need, offers: Iterable[Offer], weights: Weights = DEFAULT_WEIGHTS) -> list[Answer]:
    """All initiatives that may answer, the best first; ties by key, so that equal input gives equal output."""
    feasible = [assess(need, offer, weights) for offer in offers if not obstacles(need, offer, weights)]
    return sorted(feasible, key=lambda answer: (-answer.score, answer.key))


def assess(need: Need, offer: Offer, weights: Weights = DEFAULT_WEIGHTS) -> Answer:
    """The score of one initiative and its parts, whether it may answer or not."""
    scored = parts(need, offer, weights)
    weighted = float(sum(getattr(weights, part) * value for part, value in vars(scored).items()))
    return Answer(offer.key, min(1.0, weighted / weights.total), scored)


def obstacles(need: Need, offer: Offer, weights: Weights = DEFAULT_WEIGHTS) -> tuple[str, ...]:
    """Codes of all that is in the way; empty where the initiative may answer."""
    return tuple(_obstacles(need, offer, weights))


def _obstacles(need: Need, offer: Offer, weights: Weights) -> Iterator[str]:
    if offer.closed:
        yield CLOSED
    if need.category not in offer.categories:
        yield WRONG_CATEGORY
    if offer.audiences and offer.audiences <= need.not_audiences:
        yield OTHER_AUDIENCE
    if offer.metres is not None and offer.metres > weights.farthest:
        yield TOO_FAR
    if offer.full:
        yield FULL


def parts(need: Need, offer: Offer, weights: Weights = DEFAULT_WEIGHTS) -> Parts:
    return Parts(
        nearness=nearness(offer, weights),
        audience=audience(need, offer),
        words=words(need, offer),
        time=time(offer, weights),
        room=room(offer, weights),
    )


def nearness(offer: Offer, weights: Weights) -> float:
    """1 in the same neighbourhood, a half at `half_distance`."""
    return FOR_ALL if offer.metres is None else 1 / (1 + offer.metres / weights.half_distance)


def audience(need: Need, offer: Offer) -> float:
    """1 where it is for everybody or for people like this one, 0 where it is known to be for others."""
    if not offer.audiences or offer.audiences & need.audiences:
        return 1.0
    return 0.0 if need.audiences else UNKNOWN


def words(need: Need, offer: Offer) -> float:
    """0 where nothing is said in common; a half for one word, then more and more slowly."""
    return 1 - 0.5 ** min(len(need.stems & offer.stems), 50)


def time(offer: Offer, weights: Weights) -> float:
    """1 for a meeting now, a half for one in `half_hours`; 0 where none is planned."""
    return 0.0 if offer.hours is None else 1 / (1 + offer.hours / weights.half_hours)


def room(offer: Offer, weights: Weights) -> float:
    """1 where everybody can come in or many places are free; a half where no meeting is planned to have places."""
    if offer.hours is None:
        return 0.5
    return 1.0 if offer.free_places is None else min(1.0, offer.free_places / weights.ample_places)
