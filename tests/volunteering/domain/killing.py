"""A worker's process that is killed by a real kill -9 at a chosen statement."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection

# Does its work and dies at the moment when the n-th statement with these words would be sent.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection

seen = 0

def wrapper(execute, sql, *rest):
    global seen
    seen += sys.argv[1] in sql.lower()
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *rest)

with connection.execute_wrapper(wrapper):
    exec(sys.argv[3])
"""


def run_and_kill(work, words, directory, *, at=1):
    """The exit code of a process that does this work (source text) and is killed at these words of SQL."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": "",
        "OGNIWO_DEMO": "1",
        "SECRET_KEY": "only-for-tests",
        "VAR_DIR": str(directory),
    }
    command = [sys.executable, "-c", KILLED, words, str(at), work]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env={**inherited, **environment}, check=False, timeout=120)
    return done.returncode
