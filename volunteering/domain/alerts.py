"""Who is told of a visit: the best people who were not told yet. Every alert is a row that says who, when and why."""

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.domain import reasons
from volunteering.domain.suggestions import helpers_for, is_too_late
from volunteering.errors import Refused
from volunteering.models import Alert, Visit
from volunteering.states import RequestState, VisitState


def alert_helpers(visit, *, wave=1, limit=None):
    """Tells the best helpers who have not been told of this visit yet, as many as the municipality's `alert_count` (or
    `limit`) says; returns their alerts. For verbs: runs in the caller's transaction and raises NoTransaction outside.

    Nobody is told of a protected request, of one that is not open, or of a visit that is full or too late.
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
    told = set(Alert.objects.filter(visit=visit).values_list("volunteer_id", flat=True))
    chosen = [it for it in helpers_for(visit) if it.volunteer.pk not in told]
    chosen = chosen[: help_request.municipality.alert_count if limit is None else limit]
    if not chosen:
        return []
    alerts = Alert.objects.bulk_create(_alert(suggested, wave) for suggested in chosen)
    publish(
        "volunteering.visit_alert",
        visit,
        municipality=help_request.municipality,
        alerts=[alert.pk for alert in alerts],
        wave=wave,
    )
    return alerts


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


def _lock(visit):
    """The visit with its request, locked: two waves at once would tell the same people."""
    locked = Visit.objects.with_details().select_for_update(of=("self",))
    return locked.get(pk=visit.pk)
