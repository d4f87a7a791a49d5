"""Who is at the other end of a socket: channels' own stack, whose database calls leave nothing in the open socket."""

from channels.auth import AuthMiddleware, get_user
from channels.sessions import CookieMiddleware, SessionMiddleware

from notifications.apart import apart


class SignedIn(AuthMiddleware):
    async def resolve_scope(self, scope):
        scope["user"]._wrapped = await apart(get_user(scope))  # noqa: SLF001 -- as the original does


def with_people(application):
    """`AuthMiddlewareStack`, with the above."""
    return CookieMiddleware(SessionMiddleware(SignedIn(application)))
