"""Everything the page "why this date" says about one clock, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.deadlines.asides import attach_asides
from foundation.deadlines.dating import Dated, date_term, rungs_of
from foundation.deadlines.explain import Cell, DayLine, day_lines, is_strip, sentence, weeks, years_without_notice
from foundation.deadlines.models import Deadline, Rulebook, Term
from foundation.deadlines.parameter_names import COUNTING, COUNTING_BY_EFFECT, COUNTING_BY_UNIT, NAMES
from foundation.deadlines.queries import OPEN, calendar_for_county
from foundation.deadlines.statuses import AdjustmentKind
from foundation.deadlines.words import cn_moment
from foundation.workdays.counting import Calendar
from foundation.workdays.queries import layer_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of the ledger as the page shows it."""

    at: datetime
    old: datetime | None
    new: datetime | None
    cause: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A reminder of a clock: when, and what became of it (已发, 待发, 未发)."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which notice says what a year's days are; `notice` is empty where there is none yet."""

    layer: str
    year: int
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """The whole explanation of a clock's date."""

    lines: Sequence[DayLine]
    cells: Sequence[Cell]
    strip: bool
    sentence: Sequence[tuple[str, bool]]
    counted: Dated
    moved: bool
    gaps: Sequence[int]
    choices: Sequence[tuple[str, str]]
    sources: Sequence[Source]


def reason_of(deadline: Deadline, *, calendar: Calendar, year: int) -> Reason:
    """Why the clock ends when it does. `moved` says that it no longer ends where counting from its event puts it; the ledger says why."""
    term = deadline.term
    by_effect = clock.civil_day(deadline.started_at) != deadline.day_zero
    counted = date_term(term=term, started_at=deadline.started_at, calendar=calendar, by_effect=by_effect)
    lines = day_lines(term=term, day_zero=deadline.day_zero, last_day=counted.last_day, calendar=calendar)
    return Reason(
        lines=lines,
        cells=weeks(lines, event=term.event_words),
        strip=is_strip(lines),
        sentence=sentence(
            term=term,
            started_at=deadline.started_at,
            day_zero=deadline.day_zero,
            last_day=counted.last_day,
            due_at=counted.due_at,
            lines=lines,
            year=year,
        ),
        counted=counted,
        moved=counted.due_at != deadline.due_at,
        gaps=years_without_notice(lines),
        choices=choices_of(term, term.rulebook),
        sources=sources_of(lines, calendar),
    )


def choices_of(term: Term, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The counting choices of the rulebook that this term rests on, as (name, what was chosen)."""
    keys = [*COUNTING, *COUNTING_BY_UNIT.get(term.unit, ()), *COUNTING_BY_EFFECT.get(term.effect, ())]
    return [(NAMES[key], rulebook.parameters[key]["note"]) for key in keys if key in rulebook.parameters]


def sources_of(lines: Sequence[DayLine], calendar: Calendar) -> list[Source]:
    """The notices behind the days of an explanation, per year and layer."""
    years = sorted({line.day.year for line in lines})
    national = [Source(layer="全国", year=year, notice=calendar.source_of(year)) for year in years]
    if not calendar.region:
        return national
    name = layer_name(calendar.region)
    return [*national, *(Source(layer=name, year=year, notice=calendar.regional_source_of(year)) for year in years)]


def changes_of(deadline: Deadline) -> list[Change]:
    """How the date came about: its start, then every line of the ledger."""
    ledger = [line for line in deadline.adjustments.all() if line.kind != AdjustmentKind.STARTED]
    first_due = next((line.old_due_at for line in ledger if line.old_due_at), deadline.due_at)
    start = Change(at=deadline.started_at, old=None, new=first_due, cause=f"{deadline.term.event_words}时起算", kind="started")
    rest = [
        Change(at=line.at, old=line.old_due_at, new=line.new_due_at, cause=line.cause, kind=AdjustmentKind(line.kind).label)
        for line in ledger
    ]
    return [start, *rest]


def reminders_of(deadline: Deadline, *, calendar: Calendar, at: datetime) -> list[Reminder]:
    """What was sent about the clock and what will be; nothing is planned for a clock that has ended."""
    fired = set(deadline.rungs.filter(due_at=deadline.due_at).values_list("rung", flat=True))
    rungs = rungs_of(term=deadline.term, last_day=deadline.last_day, due_at=deadline.due_at, calendar=calendar)
    reminders = []
    for rung in rungs:
        if rung.key in fired:
            reminders.append(Reminder(at=rung.at, state="已发"))
        elif rung.at > at and deadline.state in OPEN:
            reminders.append(Reminder(at=rung.at, state="待发"))
    return reminders


def thing_of(deadline: Deadline, *, actor: Actor) -> hooks.WorkItem | None:
    """What the clock is about, as the room of its subject presents it."""
    kind = deadline.subject_type
    pair = (deadline.subject_id, deadline.term.key)
    for presenter in hooks.present.of(f"{kind.app_label}.{kind.model}"):
        if item := presenter(wanted=[pair], actor=actor).get(pair):
            return item
    return None


def tried(deadline: Deadline, *, day: date) -> Dated:
    """Where the term would end if its event had been on `day`. Raises OutOfCalendar for a date no calendar covers."""
    started_at = clock.start_of(day)
    return date_term(term=deadline.term, started_at=started_at, calendar=calendar_for_county(deadline.county_id))


def heading_of(deadline: Deadline, *, year: int) -> str:
    """为什么是 10月12日 24:00."""
    return f"为什么是 {cn_moment(deadline.due_at, year=0 if deadline.provisional else year, ends=True)}"


def time_of(deadline: Deadline) -> str:
    """16:20: the hour of the event, empty where it was noted by its day alone or fell at 24:00."""
    started = clock.local(deadline.started_at)
    return "" if started == clock.start_of(started.date()) else f" {started:%H:%M}"


def with_aside(deadline: Deadline) -> Deadline:
    """The clock with what the words of its state need."""
    return attach_asides([deadline])[0]
