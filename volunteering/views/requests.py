"""Lists of requests: the public one, which tells a burglar nothing, and one's own."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from neighbourhoods.public_pages import public_page
from volunteering import keyset
from volunteering.domain.weeks import week_of
from volunteering.filters import HelpRequestFilter
from volunteering.forms.draft import Draft
from volunteering.models import Commitment, HelpRequest, Participation, Proposal, Standing

MOST_SHOWN = 50


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Open requests: kind, neighbourhood and week for everybody; words, day and hour for active helpers here."""
    is_helper = helps_here(request)
    found = HelpRequestFilter(request.GET, queryset=HelpRequest.objects.listed(), request=request, with_words=is_helper)
    context = {
        "filter": found,
        "is_helper": is_helper,
        # Asked for only where the template does not have its piece of the page yet: it is the same for all helpers.
        "found": SimpleLazyObject(partial(_found, found, request.GET)),
        "address": request.GET.urlencode(),
        # As it stands in the address: whoever wishes to hear of more like this is asked again there.
        "wanted": {name: request.GET.get(name, "") for name in ("kategoria", "gdzie", "slowa")},
    }
    return render(request, "volunteering/requests/list.html", context)


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """What I have asked for, what I have promised, what I have signed up for."""
    requests = HelpRequest.objects.asked_by(request.user).with_details().with_open_visits()
    context = {
        "current": list(requests.unfinished().order_by("-created_at", "-pk")[:MOST_SHOWN]),
        "past": list(requests.over()[:MOST_SHOWN]),
        "promises": Commitment.objects.of(request.user).live().count(),
        "helps": Standing.objects.of(request.user).exists(),
        "sign_ups": list(Participation.objects.ahead_of(request.user)[:MOST_SHOWN]),
        "ideas": list(Proposal.objects.of(request.user).with_people().latest()[:MOST_SHOWN]),
        "has_draft": bool(Draft(request.session, municipality=request.municipality, user=request.user)),
    }
    return render(request, "volunteering/requests/mine.html", context)


def helps_here(request):
    """Whether an active helper of this gmina is looking. Strangers are known by having no session cookie, so that
    their pages stay the same for all."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    return Standing.objects.active().of(request.user).exists()


def _found(found, params):
    details = found.qs.with_card().with_open_visits()
    page = keyset.page(details, params, order=("-published_at", "-id"))
    return {
        # Somebody may have taken the last open visit between two queries.
        "rows": [_row(help_request) for help_request in page.rows if help_request.open_visits],
        "count": keyset.capped_count(found.qs),
        "links": found.links(page),
    }


def _row(help_request):
    visit = help_request.open_visits[0]
    return {"help_request": help_request, "visit": visit, "week": week_of(visit.starts_at).label}
