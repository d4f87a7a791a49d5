"""One-click sign-ins of the demo: they stand for the code and the second factor, on this machine only."""

from dataclasses import dataclass

from django.conf import settings
from django.http.request import split_domain_port
from django.utils.translation import gettext_lazy as _

from accounts.models import User


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo's seed. `at_portal`: whose pages are the portal's, not a centre's."""

    key: str
    email: str
    label: str
    at_portal: bool = False


PEOPLE = [
    DemoPerson("resident", "mieszkanka@ogniwo.example", _("a resident")),
    DemoPerson("volunteer", "wolontariusz@ogniwo.example", _("a helper")),
    DemoPerson("organiser", "organizatorka@ogniwo.example", _("an organiser of the centre")),
    DemoPerson("editor", "redaktor@ogniwo.example", _("an editor of the site")),
    DemoPerson("partner", "partnerka@ogniwo.example", _("staff of a partner organisation")),
    DemoPerson("observer", "obserwator@ogniwo.example", _("the region’s observer"), at_portal=True),
]


def is_open(request):
    """Whether this is the demo, asked under a name of this machine."""
    host, _port = split_domain_port(request.get_host())
    return settings.DEMO and (host == "localhost" or host.endswith(".localhost"))


def people_here(request):
    """Those whose one-click sign-in this site offers: who belongs here and exists. Empty outside the demo."""
    if not is_open(request):
        return []
    at_portal = request.municipality is None
    fitting = [person for person in PEOPLE if person.at_portal == at_portal]
    existing = User.objects.filter(email__in=[person.email for person in fitting], is_active=True)
    emails = set(existing.values_list("email", flat=True))
    return [person for person in fitting if person.email in emails]
