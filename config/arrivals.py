"""Lets sockets in at the pace at which this process can serve them, and tells the others when to come again.

After a restart all open pages come back within seconds. To find out who is at the other end takes the database: where
thousands wait for that at once, each gives up before its turn and comes again, and the work done for it was in vain.
With pages that try again every few seconds 1,992 of 2,000 were still outside after two minutes.
"""

import json
import time

# So many wait for the database at once: less than a second's work.
AT_ONCE = 64
# A service has opened its doors; it is only full (RFC 6455, registered with IANA as "try again later").
TRY_LATER = 1013
# Seconds for one of those who wait, until this process has learned its own figure; and how fast it learns.
FIRST_GUESS = 0.02
SHARE_OF_THE_LATEST = 0.05
# Nobody is sent away for longer, however long the database hung while we learned.
LONGEST_SECONDS = 60


class Arrivals:
    """Counts who is coming in: `with arrivals:` around the work for one of them."""

    def __init__(self, at_once=AT_ONCE, clock=time.monotonic):
        self.at_once, self.clock = at_once, clock
        self.inside = 0
        self.seconds_each = FIRST_GUESS
        self.left_at = None  # when the last one was through, if the place was full then
        self.next_turn = 0.0

    @property
    def is_full(self):
        return self.inside >= self.at_once

    def __enter__(self):
        self.inside += 1

    def __exit__(self, *_failure):
        self._learn()
        self.inside -= 1

    def turn(self):
        """Seconds until the next turn that nobody else was given."""
        now = self.clock()
        turn = max(self.next_turn, now + self.at_once * self.seconds_each) + self.seconds_each
        self.next_turn = min(turn, now + LONGEST_SECONDS)
        return round(self.next_turn - now, 2)

    def _learn(self):
        """Only where somebody waited all the time does the time between two show what one of them takes."""
        now = self.clock()
        if self.is_full and self.left_at is not None:
            self.seconds_each += SHARE_OF_THE_LATEST * (now - self.left_at - self.seconds_each)
        self.left_at = now if self.is_full else None


async def send_away(seconds, receive, send):
    """Opens the socket, says when to come again, and closes it: a refused handshake could say nothing."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": json.dumps({"later": seconds})})
    await send({"type": "websocket.close", "code": TRY_LATER})
