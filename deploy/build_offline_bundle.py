#!/usr/bin/env python3
"""Build a bundle of source, wheels and front-end packages, with checksums, for a server room without internet."""

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from tools import frontend  # noqa: E402 - tools is beside this folder, not installed
from tools.console import Problem, say, step  # noqa: E402
from tools.environment import OFFLINE_WHEELS, Environment  # noqa: E402
from tools.processes import must_finish  # noqa: E402

THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
LINUX_BASELINES = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
"""Wheels for these run on every current server distribution, openEuler and Kylin among them."""


def main(arguments: Sequence[str]) -> int:
    """Build what the command line asks for."""
    options = _parser().parse_args(arguments)
    environment = Environment(CHECKOUT)
    try:
        environment.install()
        frontend.install(environment)
        with tempfile.TemporaryDirectory() as folder:
            bundle = Path(folder) / f"liandong-{_version()}"
            _copy_source(bundle)
            shutil.copytree(CHECKOUT / "node_modules", bundle / "node_modules", symlinks=True)
            for version in options.python or [THIS_PYTHON]:
                _fetch_wheels(environment, bundle / OFFLINE_WHEELS, version, options.machine)
            _write_checksums(bundle)
            archive = _pack(bundle, options.out)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    say(f"{archive} ({archive.stat().st_size / 1e6:.0f} MB)")
    return 0


def _copy_source(bundle: Path) -> None:
    """Copy what is under version control, as it stands in the working folder."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        source = CHECKOUT / name
        if name and source.is_file():
            (bundle / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, bundle / name)


def _fetch_wheels(environment: Environment, wheels: Path, version: str, machine: str) -> None:
    """Download the wheels of requirements.txt for one Python version and processor family."""
    platforms = [f"--platform={baseline}_{machine}" for baseline in LINUX_BASELINES]
    with step(f"Fetching the wheels for Python {version} on {machine}"):
        must_finish(
            [
                *environment.pip(), "download", "--only-binary=:all:", f"--python-version={version}", *platforms,
                "--dest", wheels, "-r", CHECKOUT / "requirements.txt",
            ],
            cwd=CHECKOUT,
            log=environment.log,
            what=f"Fetching the wheels for Python {version}",
        )  # fmt: skip


def _write_checksums(bundle: Path) -> None:
    """Write SHA256SUMS over every file of the bundle, for `sha256sum -c`."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink())
    lines = [f"{_digest(path)}  {path.relative_to(bundle).as_posix()}\n" for path in files]
    (bundle / "SHA256SUMS").write_text("".join(lines))


def _pack(bundle: Path, out: Path) -> Path:
    """Make the archive and the file with its own checksum."""
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"{bundle.name}.tar.gz"
    with step("Packing"), tarfile.open(archive, "w:gz", compresslevel=6) as packed:
        packed.add(bundle, arcname=bundle.name, filter=_owned_by_nobody_in_particular)
    Path(f"{archive}.sha256").write_text(f"{_digest(archive)}  {archive.name}\n")
    return archive


def _owned_by_nobody_in_particular(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _version() -> str:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--python", action="append", metavar="3.N", help=f"a Python version of the server, repeatable (default {THIS_PYTHON})"
    )
    parser.add_argument("--machine", default=platform.machine(), help="processor family: x86_64 or aarch64 (default: this one)")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "dist", help="where to write the bundle (default dist/)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
