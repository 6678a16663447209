"""Counting open clocks anew after a notice on holidays (E-15), and warning long before a missing one bites (E-14).

Python counts each distinct clock once (term, day 0, present end); SQL does the rows, in batches by id, and writes only what differs. The
whole is one transaction with the import, so nobody ever sees half a calendar. Ended clocks stay as they are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from foundation.common import clock, hooks
from foundation.common.actors import rule_actor
from foundation.deadlines import settling
from foundation.deadlines.dating import date_term, next_rung_at
from foundation.deadlines.models import Adjustment, Deadline, Term
from foundation.deadlines.notifying import clear_alarms, tell_moved
from foundation.deadlines.queries import OPEN, not_lapsed
from foundation.deadlines.statuses import AdjustmentKind, Unit
from foundation.organizations.models import County
from foundation.workdays.actions import Move, calendar_changed
from foundation.workdays.actions import preview_moves as preview_registry
from foundation.workdays.counting import Calendar
from foundation.workdays.queries import calendar_of

BATCH = 5000
COUNTED_UNITS = (Unit.WORKDAYS, Unit.DAYS, Unit.MONTHS)
"""Only these look at the calendar."""
SET_BY_HAND = (AdjustmentKind.EXTENSION, AdjustmentKind.RELEASE)
"""After these the end no longer follows from day 0; it only moves off a day that became a rest day."""
FLOORED = "；重算的末日已经过去，改为次一工作日 24:00"


@dataclass(frozen=True, slots=True)
class Present:
    """What open clocks of one kind have in common."""

    term_id: int
    day_zero: date
    last_day: date
    due_at: datetime
    provisional: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Where such clocks belong under a calendar."""

    last_day: date
    due_at: datetime
    provisional: bool
    floored: bool = False

    def moves(self, present: Present) -> bool:
        """Whether the end differs."""
        return self.due_at != present.due_at


def register() -> None:
    """Ask the calendar to be called after an import, and before one for its preview."""
    calendar_changed.register("any", _on_calendar_changed)
    preview_registry.register("any", preview_moves)


def _on_calendar_changed(*, regions: Sequence[str], at: datetime, notice: str) -> None:
    redate_for_calendar(regions=regions, at=at, notice=notice)


def redate_for_calendar(*, regions: Sequence[str], at: datetime, notice: str) -> int:
    """Settle what has lapsed with a final date, then give every open clock of these regions the end it has on the calendar now.

    Each change leaves a line in the clock's ledger with the notice as its cause, and the obliged organs' liaisons are told. Returns how
    many clocks got another end.
    """
    settling.sweep(at=at + settling.GRACE)
    moved: Counter[tuple[int, int]] = Counter()
    for county in County.objects.filter(region__in=list(regions)).order_by("pk"):
        if _open_clocks(county).exists():
            moved += _redate_county(county, calendar=calendar_of(county.region), at=at, notice=notice)
    clear_alarms(at=at)
    tell_moved(moved=moved, at=at, notice=notice)
    return moved.total()


def preview_moves(*, calendars: Mapping[str, Calendar], at: datetime) -> list[Move]:
    """The clocks that would get another end if the regions had these calendars, nearest present end first. Writes nothing."""
    moves: list[tuple[Deadline, Target]] = []
    for county in County.objects.filter(region__in=list(calendars)).order_by("pk"):
        rows = _open_clocks(county).filter(not_lapsed(at))
        targets = _targets(rows, calendar=calendars[county.region], at=at)
        changed = {present: target for present, target in targets.items() if target.moves(present)}
        kinds = {(present.term_id, present.day_zero, present.due_at) for present in changed}
        near = rows.filter(term_id__in={kind[0] for kind in kinds}, day_zero__in={kind[1] for kind in kinds})
        for row in near.select_related("term", "organ", "subject_type"):
            if target := changed.get(_present_of(row)):
                moves.append((row, target))
    moves.sort(key=lambda move: (move[0].due_at, move[0].pk))
    titles = _titles([row for row, _ in moves])
    return [
        Move(
            title=titles[row.pk],
            organ=row.organ.short_name,
            term=row.term.name,
            old_last_day=row.last_day,
            new_last_day=target.last_day,
            provisional=target.provisional,
        )
        for row, target in moves
    ]


