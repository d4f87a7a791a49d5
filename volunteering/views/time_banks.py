"""The time bank of a group: my own account, what waits for my word, offers, wishes. Nobody reads another's account."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteering.domain import time_banks
from volunteering.errors import Refused
from volunteering.forms.groups import ExchangeForm, LimitForm, NoteForm
from volunteering.models import Group, GroupMember, NoteKind, TimeEntry, TimeExchange, TimeNote
from volunteering.views.groups import for_members, frame_of

STATEMENT = 50
NOTES = 60


def for_holders(view):
    """Decorator: `view(request, group, membership, account, …)` of a group with a time bank; account None where none is
    open yet."""

    @wraps(view)
    @for_members
    def wrapper(request: HttpRequest, group: Group, membership: GroupMember, **keys):
        if not hasattr(group, "time_bank"):
            raise Http404
        account = time_banks.account_of(group.time_bank, request.user)
        return view(request, group, membership, account, **keys)

    return wrapper


@require_safe
@for_holders
def page(request: HttpRequest, group: Group, membership: GroupMember, account) -> HttpResponse:
    return _show(request, group, membership, account)


def _show(request, group, membership, account, *, form=None, note_form=None, reasons=(), status=200):
    bank = group.time_bank
    context = {
        **frame_of(group, membership, "time"),
        "bank": bank,
        "account": account,
        "reasons": reasons,
        "notes": _notes(bank, account),
    }
    if account is not None:
        context |= {
            "number": account.number,
            "statement": _statement(account),
            "to_confirm": [_exchange(it, account) for it in TimeExchange.objects.waiting_for(account)],
            "reported": [_exchange(it, account) for it in TimeExchange.objects.reported_by(account)],
            "form": form or ExchangeForm(account=account, name_of=time_banks.name_of),
            "note_form": note_form or NoteForm(auto_id="note-%s"),
        }
    if membership.is_facilitator:
        context |= {"sums": time_banks.sums(bank), "limit_form": LimitForm(initial={"hours": bank.limit // 60})}
    return render(request, "volunteering/time_banks/page.html", context, status=status)


def _notes(bank, account):
    found = list(TimeNote.objects.of_bank(bank).newest_first()[:NOTES])
    rows = [
        {"note": note, "name": time_banks.name_of(note.account), "is_own": account and note.account_id == account.pk}
        for note in found
    ]
    return [(kind.label, [row for row in rows if row["note"].kind == kind]) for kind in NoteKind]


def _statement(account):
    return [
        {"entry": entry, **_exchange(entry.exchange, account)}
        for entry in TimeEntry.objects.statement(account)[:STATEMENT]
    ]


def _exchange(exchange, account):
    other = exchange.receiver if exchange.giver_id == account.pk else exchange.giver
    return {"exchange": exchange, "other": time_banks.name_of(other), "is_giver": exchange.giver_id == account.pk}


def act(view):
    """Decorator of the acts of somebody with an account: does it by POST and says so; refusals are read on the page."""

    @require_POST
    @for_holders
    @wraps(view)
    def wrapper(request: HttpRequest, group: Group, membership: GroupMember, account, **keys) -> HttpResponse:
        if account is None:
            raise Http404
        try:
            messages.success(request, view(request, group, account, **keys))
        except Refused as refusal:
            account.refresh_from_db()
            return _show(request, group, membership, account, reasons=refusal.reasons, status=409)
        return redirect("volunteering:time_bank", group.pk)

    return wrapper


@require_POST
@for_holders
def open_account(request: HttpRequest, group: Group, membership: GroupMember, account) -> HttpResponse:
    try:
        time_banks.open_account(group.time_bank, membership=membership)
    except Refused as refusal:
        return _show(request, group, membership, account, reasons=refusal.reasons, status=409)
    return redirect("volunteering:time_bank", group.pk)


@require_POST
@for_holders
def write(request: HttpRequest, group: Group, membership: GroupMember, account) -> HttpResponse:
    """“I received” books, “I gave” waits for the other one."""
    if account is None:
        raise Http404
    form = ExchangeForm(request.POST, account=account, name_of=time_banks.name_of)
    if not form.is_valid():
        return _show(request, group, membership, account, form=form)
    data = form.cleaned_data
    details = {"minutes": data["length"], "day": data["day"], "what": data["what"], "key": data["key"]}
    try:
        if data["side"] == "took":
            time_banks.thank(account, giver=data["other"], **details)
            messages.success(request, _("It is booked. Thank you."))
        else:
            time_banks.report(account, receiver=data["other"], **details)
            messages.success(request, _("It is written down and waits for the other one’s word."))
    except Refused as refusal:
        account.refresh_from_db()
        return _show(request, group, membership, account, form=form, reasons=refusal.reasons, status=409)
    return redirect("volunteering:time_bank", group.pk)


@act
def confirm(request: HttpRequest, group: Group, account, exchange_pk: int) -> str:
    time_banks.confirm(get_object_or_404(TimeExchange.objects.received_by(account), pk=exchange_pk))
    return _("It is booked. Thank you.")


@act
def decline(request: HttpRequest, group: Group, account, exchange_pk: int) -> str:
    time_banks.decline(get_object_or_404(TimeExchange.objects.received_by(account), pk=exchange_pk))
    return _("Nothing is booked.")


@act
def withdraw(request: HttpRequest, group: Group, account, exchange_pk: int) -> str:
    time_banks.withdraw(get_object_or_404(TimeExchange.objects.given_by(account), pk=exchange_pk))
    return _("You have taken it back.")


@require_POST
@for_holders
def note(request: HttpRequest, group: Group, membership: GroupMember, account) -> HttpResponse:
    if account is None:
        raise Http404
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return _show(request, group, membership, account, note_form=form)
    try:
        time_banks.note(account, kind=form.cleaned_data["kind"], text=form.cleaned_data["words"])
    except Refused as refusal:
        return _show(request, group, membership, account, note_form=form, reasons=refusal.reasons, status=409)
    return redirect("volunteering:time_bank", group.pk)


@act
def remove_note(request: HttpRequest, group: Group, account, note_pk: int) -> str:
    time_banks.remove_note(get_object_or_404(TimeNote.objects.by(account), pk=note_pk))
    return _("It is removed.")


@require_POST
@for_holders
def lead(request: HttpRequest, group: Group, membership: GroupMember, account) -> HttpResponse:
    """The facilitator sets the limit."""
    form = LimitForm(request.POST)
    if not membership.is_facilitator:
        raise Http404
    if form.is_valid():
        time_banks.set_limit(group.time_bank, minutes=60 * form.cleaned_data["hours"])
        messages.success(request, _("The limit is changed."))
    else:
        messages.warning(request, _("Choose from 0 to 100 hours."))
    return redirect("volunteering:time_bank", group.pk)


@require_POST
@for_holders
def correct(request: HttpRequest, group: Group, membership: GroupMember, account) -> HttpResponse:
    """By the number that one of the two reads out from their statement: the facilitator reads no accounts."""
    if not membership.is_facilitator:
        raise Http404
    number = request.POST.get("number", "").strip()
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    found = TimeExchange.objects.of_bank(group.time_bank).booked().by_key(pk)
    try:
        if found is None:
            raise Refused(_("There is no exchange with this number here."))
        time_banks.correct(found)
    except Refused as refusal:
        return _show(request, group, membership, account, reasons=refusal.reasons, status=409)
    messages.success(request, _("It is put right by an entry the other way round."))
    return redirect("volunteering:time_bank", group.pk)
