"""The story of a request in words, out of its events."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.outbox import history
from volunteering.domain import search_words
from volunteering.domain.reveals import StaffReason
from volunteering.models import Visit

# %(who)s: who did it. %(helper)s: first name of the helper concerned.
SENTENCES = {
    "volunteering.request_submit": gettext_lazy("The request was sent to the centre."),
    "volunteering.request_publish": gettext_lazy("The request was published. We are looking for someone near by."),
    "volunteering.request_rewrite": gettext_lazy(
        "The centre shortened the words, so that nothing private stands in them."
    ),
    "volunteering.request_fill": gettext_lazy("All visits have somebody who will help."),
    "volunteering.request_reopen": gettext_lazy("We are looking for somebody again."),
    "volunteering.request_complete": gettext_lazy("The request is done."),
    "volunteering.request_cancel": gettext_lazy("The request was withdrawn."),
    "volunteering.request_close": gettext_lazy("The centre closed the request."),
    "volunteering.request_expire": gettext_lazy("The time has passed and nobody was found. The centre will ring you."),
    "volunteering.request_refer": gettext_lazy("The request was passed on to the centre’s services."),
    "volunteering.request_rang": gettext_lazy("The centre rang the resident."),
    "volunteering.commitment_take": gettext_lazy("%(helper)s offered to help."),
    "volunteering.commitment_assign": gettext_lazy("The centre arranged that %(helper)s will help."),
    "volunteering.commitment_accept": gettext_lazy("The help of %(helper)s was accepted."),
    "volunteering.commitment_decline": gettext_lazy("The help of %(helper)s was not accepted."),
    "volunteering.commitment_withdraw": gettext_lazy("%(helper)s cannot come."),
    "volunteering.commitment_release": gettext_lazy("The place of %(helper)s was given free."),
    "volunteering.commitment_arrive": gettext_lazy("%(helper)s is at the door."),
    "volunteering.commitment_confirm_helper": gettext_lazy("%(helper)s confirmed the visit."),
    "volunteering.commitment_confirm_resident": gettext_lazy("The visit of %(helper)s was confirmed for the resident."),
    "volunteering.commitment_complete": gettext_lazy("The visit of %(helper)s is done. Thank you!"),
    "volunteering.commitment_no_show": gettext_lazy("%(helper)s did not come."),
    "volunteering.conversation_read": gettext_lazy("The centre joined the conversation with %(helper)s."),
}
MOVED = gettext_lazy("The centre moved the visit from %(before)s to %(after)s.")
# Only staff read these: a helper need not know that somebody hides.
STAFF_SENTENCES = {
    "volunteering.request_protect": gettext_lazy("The request was protected: unlisted, a helper is chosen by hand."),
    "volunteering.request_unprotect": gettext_lazy("The request is no longer protected."),
    "neighbourhoods.whereabouts_corrected": gettext_lazy("The address or phone was corrected."),
}
REVEALS = {
    "helper": gettext_lazy("%(who)s saw the address in order to come."),
    "staff": gettext_lazy("Staff of the centre saw the address %(reason)s."),
}


@dataclass(frozen=True)
class Entry:
    """One line of the story: when, what happened, and whether a person then saw the address. `by`: who did it, with the
    whole name; for staff only."""

    at: datetime
    text: str
    is_reveal: bool = False
    by: str = ""


def timeline(help_request, *, for_staff=False):
    """All lines, oldest first, in the reader's language. Two queries, however long the story."""
    visits = Visit.objects.of_request(help_request) if for_staff else None
    events = list(history(help_request, visits))
    helper_ids = {event.data["helper"] for event in events if "helper" in event.data}
    names = {user.pk: user.first_name for user in get_user_model().objects.filter(pk__in=helper_ids)}
    pairs = ((event, _entry(event, names, for_staff=for_staff)) for event in events)
    if for_staff:
        return [replace(entry, by=str(event.actor or "")) for event, entry in pairs if entry is not None]
    return [entry for _event, entry in pairs if entry is not None]


def _entry(event, names, *, for_staff):
    if event.kind == "neighbourhoods.whereabouts_revealed":
        return _reveal_entry(event)
    if event.kind == "volunteering.visit_move":
        times = {name: _time(event.data[name]) for name in ("before", "after")}
        return Entry(event.created_at, str(MOVED) % times)
    if for_staff and (words := search_words.sentence(event)):
        return Entry(event.created_at, words)
    sentence = SENTENCES.get(event.kind) or (STAFF_SENTENCES.get(event.kind) if for_staff else None)
    if sentence is None:
        return None
    helper = names.get(event.data.get("helper")) or _("A helper")
    return Entry(event.created_at, str(sentence) % {"helper": helper} if "%(" in str(sentence) else str(sentence))


def _reveal_entry(event):
    why = event.data.get("reason", "")
    if why == "own":
        return None
    who = (event.actor.first_name if event.actor else "") or _("A helper")
    if why == "helper":
        return Entry(event.created_at, str(REVEALS["helper"]) % {"who": who}, is_reveal=True)
    reason = StaffReason(why).label if why in StaffReason.values else ""
    return Entry(event.created_at, str(REVEALS["staff"]) % {"reason": reason}, is_reveal=True)


def _time(told):
    """A set hour, or the days out of which the helper picks one, as an event keeps them."""
    start, end = (timezone.localtime(datetime.fromisoformat(told[name])) for name in ("starts_at", "ends_at"))
    first, last = date_format(start, "j E Y"), date_format(end, "j E Y")
    if not told["is_flexible"]:
        return f"{first}, {date_format(start, 'G:i')}"
    return first if first == last else f"{first} – {last}"


# What staff decided about a helper; read at the desk only, so it always says who did it.
STANDING_SENTENCES = {
    "volunteering.standing_apply": gettext_lazy("Wanted to help."),
    "volunteering.standing_meet": gettext_lazy("The talk took place."),
    "volunteering.standing_activate": gettext_lazy("May take requests from now on."),
    "volunteering.standing_suspend": gettext_lazy("Tasks were paused."),
    "volunteering.standing_end": gettext_lazy("Helping here has ended."),
    "volunteering.standing_release_first_visit": gettext_lazy("The first visit was let go ahead."),
    "volunteering.standing_first_visit": gettext_lazy("A first visit waits for the centre’s word."),
    "volunteering.standing_drops_many": gettext_lazy("Gave up several visits within a week."),
}


def standing_timeline(standing):
    """The story of a helper at this centre, oldest first, for staff."""
    entries = []
    for event in history(standing):
        by = str(event.actor or "")
        if event.kind == "volunteering.contact_revealed":
            reason = event.data.get("reason", "")
            label = StaffReason(reason).label if reason in StaffReason.values else ""
            text = _("Staff saw phone and e-mail %(reason)s.") % {"reason": label}
            entries.append(Entry(event.created_at, text, is_reveal=True, by=by))
        elif event.kind in STANDING_SENTENCES:
            entries.append(Entry(event.created_at, str(STANDING_SENTENCES[event.kind]), by=by))
    return entries
