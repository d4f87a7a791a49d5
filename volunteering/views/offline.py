"""What a phone shows without a network: the next visits as they were last known, and whom to ring."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from volunteering.models import Commitment

AHEAD = timedelta(days=14)
LONGEST = 20


@login_not_required
@require_safe
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker, so it says no address, no phone of a person and no name."""
    coming = []
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        now = timezone.now()
        coming = Commitment.objects.of_both_sides(request.user).starting_between(now - timedelta(hours=6), now + AHEAD)
        coming = coming.with_details().order_by("starts_at", "pk")[:LONGEST]
    context = {"coming": coming, "as_of": timezone.now(), "municipality": request.municipality}
    return render(request, "volunteering/offline.html", context)
