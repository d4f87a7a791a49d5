"""Whoever signs out is told nothing more in pages that are still open."""

from notifications import outbox, pushes
from notifications.sessions import fingerprint


def close_sockets(sender, request, user, **kwargs):
    """Closes the sockets of the session that ends, and sends its browser no more word. Other devices stay as they
    are."""
    session = getattr(request, "session", None)
    if user is not None and session is not None and session.session_key:
        name = fingerprint(session.session_key)
        outbox.revoke(user.pk, session=name)
        pushes.forget_session(user.pk, name)
