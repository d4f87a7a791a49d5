"""Runs a module as `python -m` does, in a process whose clock starts at a moment of the test's choice and goes on.

python -m tests.browser.clock 2027-04-21T15:00:00+02:00 MODULE WORDS…
"""

import runpy
import sys
from datetime import datetime

import time_machine

if __name__ == "__main__":
    moment, module, *words = sys.argv[1:]
    sys.argv = [module, *words]
    with time_machine.travel(datetime.fromisoformat(moment), tick=True):
        runpy.run_module(module, run_name="__main__", alter_sys=True)
