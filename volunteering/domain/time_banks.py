"""Time banks: reporting hours, confirming them, booking them, putting right what was wrong.

A balance changes by compare and set, in the same transaction as the two entries, so it is within its limit however many
confirm at once. Accounts are changed in the order of their keys.
"""

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from volunteering.domain import discreet, words
from volunteering.domain.one_row import one_row
from volunteering.errors import Refused
from volunteering.models import (
    MOST_MINUTES,
    NOTE_LIMIT,
    EntrySide,
    ExchangeState,
    Group,
    GroupMember,
    TimeAccount,
    TimeBank,
    TimeEntry,
    TimeExchange,
    TimeNote,
)

log = logging.getLogger(__name__)

LONGEST_AGO = timedelta(days=90)
MOST_NOTES = 10
NOTES_KEPT = timedelta(days=180)
MOST_LIMIT = 100 * 60


# --- The bank and its accounts ----------------------------------------------------------------------------------------


@transaction.atomic
def open_bank(group, *, limit=None):
    """The group counts hours from now on. `limit`: minutes below zero."""
    return TimeBank.objects.get_or_create(group=group, defaults={} if limit is None else {"limit": limit})[0]


def bank_of(group):
    return TimeBank.objects.filter(group=group).first()


@transaction.atomic
def set_limit(bank, *, minutes):
    """So far below zero may accounts go from now on. Who is further down already stays there until they have given."""
    if not 0 <= minutes <= MOST_LIMIT:
        raise Refused(_("Choose from 0 to 100 hours."))
    TimeBank.objects.filter(pk=bank.pk).update(limit=minutes)
    # In the order in which exchanges lock them.
    list(TimeAccount.objects.of_bank(bank).open().order_by("pk").select_for_update(of=("self",)))
    TimeAccount.objects.of_bank(bank).open().update(limit=Greatest(minutes, F("balance") * -1))


@transaction.atomic
def open_account(bank, *, membership):
    """The member's account, with a number that tells people of one name apart. Raises Refused for who shows the group
    no name: nobody can thank somebody without one."""
    # Whoever is leaving at this moment has no account afterwards.
    Group.objects.select_for_update(of=("self",)).get(pk=bank.group_id)
    if not GroupMember.objects.present().filter(pk=membership.pk, group=bank.group_id).exists():
        raise Refused(_("You do not belong to this group any more."))
    if not membership.shows_name:
        raise Refused(_("In the time bank people know each other by first name. Show yours to the group first."))
    locked = TimeBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
    account = TimeAccount.objects.of_bank(bank).of(membership.user).first()
    if account is not None:
        return account
    account = TimeAccount.objects.create(
        bank=locked, number=locked.next_number, user=membership.user, limit=locked.limit
    )
    TimeBank.objects.filter(pk=locked.pk).update(next_number=locked.next_number + 1)
    return account


def account_of(bank, user):
    return TimeAccount.objects.of_bank(bank).of(user).open().first()


def has_account(group, user):
    return TimeAccount.objects.filter(bank=group.pk).of(user).open().exists()


@transaction.atomic
def close_account(group, user):
    """Who leaves takes the name, the offers and what was not booked along; the booked minutes stay, nameless."""
    for account in TimeAccount.objects.filter(bank=group.pk).of(user):
        _lock_bank(group.pk)
        waiting = TimeExchange.objects.concerning(account).proposed().order_by("pk")
        # Locked first: what is confirmed at this moment is booked, and no longer there to be withdrawn.
        keys = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
        withdrawn = {"state": ExchangeState.WITHDRAWN, "changed_at": timezone.now()}
        TimeExchange.objects.filter(pk__in=keys).update(**withdrawn)
        TimeExchange.objects.concerning(account).update(what="")
        TimeNote.objects.by(account).delete()
        TimeAccount.objects.filter(pk=account.pk).update(user=None, closed_at=timezone.now())


def name_of(account):
    """What others in the bank call the holder of an account."""
    name = account.user.first_name if account.user_id else ""
    return _("%(name)s (no. %(number)d)") % {"name": name or _("A member"), "number": account.number}


# --- Exchanges --------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(giver, *, receiver, minutes, day, key, what=""):
    """“I gave”: waits until the one who received it confirms."""
    exchange, is_new = _write(giver, receiver, minutes=minutes, day=day, key=key, what=what)
    if is_new:
        discreet.tell(exchange.bank.group, discreet.EXCHANGE, exchange=exchange.pk)
    return exchange


@transaction.atomic
def thank(receiver, *, giver, minutes, day, key, what=""):
    """“I received”: the one who received it says so, so it is booked at once."""
    exchange, is_new = _write(giver, receiver, minutes=minutes, day=day, key=key, what=what)
    return confirm(exchange) if is_new else exchange


def _write(giver, receiver, *, minutes, day, key, what):
    if reasons := _reasons_against(giver, receiver, minutes, day):
        raise Refused(*reasons)
    _lock_bank(giver.bank_id)
    if TimeAccount.objects.filter(pk__in=[giver.pk, receiver.pk]).exclude(closed_at=None).exists():
        raise Refused(_("This person is not in this time bank any more."))
    return TimeExchange.objects.select_related("bank__group__municipality__site").get_or_create(
        bank_id=giver.bank_id,
        key=key,
        defaults={
            "giver": giver,
            "receiver": receiver,
            "minutes": minutes,
            "day": day,
            "what": words.clean(what).strip()[:NOTE_LIMIT],
        },
    )


