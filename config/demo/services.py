"""The catalogue of services of each centre, and the programme of one, of the demonstration."""

import json
from datetime import date, timedelta

from django.utils import timezone
from django.utils.text import slugify

from cms.domain import sites
from cms.models import ProgrammePage, ServiceIndexPage, ServicePage
from cms.programme_points import POINTS
from config.demo import clock
from config.demo.content import paragraphs
from config.demo.people import DATA
from volunteering.folding import fold
from volunteering.models import Audience, ServiceArea

SERVICES = json.loads((DATA / "services.json").read_text(encoding="utf-8"))
PROGRAMME = json.loads((DATA / "programme.json").read_text(encoding="utf-8"))


def make_services(municipality, neighbourhoods, keeper):
    """All services of a centre, checked at different times: some wait to be looked at again."""
    index = ServiceIndexPage.objects.descendant_of(municipality.site.root_page).get()
    audiences = Audience.objects.in_bulk(field_name="code")
    areas = ServiceArea.objects.in_bulk(field_name="code")
    places = {neighbourhood.name: neighbourhood for neighbourhood in neighbourhoods}
    now = timezone.now()
    for entry in SERVICES:
        if entry["m"] == municipality.slug:
            page = _service(entry, keeper)
            page.audiences = [audiences[code] for code in entry["a"]]
            page.areas = [areas[code] for code in entry["z"]]
            page.neighbourhoods = [places[name] for name in entry.get("n", ())]
            with clock.at(now - timedelta(days=entry["age"])):
                sites.publish(page, below=index)
    if municipality.slug == PROGRAMME["m"]:
        sites.publish(_programme(keeper), below=municipality.site.root_page.specific)


def _service(entry, keeper):
    return ServicePage(
        title=entry["title"],
        slug=slugify(fold(entry["title"])),
        lead=entry["lead"],
        conditions=entry.get("conditions", ""),
        cost=entry["cost"],
        steps=[("step", step) for step in entry["steps"]],
        papers=[("paper", {"text": text, "document": None}) for text in entry.get("papers", ())],
        body=[("paragraph", str(paragraphs(entry["b"])))] if "b" in entry else [],
        provider=entry.get("by", ""),
        contact_name=entry.get("who", ""),
        contact_place=entry.get("where", ""),
        contact_hours=entry.get("when", ""),
        keywords=entry.get("k", ""),
        recheck_months=entry["months"],
        keeper=keeper,
        owner=keeper,
    )


def _programme(author):
    return ProgrammePage(
        title=PROGRAMME["title"],
        slug="program-uslug-spolecznych",
        lead=PROGRAMME["lead"],
        adopted_on=date.fromisoformat(PROGRAMME["adopted_on"]),
        resolution=PROGRAMME["resolution"],
        owner=author,
        **{point.field: str(paragraphs(PROGRAMME[point.field])) for point in POINTS},
    )
