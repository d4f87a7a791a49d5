"""The poster of an initiative, to be printed and hung up. Of closed groups there is none."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.domain import posters
from neighbourhoods.public_pages import public_page
from volunteering.models import Initiative, Joining

MOST_MEETINGS = 4
LOGO = "max-600x300|format-png"


@public_page
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """`format=a5` in the address: twice on one sheet, to be cut."""
    initiative = get_object_or_404(Initiative.objects.open_to_passers_by().with_details(), slug=slug)
    look = posters.look_of(request.municipality)
    size = request.GET.get("format")
    words = _words(request, initiative, look, size if size in posters.SIZES else "a4")
    response = HttpResponse(posters.pdf(words, logo=_logo(look)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="plakat-{initiative.slug}.pdf"'
    return response


def _words(request, initiative, look, size):
    municipality, phone = request.municipality, look.phone or request.municipality.phone
    address = request.build_absolute_uri(initiative.get_absolute_url())
    return posters.Poster(
        title=initiative.title,
        summary=initiative.summary,
        facts=[fact for fact in _facts(initiative) if fact.lines],
        invitation=_invitation(initiative),
        phone=phone.as_national,
        address=address,
        qr=_("QR code that leads to %(address)s") % {"address": address},
        centre=municipality.centre_name,
        colour=look.colour,
        language=get_language(),
        size=size,
    )


def _facts(initiative):
    meetings = list(initiative.meetings.upcoming().with_details()[:MOST_MEETINGS])
    times = render_to_string("cms/poster_times.txt", {"meetings": meetings}).split("\n")
    yield posters.Fact(_("When"), [line for line in map(str.strip, times) if line])
    yield posters.Fact(_("Where"), list(dict.fromkeys(meeting.place for meeting in meetings)))
    audiences = ", ".join(audience.name for audience in initiative.audiences.all())
    yield posters.Fact(_("For whom"), [audiences] if audiences else [])
    yield posters.Fact(_("Who runs it"), [initiative.host_name])


def _invitation(initiative):
    if initiative.joining == Joining.OPEN:
        return _("Come along! Questions? Ring us:")
    return _("Would you like to join? Ring us first:")


def _logo(look):
    if look.logo is None:
        return None
    with look.logo.get_rendition(LOGO).file.open() as file:
        return file.read()
