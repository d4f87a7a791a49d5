"""Signing in at a click, in the demo only."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import demo, preferences
from accounts.domain import people
from accounts.second_factor import DEMO_KEY


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Lists the people of the demo who belong to this site; a click signs in as one of them."""
    if not demo.is_open(request):
        raise Http404
    here = {person.key: person for person in demo.people_here(request)}
    next_url = get_next_redirect_url(request)
    if request.method != "POST":
        return render(request, "accounts/demo.html", {"demo_people": here.values(), "next_url": next_url})
    if request.POST.get("person") not in here:
        raise Http404
    user = people.find(here[request.POST["person"]].email)
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session[DEMO_KEY] = True
    record_authentication(request, user, "demo")
    response = redirect(next_url or "accounts:landing")
    preferences.bring(request, response, user)
    return response
