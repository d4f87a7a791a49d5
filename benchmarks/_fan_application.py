"""The real application under Daphne, that notes when it began to tell an event; with a worker where it is asked for."""

import os
import time
from pathlib import Path

from django.conf import settings
from twisted.internet import reactor

from benchmarks import _crowd  # noqa: F401 -- registers the kind of news
from config.asgi import application
from notifications import delivery, worker

RINGS = Path(settings.VAR_DIR, "rings")
_ring = delivery.ring


def ring(event, readers, seqs):
    with RINGS.open("a") as file:
        file.write(f"{event.pk} {time.time()}\n")
    _ring(event, readers, seqs)


delivery.ring = ring
if os.environ.get("BENCH_WORKER"):
    reactor.callWhenRunning(worker.Worker().start)

__all__ = ["application"]
