"""Factories of services and programmes."""

from itertools import count

from cms.models import ProgrammePage, ServiceIndexPage, ServicePage
from cms.programme_points import POINTS
from tests.factories.cms import home_of, make_page
from tests.factories.volunteering import AudienceFactory

numbers = count(1)


def plant(page, *, below, live, language="pl"):
    """As an editor does it: what is published is complete, a draft may have gaps."""
    if live:
        return make_page(page, below=below, language=language)
    page.locale, page.live = below.locale, False
    below.add_child(instance=page)
    page.save_revision(clean=False)
    return page


def make_catalogue(municipality, **fields):
    return make_page(ServiceIndexPage(**{"title": "Usługi", "slug": "uslugi", **fields}), below=home_of(municipality))


def service(*, audiences=None, areas=(), neighbourhoods=(), **fields):
    """A service that says all it must, not saved yet."""
    number = next(numbers)
    page = ServicePage(
        **{
            "title": f"Usługa {number}",
            "slug": f"usluga-{number}",
            "lead": "Ktoś przyjdzie i pomoże.",
            "cost": "Bezpłatnie",
            "steps": [("step", "Zadzwoń do nas.")],
            **fields,
        }
    )
    page.audiences = [AudienceFactory()] if audiences is None else audiences
    page.areas, page.neighbourhoods = list(areas), list(neighbourhoods)
    return page


def make_service(index, *, live=True, language="pl", **fields):
    """`audiences`, `areas` and `neighbourhoods` take lists. Call it in the scope of the municipality."""
    return plant(service(**fields), below=index, live=live, language=language)


def make_programme(municipality, *, live=True, **fields):
    number = next(numbers)
    words = {point.field: f"<p>Punkt {point.number} programu.</p>" for point in POINTS}
    fields = {"title": f"Program {number}", "slug": f"program-{number}", **words, **fields}
    return plant(ProgrammePage(**fields), below=home_of(municipality), live=live)
