"""Starting clocks: one by one in an act, or for a batch in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from foundation.common import clock, hooks
from foundation.deadlines.dating import Dated, date_term, next_rung_at
from foundation.deadlines.models import Deadline, Term
from foundation.deadlines.queries import calendar_for_county, type_of
from foundation.workdays.counting import Calendar
from foundation.workdays.queries import calendar_of, hold_calendar


def start(
    *, term: Term, subject_model: type[Model], subjects: Sequence[tuple[int, int]], started_at: datetime, by_effect: bool = False
) -> list[Deadline]:
    """Start one clock per (subject id, obliged organ id), all from the same event at the instant `started_at`.

    `by_effect` says that the event is itself the effect of a clock (an automatic claim at 24:00), which belongs to the day that ends.
    """
    hold_calendar()
    calendar = calendar_for_county(term.rulebook.county_id)
    found = _Counted.of(term, started_at=started_at, calendar=calendar, told_at=started_at, by_effect=by_effect)
    _tell_past(term.rulebook.county_id, [found.dated.last_day])
    return Deadline.objects.bulk_create(
        found.clock(subject_model, subject_id=subject_id, organ_id=organ_id) for subject_id, organ_id in subjects
    )


def _tell_past(county_id: int, last_days: Sequence[date]) -> None:
    """Let the rooms that keep counts of past days know of clocks that were started late.

    The host's clock only spares the question in the ordinary case, with a wide margin; the database's clock decides.
    """
    if not last_days or min(last_days) > datetime.now(clock.ZONE).date():
        return
    today = clock.today()
    past = sorted({day for day in last_days if day < today})
    if past:
        for handler in hooks.on_past_start.of("any"):
            handler(county_id=county_id, last_days=past)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One clock to start: the term (with its rulebook and county read), on what, owed by whom, from which instant."""

    term: Term
    subject_id: int
    organ_id: int
    started_at: datetime


