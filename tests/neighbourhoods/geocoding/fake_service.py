"""A geocoder on this machine that answers what a test tells it to, and remembers what it was asked."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone


class FakeService:
    def __init__(self):
        self.answers = []
        self.asked = []
        self.paths = []
        self.agents = []
        self.times = []
        self.url = ""

    def says(self, answer, *, status=200, after=0):
        """The next answer: bytes as they are, everything else as JSON. The last one is repeated."""
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.answers.append((status, body, after))

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running():
    service = FakeService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            service.times.append(timezone.now())
            url = urlsplit(self.path)
            service.paths.append(url.path)
            service.asked.append({name: values[0] for name, values in parse_qs(url.query).items()})
            service.agents.append(self.headers["User-Agent"])
            status, body, after = service.next_answer()
            time.sleep(after)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # the one who asked has hung up

        def log_message(self, *args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