def target_of(*, present: Present, term: Term, calendar: Calendar, at: datetime) -> Target:
    """Where clocks of this kind belong under `calendar`, looked at from the moment `at`.

    An end that is already past becomes 24:00 of the next working day, but never later than the clock had without the notice while that
    was still ahead. A final clock that had run out stays run out, unless the notice gives it days that it did not have.
    """
    counted = _counted(present, term, calendar)
    if counted.due_at > at:
        return counted
    if present.due_at > at:
        own = calendar.roll(present.last_day).last_day
        return _floor(min(own, calendar.next_workday(clock.civil_day(at))), calendar)
    if present.provisional:
        return counted if counted.provisional else _floor(calendar.next_workday(clock.civil_day(at)), calendar)
    if counted.due_at > present.due_at:
        return _floor(calendar.next_workday(clock.civil_day(at)), calendar)
    return Target(present.last_day, present.due_at, False)


def _counted(present: Present, term: Term, calendar: Calendar) -> Target:
    if present.by_hand:
        day, provisional = calendar.roll(present.last_day)
        return Target(day, present.due_at if day == present.last_day else clock.end_of(day), provisional)
    dated = date_term(term=term, started_at=clock.start_of(present.day_zero), calendar=calendar)
    return Target(dated.last_day, dated.due_at, dated.provisional)


def _floor(day: date, calendar: Calendar) -> Target:
    return Target(day, clock.end_of(day), calendar.kind_of(day).provisional, floored=True)


def _open_clocks(county: County) -> QuerySet[Any]:
    by_hand = Adjustment.objects.filter(deadline=OuterRef("pk"), kind__in=SET_BY_HAND).filter(~Q(old_due_at=F("new_due_at")))
    return Deadline.objects.filter(county=county, state__in=OPEN, term__unit__in=COUNTED_UNITS).annotate(by_hand=Exists(by_hand))


def _present_of(row: Any) -> Present:
    return Present(row.term_id, row.day_zero, row.last_day, row.due_at, row.provisional, row.by_hand)


def _targets(rows: QuerySet[Any], *, calendar: Calendar, at: datetime) -> dict[Present, Target]:
    """Each kind of open clock with its place under `calendar`."""
    kinds = [
        Present(*values)
        for values in rows.order_by().values_list("term_id", "day_zero", "last_day", "due_at", "provisional", "by_hand").distinct()
    ]
    terms = Term.objects.select_related("rulebook").in_bulk({kind.term_id for kind in kinds})
    return {kind: target_of(present=kind, term=terms[kind.term_id], calendar=calendar, at=at) for kind in kinds}


def _redate_county(county: County, *, calendar: Calendar, at: datetime, notice: str) -> Counter[tuple[int, int]]:
    """Returns how many clocks got another end, by (county, organ)."""
    targets = _targets(_open_clocks(county), calendar=calendar, at=at)
    terms = Term.objects.select_related("rulebook").in_bulk({kind.term_id for kind in targets})
    columns = _columns(targets, terms=terms, calendar=calendar, at=at, notice=notice)
    moved: Counter[tuple[int, int]] = Counter()
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_REDATE, {**columns, "county": county.pk, "last": last, "batch": BATCH, "at": at})
            rows = cursor.fetchall()
            moved.update((county.pk, organ_id) for _, organ_id, changed in rows if changed)
            last = max((pk for pk, _, _ in rows), default=0)
            if len(rows) < BATCH:
                return moved


