"""Pages of people's own settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def landing(request: HttpRequest) -> HttpResponse:
    """Where a person arrives after signing in."""
    return redirect("/")
