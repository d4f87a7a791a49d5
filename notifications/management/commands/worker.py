"""`manage.py worker`: everything that happens beside the pages. Any number of processes may run."""

import signal

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
        # Waited for instead of handled: a handler that sets the worker's event deadlocks when the signal comes while
        # this very thread is inside that event's lock. Blocked before the threads start, for they inherit it.
        signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
        worker.start()
        self.stdout.write("worker: running")
        signal.sigwait(ORDERS)
        worker.stop()
        self.stdout.write("worker: ending with what is in hand")
        worker.join()
        self.stdout.write("worker: ended")
