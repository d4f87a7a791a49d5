"""The server of the embedded shape ends when it is told to, whatever it is doing."""

import socket
import time
from urllib.parse import urlsplit

from tests.browser.conftest import running

VISITORS = 60


def ask(address, path):
    """A connection on which a page has been asked for."""
    visitor = socket.create_connection(("127.0.0.1", address.port))
    visitor.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    return visitor


def test_server_ends_although_readers_left_before_their_pages_were_made(tmp_path, django_db_setup, installation):
    with running(tmp_path, cast="make_newsroom") as site:
        address = urlsplit(site.origin)
        # The first page is slow; the others are to be on their way when everybody leaves.
        with ask(address, "/prosby/") as first:
            assert first.recv(12) == b"HTTP/1.1 200"
        visitors = [ask(address, f"/prosby/?q={number}") for number in range(VISITORS)]
        time.sleep(0.05)
        for visitor in visitors:
            visitor.close()
    # `running` told the server to end, and would have failed had it not.
