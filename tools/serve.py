"""`python3 run.py`: install, start the servers, migrate, fill a new database, then web, worker and beat."""

import http.client
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import frontend, portal, servers
from tools.console import Problem, say, step
from tools.environment import Environment
from tools.only_one import only_one
from tools.place import Place, place_of
from tools.processes import finish, must_finish
from tools.supervisor import Service, Supervisor

HOST = "127.0.0.1"
USUAL_PORT = 8000


@dataclass(frozen=True)
class Options:
    """What the command line asks for; `port` None is the usual one, or another where that is taken."""

    port: int | None = None
    demo: bool = True
    reset: bool = False


def run_lock(checkout: Path) -> Path:
    """Held while this checkout's servers run."""
    return checkout / "var" / "run.lock"


def children(checkout: Path) -> Path:
    """Where the pids of the run in progress are written."""
    return checkout / "var" / "children.json"


def serve(checkout: Path, options: Options) -> int:
    """Run the portal until it is stopped.

    Raises Problem for what the person at the terminal can mend, Stopped on Ctrl-C and SIGTERM.
    """
    var = checkout / "var"
    place = place_of(checkout)
    with (
        only_one(run_lock(checkout), refusal="The portal of this folder is already running.") as note,
        Supervisor(children(checkout)) as supervisor,
    ):
        port = choose_port(options.port)
        if options.reset:
            reset(place, var)
        environment = Environment(checkout)
        environment.install()
        frontend.install(environment)
        with step("Starting the servers"):
            addresses = servers.start(supervisor, environment, place, var / "log")
        env = portal.variables(checkout, addresses)
        demo = addresses.embedded and wants_demo(place, options)
        _fill(environment, env, place, demo=demo)
        with step("Starting web, worker and beat"):
            for service in _services(environment, env, port):
                supervisor.start(service)
        url = f"http://{HOST}:{port}/"
        note.write_text(url)
        _announce(environment, env, url, addresses, demo=demo)
        supervisor.watch()
    return 0


def choose_port(asked: int | None) -> int:
    """The port that was asked for, else the usual one, else the next free one.

    Raises Problem where the port that was asked for is taken.
    """
    if asked is not None:
        if not _is_free(asked):
            raise Problem(f"Port {asked} is taken or not ours to use. Name another one: python3 run.py --port N")
        return asked
    for port in range(USUAL_PORT, USUAL_PORT + 100):
        if _is_free(port):
            if port != USUAL_PORT:
                say(f"Port {USUAL_PORT} is taken, so the portal uses {port}.")
            return port
    raise Problem(f"No port from {USUAL_PORT} to {USUAL_PORT + 99} is free. Name one: python3 run.py --port N")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
        return True


def reset(place: Place, var: Path) -> None:
    """Delete the embedded servers' data and the uploaded files.

    Raises Problem where DATABASE_URL names a real database, which is never touched.
    """
    if servers.given()[0]:
        raise Problem("--reset only deletes the embedded database; DATABASE_URL names another, which is left alone.")
    place.remove()
    shutil.rmtree(var / "media", ignore_errors=True)
    say("The embedded database and the uploaded files are deleted.")


def wants_demo(place: Place, options: Options) -> bool:
    """True where this database is, or is to be, one with demo data: settled at its first start, kept until --reset."""
    choice = place.state / "demo"
    if not choice.exists():
        choice.write_text("yes" if options.demo else "no")
    return choice.read_text() == "yes"


def _fill(environment: Environment, env: Mapping[str, str], place: Place, *, demo: bool) -> None:
    """Bring the tables up to date, load the ground data and, once, the demo world."""

    def command(what: str, *arguments: str) -> None:
        with step(what):
            must_finish(
                portal.manage(environment, *arguments),
                cwd=environment.checkout,
                env=env,
                log=environment.checkout / "var" / "log" / f"{arguments[0]}.log",
                what=what,
            )

    command("Bringing the tables up to date", "migrate", "--noinput")
    command("Loading calendars, counties and rulebooks", "load_ground")
    seeded = place.state / "demo-seeded"
    if demo and not seeded.exists():
        command("Filling the four counties with demonstration data", "seed_demo")
        seeded.touch()


def _services(environment: Environment, env: Mapping[str, str], port: int) -> list[Service]:
    """Web, worker and beat, in the order in which they start. Beat is a process of its own: `worker -B` exits 1 on Ctrl-C."""
    checkout, python = environment.checkout, environment.python
    logs = checkout / "var" / "log"

    def answers(process: "subprocess.Popen[bytes]") -> bool:
        line = http.client.HTTPConnection(HOST, port, timeout=10)  # never through a proxy of the environment
        try:
            line.request("GET", "/")
            return line.getresponse().status < 500
        except OSError:
            return False
        finally:
            line.close()

    celery = (python, "-m", "celery", "--quiet", "-A", "config.celery:app")
    commands: dict[str, tuple[str | Path, ...]] = {
        # threads, because browsers hold idle connections open and would block a sync worker without a proxy before it
        "web": (
            python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"{HOST}:{port}", "--workers", "2",
            "--threads", "4", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket",
        ),
        "worker": (*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"),
        "beat": (*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", checkout / "var" / "beat-schedule"),
    }  # fmt: skip
    return [
        Service(name, command, logs / f"{name}.log", checkout, env, ready=answers if name == "web" else None)
        for name, command in commands.items()
    ]


def _announce(environment: Environment, env: Mapping[str, str], url: str, addresses: servers.Addresses, *, demo: bool) -> None:
    say()
    say(f"READY  {url}")
    if demo:
        finish(portal.manage(environment, "demo_accounts"), cwd=environment.checkout, env=env)
    elif addresses.embedded:
        say("This database was begun without demo data; python3 run.py --reset begins anew with it.")
    say("Logs are in var/log. Ctrl-C stops everything.")
