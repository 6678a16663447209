"""Starts services in order, restarts one that dies, stops them all in reverse order."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.console import Problem, say
from tools.processes import birth_of, kill_group, spawn, stop, tail, wait_until

MOST_RESTARTS = 5
"""Within RESTART_WINDOW seconds; a service that dies more often needs a person."""
RESTART_WINDOW = 60
LARGEST_LOG = 10_000_000
"""Bytes. A larger log is set aside, once, when its service starts."""


@dataclass(frozen=True)
class Service:
    """One long-running program and how to treat it."""

    name: str
    command: tuple[str | Path, ...]
    log: Path
    cwd: Path
    env: Mapping[str, str] | None = None
    uid: int | None = None
    stop_signal: int = signal.SIGTERM
    patience: float = 10
    """Seconds it gets to stop by itself before it is killed."""
    ready: Callable[["subprocess.Popen[bytes]"], bool] | None = None
    before: Callable[[], None] | None = None
    """Called before each attempt to start it: clears what an earlier one left."""
    attempts: int = 1
    """How often it may end at once before a start has failed."""


@dataclass
class _Running:
    service: Service
    process: "subprocess.Popen[bytes]"
    restarts: list[float] = field(default_factory=list)


class Supervisor:
    """The services of one run. Leaving the `with` block stops them, last started first."""

    def __init__(self, register: Path) -> None:
        """`register` is where the children's pids are written, for a following start to find after a kill -9."""
        self.register = register
        self.running: list[_Running] = []

    def __enter__(self) -> Self:
        end_survivors(self.register)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        while self.running:
            last = self.running[-1]
            stop(last.process, last.service.stop_signal, patience=last.service.patience)
            self.running.pop()
        self.register.unlink(missing_ok=True)

    def start(self, service: Service, *, seconds: float = 60) -> None:
        """Start a service and wait until it is ready.

        Raises Problem with the end of its log where it is not ready after `seconds`.
        """
        self._set_aside(service.log)
        entry = _Running(service, _launch(service))
        self.running.append(entry)
        self._write_register()
        self._wait_ready(entry, seconds)

    def watch(self) -> None:
        """Keep the services alive until an exception (Stopped) ends it.

        Raises Problem where one dies again and again.
        """
        while True:
            self.revive()
            time.sleep(0.5)

    def revive(self) -> None:
        """Start again each service that has ended.

        Raises Problem where one dies again and again.
        """
        for entry in self.running:
            if entry.process.poll() is not None:
                self._restart(entry)

    def _restart(self, entry: _Running) -> None:
        service = entry.service
        kill_group(entry.process.pid)
        now = time.monotonic()
        entry.restarts = [moment for moment in entry.restarts if now - moment < RESTART_WINDOW] + [now]
        if len(entry.restarts) > MOST_RESTARTS:
            raise Problem(f"The {service.name} keeps ending. The end of {service.log}:\n{tail(service.log)}")
        say(f"The {service.name} ended unexpectedly (code {entry.process.returncode}); starting it again.")
        entry.process = _launch(service)
        self._write_register()
        self._wait_ready(entry, 60)

    def _wait_ready(self, entry: _Running, seconds: float) -> None:
        service = entry.service
        if service.ready is None:
            return
        for _ in range(service.attempts):
            if entry.process.poll() is not None:
                time.sleep(0.5)
                entry.process = _launch(service)
                self._write_register()
            if _becomes_ready(service.ready, entry.process, seconds):
                return
        raise Problem(f"The {service.name} did not start. The end of {service.log}:\n{tail(service.log)}")

    def _write_register(self) -> None:
        rows = [
            {"name": entry.service.name, "pid": entry.process.pid, "birth": birth_of(entry.process.pid),
             "signal": int(entry.service.stop_signal), "patience": entry.service.patience}
            for entry in self.running
        ]  # fmt: skip
        draft = self.register.with_suffix(".draft")
        draft.write_text(json.dumps(rows))
        draft.rename(self.register)

    @staticmethod
    def _set_aside(log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".old.log"))


def _becomes_ready(ready: Callable[["subprocess.Popen[bytes]"], bool], process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """False where the process ends before it is ready, or `seconds` pass."""

    def settled() -> bool:
        return process.poll() is not None or ready(process)

    return wait_until(settled, seconds=seconds) and process.poll() is None


def end_survivors(register: Path) -> None:
    """End what a run that was killed (kill -9) left behind, last started first."""
    try:
        rows = json.loads(register.read_text())
    except (OSError, ValueError):
        return
    for row in reversed(rows):
        pid, birth = int(row["pid"]), row["birth"]

        def gone(pid: int = pid, birth: str = birth) -> bool:
            return birth_of(pid) != birth

        if birth is None or gone():
            continue
        os.kill(pid, int(row["signal"]))
        if not wait_until(gone, seconds=float(row["patience"])):
            kill_group(pid)
            wait_until(gone, seconds=5)
    register.unlink(missing_ok=True)


def _launch(service: Service) -> "subprocess.Popen[bytes]":
    if service.before:
        service.before()
    with service.log.open("ab") as output:
        return spawn(
            service.command,
            cwd=service.cwd,
            env=service.env,
            output=output,
            uid=service.uid,
            death_signal=service.stop_signal,
        )