def start_each(*, subject_model: type[Model], openings: Sequence[Opening], told_at: datetime) -> list[Deadline]:
    """Start clocks of several terms and several events of one county in one statement.

    An event may be older than `told_at`, the instant at which the portal learns of it: such a clock may be past already, and reminders
    that would have gone out before are left out.
    """
    if not openings:
        return []
    hold_calendar()
    calendar = calendar_of(openings[0].term.rulebook.county.region)
    counted: dict[tuple[int, datetime], _Counted] = {}
    for one in openings:
        key = (one.term.pk, one.started_at)
        if key not in counted:
            counted[key] = _Counted.of(one.term, started_at=one.started_at, calendar=calendar, told_at=max(told_at, one.started_at))
    _tell_past(openings[0].term.rulebook.county_id, [one.dated.last_day for one in counted.values()])
    return Deadline.objects.bulk_create(
        counted[one.term.pk, one.started_at].clock(subject_model, subject_id=one.subject_id, organ_id=one.organ_id) for one in openings
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A term counted from one event, from which any number of clocks start."""

    term: Term
    started_at: datetime
    dated: Dated
    rung: datetime | None

    @classmethod
    def of(cls, term: Term, *, started_at: datetime, calendar: Calendar, told_at: datetime, by_effect: bool = False) -> "_Counted":
        dated = date_term(term=term, started_at=started_at, calendar=calendar, by_effect=by_effect)
        rung = next_rung_at(term=term, last_day=dated.last_day, due_at=dated.due_at, calendar=calendar, after=told_at)
        return cls(term=term, started_at=started_at, dated=dated, rung=rung)

    def clock(self, subject_model: type[Model], *, subject_id: int, organ_id: int) -> Deadline:
        return Deadline(
            county_id=self.term.rulebook.county_id,
            term=self.term,
            organ_id=organ_id,
            subject_type=type_of(subject_model),
            subject_id=subject_id,
            started_at=self.started_at,
            day_zero=self.dated.day_zero,
            last_day=self.dated.last_day,
            due_at=self.dated.due_at,
            provisional=self.dated.provisional,
            next_rung_at=self.rung,
        )


_DAY_ZERO = (
    "(({started_at} - CASE WHEN {by_effect} THEN interval '1 microsecond' ELSE interval '0' END) AT TIME ZONE 'Asia/Shanghai')::date"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Which column of a batch holds the moment of an event, and the SQL condition under which it was the effect of a clock."""

    column: str
    by_effect: str = "false"


def start_select(*, key: str, subject_model: type[Model], rows: str, moments: Mapping[str, Moment], params: Mapping[str, Any]) -> int:
    """Start the clock `key` for every row of a query, in one statement after one look at the distinct days. Returns how many.

    The query `rows` yields county_id, rulebook_id, organ_id, subject_id and the columns that `moments` names for each event of a term;
    a row whose moment is NULL starts nothing, nor does a rulebook without the term. Python counts each distinct day once; SQL does
    the rows.
    """
    hold_calendar()
    with connection.cursor() as cursor:
        found = _days_by_rulebook(cursor, rows, moments, params)
        terms = Term.objects.filter(rulebook_id__in=list(found), key=key, event__in=list(moments)).select_related("rulebook")
        return sum(
            _start_term(cursor, term, subject_model, rows, moments[term.event], found[term.rulebook_id][term.event], params)
            for term in terms
        )


def _days_by_rulebook(cursor: Any, rows: str, moments: Mapping[str, Moment], params: Mapping[str, Any]) -> dict[int, dict[str, list[date]]]:
    """The distinct days 0 of a batch by rulebook and event, in one look at the rows."""
    days = ", ".join(_DAY_ZERO.format(started_at=one.column, by_effect=one.by_effect) for one in moments.values())
    cursor.execute(f"SELECT DISTINCT x.rulebook_id, {days} FROM ({rows}) x", params)
    found: dict[int, dict[str, list[date]]] = {}
    for rulebook_id, *of_events in cursor.fetchall():
        by_event = found.setdefault(rulebook_id, {event: [] for event in moments})
        for event, day in zip(moments, of_events, strict=True):
            if day is not None and day not in by_event[event]:
                by_event[event].append(day)
    return found


def _start_term(
    cursor: Any, term: Term, subject_model: type[Model], rows: str, moment: Moment, days: Sequence[date], params: Mapping[str, Any]
) -> int:
    events = (
        f"SELECT x.county_id, x.organ_id, x.subject_id, {moment.by_effect} AS by_effect, {moment.column} AS started_at FROM ({rows}) x"
        f" WHERE x.rulebook_id = %(the_rulebook)s AND {moment.column} IS NOT NULL"
    )
    named = {**params, "the_rulebook": term.rulebook_id, "term": term.pk, "type": type_of(subject_model).pk}
    named |= _dates(term, days)
    _tell_past(term.rulebook.county_id, named["lasts"])
    cursor.execute(
        f"""
        INSERT INTO deadlines_deadline
            (county_id, term_id, organ_id, subject_type_id, subject_id, started_at, day_zero, last_day, due_at, provisional, state, next_rung_at)
        SELECT e.county_id, %(term)s, e.organ_id, %(type)s, e.subject_id, e.started_at, m.day_zero, m.last_day, m.due_at, m.provisional,
               'running', m.rung
        FROM ({events}) e
        JOIN unnest(%(days)s::date[], %(lasts)s::date[], %(dues)s::timestamptz[], %(provisional)s::bool[], %(rungs)s::timestamptz[])
             AS m(day_zero, last_day, due_at, provisional, rung) ON m.day_zero = {_DAY_ZERO.format(started_at="e.started_at", by_effect="e.by_effect")}
        """,
        named,
    )
    return int(cursor.rowcount)


def _dates(term: Term, days: Sequence[date]) -> dict[str, list[Any]]:
    """What the term gives for each distinct day 0, as parallel arrays."""
    calendar = calendar_for_county(term.rulebook.county_id)
    dated = [date_term(term=term, started_at=clock.start_of(day), calendar=calendar) for day in days]
    return {
        "days": [one.day_zero for one in dated],
        "lasts": [one.last_day for one in dated],
        "dues": [one.due_at for one in dated],
        "provisional": [one.provisional for one in dated],
        "rungs": [
            next_rung_at(term=term, last_day=one.last_day, due_at=one.due_at, calendar=calendar, after=clock.end_of(one.day_zero))
            for one in dated
        ],
    }