def _lock_bank(pk):
    """What is written into a bank comes one after the other: the same key twice is one exchange, and nobody gives to
    whoever is just leaving."""
    TimeBank.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _reasons_against(giver, receiver, minutes, day):
    today = timezone.localdate()
    obstacles = (
        (giver.pk == receiver.pk, _("Choose somebody else: nobody gives time to themselves.")),
        (giver.bank_id != receiver.bank_id, _("This person is not in this time bank.")),
        (bool(giver.closed_at or receiver.closed_at), _("This person is not in this time bank any more.")),
        (not 0 < minutes <= MOST_MINUTES, _("Give from one minute to a whole day.")),
        (day > today, _("Write it down after it has happened.")),
        (day < today - LONGEST_AGO, _("That was long ago. Ask the facilitator.")),
    )
    return [sentence for stands_in_the_way, sentence in obstacles if stands_in_the_way][:1]


@transaction.atomic
def confirm(exchange):
    """The one who received it says that it was so: both sides are booked, or nothing. Confirming twice books once.
    Raises Refused where that would go below the limit."""
    exchange = _move(exchange, ExchangeState.BOOKED)
    _book(exchange, below_limit_too=False)
    return exchange


@transaction.atomic
def decline(exchange):
    """It was not so. Nothing is booked."""
    return _move(exchange, ExchangeState.DECLINED)


@transaction.atomic
def withdraw(exchange):
    """The one who reported it takes it back."""
    return _move(exchange, ExchangeState.WITHDRAWN)


def _move(exchange, state):
    waiting = one_row(TimeExchange, exchange.pk).filter(state=ExchangeState.PROPOSED)
    changed = waiting.update(state=state, changed_at=timezone.now())
    if not changed:
        raise Refused(_("This has been settled already."))
    return TimeExchange.objects.with_sides().get(pk=exchange.pk)


@transaction.atomic
def correct(exchange, *, key=None):
    """The facilitator puts right what was booked by mistake, by an exchange the other way round; both stay. Once for
    each, and never refused for the limit: a mistake must not stand because somebody has spent it."""
    locked = TimeExchange.objects.booked().select_for_update(of=("self",)).filter(pk=exchange.pk).first()
    if locked is None or locked.corrects_id or TimeExchange.objects.filter(corrects=exchange.pk).exists():
        raise Refused(_("This cannot be put right, or has been already."))
    counter = TimeExchange.objects.create(
        bank_id=locked.bank_id,
        giver_id=locked.receiver_id,
        receiver_id=locked.giver_id,
        minutes=locked.minutes,
        day=timezone.localdate(),
        state=ExchangeState.BOOKED,
        corrects=locked,
        key=key or uuid.uuid4(),
    )
    _book(counter, below_limit_too=True)
    return counter


def _book(exchange, *, below_limit_too):
    """Two entries and two balances, the lower key first."""
    sides = [(exchange.giver_id, EntrySide.GAVE, exchange.minutes)]
    sides.append((exchange.receiver_id, EntrySide.TOOK, -exchange.minutes))
    for account, _side, minutes in sorted(sides):
        _add(account, minutes, below_limit_too=below_limit_too)
    now = timezone.now()
    TimeEntry.objects.bulk_create(
        TimeEntry(exchange=exchange, account_id=account, side=side, minutes=minutes, booked_at=now)
        for account, side, minutes in sides
    )


def _add(account, minutes, *, below_limit_too):
    """Compare and set: the limit is looked at by the same statement that changes the balance."""
    found = one_row(TimeAccount, account)
    if below_limit_too:
        found.update(balance=F("balance") + minutes, limit=Greatest(F("limit"), (F("balance") + minutes) * -1))
        return
    within = found if minutes > 0 else found.filter(balance__gte=-minutes - F("limit"))
    if not within.update(balance=F("balance") + minutes):
        raise Refused(_("That would go below the limit of this time bank. First give an hour to somebody."))


# --- Offers and wishes ------------------------------------------------------------------------------------------------


@transaction.atomic
def note(account, *, kind, text):
    text = words.clean(text).strip()[:NOTE_LIMIT]
    if not text:
        raise Refused(_("Write in a few words what it is."))
    if TimeNote.objects.by(account).count() >= MOST_NOTES:
        raise Refused(_("You have ten notes here already. Remove one that is no longer needed."))
    return TimeNote.objects.create(account=account, kind=kind, words=text)


def remove_note(found):
    TimeNote.objects.filter(pk=found.pk).delete()


# --- Sums -------------------------------------------------------------------------------------------------------------


def sums(bank):
    """What the facilitator reads: of all together, of nobody apart."""
    month = timezone.localdate().replace(day=1)
    return (
        TimeExchange.objects.booked()
        .filter(bank=bank, corrects=None, corrected_by=None)
        .aggregate(
            number=Count("pk"),
            together=Sum("minutes", default=0),
            this_month=Sum("minutes", default=0, filter=Q(day__gte=month)),
        )
    )


def faults(bank=None):
    """Keys of accounts and exchanges that do not agree with their entries. There are none; a duty looks daily."""
    accounts, exchanges = TimeAccount.objects.wrong(), TimeExchange.objects.unbalanced()
    if bank is not None:
        accounts, exchanges = accounts.of_bank(bank), exchanges.filter(bank=bank)
    return sorted(accounts.values_list("pk", flat=True)), sorted(exchanges.values_list("pk", flat=True))


def check_books():
    """Of the open municipality. Said aloud in the log, where operators see it."""
    accounts, exchanges = faults()
    if accounts or exchanges:
        log.error("The books of a time bank do not agree: accounts %s, exchanges %s", accounts, exchanges)


def forget_old(now):
    """Notes that are long there are out of date; words of old exchanges go, their minutes stay."""
    TimeNote.objects.made_before(now - NOTES_KEPT).delete()
    TimeExchange.objects.filter(changed_at__lt=now - NOTES_KEPT).exclude(what="").update(what="")
