"""What a mail service reports about letters that have left (django-anymail's webhooks, where that is installed)."""

import logging

from notifications import mailboxes, preferences, registry

log = logging.getLogger(__name__)

# Only what is for good: a full mailbox or a server that is down for a day buries nobody.
FOR_GOOD = {"bounced", "invalid"}


def connect():
    """Listens to the package's own signal: it has no other way of telling."""
    from anymail.signals import tracking  # noqa: PLC0415 -- in the production extra only

    tracking.connect(hear, dispatch_uid="notifications.bounces")


def hear(sender, event, esp_name, **kwargs):
    """A bounce buries the address, a complaint stops the mail. Anything else is the service's own business."""
    address = event.recipient or ""
    if event.event_type in {"bounced", "rejected"} and event.reject_reason in FOR_GOOD:
        mailboxes.bury_address(address, reason=event.reject_reason)
        registry.tell_of_address(address, is_dead=True)
    elif event.event_type in {"complained", "unsubscribed"}:
        preferences.stop_mail_to(address)
        registry.tell_of_address(address, is_dead=False)
    else:
        return
    log.info("%s reported %s for a letter", esp_name, event.event_type)
