"""What the lists of a centre's site show: as much of everything as a busy centre has."""

from datetime import timedelta

from django.utils import timezone
from django_scopes import scope

from cms.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage, ServiceIndexPage, ServicePage
from volunteering.models import Audience, Initiative, InitiativeKind, Lifecycle, Meeting, ServiceArea
from volunteering.states import LifecycleState

SERVICES, NEWS, EVENTS, INITIATIVES, MEETINGS_OF_EACH = 60, 60, 40, 60, 4


def fill(municipality, place):
    home = municipality.site.root_page.specific
    with scope(municipality=municipality):
        services = ServiceIndexPage.objects.child_of(home).get()
        audiences, areas = list(Audience.objects.all()), list(ServiceArea.objects.all())
        for number in range(SERVICES):
            page = ServicePage(**words("Usługa", number), cost="Bezpłatnie", steps=[("step", "Zadzwoń do nas.")])
            page.audiences = [audiences[number % len(audiences)]]
            page.areas, page.neighbourhoods = [areas[number % len(areas)]], [place] if number % 2 else []
            services.add_child(instance=page)
        plant_news(NewsIndexPage.objects.child_of(home).get())
        plant_events(EventIndexPage.objects.child_of(home).get(), place)
        start_initiatives(municipality, place)


def words(kind, number):
    return {"title": f"{kind} {number}", "slug": f"numer-{number}", "lead": "Ktoś przyjdzie i pomoże."}


def plant_news(index):
    for number in range(NEWS):
        index.add_child(instance=NewsPage(**words("Wiadomość", number)))


def plant_events(index, place):
    for number in range(EVENTS):
        start = timezone.now() + timedelta(days=1 + number, hours=1)
        page = EventPage(**words("Wydarzenie", number), place="Biblioteka", neighbourhood=place if number % 2 else None)
        page.starts_at, page.ends_at = start, start + timedelta(hours=2)
        index.add_child(instance=page)


def start_initiatives(municipality, place):
    kinds = list(InitiativeKind.objects.all())
    for number in range(INITIATIVES):
        initiative = Initiative(
            municipality=municipality,
            title=f"Inicjatywa {number}",
            slug=f"inicjatywa-{number}",
            summary="Spotykamy się.",
            kind=kinds[number % len(kinds)],
            live=True,
        )
        initiative.neighbourhoods = [place]
        initiative.save()
        Lifecycle.objects.create(initiative=initiative, state=LifecycleState.RUNNING)
        for week in range(MEETINGS_OF_EACH):
            start = timezone.now() + timedelta(days=1 + number % 6 + 7 * week, hours=1)
            Meeting.objects.create(
                initiative=initiative,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                place="świetlica",
                neighbourhood=place,
            )
