"""Pages under gunicorn (server shape)."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from notifications import server  # noqa: E402 -- Django must be set up before its models are imported

# Not under the test suite's live server, which imports this file too and delivers in the thread that committed.
if "gunicorn.arbiter" in sys.modules:
    server.serve_pages()
