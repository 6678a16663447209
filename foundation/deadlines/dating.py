"""From a term and the moment of its event to the moment by which the act is owed. Pure: the calendar is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from foundation.common import clock
from foundation.deadlines.models import Term
from foundation.deadlines.statuses import Direction, Effect, Unit
from foundation.workdays.counting import Calendar

REMINDER_HOUR = 9
"""Reminders go out at 09:00, when somebody reads them (E-12)."""
MIDNIGHT = "24:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A counted term. `day_zero` is not counted; the act is in time until the end of `last_day`, before the instant `due_at`."""

    day_zero: date
    last_day: date
    due_at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A reminder or escalation of a clock: its key, its moment, and whether it warns before the end or tells that the end has passed."""

    key: str
    at: datetime
    escalates: bool


def day_zero_of(*, started_at: datetime, by_effect: bool) -> date:
    """The day that is not counted (E-01).

    An act belongs to its civil day. An effect of another clock falls at 24:00 and so belongs to the day that ends: a lapse and a claim
    on the last day give the same follow-up date.
    """
    return clock.day_of_effect(started_at) if by_effect else clock.civil_day(started_at)


def date_term(*, term: Term, started_at: datetime, calendar: Calendar, by_effect: bool = False) -> Dated:
    """Count `term` from (or, backward, to) the event at `started_at` on the obliged organ's calendar."""
    day_zero = day_zero_of(started_at=started_at, by_effect=by_effect)
    if term.unit == Unit.MINUTES:
        due_at = started_at + timedelta(minutes=term.length)
        return Dated(day_zero=day_zero, last_day=clock.day_of_effect(due_at), due_at=due_at, provisional=False)
    last_day, provisional = _last_day(term=term, day_zero=day_zero, calendar=calendar)
    return Dated(day_zero=day_zero, last_day=last_day, due_at=_end(term=term, last_day=last_day), provisional=provisional)


def _last_day(*, term: Term, day_zero: date, calendar: Calendar) -> tuple[date, bool]:
    if term.unit == Unit.WORKDAYS:
        first = day_zero - timedelta(days=1) if term.rulebook.parameters.get("day_zero_counts", {}).get("value") else day_zero
        counted = calendar.subtract(day_zero, term.length) if term.direction == Direction.BEFORE else calendar.add(first, term.length)
        return counted.last_day, counted.provisional
    if term.unit in (Unit.SAME_DAY, Unit.CLOCK_TIME):
        return day_zero, False
    if term.unit == Unit.MONTHS:
        counted = calendar.add_months(day_zero, term.length)
    elif term.direction == Direction.BEFORE:
        counted = calendar.subtract_days(day_zero, term.length)
    else:
        counted = calendar.add_days(day_zero, term.length)
    return counted.last_day, counted.provisional


def _end(*, term: Term, last_day: date) -> datetime:
    if term.unit == Unit.CLOCK_TIME and term.clock_time is not None:
        return datetime.combine(last_day, term.clock_time, tzinfo=clock.ZONE)
    cutoff = str(term.rulebook.parameters.get("cutoff_time", {}).get("value", MIDNIGHT))
    return clock.end_of(last_day) if cutoff == MIDNIGHT else datetime.combine(last_day, time.fromisoformat(cutoff), tzinfo=clock.ZONE)


def rungs_of(*, term: Term, last_day: date, due_at: datetime, calendar: Calendar) -> list[Rung]:
    """The reminders and escalations of a clock in order of time.

    A reminder N working days before goes out at 09:00 of that day; the reminder of the last day before also goes out on the calendar
    day before where that is a rest day (E-12). A term that escalates does so at its moment.
    """
    rungs = {rung.key: rung for spec in term.remind for rung in _rungs(spec, last_day=last_day, due_at=due_at, calendar=calendar)}
    if term.effect == Effect.ESCALATE:
        rungs.setdefault("due", Rung(key="due", at=due_at, escalates=True))
    return sorted(rungs.values(), key=lambda rung: (rung.at, rung.key))


def _rungs(spec: dict[str, Any], *, last_day: date, due_at: datetime, calendar: Calendar) -> list[Rung]:
    count, side, workdays = int(spec.get("n", 0)), spec["side"], spec.get("unit", Unit.WORKDAYS) == Unit.WORKDAYS
    if side == "due":
        return [Rung(key="due", at=due_at, escalates=True)]
    if side == "after":
        day = calendar.add(last_day, count).last_day if workdays else last_day + timedelta(days=count)
        return [Rung(key=f"{count}-after", at=_morning(day), escalates=True)]
    day = calendar.subtract(last_day, count).last_day if workdays else last_day - timedelta(days=count)
    rungs = [Rung(key=f"{count}-before", at=_morning(day), escalates=False)]
    eve = last_day - timedelta(days=1)
    if count == 1 and eve != day:
        rungs.append(Rung(key="eve", at=_morning(eve), escalates=False))
    return rungs


def _morning(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=REMINDER_HOUR)


def next_rung_at(*, term: Term, last_day: date, due_at: datetime, calendar: Calendar, after: datetime) -> datetime | None:
    """The moment of the first rung later than `after`; None when there is none left."""
    return next((rung.at for rung in rungs_of(term=term, last_day=last_day, due_at=due_at, calendar=calendar) if rung.at > after), None)
