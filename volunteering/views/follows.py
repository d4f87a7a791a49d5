"""What I follow: requests like those that I watch, and what happens around me."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from volunteering.domain import follows
from volunteering.errors import Refused
from volunteering.forms.follows import HourForm, RhythmForm, WatchForm
from volunteering.models import Digest, Follow, Rhythm, Standing, Watch

# By the word for them in an address.
WISHES = {"prosby": Watch, "okolica": Follow}


@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that I am told of here, how often, and the way to stop it."""
    if request.municipality is None:
        return redirect("/")
    digest = Digest.objects.of(request.user).first()
    context = {
        "watches": list(Watch.objects.of(request.user).with_things().by_age()),
        "follows": list(Follow.objects.of(request.user).with_things().by_age()),
        "rhythms": Rhythm.choices,
        "digest": digest,
        "hour_form": HourForm(initial={"godzina": digest.hour}) if digest else None,
        "is_helper": Standing.objects.active().of(request.user).exists(),
    }
    return render(request, "volunteering/follows/overview.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def watch(request: HttpRequest) -> HttpResponse:
    """Tell me about requests like these. By GET a form with what the address chooses; a button of the list, or of a
    request, sends the same by POST."""
    if request.municipality is None or not Standing.objects.active().of(request.user).exists():
        raise Http404
    if request.method == "GET":
        return _watch_form(request, WatchForm(initial=request.GET.dict()))
    form = WatchForm(request.POST)
    if not form.is_valid():
        return _watch_form(request, form)
    try:
        follows.watch(request.user, municipality=request.municipality, **form.wish())
    except Refused as refusal:
        return _watch_form(request, form, refusal.reasons, status=409)
    messages.success(request, _("Saved. You will hear of requests like these."))
    return redirect("volunteering:following")


def _watch_form(request, form, reasons=(), status=200):
    return render(request, "volunteering/follows/watch.html", {"form": form, "reasons": reasons}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, what: str, name: str) -> HttpResponse:
    """Follow a neighbourhood, a kind of initiative or an initiative. By GET a page with the button: whoever has just
    signed in lands there, and looking changes nothing."""
    thing = follows.find(what, name) if request.municipality else None
    if thing is None:
        raise Http404
    form = RhythmForm(request.POST if request.method == "POST" else None)
    context = {"thing": thing, "what": what, "form": form, "back": _back(request), "reasons": ()}
    if request.method == "GET" or not form.is_valid():
        return render(request, "volunteering/follows/follow.html", context)
    wish = {follows.field_of(thing): thing, "rhythm": form.cleaned_data["czesto"]}
    try:
        follows.follow(request.user, municipality=request.municipality, **wish)
    except Refused as refusal:
        context["reasons"] = refusal.reasons
        return render(request, "volunteering/follows/follow.html", context, status=409)
    messages.success(request, _("Saved. You will hear of what is new there."))
    return redirect(_back(request) or "volunteering:following")


@require_POST
def change(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Another rhythm for one wish."""
    wish = _own(request, what, pk)
    form = RhythmForm(request.POST)
    if form.is_valid():
        follows.set_rhythm(wish, rhythm=form.cleaned_data["czesto"])
        messages.success(request, _("Saved."))
    return redirect("volunteering:following")


@require_POST
def stop(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """No word of it any more. Pressed twice, the second time just leads back."""
    model = WISHES.get(what)
    wish = model.objects.of(request.user).of_key(pk).first() if model else None
    if wish is not None:
        follows.stop(wish)
        messages.success(request, _("Stopped. You will hear of it no more."))
    return redirect(_back(request) or "volunteering:following")


@require_POST
def hour(request: HttpRequest) -> HttpResponse:
    """When the digest comes."""
    form = HourForm(request.POST)
    if request.municipality is not None and form.is_valid():
        follows.set_hour(request.user, municipality=request.municipality, hour=form.cleaned_data["godzina"])
        messages.success(request, _("Saved."))
    return redirect("volunteering:following")


def _own(request, what, pk):
    if what not in WISHES:
        raise Http404
    return get_object_or_404(WISHES[what].objects.of(request.user).select_related("user", "municipality"), pk=pk)


def _back(request):
    """The page of ours from which the button was pressed; "" for anything else."""
    path = request.POST.get("wroc") or request.GET.get("wroc") or ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""
