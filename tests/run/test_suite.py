"""The summary of `python3 run.py test` hides nothing."""

import pytest

from tools.suite import REQUIRE_ALL, Outcome, _pytest_outcome, _summarize

REPORT = '<testsuites><testsuite tests="12" failures="{failures}" errors="0" skipped="{skipped}"/></testsuites>'


@pytest.fixture
def outcome_of(tmp_path):
    def make(code, *, failures=0, skipped=0):
        report = tmp_path / "report.xml"
        report.write_text(REPORT.format(failures=failures, skipped=skipped))
        return _pytest_outcome(code, 1.0, report)

    return make


def test_all_passed(outcome_of, capsys):
    assert _summarize([Outcome("ruff check", "passed", "0.1 s"), outcome_of(0)]) == 0
    assert capsys.readouterr().out.rstrip().endswith("All passed.")


def test_a_failing_linter_is_named_and_fails_the_run(outcome_of, capsys):
    assert _summarize([Outcome("mypy", "FAILED", "3.0 s"), outcome_of(0)]) == 1
    assert "FAILED: mypy" in capsys.readouterr().out


def test_a_failing_test_fails_the_run(outcome_of, capsys):
    assert _summarize([outcome_of(1, failures=2)]) == 1
    assert "10 passed, 2 failed, 0 not run" in capsys.readouterr().out


def test_skipped_tests_are_said_to_be_not_run(outcome_of, capsys, monkeypatch):
    monkeypatch.delenv(REQUIRE_ALL, raising=False)
    assert _summarize([outcome_of(0, skipped=3)]) == 0
    said = capsys.readouterr().out
    assert "NOT RUN: 3 tests" in said
    assert "All passed." not in said


@pytest.mark.parametrize("left_out", [{"skipped": 1}, {}])
def test_where_all_is_required_a_test_that_was_not_run_fails_the_run(outcome_of, monkeypatch, left_out):
    monkeypatch.setenv(REQUIRE_ALL, "1")
    outcomes = [outcome_of(0, **left_out)]
    if not left_out:
        outcomes.append(Outcome("browser tests", "NOT RUN", "2 browser tests", left_out=2))
    assert _summarize(outcomes) == 1


def test_a_pytest_that_crashed_before_its_report_has_failed(tmp_path):
    assert _pytest_outcome(3, 1.0, tmp_path / "none.xml").failed
