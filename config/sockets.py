"""Who is at the other end of a socket: channels' own stack, without what thousands of open sockets would pay for."""

from channels.auth import AuthMiddleware, get_user
from channels.sessions import CookieMiddleware, InstanceSessionWrapper, SessionMiddleware

from config.arrivals import Arrivals, send_away
from notifications.apart import apart


class Sessions(SessionMiddleware):
    async def __call__(self, scope, receive, send):
        """The original asks with each message whether the session must be stored, which only an answer to a request
        can bring about: a sixth of what telling a socket takes. Sockets change no session."""
        wrapper = InstanceSessionWrapper(scope, send)
        await wrapper.resolve_session()
        return await self.inner(wrapper.scope, receive, send)


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
            # What the original leaves in the context would stay as long as the socket.
            scope["user"]._wrapped = await apart(get_user(scope))  # noqa: SLF001 -- as the original does


def with_people(application, arrivals=None):
    """`AuthMiddlewareStack`, with the above."""
    return CookieMiddleware(Sessions(SignedIn(application, arrivals or Arrivals())))
