"""Who is at the other end of a socket: channels' own stack, whose database calls leave nothing in the open socket."""

from channels.auth import AuthMiddleware, get_user
from channels.sessions import CookieMiddleware, SessionMiddleware

from config.arrivals import Arrivals, send_away
from notifications.apart import apart


class SignedIn(AuthMiddleware):
    def __init__(self, application, arrivals):
        super().__init__(application)
        self.arrivals = arrivals

    async def __call__(self, scope, receive, send):
        if self.arrivals.is_full:
            await send_away(self.arrivals.turn(), receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def resolve_scope(self, scope):
        with self.arrivals:
            scope["user"]._wrapped = await apart(get_user(scope))  # noqa: SLF001 -- as the original does


def with_people(application, arrivals=None):
    """`AuthMiddlewareStack`, with the above."""
    return CookieMiddleware(SessionMiddleware(SignedIn(application, arrivals or Arrivals())))
