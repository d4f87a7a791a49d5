"""Public places at the desk: the part of the map of the neighbourhood that the centre keeps up by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neighbourhoods.domain import public_places
from neighbourhoods.models import PublicPlace
from volunteering.desk.forms.public_places import PlaceForm


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    places = PublicPlace.objects.with_details().order_by("name", "pk")
    return render(request, "volunteering/desk/partners/places.html", {"places": places})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return _write(request, PublicPlace(municipality=request.municipality), done=_("Added."))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(request, find(pk), done=_("Saved."))


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    public_places.remove(find(pk), actor=request.user)
    messages.success(request, _("Removed."))
    return redirect("desk:places")


def find(pk):
    return get_object_or_404(PublicPlace.objects.with_details(), pk=pk)


def _write(request, place, *, done):
    form = PlaceForm(request.POST if request.method == "POST" else None, instance=place)
    if request.method == "POST" and form.is_valid():
        public_places.keep(form.instance, actor=request.user)
        messages.success(request, done)
        return redirect("desk:places")
    return render(request, "volunteering/desk/partners/place_form.html", {"form": form, "place": place})
