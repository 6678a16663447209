"""The command line of run.py."""

import argparse
import signal
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tools.console import Problem, Stopped, say
from tools.manage import run_manage
from tools.serve import Options, serve
from tools.suite import run_suite

CHECKOUT = Path(__file__).resolve().parent.parent
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(arguments: Sequence[str]) -> int:
    """Do what the command line says; the exit code is 0 when it was done or when the portal was asked to stop."""
    for number in STOPPING:
        signal.signal(number, _stop)
    try:
        if arguments[:1] == ["test"]:
            return run_suite(CHECKOUT, arguments[1:])
        if arguments[:1] == ["manage"]:
            return run_manage(CHECKOUT, arguments[1:])
        options = _parser().parse_args(arguments)
        return serve(CHECKOUT, Options(port=options.port, demo=not options.no_demo, reset=options.reset))
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except Stopped:
        say("Stopped.")
        return 130 if arguments[:1] == ["test"] else 0


def _stop(number: int, frame: FrameType | None) -> None:
    for each in STOPPING:  # asked once is enough: let the orderly stop run to its end
        signal.signal(each, signal.SIG_IGN)
    say("\nStopping …")
    raise Stopped


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Start the portal; `run.py test [pytest arguments]` runs the tests instead, "
        "`run.py manage COMMAND` one of manage.py's commands on the same database.",
    )
    parser.add_argument("--port", type=int, metavar="N", help="listen on this port (usually 8000)")
    parser.add_argument("--no-demo", action="store_true", help="begin a new database without demonstration data")
    parser.add_argument("--reset", action="store_true", help="delete the embedded database and begin anew")
    return parser
