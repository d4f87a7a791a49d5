"""gunicorn for the pages (server shape): `gunicorn --config deploy/gunicorn.py config.wsgi:application`.

Threads, because a page waits for the database most of its time; each keeps one connection (CONN_MAX_AGE=none), so
workers * threads, plus what Daphne and the workers use, must stay below PostgreSQL's max_connections.
"""

import os

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 20
keepalive = 5
# Workers take turns in starting anew: whatever leaks does not pile up.
max_requests = 5000
max_requests_jitter = 500
# A heartbeat file on a slow disk would get healthy workers killed.
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- memory that every Linux has
# Longer than any address of ours, much shorter than an attack.
limit_request_line = 4094
limit_request_fields = 60
# One way less into the process, and its folder need not be writable.
control_socket_disable = True
# nginx writes the access log, without queries and tokens.
accesslog = None
