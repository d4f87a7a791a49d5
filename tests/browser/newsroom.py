"""A newly founded centre for the browser, with an editor, an organiser and nothing on its site but its first pages."""

from django.utils import timezone
from django_scopes import scope

from accounts.models import User
from cms.domain import founding
from config.demo import people
from neighbourhoods.domain import membership
from neighbourhoods.models import Role
from neighbourhoods.places_file import Place
from volunteering.domain import taxonomy

FACTS = {
    "name": "Ruda Śląska",
    "locative": "w Rudzie Śląskiej",
    "slug": "ruda-slaska",
    "code": "RS",
    "terc": "2472011",
    "centre_name": "Centrum Usług Społecznych w Rudzie Śląskiej",
    "phone": "+48325550100",
    "latitude": 50.2806,
    "longitude": 18.8592,
}
PLACES = [Place(name="Wirek", slug="wirek", kind="district", locative="w Wirku", latitude=50.27444, longitude=18.86444)]


def make(host, port):
    """The centre that `create_municipality` makes, on the day it was opened."""
    taxonomy.load()
    municipality = founding.found(FACTS, hostname=host, port=port, languages=["pl"], places=PLACES).municipality
    municipality.opened_at = timezone.now()
    municipality.quiet_from = municipality.quiet_until = 0
    municipality.save()
    with scope(municipality=municipality):
        for email, name, role in (
            (people.EDITOR, "Ryszard Redaktor", Role.EDITOR),
            (people.ORGANISER, "Jadwiga Ogniwo", Role.ORGANISER),
        ):
            user = User.objects.create_user(email, display_name=name)
            membership.grant(user, municipality=municipality, role=role, actor=None)
