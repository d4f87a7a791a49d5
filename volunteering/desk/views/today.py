"""What is to be done today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from volunteering.desk import queues


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """All queues; only their part of the page where the open page asks for news."""
    whole = request.GET.get("kolejka", "")
    calls = queues.to_call(request.municipality, whole)
    context = {
        "queues": [*queues.waiting(whole), *([calls] if calls.total else [])],
        "coming": queues.coming(whole),
        "letters": queues.letters(request.municipality, whole),
    }
    template = "volunteering/desk/_queues.html" if request.htmx else "volunteering/desk/today.html"
    return render(request, template, context)
