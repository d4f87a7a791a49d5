"""Whoever signs out is told nothing more in pages that are still open."""

from notifications import outbox
from notifications.sessions import fingerprint


def close_sockets(sender, request, user, **kwargs):
    """Closes the sockets of the session that ends. Those of the person's other devices stay."""
    session = getattr(request, "session", None)
    if user is not None and session is not None and session.session_key:
        outbox.revoke(user.pk, session=fingerprint(session.session_key))
