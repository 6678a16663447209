"""`python3 run.py test`: linters, types and layers, then every test on a throw-away database; one summary at the end."""

import os
import shutil
import signal
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tools import frontend, portal, servers
from tools.console import say, step
from tools.environment import Environment
from tools.only_one import AlreadyRunning, only_one
from tools.place import Place, place_of
from tools.processes import finish
from tools.supervisor import Supervisor, end_survivors

REQUIRE_ALL = "LIANDONG_REQUIRE_ALL"
"""Set to 1 (by .ci/run): a test that was not run fails the run."""
CHROMIUM = "LIANDONG_CHROMIUM"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOTHING_COLLECTED = 5
"""pytest's exit code where no test matched."""

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy", ".")),
    ("import-linter", ("-c", "from importlinter.cli import lint_imports_command as run; run()")),
    ("djlint", ("-m", "djlint", "--lint", "--quiet", ".", "--extension=html")),
    ("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
)
"""Name and arguments to the environment's Python; each reads its settings from pyproject.toml."""


@dataclass(frozen=True)
class Outcome:
    """One line of the summary."""

    name: str
    result: str
    """passed, FAILED or NOT RUN."""
    note: str
    left_out: int = 0
    """How many tests were not run."""

    @property
    def failed(self) -> bool:
        """Whether this fails the run; what was left out does so only where everything is required."""
        return self.result == "FAILED" or (self.left_out > 0 and os.environ.get(REQUIRE_ALL) == "1")


def run_suite(checkout: Path, arguments: Sequence[str]) -> int:
    """Run everything, or with `arguments` only pytest with these; 0 where nothing failed.

    Raises Problem where the set-up fails.
    """
    place = _throw_away_place(checkout)
    run = checkout / "var" / place.state.name
    try:
        with (
            only_one(place_lock(checkout, place.state.name), refusal="This test run exists already."),
            Supervisor(run / "children.json") as supervisor,
        ):
            environment = Environment(checkout)
            environment.install(dev=True)
            frontend.install(environment)
            with step("Starting throw-away servers"):
                addresses = servers.start(supervisor, environment, place, run / "log", throw_away=True)
            env = portal.variables(checkout, addresses)
            env["LIANDONG_TESTING"] = "1"
            env["LIANDONG_MEDIA_ROOT"] = str(run / "media")
            env[CHROMIUM] = os.environ.get(CHROMIUM) or _browser()
            outcomes = [] if arguments else _check(environment, env)
            outcomes += _test(environment, env, arguments, report=run / "report.xml")
    finally:
        _remove(checkout, place)
    return _summarize(outcomes)


def _throw_away_place(checkout: Path) -> Place:
    """A place for this run alone; what killed runs left is removed first."""
    folder = checkout / "var"
    folder.mkdir(exist_ok=True)
    for lock in folder.glob("test-*.lock"):
        with suppress(AlreadyRunning), only_one(lock, refusal=""):
            end_survivors(folder / lock.stem / "children.json")
            _remove(checkout, place_of(checkout, lock.stem))
    return place_of(checkout, f"test-{os.getpid()}")


def place_lock(checkout: Path, name: str) -> Path:
    """The lock that says whether the test run `name` is alive."""
    return checkout / "var" / f"{name}.lock"


def _remove(checkout: Path, place: Place) -> None:
    place.remove()
    shutil.rmtree(checkout / "var" / place.state.name, ignore_errors=True)
    place_lock(checkout, place.state.name).unlink(missing_ok=True)


def _browser() -> str:
    """The path of a Chromium on this machine, empty where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def _check(environment: Environment, env: Mapping[str, str]) -> list[Outcome]:
    """Run every linter, also after one has failed."""
    outcomes = []
    for name, arguments in CHECKS:
        say(f"\n── {name}")
        code, seconds = _timed([environment.python, *arguments], environment.checkout, env)
        outcomes.append(Outcome(name, "passed" if code == 0 else "FAILED", f"{seconds:.1f} s"))
    return outcomes


def _test(environment: Environment, env: Mapping[str, str], arguments: Sequence[str], *, report: Path) -> list[Outcome]:
    """Run pytest; browser tests only where there is a browser."""
    pytest: list[str | Path] = [environment.python, "-m", "pytest"]
    without_browser = not env[CHROMIUM] and not any(each.startswith("-m") for each in arguments)
    selection = ["-m", "not browser"] if without_browser else []
    say("\n── pytest")
    report.parent.mkdir(parents=True, exist_ok=True)
    code, seconds = _timed([*pytest, *selection, f"--junitxml={report}", *arguments], environment.checkout, env)
    outcomes = [_pytest_outcome(code, seconds, report)]
    if without_browser and not arguments:
        outcomes += _browser_tests_not_run(environment, env, pytest, report.with_name("browser.txt"))
    return outcomes


def _pytest_outcome(code: int, seconds: float, report: Path) -> Outcome:
    """What pytest's report says; a skipped test is named as not run."""
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    if report.exists():
        suite = next(ElementTree.parse(report).getroot().iter("testsuite"))
        counts = {name: int(suite.get(name, 0)) for name in counts}
    bad = counts["failures"] + counts["errors"]
    note = f"{counts['tests'] - bad - counts['skipped']} passed, {bad} failed, {counts['skipped']} not run, {seconds:.1f} s"
    return Outcome("pytest", "passed" if code == 0 else "FAILED", note, left_out=counts["skipped"])


def _browser_tests_not_run(environment: Environment, env: Mapping[str, str], pytest: Sequence[str | Path], listing: Path) -> list[Outcome]:
    """List the browser tests that had to be left out."""
    with listing.open("wb") as output:
        code = finish([*pytest, "-m", "browser", "--collect-only", "-q"], cwd=environment.checkout, env=env, output=output)
    names = [line for line in listing.read_text().splitlines() if "::" in line]
    if code == NOTHING_COLLECTED or not names:
        return []
    say("\n── browser tests: NOT RUN, no Chromium was found")
    for name in names:
        say(f"NOT RUN {name}")
    note = f"{len(names)} browser tests: install chromium or set {CHROMIUM}"
    return [Outcome("browser tests", "NOT RUN", note, left_out=len(names))]


def _summarize(outcomes: Sequence[Outcome]) -> int:
    say("\n── Summary")
    for outcome in outcomes:
        say(f"  {outcome.name:<14} {outcome.result:<8} {outcome.note}")
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    left_out = sum(outcome.left_out for outcome in outcomes)
    if left_out:
        say(f"NOT RUN: {left_out} tests")
    say(f"FAILED: {', '.join(failed)}" if failed else "Nothing that was run failed." if left_out else "All passed.")
    return 1 if failed else 0


def _timed(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str]) -> tuple[int, float]:
    begun = time.monotonic()
    return finish(command, cwd=cwd, env=env, stop_signal=signal.SIGINT), time.monotonic() - begun
