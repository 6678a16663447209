"""On-time figures per organ and term: closed months from a table, the rest counted live. The sum always equals a full recount.

A month is closed once no clock whose last day lies in it is open; nothing can change it after that, so its counts are kept. Months
with an open clock, and the current one, are counted from the clocks themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from dashboards.models import ClosedMonth
from foundation.common import clock, hooks
from foundation.deadlines.models import Term

# Counted by day first and by month of those few rows: truncating a date per clock costs more than counting it.
LOCK_CLASS = 719_0203
"""First key of the advisory lock on a county's closed months."""

_ENDED = """
SELECT c.organ_id, t.key, date_trunc('month', c.last_day::timestamp)::date AS month, sum(c.on_time)::int, sum(c.late)::int,
       sum(c.expired + CASE WHEN t.effect = ANY(%(effects)s) THEN c.lapsed ELSE 0 END)::int
FROM (
    SELECT d.organ_id, d.term_id, d.last_day,
           count(*) FILTER (WHERE d.state = 'met' AND d.settled_at < d.due_at) AS on_time,
           count(*) FILTER (WHERE d.state = 'met' AND d.settled_at >= d.due_at) AS late,
           count(*) FILTER (WHERE d.state = 'expired') AS expired,
           count(*) FILTER (WHERE d.state = 'running' AND d.due_at <= %(at)s AND NOT d.provisional) AS lapsed
    FROM deadlines_deadline d
    WHERE d.county_id = %(county)s AND ({ranges}) AND d.organ_id = ANY(%(organs)s) AND d.term_id = ANY(%(terms)s)
    GROUP BY 1, 2, 3
) c JOIN deadlines_term t ON t.id = c.term_id
GROUP BY 1, 2, 3
"""
_OPEN = """
SELECT d.organ_id, t.key,
       count(*) FILTER (WHERE d.due_at > %(at)s) AS not_due,
       count(*) FILTER (WHERE d.due_at <= %(at)s AND NOT t.effect = ANY(%(effects)s)) AS overdue
FROM deadlines_deadline d JOIN deadlines_term t ON t.id = d.term_id
WHERE d.state = 'running' AND d.organ_id = ANY(%(organs)s) AND NOT t.advisory AND NOT d.provisional
GROUP BY 1, 2
"""


Ended = tuple[int, str, date, int, int, int]
"""Organ id, term key, first day of the month, on time, late, by the clock."""
Opened = tuple[int, str, int, int]
"""Organ id, term key, not due yet, overdue."""


@dataclass(slots=True)
class Cell:
    """The figures of one organ, one term, or their sum."""

    on_time: int = 0
    late: int = 0
    automatic: int = 0
    not_due: int = 0
    overdue: int = 0

    def add(self, other: "Cell") -> None:
        """Add another cell's figures to this one's."""
        self.on_time += other.on_time
        self.late += other.late
        self.automatic += other.automatic
        self.not_due += other.not_due
        self.overdue += other.overdue

    @property
    def due(self) -> int:
        """What was to be done: done in time, done late, and not done though overdue. The clock's own acts are counted apart (E-29)."""
        return self.on_time + self.late + self.overdue

    @property
    def rate(self) -> float | None:
        """按期率 in percent: on time ÷ (on time + late + overdue); None where nothing was due."""
        return round(100 * self.on_time / self.due, 1) if self.due else None

    @property
    def automatic_share(self) -> float | None:
        """The clock's own acts in percent of all that were done or taken."""
        total = self.on_time + self.late + self.automatic
        return round(100 * self.automatic / total, 1) if total else None


@dataclass(slots=True)
class Figures:
    """Cells by (organ id, term key), and by month for the trend."""

    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    months: dict[date, Cell] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)

    @classmethod
    def of(cls, ended: list[Ended], opened: list[Opened]) -> "Figures":
        """The sums of counted rows."""
        found = cls(ended=ended, opened=opened)
        for organ_id, key, month, on_time, late, automatic in ended:
            cell = Cell(on_time=on_time, late=late, automatic=automatic)
            found.cells.setdefault((organ_id, key), Cell()).add(cell)
            found.months.setdefault(month, Cell()).add(cell)
        for organ_id, key, not_due, overdue in opened:
            found.cells.setdefault((organ_id, key), Cell()).add(Cell(not_due=not_due, overdue=overdue))
        return found

    def from_month(self, first: date) -> "Figures":
        """The same figures without what ended in months before `first` (the first day of a month)."""
        return self.of([row for row in self.ended if row[2] >= first], self.opened)

    def of_organ(self, organ_id: int) -> Cell:
        """The sum over the terms of one organ."""
        return self._sum(cell for (organ, _), cell in self.cells.items() if organ == organ_id)

    def total(self) -> Cell:
        """The sum over all organs and terms."""
        return self._sum(self.cells.values())

    @staticmethod
    def _sum(cells: Iterable[Cell]) -> Cell:
        total = Cell()
        for cell in cells:
            total.add(cell)
        return total


