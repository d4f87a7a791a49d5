"""What people want to be told through which channel, and the signed link by which they stop mail without signing in."""

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.db import transaction

from notifications import pushes, routes, sms
from notifications.models import Channel, Preference
from notifications.registry import NOTICES

SIGNER = Signer(salt="notifications.unsubscribe")


def offered_to(user):
    """The notices that this person may choose, by label."""
    named = [notice for notice in NOTICES.values() if notice.label and notice.concerns(user)]
    return sorted(named, key=lambda notice: str(notice.label))


def wanted_by(user, notices, channels):
    """(Kind, channel) → whether it goes to this person there, as chosen or by default."""
    rows = Preference.objects.filter(user=user).values_list("kind", "channel", "wanted")
    chosen = {(kind, channel): wanted for kind, channel, wanted in rows}
    return {
        (notice.kind, channel): routes.is_wanted(
            channel, notice, chosen.get((notice.kind, channel), chosen.get((Preference.EVERY_KIND, channel)))
        )
        for notice in notices
        for channel in channels
    }


def channels_of(user):
    """The channels that this person may choose: what the installation has, and what can reach them."""
    channels = [Channel.MAIL]
    if pushes.is_on() and pushes.devices_of(user).exists():
        channels.append(Channel.PUSH)
    if sms.is_on() and user.phone:
        channels.append(Channel.SMS)
    return channels


@transaction.atomic
def choose(user, wanted):
    """Stores (kind, channel) → wanted for each one named. The earlier word on all kinds of these channels no longer
    counts."""
    channels = {channel for _kind, channel in wanted}
    Preference.objects.filter(user=user, channel__in=channels, kind=Preference.EVERY_KIND).delete()
    Preference.objects.bulk_create(
        [Preference(user=user, channel=channel, kind=kind, wanted=wish) for (kind, channel), wish in wanted.items()],
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


def stop_mail_to(address):
    """The same for whoever has this address: they called our letter a nuisance."""
    user = get_user_model().objects.filter(email=address.lower()).first()
    if user is not None:
        stop_mail(user.pk)


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
