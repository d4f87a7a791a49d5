"""Pages of a person's notifications."""

from urllib.parse import urlencode

from django.conf import settings as installation
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from notifications import explanations, habits, inboxes, preferences, pushes
from notifications.forms import DeviceForm, HabitsForm, PreferencesForm
from notifications.models import Notification
from notifications.registry import NOTICES, origin_of
from notifications.sessions import fingerprint
from notifications.words import Wording, words

PAGE_LENGTH = 20
LAST_SEQ = 2**63 - 1


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """The list, newest first. `?before=` turns the page, `?unread=1` leaves out what was read."""
    standing = inboxes.standing_of(request.user.pk)
    before = number_from(request.GET.get("before"))
    unread_only = request.GET.get("unread") == "1"
    notifications = Notification.objects.of(request.user.pk).before(before or LAST_SEQ).with_events()
    if unread_only:
        notifications = notifications.unread()
    found = list(notifications[: PAGE_LENGTH + 1])
    page = found[:PAGE_LENGTH]
    context = {
        "notices": in_words(page, request.user),
        "inbox_standing": standing,
        "unread_only": unread_only,
        "before": before,
        # New ones are put in live only where the newest belong: on the first page of all.
        "is_newest": before is None,
        "newer_url": address(unread_only) if before else "",
        "older_url": address(unread_only, page[-1].seq) if len(found) > PAGE_LENGTH else "",
    }
    return render(request, "notifications/inbox.html", context)


def number_from(text):
    """A place in the inbox from the address; None where there is none."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def address(unread_only, before=None):
    query = {**({"unread": 1} if unread_only else {}), **({"before": before} if before else {})}
    return reverse("notifications:inbox") + (f"?{urlencode(query)}" if query else "")


def in_words(notifications, reader):
    """Pairs of notification and its words in the language of the page."""
    wording = Wording([notification.event for notification in notifications], [reader])
    return [(notification, wording.words(notification.event, reader, get_language())) for notification in notifications]


@require_safe
@never_cache
def open_notice(request: HttpRequest, seq: int) -> HttpResponse:
    """Marks one notification read and leads to its page, on the site of its municipality."""
    notifications = Notification.objects.of(request.user.pk).with_events()
    notification = get_object_or_404(notifications, seq=min(seq, LAST_SEQ))
    inboxes.mark_read(request.user, notification.seq)
    path = words(notification, request.user, get_language()).path
    if path == reverse("notifications:inbox"):
        messages.info(request, _("What this was about is no longer there."))
    here = getattr(request.municipality, "pk", None)
    elsewhere = notification.event.municipality_id not in {None, here}
    return redirect(origin_of(notification.event.municipality_id) + path if elsewhere else path)


@require_POST
def read_one(request: HttpRequest, seq: int) -> HttpResponse:
    notification = get_object_or_404(Notification.objects.of(request.user.pk), seq=min(seq, LAST_SEQ))
    inboxes.mark_read(request.user, notification.seq)
    return redirect(address(request.POST.get("unread") == "1", number_from(request.POST.get("before"))))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks read what the page showed or could show; what has come in since stays unread."""
    up_to = number_from(request.POST.get("up_to"))
    if up_to is not None:
        inboxes.mark_all_read(request.user, up_to=up_to)
        messages.success(request, _("All notifications are marked as read."))
    return redirect("notifications:inbox")


@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """Which kinds of notices also go outside the page, through which channel, when, and how many."""
    notices, channels = preferences.offered_to(request.user), preferences.channels_of(request.user)
    wanted = preferences.wanted_by(request.user, notices, channels)
    # With every box empty the form is empty, and yet it was sent.
    sent = request.POST if request.method == "POST" else None
    form = PreferencesForm(sent, notices=notices, channels=channels, wanted=wanted)
    habits_form = HabitsForm(sent, instance=habits.of(request.user.pk))
    if form.is_valid() and habits_form.is_valid():
        preferences.choose(request.user, form.wanted())
        habits.choose(request.user, **habits_form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications:settings")
    context = {"form": form, "habits_form": habits_form, "push_key": push_key()}
    return render(request, "notifications/settings.html", context)


@require_POST
def device_on(request: HttpRequest) -> HttpResponse:
    """This browser is told from now on; its script sends this after the owner's press."""
    form = DeviceForm(request.POST)
    if not pushes.is_on() or not form.is_valid():
        return HttpResponseBadRequest()
    pushes.subscribe(request.user, session=fingerprint(request.session.session_key), **form.cleaned_data)
    return HttpResponse(status=204)


@require_POST
def device_off(request: HttpRequest) -> HttpResponse:
    pushes.unsubscribe(request.user, endpoint=request.POST.get("endpoint", ""))
    return HttpResponse(status=204)


def push_key():
    """What a browser needs to ask for word; empty where the installation sends none."""
    return installation.VAPID_PUBLIC_KEY if pushes.is_on() else ""


@require_safe
@never_cache
def why(request: HttpRequest, seq: int) -> HttpResponse:
    """Why this person got one notification, and what became of it on each channel."""
    notifications = Notification.objects.of(request.user.pk).with_events()
    notification = get_object_or_404(notifications, seq=min(seq, LAST_SEQ))
    (account,) = explanations.of_notifications([notification], request.user, get_language())
    return render(request, "notifications/why.html", {"account": account})


@require_safe
@never_cache
def ledger(request: HttpRequest) -> HttpResponse:
    """The same for all of the last 30 days, and what nobody is told of."""
    before = number_from(request.GET.get("before"))
    found = list(explanations.of_inbox(request.user.pk).before(before or LAST_SEQ)[: PAGE_LENGTH + 1])
    page = found[:PAGE_LENGTH]
    here = reverse("notifications:ledger")
    context = {
        "accounts": explanations.of_notifications(page, request.user, get_language()),
        "own_acts": [] if before else explanations.own_acts(request.user),
        "newer_url": here if before else "",
        "older_url": f"{here}?before={page[-1].seq}" if len(found) > PAGE_LENGTH else "",
    }
    return render(request, "notifications/ledger.html", context)


@csrf_exempt  # the signed token is the proof: mail programs send this form by themselves (RFC 8058), without cookies
@login_not_required
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the mail of one kind, or all of it, without signing in. Opening the address changes nothing: programs
    that look through mails for dangerous links do that too."""
    names = preferences.read_token(token)
    if names is None:
        raise Http404
    user_id, kind = names
    everything = request.POST.get("all") == "1"
    if request.method == "POST":
        preferences.stop_mail(user_id, *([] if everything else [kind]))
    notice = NOTICES.get(kind)
    context = {"done": request.method == "POST", "everything": everything, "label": notice.label if notice else ""}
    return render(request, "notifications/unsubscribe.html", context)
