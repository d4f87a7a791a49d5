"""`manage.py worker`: everything that happens beside the pages. Any number of processes may run."""

import signal
import socket

from django.core.management.base import BaseCommand

from notifications.worker import Worker, run_once

ORDERS = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    help = "Delivers events, sends mail, does the regular duties and runs queued tasks until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="One round, then end.")

    def handle(self, *, once, **options):
        if once:
            run_once()
            return
        worker = Worker()
        # Heard through a socket instead of handled: a handler that sets the worker's event deadlocks when the signal
        # comes while this very thread is inside that event's lock. And libraries have threads of their own, which may
        # be the ones that the signal reaches: waiting for it in this thread alone would miss it.
        ear, mouth = socket.socketpair()
        mouth.setblocking(False)
        signal.set_wakeup_fd(mouth.fileno())
        for order in ORDERS:
            signal.signal(order, lambda *_: None)
        worker.start()
        self.stdout.write("worker: running")
        ear.recv(1)
        worker.stop()
        self.stdout.write("worker: ending with what is in hand")
        worker.join()
        self.stdout.write("worker: ended")
