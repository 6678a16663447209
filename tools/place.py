"""Where a checkout keeps its servers' state (docs/decisions/0001-embedded-servers.md)."""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.console import Problem

ROOT_STATE = Path("/var/lib/liandong-embedded")
"""State of checkouts run by root: PostgreSQL refuses uid 0, and another uid cannot read below a 0700 home."""
SERVICE_UID = 65534
"""`nobody`: whom the servers run as when root starts them. It need not exist in /etc/passwd."""
LONGEST_SOCKET_FOLDER = 80
"""Bytes. A unix socket's whole path must stay below 104 (macOS) or 108 (Linux)."""


@dataclass(frozen=True)
class Place:
    """One set of servers: the demo's own, or a throw-away one for tests."""

    state: Path
    sockets: Path
    uid: int | None
    """The uid servers run as; None is the uid of whoever started us."""

    def make(self) -> None:
        """Create both folders, private to the servers' account.

        Raises Problem where somebody else already owns the socket folder.
        """
        if self.uid is not None:
            for above in (ROOT_STATE, self.state.parent):
                above.mkdir(parents=True, exist_ok=True)
                above.chmod(0o711)  # the servers' account must be able to walk through, whatever our umask
        for folder in (self.state, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.own(folder)
        self.sockets.chmod(0o700)

    def own(self, path: Path) -> None:
        """Hand `path` to the servers' account; refuse one that a stranger put there."""
        found = path.lstat()
        if found.st_uid not in {os.geteuid(), self.uid} or stat.S_ISLNK(found.st_mode):
            raise Problem(f"{path} belongs to another user. Remove it, or run as the user who owns it.")
        if self.uid is not None and found.st_uid != self.uid:
            try:
                os.chown(path, self.uid, self.uid)
            except OSError as error:
                raise Problem(
                    "PostgreSQL does not run as root, and here root may not hand its files to another account: run as an ordinary user."
                ) from error

    def remove(self) -> None:
        """Delete the state and the sockets. The servers must be down."""
        for folder in (self.state, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)


def key_of(checkout: Path) -> str:
    """A short ASCII name for a checkout's path, whatever characters that path has."""
    return hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]


def place_of(checkout: Path, name: str = "servers") -> Place:
    """The place of this checkout's servers; another `name` is another set of servers."""
    key = key_of(checkout)
    if os.geteuid() == 0:
        state = ROOT_STATE / key / name
        return Place(state=state, sockets=state / "sockets", uid=SERVICE_UID)
    sockets = Path(tempfile.gettempdir())
    if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER - 40:
        sockets = Path("/tmp")
    return Place(
        state=checkout / "var" / name,
        sockets=sockets / f"liandong-{os.geteuid()}-{key}-{name}",
        uid=None,
    )
