"""The people of a run, made by a process inside the installation."""

import json


def cast(installation, count):
    """`ids`, `sessions` (in the same order) and the name of the `cookie`."""
    return json.loads(installation.python("benchmarks._crowd", count))
