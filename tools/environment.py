"""The Python environment of a checkout: `.venv`, filled from the two requirements files."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from tools.console import Problem, say, step
from tools.processes import finish, must_finish

OFFLINE_WHEELS = Path("offline") / "wheels"
"""Where an offline bundle (deploy/build_offline_bundle.py) keeps its wheels."""


class Environment:
    """A virtual environment in `<checkout>/.venv`."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.python = self.folder / "bin" / "python"
        self.log = checkout / "var" / "log" / "setup.log"

    @property
    def packages(self) -> Path:
        """The folder the packages are in."""
        return next(self.folder.glob("lib/python3*/site-packages"))

    def install(self, *, dev: bool = False) -> None:
        """Bring the environment up to the requirements files; where nothing changed, do nothing.

        Raises Problem where this Python cannot make an environment or a package cannot be had.
        """
        self._create()
        for name in ("requirements.txt", *(["requirements-dev.txt"] if dev else [])):
            requirements = self.checkout / name
            stamp = self.folder / f".{requirements.stem}"
            digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
            if _read(stamp) != digest:
                with step(f"Installing the Python packages of {name}"):
                    self._fill(requirements)
                stamp.write_text(digest)

    def _create(self) -> None:
        """Make `.venv` for this Python at this path; one of another Python or a moved checkout is made anew."""
        identity = f"{sys.version} {sys.base_prefix} {self.folder}"
        stamp = self.folder / ".made-by"
        if _read(stamp) == identity and self.python.exists():
            return
        if _uv() is None and importlib.util.find_spec("ensurepip") is None:
            raise Problem("This Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv")
        shutil.rmtree(self.folder, ignore_errors=True)
        base = getattr(sys, "_base_executable", None) or sys.executable
        uv = _uv()
        with step("Creating the Python environment"):
            maker = [uv, "venv", "--quiet", "--python", base] if uv else [base, "-m", "venv"]
            must_finish([*maker, self.folder], cwd=self.checkout, log=self.log, what="Creating the Python environment")
        stamp.write_text(identity)

    def _fill(self, requirements: Path) -> None:
        source = self._source()
        uv = _uv()
        if uv:
            command = [uv, "pip", "install", "--python", str(self.python), *source, "-r", str(requirements)]
            if finish(command, cwd=self.checkout, output=subprocess.DEVNULL) == 0:
                return
            say(" uv could not, trying pip …")
        must_finish(
            [*self.pip(), "install", *source, "-r", requirements],
            cwd=self.checkout,
            log=self.log,
            what=f"Installing the Python packages of {requirements.name}",
        )

    def pip(self) -> list[str | Path]:
        """How pip is called here. An environment that uv made has none of its own: it is added first."""
        if not any(self.packages.glob("pip-*")):
            must_finish([self.python, "-m", "ensurepip"], cwd=self.checkout, log=self.log, what="Adding pip")
        return [self.python, "-m", "pip", "--disable-pip-version-check", "--no-input"]

    def _source(self) -> list[str]:
        """Where packages come from: an offline bundle beside us, else whatever pip is set up to use."""
        wheels = self.checkout / OFFLINE_WHEELS
        return ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []


def _uv() -> str | None:
    return shutil.which("uv")


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text()
    except OSError:
        return ""
