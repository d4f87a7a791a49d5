"""Exits with 0 when a process of this installation answers: `python deploy/healthy.py PORT [PATH]`.

The host must be one of ours (it decides which gmina answers), and the proxy's word stops the redirect to https.
"""

import os
import sys
import urllib.error
import urllib.request


def main(port, path="/healthz"):
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=15) as response:  # noqa: S310 -- our own port
            return 0 if response.status == 200 else 1
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
