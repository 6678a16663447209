"""The arithmetic against a slow reference that walks day by day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.common import clock
from foundation.workdays.counting import FIRST_YEAR, LAST_YEAR, Calendar, OutOfCalendar
from foundation.workdays.shipped import shipped_calendar

CALENDARS = [shipped_calendar(), shipped_calendar("NX")]
OFFICIAL = set(range(2019, 2027))
ONE = timedelta(days=1)

days = st.dates(min_value=date(2018, 6, 1), max_value=date(2028, 6, 1))
lengths = st.integers(min_value=1, max_value=60)
calendars = st.sampled_from(CALENDARS)


def walk(calendar: Calendar, day: date, n: int, step: timedelta) -> tuple[date, bool]:
    """The nth working day from `day`, one day at a time, and whether a year without notice was walked through."""
    provisional = False
    while n:
        day += step
        provisional |= day.year not in OFFICIAL
        n -= calendar.is_working(day)
    return day, provisional


@settings(max_examples=400, deadline=None)
@given(calendar=calendars, day=days, n=lengths)
def test_counting_on_is_walking_on(calendar: Calendar, day: date, n: int) -> None:
    assert calendar.add(day, n) == walk(calendar, day, n, ONE)


@settings(max_examples=400, deadline=None)
@given(calendar=calendars, day=days, n=lengths)
def test_counting_back_is_walking_back(calendar: Calendar, day: date, n: int) -> None:
    assert calendar.subtract(day, n) == walk(calendar, day, n, -ONE)


@settings(max_examples=200, deadline=None)
@given(calendar=calendars, day=days, n=lengths)
def test_between_counts_what_add_counted(calendar: Calendar, day: date, n: int) -> None:
    last = calendar.add(day, n).last_day
    assert calendar.between(day, last) == n
    assert calendar.between(last, day) == 0


@settings(max_examples=200, deadline=None)
@given(calendar=calendars, day=days)
def test_kind_agrees_with_the_array(calendar: Calendar, day: date) -> None:
    assert calendar.kind_of(day).counted == calendar.is_working(day) == (calendar.between(day - ONE, day) == 1)
    assert calendar.kind_of(day).source


@settings(max_examples=200, deadline=None)
@given(calendar=calendars, day=days, n=st.integers(min_value=1, max_value=24))
def test_a_period_of_months_ends_on_a_working_day_not_before_its_date(calendar: Calendar, day: date, n: int) -> None:
    last = calendar.add_months(day, n).last_day
    assert calendar.is_working(last)
    assert (last.year - day.year) * 12 + last.month - day.month in {n, n + 1}
    skipped = (date.fromordinal(ordinal) for ordinal in range(_nominal(day, n).toordinal(), last.toordinal()))
    assert not any(calendar.is_working(between) for between in skipped)


def _nominal(day: date, n: int) -> date:
    """The same date n months later by trial: the latest date of that month that is not after day.day."""
    year, month = day.year + (day.month - 1 + n) // 12, (day.month - 1 + n) % 12 + 1
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def test_no_working_day_later_is_the_day_itself() -> None:
    assert CALENDARS[0].add(date(2026, 10, 3), 0) == (date(2026, 10, 3), False)


def test_dates_outside_the_calendar_are_refused() -> None:
    calendar = CALENDARS[0]
    for act in (
        lambda: calendar.add(date(FIRST_YEAR - 1, 12, 30), 1),
        lambda: calendar.add(date(LAST_YEAR, 12, 31), 1),
        lambda: calendar.subtract(date(FIRST_YEAR, 1, 2), 5),
        lambda: calendar.subtract(date(LAST_YEAR + 1, 6, 1), 5),
        lambda: calendar.add_days(date(2026, 1, 1), 99999999),
        lambda: calendar.add_months(date(2026, 1, 1), 1200),
        lambda: calendar.between(date(2026, 1, 1), date(LAST_YEAR + 1, 1, 1)),
    ):
        with pytest.raises(OutOfCalendar, match="超出日历范围"):
            act()


def test_an_effect_at_24_belongs_to_the_day_that_ends() -> None:
    """A clock that an expiry starts has the day that ended as its day 0, so a lapse and an act on the last day give the same date."""
    calendar = CALENDARS[0]
    last = calendar.add(date(2026, 9, 29), 5).last_day
    assert last == date(2026, 10, 12)
    expiry, act = clock.end_of(last), datetime(2026, 10, 12, 16, 0, tzinfo=clock.ZONE)
    assert clock.day_of_effect(expiry) == clock.civil_day(act) == last
    assert calendar.add(clock.day_of_effect(expiry), 1) == calendar.add(clock.civil_day(act), 1)
