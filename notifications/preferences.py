"""What people want to be told by mail, and the signed link by which they stop it without signing in."""

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.db import transaction

from notifications.models import Channel, Preference
from notifications.registry import NOTICES

SIGNER = Signer(salt="notifications.unsubscribe")


def offered_to(user):
    """The notices whose mail this person may choose, by label."""
    named = [notice for notice in NOTICES.values() if notice.label and notice.concerns(user)]
    return sorted(named, key=lambda notice: str(notice.label))


def wanted_by(user, notices):
    """Kind → whether it goes to this person by mail, as chosen or by default."""
    chosen = dict(Preference.objects.filter(user=user, channel=Channel.MAIL).values_list("kind", "wanted"))
    every = chosen.get(Preference.EVERY_KIND)
    return {notice.kind: chosen.get(notice.kind, notice.mail if every is None else every) for notice in notices}


@transaction.atomic
def choose(user, wanted):
    """Stores kind → wanted for each kind named. The earlier word on all kinds no longer counts."""
    Preference.objects.filter(user=user, channel=Channel.MAIL, kind=Preference.EVERY_KIND).delete()
    Preference.objects.bulk_create(
        [Preference(user=user, channel=Channel.MAIL, kind=kind, wanted=wish) for kind, wish in wanted.items()],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["wanted"],
    )


@transaction.atomic
def stop_mail(user_id, kind=Preference.EVERY_KIND):
    """No more mail of this kind, or none at all. Doing it twice changes nothing."""
    if kind == Preference.EVERY_KIND:
        Preference.objects.filter(user_id=user_id, channel=Channel.MAIL).delete()
    Preference.objects.update_or_create(user_id=user_id, kind=kind, channel=Channel.MAIL, defaults={"wanted": False})


def unsubscribe_token(user_id, kind):
    """Names a person and a kind of notice for a link in a mail. It opens nothing but the choice to get less mail."""
    return SIGNER.sign_object([user_id, kind])


def read_token(token):
    """The user's id and the kind of a token; None for anything else, and where the account is gone."""
    try:
        user_id, kind = SIGNER.unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (user_id, kind) if get_user_model().objects.filter(pk=user_id).exists() else None
