"""The months of a year as the calendar page shows them."""

import calendar as weeks
from dataclasses import dataclass
from datetime import date

from foundation.workdays.counting import Calendar, Day
from foundation.workdays.statuses import DayKind, PlainKind

MONDAY_FIRST = weeks.Calendar(firstweekday=0)
CSS = {DayKind.HOLIDAY: "ld-cal-off", DayKind.MAKE_UP: "ld-cal-swap", PlainKind.REST: "ld-cal-rest", PlainKind.WORKDAY: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day of a month. `short` is the word in the cell, `name` the holiday below it, `long` the whole of it with its source."""

    day: date
    css: str
    short: str
    name: str
    long: str
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month, its weeks from Monday to Sunday (None outside the month), and its number of working days."""

    number: int
    weeks: list[list[Cell | None]]
    workdays: int


def months_of(calendar: Calendar, year: int) -> list[Month]:
    """The twelve months of a year, each day with its kind in words."""
    return [_month(calendar, year, number) for number in range(1, 13)]


def _month(calendar: Calendar, year: int, number: int) -> Month:
    rows = [
        [_cell(day, calendar.kind_of(day)) if day.month == number else None for day in week]
        for week in MONDAY_FIRST.monthdatescalendar(year, number)
    ]
    worked = sum(
        1 for week in MONDAY_FIRST.monthdatescalendar(year, number) for day in week if day.month == number and calendar.is_working(day)
    )
    return Month(number=number, weeks=rows, workdays=worked)


def _cell(day: date, known: Day) -> Cell:
    holiday = known.kind == DayKind.HOLIDAY
    makes_up = f"（{known.name}）" if known.kind == DayKind.MAKE_UP and known.name else ""
    return Cell(
        day=day,
        css=next(css for kind, css in CSS.items() if kind == known.kind),
        short="放假" if holiday else "" if known.kind == PlainKind.WORKDAY else known.words,
        name=known.name.split("、")[0] if holiday else "",
        long=f"{day.month}月{day.day}日 {'放假 ' if holiday else ''}{known.words}{makes_up}，来源：{known.source}",
        provisional=known.provisional,
    )
