"""The twelve points of art. 5(3) of the CUS Act: their fields, their headings for readers, and the words of the law."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Point:
    number: int
    field: str
    # Stands in addresses (…/#oplaty), so it stays as it is.
    anchor: str
    heading: Promise
    law: Promise

    @property
    def numbered(self):
        return format_lazy("{number}. {heading}", number=self.number, heading=self.heading)

    @property
    def gap(self):
        """What an editor is told who leaves the field empty."""
        return format_lazy(
            _("Point {number} of art. 5(3) of the CUS Act is missing: {heading}."),
            number=self.number,
            heading=self.heading,
        )


# Translators: the Polish words of `law` are those of art. 5(3) of the Act of 19 July 2019 and may not be shortened.
POINTS = (
    Point(1, "name_and_aim", "cel", _("Name and aim"), _("The name and the aim of the programme.")),
    Point(2, "period", "okres", _("Period"), _("The period in which the programme is carried out.")),
    Point(
        3,
        "needs",
        "potrzeby",
        _("Needs that it answers"),
        _("A description of the needs that justify carrying out the programme."),
    ),
    Point(
        4,
        "people",
        "dla-kogo",
        _("For whom, and for how many people"),
        _("A description and the expected number of the people covered by the programme."),
    ),
    Point(5, "services", "uslugi", _("Services"), _("The social services offered in the programme.")),
    Point(
        6,
        "qualifying",
        "jak-skorzystac",
        _("Who qualifies, and how"),
        _(
            "The conditions and the procedure of qualifying people who are interested in using the social services of "
            "the programme."
        ),
    ),
    Point(
        7,
        "fees",
        "oplaty",
        _("Fees and reliefs"),
        _(
            "The amount of the fee for social services, the people entitled to reliefs and the amount of these "
            "reliefs, if the programme provides for a fee or reliefs. If there is no fee, write that the services are "
            "free of charge."
        ),
    ),
    Point(
        8,
        "proof",
        "dokumenty",
        _("How to prove it"),
        _("How it is documented that the conditions of point 6 are met and that people are entitled to reliefs."),
    ),
    Point(
        9,
        "personal_data",
        "dane",
        _("Personal data"),
        _(
            "The personal data needed for qualifying people, including data named in art. 9(1) and art. 10 of the "
            "General Data Protection Regulation."
        ),
    ),
    Point(
        10,
        "organisation",
        "organizacja",
        _("Organisation and stages"),
        _("The organisation of the programme, including the stages in which it is carried out."),
    ),
    Point(
        11,
        "monitoring",
        "ocena",
        _("How we check that it works"),
        _("How the programme is monitored and evaluated, and the measures of its effectiveness."),
    ),
    Point(12, "budget", "budzet", _("Budget"), _("The budget of the programme and the sources of its financing.")),
)