def _columns(
    targets: Mapping[Present, Target], *, terms: Mapping[int, Term], calendar: Calendar, at: datetime, notice: str
) -> dict[str, list[Any]]:
    """The map from present to target, as arrays for one statement."""
    pairs = list(targets.items())
    return {
        "terms": [kind.term_id for kind, _ in pairs],
        "zeros": [kind.day_zero for kind, _ in pairs],
        "dues": [kind.due_at for kind, _ in pairs],
        "provs": [kind.provisional for kind, _ in pairs],
        "hands": [kind.by_hand for kind, _ in pairs],
        "new_lasts": [target.last_day for _, target in pairs],
        "new_dues": [target.due_at for _, target in pairs],
        "new_provs": [target.provisional for _, target in pairs],
        "rungs": [
            next_rung_at(term=terms[kind.term_id], last_day=target.last_day, due_at=target.due_at, calendar=calendar, after=at)
            for kind, target in pairs
        ],
        "causes": [(f"{notice}{FLOORED}" if target.floored else notice)[:300] for _, target in pairs],
    }


# The rows are locked in order of their ids, like everywhere. A reminder that is due already is left to the next round of reminders.
_REDATE = """
WITH locked AS (
    SELECT d.id, d.organ_id FROM deadlines_deadline d
    WHERE d.county_id = %(county)s AND d.state IN ('running', 'held') AND d.id > %(last)s
    ORDER BY d.id LIMIT %(batch)s FOR NO KEY UPDATE
), map AS (
    SELECT * FROM unnest(%(terms)s::bigint[], %(zeros)s::date[], %(dues)s::timestamptz[], %(provs)s::bool[], %(hands)s::bool[],
        %(new_lasts)s::date[], %(new_dues)s::timestamptz[], %(new_provs)s::bool[], %(rungs)s::timestamptz[], %(causes)s::text[])
        AS m(term_id, day_zero, due_at, provisional, by_hand, new_last, new_due, new_prov, rung, cause)
), target AS (
    SELECT d.id, m.due_at AS old_due, m.new_last, m.new_due, m.new_prov, m.cause,
           (m.new_due, m.new_prov) IS DISTINCT FROM (m.due_at, m.provisional) AS changed,
           CASE WHEN d.state = 'held' THEN NULL WHEN d.next_rung_at <= %(at)s THEN d.next_rung_at ELSE m.rung END AS rung
    FROM locked l JOIN deadlines_deadline d ON d.id = l.id
    JOIN map m ON m.term_id = d.term_id AND m.day_zero = d.day_zero AND m.due_at = d.due_at AND m.provisional = d.provisional
     AND m.by_hand = EXISTS (
        SELECT 1 FROM deadlines_adjustment a WHERE a.deadline_id = d.id AND a.kind IN ('extension', 'release')
           AND a.old_due_at <> a.new_due_at)
), moved AS (
    UPDATE deadlines_deadline d
    SET last_day = t.new_last, due_at = t.new_due, provisional = t.new_prov, next_rung_at = t.rung
    FROM target t WHERE d.id = t.id AND (t.changed OR d.next_rung_at IS DISTINCT FROM t.rung)
    RETURNING d.id, t.old_due, t.new_due, t.cause, t.changed
), ledger AS (
    INSERT INTO deadlines_adjustment (deadline_id, kind, old_due_at, new_due_at, cause, at)
    SELECT id, 'calendar', old_due, new_due, cause, %(at)s FROM moved WHERE changed
)
SELECT l.id, l.organ_id, coalesce(m.old_due <> m.new_due, false) FROM locked l LEFT JOIN moved m ON m.id = l.id
"""


def _titles(rows: Iterable[Deadline]) -> dict[int, str]:
    """What each clock is about, as the subject's room presents it; else its term and number."""
    groups: dict[tuple[str, int], list[Deadline]] = {}
    for row in rows:
        groups.setdefault((f"{row.subject_type.app_label}.{row.subject_type.model}", row.county_id), []).append(row)
    titles: dict[int, str] = {}
    for (label, county_id), group in groups.items():
        actor = rule_actor(county_id=county_id, rule="calendar", article="")
        items: dict[tuple[int, str], hooks.WorkItem] = {}
        for presenter in hooks.present.of(label):
            items |= presenter(wanted=[(row.subject_id, row.term.key) for row in group], actor=actor)
        for row in group:
            item = items.get((row.subject_id, row.term.key))
            titles[row.pk] = item.thing if item else f"{row.term.name} {row.subject_id}"
    return titles
