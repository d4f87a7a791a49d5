"""The ledger of who was told of which visit: when, in which wave, why, and what they answered. Who is asked next, and
when, is decided in `waves`."""

from django.db.models import F
from django.utils import timezone

from notifications.outbox import publish
from volunteering.domain import caps, reasons
from volunteering.domain.suggestions import helpers_for, is_too_late
from volunteering.models import Alert, Visit
from volunteering.states import RequestState, VisitState

# Who says "ask me again" is asked about one visit at most so often.
MOST_TIMES = 3


def lock(visit, **options):
    """The visit with its request, locked: two waves at once would tell the same people. None where it is skipped."""
    return Visit.objects.with_details().select_for_update(of=("self",), **options).filter(pk=visit.pk).first()


def is_wanted(visit):
    """Whether people may be told: nobody is of a protected request, of one that is not open, or of a visit that is full
    or too late."""
    help_request = visit.help_request
    return (
        visit.state == VisitState.OPEN
        and help_request.state == RequestState.OPEN
        and not help_request.protected
        and not is_too_late(visit)
    )


def still_to_ask(visit):
    """Two lists of suggestions, the best first: people who were not told of this visit at its present time, and those
    who were and wish to be asked again."""
    told = {alert.volunteer_id: alert for alert in Alert.objects.current().filter(visit=visit)}
    found = helpers_for(visit)
    again = [it for it in found if it.volunteer.pk in told and _wants_again(told[it.volunteer.pk])]
    return [it for it in found if it.volunteer.pk not in told], again


def is_awaited(visit):
    """Whether somebody who was told may still answer, or wishes to be asked again."""
    return any(
        alert.answer == Alert.Answer.NONE or _wants_again(alert)
        for alert in Alert.objects.current().filter(visit=visit)
    )


def tell(visit, chosen, *, wave, cap=None, actor=None, is_invitation=False, **details):
    """Tells the chosen (`Suggested`), but nobody beyond their `cap` of today; returns their alerts. For verbs, with the
    visit locked: raises NoTransaction outside a transaction. `details`: what the event says besides."""
    claimed = caps.claim([it.volunteer.pk for it in chosen], cap) if chosen else ()
    alerts = [_alert(it, wave, actor if is_invitation else None) for it in chosen if it.volunteer.pk in claimed]
    if not alerts:
        return []
    _write(visit, alerts)
    publish(
        "volunteering.visit_alert",
        visit,
        actor=actor,
        municipality=visit.help_request.municipality,
        alerts=[alert.pk for alert in alerts],
        wave=wave,
        **details,
    )
    return alerts


def forget_answers(visit):
    """After a visit has got another time, what was answered about the old one says nothing any more, and who was told
    of the old one may be told of the new one."""
    told = list(Alert.objects.filter(visit=visit).exclude(answer=Alert.Answer.TAKEN))
    for alert in told:
        alert.answer, alert.wave, alert.times = Alert.Answer.NONE, 0, 0
        alert.parts["reasons"] = reasons.without_time(alert.parts.get("reasons", []))
    Alert.objects.bulk_update(told, ["answer", "wave", "times", "parts"])


def reasons_of(alert):
    """Why this person was told, as sentences to them: `Reason` objects, put into words when they are shown."""
    return reasons.told(_reasons(alert))


def staff_reasons_of(alert):
    """The same about the helper, and what only staff may know."""
    return [reason.for_staff for reason in _reasons(alert)]


def _reasons(alert):
    return reasons.kept(alert.parts.get("reasons", []), alert.visit.help_request.category)


def _wants_again(alert):
    return alert.answer == Alert.Answer.LATER and alert.times < MOST_TIMES


def _alert(suggested, wave, invited_by):
    return Alert(
        visit=suggested.visit,
        volunteer=suggested.volunteer,
        wave=wave,
        score=suggested.score,
        invited_by=invited_by,
        created_at=timezone.now(),
        parts={
            **suggested.parts,
            "band": suggested.band_metres,
            "reasons": [reason.as_json for reason in suggested.all_reasons],
        },
    )


def _write(visit, alerts):
    """New rows, and those of people who were told before as they are now: there is one row for a visit and a helper."""
    people = [alert.volunteer_id for alert in alerts]
    known = dict(Alert.objects.filter(visit=visit, volunteer__in=people).values_list("volunteer_id", "pk"))
    for alert in alerts:
        alert.pk = known.get(alert.volunteer_id)
    Alert.objects.bulk_create(alert for alert in alerts if alert.volunteer_id not in known)
    again = [alert for alert in alerts if alert.volunteer_id in known]
    if again:
        Alert.objects.bulk_update(again, ["wave", "score", "parts", "answer", "invited_by", "created_at"])
        Alert.objects.filter(pk__in=known.values()).update(times=F("times") + 1)


def waiting_since(visit, moment):
    """Keys of the alerts since then that nobody has answered."""
    waiting = Alert.objects.current().filter(visit=visit, answer=Alert.Answer.NONE, created_at__gte=moment)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
