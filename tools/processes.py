"""Starting, recognising and stopping child processes so that none is ever left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tools.console import Problem

PR_SET_PDEATHSIG = 1


def _tied_to_parent(death_signal: int) -> Callable[[], None] | None:
    """For the child, just before exec: let the kernel send it `death_signal` when this process dies (Linux)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return tie


def spawn(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    stdin: int = subprocess.DEVNULL,
    uid: int | None = None,
    death_signal: int = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start `command` in a process group of its own, so that Ctrl-C reaches only us and we stop things in order.

    `uid` is the account to run as (root only). `output` takes stdout and stderr together.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=stdin,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        process_group=0,
        preexec_fn=_tied_to_parent(death_signal),
        umask=0o077 if uid is not None else -1,
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
    )


def finish(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    stop_signal: int = signal.SIGTERM,
) -> int:
    """Run `command` to its end and return its exit code; when we are stopped meanwhile, it is stopped first."""
    process = spawn(command, cwd=cwd, env=env, output=output)
    try:
        return process.wait()
    finally:
        stop(process, stop_signal, patience=10)


def must_finish(command: Sequence[str | Path], *, cwd: Path, log: Path, what: str, env: Mapping[str, str] | None = None) -> None:
    """Run `command` with its output going to `log`.

    Raises Problem with the end of that output where it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        code = finish(command, cwd=cwd, env=env, output=output)
    if code != 0:
        raise Problem(f"{what} failed (exit code {code}). The end of {log}:\n{tail(log)}")


def stop(process: "subprocess.Popen[bytes]", with_signal: int, *, patience: float) -> None:
    """Ask the process to end, wait `patience` seconds, then kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)
            process.wait()
    kill_group(process.pid)


def kill_group(group: int) -> None:
    """SIGKILL every process of a group; an empty group is fine."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def birth_of(pid: int) -> str | None:
    """A mark that tells this process from a later one with the same pid; None where there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    except OSError:
        if Path("/proc/self/stat").exists():
            return None
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """True as soon as `ready()` is, False when `seconds` have passed."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log file."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no output)"
