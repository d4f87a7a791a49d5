"""Who is told of a visit: the best people who were not told yet. Every alert is a row that says who, when and why."""

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.domain import reasons
from volunteering.domain.suggestions import helpers_for, is_too_late
from volunteering.errors import Refused
from volunteering.models import Alert, Visit
from volunteering.states import RequestState, VisitState


def alert_helpers(visit, *, wave=1, limit=None, anew=False):
    """Tells the best helpers who have not been told of this visit yet, as many as the municipality's `alert_count` (or
    `limit`) says; returns their alerts. For verbs: runs in the caller's transaction and raises NoTransaction outside.

    Nobody is told of a protected request, of one that is not open, or of a visit that is full or too late. `anew`: who
    was told before is told again where they are among the best (`tell_anew`).
    """
    visit = _lock(visit)
    help_request = visit.help_request
    if (
        visit.state != VisitState.OPEN
        or help_request.state != RequestState.OPEN
        or help_request.protected
        or is_too_late(visit)
    ):
        return []
    told = dict(Alert.objects.filter(visit=visit).values_list("volunteer_id", "pk"))
    chosen = [it for it in helpers_for(visit) if anew or it.volunteer.pk not in told]
    chosen = chosen[: help_request.municipality.alert_count if limit is None else limit]
    if not chosen:
        return []
    alerts = _write([_alert(suggested, wave) for suggested in chosen], told)
    publish(
        "volunteering.visit_alert",
        visit,
        municipality=help_request.municipality,
        alerts=[alert.pk for alert in alerts],
        wave=wave,
    )
    return alerts


def tell_anew(visit):
    """After a visit has got another time, what was answered about the old one says nothing any more: the best helpers
    for the new time are told, also those who knew of the visit or had declined it. For verbs, as `alert_helpers`."""
    visit = _lock(visit)
    told = list(Alert.objects.filter(visit=visit).exclude(answer=Alert.Answer.TAKEN))
    for alert in told:
        alert.answer = Alert.Answer.NONE
        alert.parts["reasons"] = reasons.without_time(alert.parts.get("reasons", []))
    Alert.objects.bulk_update(told, ["answer", "parts"])
    return alert_helpers(visit, anew=True)


@transaction.atomic
def decline(alert, *, actor):
    """Not this time: the next best person is told at once. Declining twice changes nothing; who has taken the visit
    gives it up instead (Refused)."""
    visit = _lock(Visit(pk=alert.visit_id))
    locked = Alert.objects.select_for_update().get(pk=alert.pk)
    if locked.answer == Alert.Answer.TAKEN:
        raise Refused(_("You have taken this visit. If you cannot come, please give it up on its page."))
    if locked.answer == Alert.Answer.DECLINED:
        return locked
    locked.answer = Alert.Answer.DECLINED
    locked.save(update_fields=["answer"])
    publish(
        "volunteering.alert_decline",
        visit,
        actor=actor,
        municipality=visit.help_request.municipality,
        alert=locked.pk,
    )
    alert_helpers(visit, wave=locked.wave, limit=1)
    return locked


def reasons_of(alert):
    """Why this person was told, as sentences to them: `Reason` objects, put into words when they are shown."""
    category = alert.visit.help_request.category
    return reasons.told(reasons.kept(alert.parts.get("reasons", []), category))


def _alert(suggested, wave):
    return Alert(
        visit=suggested.visit,
        volunteer=suggested.volunteer,
        wave=wave,
        score=suggested.score,
        parts={
            **suggested.parts,
            "band": suggested.band_metres,
            "reasons": [reason.as_json for reason in suggested.all_reasons],
        },
    )


def _write(alerts, told):
    """New rows, and those of people who were told before (`told`: key of the person → key of the row) as they are now:
    there is one row for a visit and a helper."""
    for alert in alerts:
        alert.pk = told.get(alert.volunteer_id)
    Alert.objects.bulk_create(alert for alert in alerts if alert.volunteer_id not in told)
    again = [alert for alert in alerts if alert.volunteer_id in told]
    Alert.objects.bulk_update(again, ["wave", "score", "parts", "answer", "created_at"])
    return alerts


def _lock(visit):
    """The visit with its request, locked: two waves at once would tell the same people."""
    locked = Visit.objects.with_details().select_for_update(of=("self",))
    return locked.get(pk=visit.pk)
