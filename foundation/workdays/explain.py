"""Why a date is what it is: the days from day zero to the last day, each with what it is and who says so, and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from foundation.workdays.counting import Calendar
from foundation.workdays.statuses import DayKind, PlainKind

WEEKDAYS = "一二三四五六日"
WORKDAYS, DAYS, MONTHS = "workdays", "days", "months"
AFTER, BEFORE = "after", "before"
REST_DAYS_NAMED = 3
"""A sentence names up to this many weekend days one by one; of more it gives the number."""


@dataclass(frozen=True, kw_only=True)
class ExplainedDay:
    """One day of a counted term. `number` is None where the day is not counted, 0 for day zero."""

    day: date
    weekday: str
    kind: str
    words: str
    name: str
    counted: bool
    number: int | None
    is_zero: bool
    is_last: bool
    source: str
    provisional: bool
    unverified: bool

    @property
    def number_words(self) -> str:
        """第 N 日, or 不计."""
        return "不计" if self.number is None else f"第 {self.number} 日"

    @property
    def css(self) -> str:
        """The class of the day in a day strip."""
        if self.is_last:
            return "ld-last"
        if self.is_zero:
            return "ld-zero"
        if self.number is None:
            return "ld-off"
        return "ld-swap" if self.kind == DayKind.MAKE_UP else ""

    def as_json(self) -> dict[str, object]:
        """The day for an API or a record, dates as ISO text."""
        return {
            "date": self.day.isoformat(),
            "weekday": self.weekday,
            "kind": self.kind,
            "name": self.name,
            "words": self.words,
            "counted": self.counted,
            "number": self.number,
            "source": self.source,
            "provisional": self.provisional,
            "regional_unverified": self.unverified,
        }


def days_of(
    calendar: Calendar, day_zero: date, last_day: date, direction: str = AFTER, unit: str = WORKDAYS, length: int | None = None
) -> list[ExplainedDay]:
    """Every day from day zero to the last day, earliest first; for a term counted back, from the last day to day zero.

    In a working-day term only working days have a number. In a term of calendar days or months every day has one, up to the day on which
    the period ends; a day that it was rolled over is not counted. `length` is the term's, in calendar days; None where it was not rolled.
    """
    if last_day < day_zero:
        direction = BEFORE
    step = timedelta(days=-1 if direction == BEFORE else 1)
    days = [_explained(calendar, day_zero, number=0, is_zero=True, is_last=last_day == day_zero)]
    number = 0
    for offset in range(1, abs((last_day - day_zero).days) + 1):
        day = day_zero + step * offset
        counts = calendar.is_working(day) if unit == WORKDAYS else length is None or offset <= length
        number += counts
        days.append(_explained(calendar, day, number=number if counts else None, is_zero=False, is_last=day == last_day))
    return days[::-1] if direction == BEFORE else days


def sentence(days: Sequence[ExplainedDay], *, event: str = "事情发生", unit: str = WORKDAYS) -> str:
    """The counting in one or two sentences, as the explanation page prints it. `event` says what happened on day zero (16:20 推送)."""
    zero = next(day for day in days if day.is_zero)
    last = next(day for day in days if day.is_last)
    opening = f"{_day_words(zero.day)}{event}，当日不计。"
    if zero.day == last.day:
        return f"{_day_words(zero.day)}{event}，届满于当日 24:00。"
    backward = last.day < zero.day
    counted = sum(1 for day in days if day.number)
    what = "个工作日" if unit == WORKDAYS else "天"
    way = f"从前一日起往回数 {counted} {what}" if backward else f"从次日起数 {counted} {what}"
    between = [day for day in days if not day.is_zero]
    skipped = _skipped(between)
    passages = [f"跳过{skipped}"] if skipped and unit == WORKDAYS else []
    passages += [
        f"{_day_words(day.day, zero)}调休上班，计为第 {day.number} 日" for day in between if day.kind == DayKind.MAKE_UP and day.number
    ]
    reasons = "：" + "，".join(passages) if passages else ""
    of_last = f"第 {last.number} 日是 {_day_words(last.day, zero)}，" if last.number and unit == WORKDAYS else ""
    when = "当日 24:00" if of_last else f"{_day_words(last.day, zero)}24:00"
    end = f"最晚在{when} 前办理" if backward else f"届满于{when}"
    if unit != WORKDAYS and last.number is None:
        end = f"期满那天不上班，顺延到下一个工作日，{end}"
    return f"{opening}{way}{reasons}。{of_last}{end}。{_caveats(days)}"


def date_words(day: date, *, with_year: bool = False) -> str:
    """10月12日（一）, with the year where it is asked for."""
    year = f"{day.year}年" if with_year else ""
    return f"{year}{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def _explained(calendar: Calendar, day: date, *, number: int | None, is_zero: bool, is_last: bool) -> ExplainedDay:
    known = calendar.kind_of(day)
    return ExplainedDay(
        day=day,
        weekday=f"周{WEEKDAYS[day.weekday()]}",
        kind=known.kind,
        words=known.words,
        name=known.name,
        counted=bool(number),
        number=number,
        is_zero=is_zero,
        is_last=is_last,
        source=known.source,
        provisional=known.provisional,
        unverified=known.unverified,
    )


def _day_words(day: date, zero: ExplainedDay | None = None) -> str:
    """The day; with its year where that is not day zero's."""
    return date_words(day, with_year=zero is not None and day.year != zero.day.year)


def _skipped(days: Sequence[ExplainedDay]) -> str:
    """What was not counted: holidays as ranges, weekend days one by one while they are few."""
    off = [day for day in days if day.number is None]
    ranges = []
    rest: list[ExplainedDay] = []
    for words, group in groupby(off, key=lambda day: day.words):
        run = list(group)
        if words == PlainKind.REST.label:
            rest += run
        else:
            ranges.append(f"{words} {_range(run)}")
    if len(rest) > REST_DAYS_NAMED:
        ranges.append(f"周末 {len(rest)} 天")
    else:
        ranges += [date_words(day.day) for day in rest]
    return "、".join(ranges[:-1]) + "和 " + ranges[-1] if len(ranges) > 1 else "".join(ranges)


def _range(run: Sequence[ExplainedDay]) -> str:
    first, last = run[0].day, run[-1].day
    if first == last:
        return f"{first.month}月{first.day}日"
    until = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{until}"


def _caveats(days: Sequence[ExplainedDay]) -> str:
    """What is not certain about the date."""
    years = sorted({day.day.year for day in days if day.provisional and not day.is_zero})
    caveats = [f"{year} 年的节假日安排尚未公布，日期暂定，公布后重算。" for year in years]
    unverified = sorted({day.day.year for day in days if day.unverified and not day.is_zero})
    caveats += [f"{year} 年的地区节假日通知尚未录入，只按全国安排计算。" for year in unverified]
    return "".join(caveats)
