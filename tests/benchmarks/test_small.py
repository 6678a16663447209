"""The benchmarks at a tiny size: both shapes write the same rows, the overview equals a recount, lists ask a fixed number of questions.

No seconds are checked: those belong to a quiet machine.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def _run(folder: Path, *arguments: str) -> Any:
    """What one run measured, in a process of its own, because it speaks to databases of its own."""
    figures = folder / "figures.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), *arguments, "--rounds", "1", "--json", str(figures)]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, cwd=ROOT, timeout=600, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(figures.read_text(encoding="utf-8"))


def _environment() -> dict[str, str]:
    database = settings.DATABASES["default"]
    where = f"{database['USER']}:{database['PASSWORD']}@" if database["PASSWORD"] else f"{database['USER']}@"
    host, port = str(database["HOST"]), database["PORT"] or 5432
    name = database["NAME"]
    address = f"/{name}?host={host}" if host.startswith("/") else f"{host}:{port}/{name}"
    return os.environ | {"DATABASE_URL": f"postgresql://{where}{address}", "LIANDONG_TESTING": "1"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _run(tmp_path_factory.mktemp("written"), "sweep", "issue", "--size", "60")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _run(tmp_path_factory.mktemp("read"), "lists", "--size", "700", "--size", "1400", "--open", "120")["lists"]


def test_the_sweep_and_its_floor_write_the_same_rows(written: Any) -> None:
    (found,) = written["sweep"]
    assert found["same"] == "yes"
    counts = {table: count for table, (count, _) in found["rows"].items()}
    assert counts == {"pushes_push": 60, "supervision_task": 60, "deadlines_deadline": 120, "journal_entry": 60, "notices_notice": 120}


def test_issuing_by_action_by_view_and_by_hand_write_the_same_rows(written: Any) -> None:
    (found,) = written["issue"]
    assert found["same"] == "yes"
    counts = {table: count for table, (count, _) in found["rows"].items()}
    assert counts == {
        "approvals_decision": 60,
        "pushes_push": 180,
        "pushes_pushversion": 180,
        "deadlines_deadline": 300,
        "journal_entry": 240,
        "notices_notice": 180,
    }


def test_the_overview_equals_a_full_recount(read: Any) -> None:
    assert [found["recount"] for found in read] == [True, True]


def test_lists_ask_the_same_number_of_questions_however_long_they_are(read: Any) -> None:
    small, large = read
    assert small["queries"] == large["queries"]
