"""Opinions of residents: sent, read, answered, erased."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.errors import Refused
from volunteering.models import Opinion
from volunteering.states import OpinionState

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_SOURCE_AND_HOUR, PER_HOUR = 5, 60
KEPT = timedelta(days=365)
ADDRESS_KEPT = timedelta(days=30)


@transaction.atomic
def send(municipality, *, words, email="", source=""):
    """Keeps an opinion and tells the people at the desk. Raises Refused where too many came from one place, or from
    everywhere."""
    recent = Opinion.objects.filter(municipality=municipality).since(timezone.now() - HOUR)
    from_here = recent.from_source(source).count() if source else 0
    if from_here >= PER_SOURCE_AND_HOUR or recent.count() >= PER_HOUR:
        raise Refused(_("Many opinions are coming in just now. Please try again in an hour, or ring us."))
    opinion = Opinion.objects.create(municipality=municipality, words=words, email=email, source=source)
    publish("volunteering.opinion_send", opinion)
    return opinion


@transaction.atomic
def read(opinion, *, actor):
    """Somebody at the desk has opened it. Opening it again changes nothing."""
    locked = _lock(opinion)
    if locked.state == OpinionState.NEW:
        locked.state = OpinionState.READ
        locked.save(update_fields=["state"])
        publish("volunteering.opinion_read", locked, actor=actor)
    return locked


@transaction.atomic
def answer(opinion, *, actor):
    """It was answered, by e-mail, by phone or by doing what it asks for. Raises Refused the second time."""
    locked = _lock(opinion)
    if locked.state == OpinionState.ANSWERED:
        raise Refused(_("This opinion was answered already."))
    locked.state, locked.answered_at, locked.answered_by = OpinionState.ANSWERED, timezone.now(), actor
    locked.save(update_fields=["state", "answered_at", "answered_by"])
    publish("volunteering.opinion_answer", locked, actor=actor)
    return locked


def erase_old(now):
    """Retention, in the open scope: where it came from after a day, the address a month after the answer, all of it
    after a year."""
    Opinion.objects.before(now - KEPT).delete()
    Opinion.objects.answered_before(now - ADDRESS_KEPT).update(email="")
    Opinion.objects.before(now - DAY).exclude(source="").update(source="")


def _lock(opinion):
    return Opinion.objects.select_for_update(of=("self",)).get(pk=opinion.pk)
