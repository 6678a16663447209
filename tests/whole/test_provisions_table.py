"""The table of provisions keeps its promises: complete, up to date, and every served provision with a test that is there."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.common.provisions import proofs, read_provisions

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = "id,county,article,duty,room,stage,note\n"


def test_the_page_is_up_to_date_and_every_served_provision_has_its_test() -> None:
    call_command("provisions", check=True)


def test_all_237_provisions_are_there() -> None:
    assert len({one.id for one in read_provisions(ROOT / "docs" / "provisions" / "provisions.csv")}) == 237


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project with one provision and one test that proves it."""
    (tmp_path / "docs" / "provisions").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "docs" / "provisions" / "provisions.csv").write_text(HEADINGS + "X-01,某县,第一条,做到,pushes,foundation,\n")
    mark = "pytest.mark." + "provision"
    (tmp_path / "tests" / "test_x.py").write_text(f"import pytest\n@{mark}('X-01')\ndef test_it():\n    pass\n")
    call_command("provisions", root=tmp_path, verbosity=0)
    return tmp_path


def test_a_written_page_passes_and_names_the_test(small: Path) -> None:
    call_command("provisions", check=True, root=small)
    assert "`test_x.py::test_it`" in (small / "docs" / "provisions.md").read_text()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X-01,某县,第一条,做到另一样,pushes,foundation,\n", "stale"),
        ("X-02,某县,第一条,做到,pushes,foundation,\n", "no test is marked"),
        ("X-02,某县,第一条,做到,pushes,liaison,\n", "no provision has this id"),
        ("X-01,某县,第一条,做到,none,declined,\n", "declined without a reason"),
        ("X-01,某县,第一条,做到,pushes,someday,\n", "unknown stage"),
    ],
)
def test_a_broken_promise_is_named(small: Path, line: str, words: str) -> None:
    (small / "docs" / "provisions" / "provisions.csv").write_text(HEADINGS + line)
    with pytest.raises(CommandError, match=words):
        call_command("provisions", check=True, root=small)


def test_marks_on_classes_and_files_count_for_their_tests(tmp_path: Path) -> None:
    mark = "pytest.mark." + "provision"
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_y.py").write_text(
        f"import pytest\npytestmark = [{mark}('A')]\n@{mark}('B')\nclass TestY:\n    @{mark}('C', 'D')\n    def test_y(self): ...\n"
    )
    assert set(proofs(tmp_path / "tests")) == {"A", "B", "C", "D"}