def figures(
    *, county_id: int, organ_ids: Sequence[int], since: date, until: date, at: datetime, keys: Sequence[str] = (), closed: bool = True
) -> Figures:
    """What ended with a last day from `since` to before `until`, and what is open at the instant `at`, per organ and term.

    With `closed=False` every month is counted from the clocks: the full recount that the table must equal. A clock met before its last
    day counts in the month of that last day.
    """
    months = _closed_months(county_id, since, until) if closed else []
    params = {
        "county": county_id,
        "organs": list(organ_ids),
        "at": at,
        "effects": hooks.on_expired.names(),
        "terms": list(Term.objects.filter(rulebook__county_id=county_id, advisory=False).order_by().values_list("pk", flat=True)),
    }
    ended = [*_from_table(organ_ids, months), *_from_clocks(params, _between_closed(months, since, until))]
    opened = _open(params)
    if keys:
        ended, opened = [row for row in ended if row[1] in keys], [row for row in opened if row[1] in keys]
    return Figures.of(ended, opened)


def _closed_months(county_id: int, since: date, until: date) -> list[date]:
    first = since if since.day == 1 else date(since.year + since.month // 12, since.month % 12 + 1, 1)
    rows = ClosedMonth.objects.filter(organ__county_id=county_id, month__gte=first, month__lt=until)
    return [month for month in rows.order_by("month").values_list("month", flat=True).distinct() if _month_after(month) <= until]


def _month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _between_closed(months: Sequence[date], since: date, until: date) -> list[tuple[date, date]]:
    """The stretches of days (first, day after the last) that no closed month covers: only these are read from the clocks."""
    found, first = [], since
    for month in months:
        if month > first:
            found.append((first, month))
        first = _month_after(month)
    return [*found, (first, until)] if first < until else found


def _from_table(organ_ids: Sequence[int], months: Sequence[date]) -> list[Ended]:
    if not months:
        return []
    rows = ClosedMonth.objects.filter(organ_id__in=list(organ_ids), month__in=list(months)).exclude(term_key="")
    summed = rows.values("organ_id", "term_key", "month").annotate(a=Sum("on_time"), b=Sum("late"), c=Sum("automatic")).order_by()
    return [(row["organ_id"], row["term_key"], row["month"], row["a"], row["b"], row["c"]) for row in summed]


def _from_clocks(params: dict[str, Any], stretches: Sequence[tuple[date, date]]) -> list[Ended]:
    if not stretches:
        return []
    ranges = " OR ".join(f"(d.last_day >= %(first{n})s AND d.last_day < %(after{n})s)" for n in range(len(stretches)))
    ends = {f"{name}{n}": day for n, stretch in enumerate(stretches) for name, day in zip(("first", "after"), stretch, strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(_ENDED.format(ranges=ranges), params | ends)
        return cursor.fetchall()


def _open(params: dict[str, Any]) -> list[Opened]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, params)
        return cursor.fetchall()


def close_months(*, county_id: int, at: datetime) -> list[date]:
    """Keep the counts of every month of the past in which no clock is open any more; returns the months closed now.

    A month without any clock leaves a row too, so that it is not looked at again.
    """
    this_month = clock.civil_day(at).replace(day=1)
    closed = []
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor, county_id)
        cursor.execute(_CLOSABLE, {"county": county_id, "this_month": this_month})
        for (month,) in cursor.fetchall():
            cursor.execute(_CLOSE, {"county": county_id, "month": month, "next": _month_after(month), "at": at})
            closed.append(month)
    return closed


def reopen_months(*, county_id: int, last_days: Sequence[date]) -> None:
    """Forget the counts of months in which a clock was started late (a report of an old decision, a sweep after an outage)."""
    months = {day.replace(day=1) for day in last_days}
    with connection.cursor() as cursor:
        _lock(cursor, county_id)
    ClosedMonth.objects.filter(organ__county_id=county_id, month__in=months).delete()


def _lock(cursor: Any, county_id: int) -> None:
    """Closing a month and starting a clock of its days wait for each other, so that neither misses the other's rows."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, county_id])


_CLOSABLE = """
SELECT m::date FROM (
    SELECT date_trunc('month', min(last_day)) AS first FROM deadlines_deadline WHERE county_id = %(county)s
) f, generate_series(f.first, %(this_month)s::date - interval '1 month', interval '1 month') m
WHERE NOT EXISTS (SELECT 1 FROM dashboards_closedmonth c JOIN organizations_organ o ON o.id = c.organ_id
                  WHERE o.county_id = %(county)s AND c.month = m::date)
  AND NOT EXISTS (SELECT 1 FROM deadlines_deadline d WHERE d.county_id = %(county)s AND d.state IN ('running', 'held')
                  AND d.last_day >= m::date AND d.last_day < (m + interval '1 month')::date)
"""
_CLOSE = """
INSERT INTO dashboards_closedmonth (organ_id, term_key, month, on_time, late, automatic, counted_at)
SELECT d.organ_id, t.key, %(month)s,
       count(*) FILTER (WHERE d.state = 'met' AND d.settled_at < d.due_at),
       count(*) FILTER (WHERE d.state = 'met' AND d.settled_at >= d.due_at),
       count(*) FILTER (WHERE d.state = 'expired'), %(at)s
FROM deadlines_deadline d JOIN deadlines_term t ON t.id = d.term_id
WHERE d.county_id = %(county)s AND d.last_day >= %(month)s AND d.last_day < %(next)s AND NOT t.advisory
GROUP BY 1, 2
UNION ALL
SELECT min(o.id), '', %(month)s, 0, 0, 0, %(at)s FROM organizations_organ o WHERE o.county_id = %(county)s HAVING count(*) > 0
ON CONFLICT DO NOTHING
"""
