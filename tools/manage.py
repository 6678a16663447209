"""`python3 run.py manage COMMAND`: a command of manage.py on the very database that `python3 run.py` serves."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools import portal, servers
from tools.environment import Environment
from tools.only_one import AlreadyRunning, only_one
from tools.place import place_of
from tools.serve import children, run_lock
from tools.supervisor import Supervisor


def run_manage(checkout: Path, arguments: Sequence[str]) -> int:
    """Run one command of manage.py, beside a running portal or with servers started for it alone; its exit code."""
    environment = Environment(checkout)
    environment.install()
    place = place_of(checkout)
    command = [os.fspath(part) for part in portal.manage(environment, *arguments)]
    try:
        with only_one(run_lock(checkout), refusal=""), Supervisor(children(checkout)) as supervisor:
            addresses = servers.start(supervisor, environment, place, checkout / "var" / "log")
            return subprocess.call(command, env=portal.variables(checkout, addresses))
    except AlreadyRunning:
        os.execve(command[0], command, portal.variables(checkout, servers.addresses(place)))
