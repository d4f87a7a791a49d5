"""What a process that serves pages or sockets switches on, and off again (config/asgi.py, config/wsgi.py)."""

import asyncio

from channels.layers import get_channel_layer
from django.template import engines

from notifications.delivery import courier
from notifications.frames import address_of_inbox
from notifications.realtime import hub
from notifications.worker import Worker

# Less than what a supervisor grants before it kills.
STOP_SECONDS = 8


def serve_pages():
    """Events are delivered by a thread of their own from now on: no request waits for it."""
    courier.is_on = True
    warm_up()


def warm_up():
    """Loads what would otherwise be loaded while the first news of the process waits."""
    engines.all()
    get_channel_layer()
    address_of_inbox()  # and with it the addresses, that is all views


class SocketServer:
    """What runs beside the sockets of one process: the hub, and the worker where the process is all there is."""

    def __init__(self, *, with_worker):
        self.worker = Worker() if with_worker else None
        warm_up()

    def start(self):
        """Called on the server's loop, once it runs."""
        hub.start()
        if self.worker:
            self.worker.start()

    async def stop(self):
        """Ends the hub at once and the worker with what it has in hand."""
        if self.worker:
            self.worker.stop()
        await asyncio.to_thread(self._end_threads)
        await hub.stop()

    def _end_threads(self):
        courier.stop()
        if self.worker:
            self.worker.join(STOP_SECONDS)
