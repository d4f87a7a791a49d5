"""The people of the demonstration: invented residents, helpers and staff."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from neighbourhoods.cells import cell_at
from neighbourhoods.domain import membership
from neighbourhoods.domain.places import neighbourhood_of
from neighbourhoods.models import Role
from volunteering.domain import profiles
from volunteering.models import Category, Skill, Standing, VolunteerProfile
from volunteering.states import StandingState

DATA = Path(__file__).parent / "data"
NAMES = json.loads((DATA / "people.json").read_text(encoding="utf-8"))

RESIDENT = "mieszkanka@ogniwo.example"
VOLUNTEER = "wolontariusz@ogniwo.example"
ORGANISER = "organizatorka@ogniwo.example"
EDITOR = "redaktor@ogniwo.example"
PARTNER = "partnerka@ogniwo.example"
OBSERVER = "obserwator@ogniwo.example"
COORDINATOR = "koordynatorka@ogniwo.example"

# Bits of hours in which people of different lives are free, for a working day and for a weekend day.
LIVES = {
    "retired": (range(9, 18), range(10, 16)),
    "student": (range(15, 21), range(10, 20)),
    "employed": (range(17, 21), range(9, 18)),
    "shifts": (range(8, 13), range(12, 20)),
}
STATES = (
    [StandingState.ACTIVE] * 34
    + [StandingState.APPLIED] * 3
    + [StandingState.MET, StandingState.SUSPENDED, StandingState.ENDED]
)


@dataclass(frozen=True)
class Home:
    """An invented address near the centre of a real neighbourhood."""

    address: str
    directions: str
    latitude: float
    longitude: float

    @property
    def cell(self):
        return cell_at(self.latitude, self.longitude)


def name(random):
    women = random.random() < 0.6
    return f"{random.choice(NAMES['women'] if women else NAMES['men'])} {random.choice(NAMES['surnames'])}"


def phone(number):
    """Numbers that nobody has: the block 555 01."""
    return f"+4832555{100 + number % 9900:04d}"


def home(random, neighbourhood):
    """Homes lie within about a kilometre of the centre: the gazetteer knows centres only."""
    return Home(
        address=f"{random.choice(NAMES['streets'])} {random.randint(1, 48)}/{random.randint(1, 30)}",
        directions=random.choice(NAMES["directions"]),
        latitude=neighbourhood.latitude + random.gauss(0, 0.003),
        longitude=neighbourhood.longitude + random.gauss(0, 0.005),
    )


def hours(bits):
    return sum(1 << hour for hour in bits)


def availability(random):
    working, weekend = LIVES[random.choice(list(LIVES))]
    days = [hours(working)] * 5 + [hours(weekend)] * 2
    return [day if random.random() < 0.75 else 0 for day in days]


def person(email, display_name, number):
    return User.objects.create_user(email, display_name=display_name, phone=phone(number))


def make_staff(municipalities):
    """One account each for the organiser, the editor and the observer; they work in all three centres."""
    organiser = person(ORGANISER, "Jadwiga Ogniwo", 1)
    editor = person(EDITOR, "Kacper Korekta", 2)
    observer = person(OBSERVER, "Urszula Widok", 3)
    for municipality in municipalities:
        for user, role in ((organiser, Role.ORGANISER), (editor, Role.EDITOR)):
            membership.grant(user, municipality=municipality, role=role, actor=None)
    return organiser, editor, observer


def make_coordinator(municipality):
    """The organiser's colleague in one centre: two pairs of eyes see more."""
    user = person(COORDINATOR, "Teresa Drugaosoba", 4)
    membership.grant(user, municipality=municipality, role=Role.COORDINATOR, actor=None)
    return user


def make_helpers(random, municipality, neighbourhoods, organiser, count):
    """Helpers with profiles and standings; the first one of Ruda Śląska is the demo's volunteer."""
    categories = list(Category.objects.open())
    skills = list(Skill.objects.all())
    helpers = []
    for number in range(count):
        is_demo = municipality.slug == "ruda-slaska" and number == 0
        email = VOLUNTEER if is_demo else f"pomagam{number + 1}@{municipality.slug}.example"
        user = person(email, "Błażej Pomagajło" if is_demo else name(random), 1000 + number)
        helpers.append(user)
        _make_profile(random, user, neighbourhoods, categories, skills, is_demo=is_demo)
        _make_standing(random, user, municipality, organiser, is_demo=is_demo)
    return helpers


def _make_profile(random, user, neighbourhoods, categories, skills, *, is_demo):
    municipality = neighbourhoods[0].municipality
    place = home(
        random, next(n for n in neighbourhoods if n.name == "Wirek") if is_demo else random.choice(neighbourhoods)
    )
    wanted = categories if is_demo else random.sample(categories, random.randint(3, 9))
    profile = VolunteerProfile(
        user=user,
        is_adult=True,
        languages=["pl", *random.sample(["en", "uk", "de"], random.choice([0, 0, 0, 1]))],
        availability=[hours(range(8, 21))] * 7 if is_demo else availability(random),
        home_neighbourhood=neighbourhood_of(place.cell, municipality),
        home_cell=place.cell,
        radius=6000 if is_demo else random.choice([1500, 2000, 3000, 3000, 5000, 8000]),
        tasks_per_week=random.randint(1, 5) if not is_demo else 5,
    )
    profiles.save_profile(
        profile,
        categories=wanted,
        skills=random.sample(skills, random.randint(0, 4)) if not is_demo else skills[:12],
    )


def _make_standing(random, user, municipality, organiser, *, is_demo):
    state = StandingState.ACTIVE if is_demo else random.choice(STATES)
    now = timezone.now()
    Standing.objects.create(
        municipality=municipality,
        volunteer=user,
        state=state,
        changed_at=now - timedelta(days=random.randint(1, 200)),
        changed_by=organiser if state != StandingState.APPLIED else user,
        first_visit_released_at=now if is_demo or (state == StandingState.ACTIVE and random.random() < 0.8) else None,
    )
