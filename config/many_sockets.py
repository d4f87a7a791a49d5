"""What a Daphne needs that holds thousands of sockets, beyond what a Daphne of a few does."""

import gc

from autobahn.websocket import protocol

# New objects after which Python looks for garbage; how often before it looks also among the older, and the oldest.
# The defaults (700, 10, 10) are made for small heaps: with 5,000 open sockets one look at everything takes a second in
# which nobody is told anything, and it came with every other event.
LOOK_FOR_GARBAGE_AFTER = 50_000, 10, 50


def prepare():
    """Called once, before the server runs."""
    # What the start has left lives as long as the process; nobody need look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOK_FOR_GARBAGE_AFTER)
    # Autobahn colours the words of its debug log for every frame, also where nobody logs them: an eighth of what it
    # takes to tell a socket.
    protocol.hltype = protocol.hlval = plain


def plain(value):
    return value
