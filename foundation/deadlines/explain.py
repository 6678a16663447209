"""Why a date is that date: each day from the event to the last day, and one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from foundation.common import clock
from foundation.deadlines.models import Term
from foundation.deadlines.statuses import Direction, Effect, Unit
from foundation.deadlines.words import EXPIRED_WORDS, cn_date, cn_day, cn_end, cn_moment, cn_range, last_minute, length_words
from foundation.workdays.counting import Calendar
from foundation.workdays.explain import ExplainedDay, days_of
from foundation.workdays.statuses import DayKind, PlainKind

ONE_DAY = timedelta(days=1)
STRIP = 16
"""Longer explanations are shown week by week."""
RESTS_NAMED = 3
"""More stretches of plain rest days than this are only counted in the sentence."""


@dataclass(frozen=True, kw_only=True)
class DayLine(ExplainedDay):
    """A day of an explanation, with what is said of it beside its kind. `number` is 0 on the day of the event, None where it does not count."""

    note: str

    def as_json(self) -> dict[str, Any]:
        """For files and commands."""
        return {
            "day": self.day.isoformat(),
            "weekday": self.weekday,
            "number": self.number,
            "counted": self.counted,
            "kind": self.kind,
            "name": self.name,
            "note": self.note,
            "source": self.source,
            "provisional": self.provisional,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of the week grid: a day inside the explanation (`line`) or beside it."""

    day: date
    line: DayLine | None
    label: str
    text: str


def day_lines(*, term: Term, day_zero: date, last_day: date, calendar: Calendar) -> list[DayLine]:
    """Every day between the event and the last day, both included, in the order of the calendar."""
    length = term.length if term.unit == Unit.DAYS else None
    days = days_of(calendar, day_zero, last_day, term.direction, unit=term.unit, length=length)
    return [DayLine(**asdict(day), note=_note(term, day)) for day in days]


def _note(term: Term, day: ExplainedDay) -> str:
    """What is said of a day: the event on day zero, 顺延 where a period rolls over a working day, else its kind."""
    note = day.words
    if day.is_zero:
        note = term.event_words if day.is_last else f"{term.event_words}，当日不计"
    elif day.number is None and day.kind in (DayKind.MAKE_UP, PlainKind.WORKDAY):
        note = "顺延"
    return f"{note}，届满日" if day.is_last else note


def weeks(lines: Sequence[DayLine], *, event: str) -> list[Cell]:
    """The explanation as whole weeks from Monday to Sunday, for the pop-over and for long terms."""
    by_day = {line.day: line for line in lines}
    first = lines[0].day - ONE_DAY * lines[0].day.weekday()
    last = lines[-1].day + ONE_DAY * (6 - lines[-1].day.weekday())
    cells = []
    for day in _days(first, last):
        line = by_day.get(day)
        label = f"{day.month}/{day.day}" if day.day == 1 or day == first else str(day.day)
        cells.append(Cell(day=day, line=line, label=label, text=_cell_text(line, event)))
    return cells


def _cell_text(line: DayLine | None, event: str) -> str:
    if line is None:
        return ""
    if line.is_zero:
        return event
    return "休" if line.number is None else f"第{line.number}日"


