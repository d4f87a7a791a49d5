"""The rules of the municipality, and how its centre is reached: for its organisers only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neighbourhoods.domain import municipalities
from neighbourhoods.models import Municipality
from volunteering.desk.access import for_organisers
from volunteering.desk.forms.settings import ContactForm, RulesForm


@for_organisers
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    # A copy of its own: a form writes what was typed into its object, and the page around it shows the real rules.
    municipality = Municipality.objects.get(pk=request.municipality.pk)
    form = RulesForm(request.POST if request.method == "POST" else None, instance=municipality)
    if request.method == "POST" and form.is_valid():
        municipalities.change_rules(request.municipality, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. The new rules hold from now on."))
        return redirect("desk:settings")
    return render(request, "volunteering/desk/settings.html", {"form": form})


@for_organisers
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    municipality = Municipality.objects.get(pk=request.municipality.pk)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=municipality)
    if request.method == "POST" and form.is_valid():
        municipalities.change_contact(request.municipality, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Every page shows it from now on."))
        return redirect("desk:contact")
    return render(request, "volunteering/desk/contact.html", {"form": form})
