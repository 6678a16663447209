"""Every line of cases.csv, which lawyers may add to."""

import csv
from datetime import date
from pathlib import Path

import pytest

from foundation.workdays.counting import Calendar, Counted

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as handle:
    CASES = list(csv.DictReader(handle))


def count(calendar: Calendar, case: dict[str, str]) -> Counted:
    day, length = date.fromisoformat(case["event_day"]), int(case["length"])
    return {
        ("workdays", "after"): calendar.add,
        ("workdays", "before"): calendar.subtract,
        ("days", "after"): calendar.add_days,
        ("days", "before"): calendar.subtract_days,
        ("months", "after"): calendar.add_months,
    }[case["unit"], case["direction"]](day, length)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['region']}{case['event_day']}{case['direction']}{case['length']}{case['unit']}"
)
def test_a_term_ends_on_the_day_the_notices_say(case: dict[str, str], national: Calendar, ningxia: Calendar) -> None:
    calendar = {"": national, "NX": ningxia}[case["region"]]
    expected = Counted(date.fromisoformat(case["last_day"]), {"yes": True, "no": False}[case["provisional"]])
    assert count(calendar, case) == expected, case["why"]


@pytest.mark.provision("SC-24a")
def test_papers_go_out_on_the_third_working_day_before_the_meeting(national: Calendar) -> None:
    assert national.subtract(date(2026, 10, 12), 3).last_day == date(2026, 10, 8)


@pytest.mark.provision("PT-26a")
def test_three_months_end_on_the_same_date_or_the_month_end(national: Calendar) -> None:
    assert national.add_months(date(2026, 3, 2), 3).last_day == date(2026, 6, 2)
    assert national.add_months(date(2023, 11, 30), 3).last_day == date(2024, 2, 29)


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_the_working_days_of_its_notice(national: Calendar, year: int, days: int) -> None:
    assert national.between(date(year - 1, 12, 31), date(year, 12, 31)) == days