def sentence(
    *, term: Term, started_at: datetime, day_zero: date, last_day: date, due_at: datetime, lines: Sequence[DayLine], year: int
) -> list[tuple[str, bool]]:
    """The date in one paragraph: pieces of text, each with whether it is stressed."""
    lapse = clock.day_of_effect(started_at) != clock.civil_day(started_at) and day_zero == clock.day_of_effect(started_at)
    began = cn_moment(started_at, year=year, ends=True) if lapse else _moment_with_weekday(started_at, year)
    opening: list[tuple[str, bool]] = [(f"{began} {term.event_words}，", False)]
    if term.unit == Unit.MINUTES:
        return [*opening, (f"{term.length} 分钟后是 {cn_moment(due_at, year=year, ends=True)}。", True)]
    if term.unit in (Unit.SAME_DAY, Unit.CLOCK_TIME):
        end = [(f"{cn_day(day_zero, year=year)}{term.event_words}，", False), (f"{length_words(term)} 届满", True)]
        return [*end, (_after(term, due_at, year), False)]
    opening.append(("当日不计", True))
    opening.append((f"。{_how(term)}{_skipped(term, lines, year)}", False))
    for line in lines:
        if line.kind == DayKind.MAKE_UP and line.number and term.unit == Unit.WORKDAYS:
            opening += [(f"，{cn_day(line.day, year=year)}", False), (f"调休上班，计为第 {line.number} 日", True)]
    final = next(line for line in lines if line.is_last)
    named = f"第 {final.number} 日是 " if term.unit == Unit.WORKDAYS and final.number else "末日是 "
    end = [(f"。{named}{cn_day(last_day, year=year)}，", False), (f"届满于当日 {cn_end(due_at, year=year)[-5:]}", True)]
    return [*opening, *end, (_after(term, due_at, year), False)]


def _moment_with_weekday(moment: datetime, year: int) -> str:
    return f"{cn_day(clock.civil_day(moment), year=year)}{clock.local(moment):%H:%M}"


def _how(term: Term) -> str:
    if term.direction == Direction.BEFORE:
        return f"从前一日起往前数 {term.length} {Unit(term.unit).label}"
    if term.unit == Unit.MONTHS:
        return f"{term.length} 个月后的同日届满，没有同日的到月末，遇休息日顺延"
    rolled = "，末日遇休息日顺延" if term.unit == Unit.DAYS else ""
    return f"从次日起数 {term.length} {Unit(term.unit).label}{rolled}"


def _skipped(term: Term, lines: Sequence[DayLine], year: int) -> str:
    """：跳过国庆节 10月1日至7日和 10月11日（日）."""
    if term.unit != Unit.WORKDAYS:
        return ""
    groups = _stretches(line for line in lines if line.number is None)
    holidays = [f"{name} {cn_range(days[0], days[-1], year=year)}" for name, days in groups if name]
    rests = [days for name, days in groups if not name]
    if len(rests) > RESTS_NAMED:
        plain = [f"{sum(len(days) for days in rests)} 个休息日"]
    else:
        plain = [cn_range(days[0], days[-1], year=year) for days in rests]
    named = [*holidays, *plain]
    if not named:
        return ""
    return "：跳过" + ("、".join(named[:-1]) + "和 " + named[-1] if len(named) > 1 else named[0])


def _stretches(lines: Iterable[DayLine]) -> list[tuple[str, list[date]]]:
    """Days that do not count, in stretches of neighbours of the same name."""
    found: list[tuple[str, list[date]]] = []
    for line in lines:
        if found and found[-1][0] == line.name and found[-1][1][-1] + ONE_DAY == line.day:
            found[-1][1].append(line.day)
        else:
            found.append((line.name, [line.day]))
    return found


def _after(term: Term, due_at: datetime, year: int) -> str:
    """：23:59 认领仍是按期，10月13日 0:00 起由系统自动认领。"""
    effect = Effect(term.effect)
    if term.advisory:
        return "。这是建议期限，超过只作提示，不计逾期。"
    following = {
        Effect.AUTO_CLAIM: "由系统自动认领",
        Effect.WARN: "办理须写明理由",
        Effect.NOTICE: "发出提醒",
        Effect.ESCALATE: "记为逾期并上报",
    }.get(effect, EXPIRED_WORDS.get(effect, "记为逾期"))
    local = clock.local(due_at)
    begins = f"{cn_date(local.date(), year=year)} {local.hour}:{local:%M}"
    return f"：{last_minute(due_at)} {term.done_words}仍是按期，{begins} 起{following}。"


def _days(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def years_without_notice(lines: Sequence[DayLine]) -> list[int]:
    """The years in an explanation whose holidays have not been announced."""
    return sorted({line.day.year for line in lines if line.provisional and not line.is_zero})


def is_strip(lines: Sequence[DayLine]) -> bool:
    """Whether the days fit in one strip."""
    return len(lines) <= STRIP
