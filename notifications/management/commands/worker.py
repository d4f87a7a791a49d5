"""`manage.py worker`: everything that happens beside the pages. Any number of processes may run."""

import signal

from django.core.management.base import BaseCommand

from notifications.worker import Worker, run_once


class Command(BaseCommand):
    help = "Delivers events, sends mail, does the regular duties and runs queued tasks until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="One round, then end.")

    def handle(self, *, once, **options):
        if once:
            run_once()
            return
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: worker.stop())
        worker.start()
        self.stdout.write("worker: running")
        worker.stopping.wait()
        self.stdout.write("worker: ending with what is in hand")
        worker.join()
        self.stdout.write("worker: ended")
