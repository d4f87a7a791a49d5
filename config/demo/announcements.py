"""Announcements of the demonstration: two that were sent, one that waits for a second person."""

from datetime import timedelta

from django.utils import timezone

from config.demo import clock
from neighbourhoods.models import Neighbourhood
from volunteering.domain import announcement_work, announcements
from volunteering.models import Addressees

CLOSED = {
    "title": "W piątek centrum czynne krócej",
    "body": (
        "W najbliższy piątek jesteśmy w centrum tylko do 12:00. W sprawach pilnych dzwońcie jak zwykle.\n\n"
        "Umówione wizyty odbywają się bez zmian."
    ),
}
SNOW = {
    "title": "Piasek i łopaty do pożyczenia",
    "body": (
        "W klubie sąsiedzkim czekają łopaty i worki z piaskiem. Można je wziąć w godzinach otwarcia, bez zapisów.\n\n"
        "Dziękujemy, że odśnieżacie nie tylko pod własnym domem."
    ),
}
TRAINING = {
    "title": "Szkolenie z pierwszej pomocy",
    "body": (
        "Za dwa tygodnie, w sobotę od 10:00 do 14:00, ratowniczka pokaże, co robić, zanim przyjedzie karetka. "
        "Szkolenie jest bezpłatne, odbędzie się w centrum.\n\n"
        "Miejsc jest dwadzieścia. Zapisujemy telefonicznie, w kolejności zgłoszeń."
    ),
}


def make(municipality, organiser, coordinator):
    now = timezone.now()
    with clock.at(now - timedelta(days=6)):
        draft = announcements.write(municipality, actor=coordinator, audience=Addressees.HELPERS, **CLOSED)
        announcements.ask(draft, actor=coordinator)
        announcements.approve(draft, actor=organiser)
        announcement_work.send_out(draft.pk)
    with clock.at(now - timedelta(days=2)):
        wirek = Neighbourhood.objects.get(slug="wirek")
        draft = announcements.write(
            municipality, actor=organiser, audience=Addressees.NEIGHBOURHOOD, subject=wirek, **SNOW
        )
        announcements.send(draft, actor=organiser)
        announcement_work.send_out(draft.pk)
    with clock.at(now - timedelta(hours=3)):
        draft = announcements.write(municipality, actor=coordinator, audience=Addressees.HELPERS, **TRAINING)
        announcements.ask(draft, actor=coordinator)
