"""Announcements at the desk: written, tried out, approved by a second person, sent, stopped."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteering import keyset
from volunteering.desk.announcement_page import page_of
from volunteering.desk.forms.announcements import (
    AnnouncementForm,
    HandBackForm,
    VersionForm,
    find_addressees,
    in_words,
    unsaved,
)
from volunteering.domain import announcements, audiences
from volunteering.errors import Refused
from volunteering.models import Addressees, Announcement
from volunteering.states import ANNOUNCEMENT

VERSIONED = {"ask": announcements.ask, "approve": announcements.approve, "send": announcements.send}
PLAIN = {"test": announcements.test, "cancel": announcements.cancel}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first."""
    page = keyset.page(Announcement.objects.with_people(), request.GET, order=("-pk",))
    rows = [(it, in_words(it.audience, it.subject)) for it in page.rows]
    context = {"rows": rows, "links": _links(page)}
    return render(request, "volunteering/desk/announcements/list.html", context)


def _links(page):
    return {
        "next_url": f"?after={page.next}" if page.next else "",
        "previous_url": f"?before={page.previous}" if page.previous else "",
    }


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """`do` in the address: to whom, where one comes from the page of a visit, a meeting, an initiative or a place."""
    if request.method == "GET":
        addressees = find_addressees(request.GET.get("do", "")) or (Addressees.HELPERS, None)
        return _show_form(request, AnnouncementForm(addressees=addressees))
    form = AnnouncementForm(request.POST)
    if not form.is_valid():
        return _show_form(request, form)
    announcement = announcements.write(request.municipality, actor=request.user, **form.cleaned_data)
    return redirect("desk:announcement", announcement.pk)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    announcement = _find(pk)
    if request.method == "GET" and announcement.state not in ANNOUNCEMENT["edit"].sources:
        return redirect("desk:announcement", pk)
    form = AnnouncementForm.of(announcement, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _show_form(request, form, announcement)
    try:
        announcements.edit(announcement, actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _show_form(request, form, announcement, reasons=refusal.reasons, status=409)
    return redirect("desk:announcement", pk)


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many people a choice names: a part of the page on which one writes."""
    return render(request, "volunteering/desk/announcements/_count.html", _count(request, request.GET.get("to", "")))


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The announcement as others will read it. While it is being sent an open page asks how far it has come, and is
    loaded anew at the end."""
    announcement = _find(pk)
    if not request.htmx:
        return _show(request, announcement)
    page = page_of(announcement, request.user)
    if not page.is_sending:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "volunteering/desk/announcements/_progress.html", {"page": page})


@require_safe
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look before it is sent."""
    page = page_of(_find(pk), request.user)
    if not page.may_send:
        return redirect("desk:announcement", pk)
    context = {"page": page, "version_form": VersionForm(initial={"version": page.announcement.version})}
    return render(request, "volunteering/desk/announcements/confirm.html", context)


@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of VERSIONED, about the announcement as the person has read it."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _show(request, _find(pk), reasons=[_("Read the announcement again, please.")], status=409)
    act = partial(VERSIONED[verb], version=form.cleaned_data["version"])
    return _act(request, pk, act, _done(verb))


@require_POST
def steer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of PLAIN."""
    return _act(request, pk, PLAIN[verb], _done(verb))


@require_POST
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    form = HandBackForm(request.POST, name="hand-back")
    if not form.is_valid():
        return _show(request, _find(pk), hand_back=form)
    act = partial(announcements.hand_back, note=form.cleaned_data["note"])
    return _act(request, pk, act, _done("hand_back"))


def _find(pk):
    return get_object_or_404(Announcement.objects.with_people(), pk=pk)


def _act(request, pk, act, done):
    """Calls the verb and goes back to the announcement; a refusal is shown there, as 409."""
    try:
        act(_find(pk), actor=request.user)
    except Refused as refusal:
        return _show(request, _find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, done)
    return redirect("desk:announcement", pk)


def _show(request, announcement, *, hand_back=None, reasons=(), status=200):
    context = {
        "page": page_of(announcement, request.user),
        "version_form": VersionForm(initial={"version": announcement.version}),
        "hand_back": hand_back or HandBackForm(name="hand-back"),
        "form": hand_back,
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/announcements/detail.html", context, status=status)


def _show_form(request, form, announcement=None, *, reasons=(), status=200):
    context = {"form": form, "announcement": announcement, "reasons": reasons}
    context |= _count(request, form["to"].value() or "")
    return render(request, "volunteering/desk/announcements/form.html", context, status=status)


def _count(request, key):
    """`size` is None where nobody is chosen."""
    addressees = find_addressees(key)
    if addressees is None:
        return {"size": None, "by_phone": 0, "is_large": False}
    chosen = unsaved(request.municipality, request.user, *addressees)
    size = audiences.size(chosen)
    is_large = announcements.needs_approval(chosen, size)
    return {"size": size, "by_phone": audiences.without_account(chosen), "is_large": is_large}


def _done(verb):
    return {
        "ask": _("It waits for a second person now. They have been told."),
        "approve": _("Approved. It is being sent."),
        "send": _("It is being sent."),
        "test": _("A test is on its way to you: under Notifications and by e-mail."),
        "cancel": _("The announcement is withdrawn."),
        "hand_back": _("It went back to its author."),
    }[verb]
