"""Ending, holding and moving clocks. Callers hold the lock on the subject: subject first, then its clocks (one order for everybody)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines.dating import next_rung_at
from foundation.deadlines.models import Adjustment, Deadline
from foundation.deadlines.queries import OPEN, calendar_for_county, type_of
from foundation.deadlines.settling import settle
from foundation.deadlines.starting import Moment, Opening, start, start_each, start_select
from foundation.deadlines.statuses import AdjustmentKind, ClockState
from foundation.deadlines.transferring import subjects_owed_by, transfer
from foundation.journal import actions as journal

__all__ = [
    "Moment",
    "Opening",
    "cancel",
    "excuse",
    "hold",
    "meet",
    "release",
    "settle",
    "start",
    "start_each",
    "start_select",
    "subjects_owed_by",
    "transfer",
]


def meet(*, subject_model: type[Model], subject_ids: Sequence[int], keys: Sequence[str], at: datetime) -> int:
    """End the open clocks of these terms: the act was done at the instant `at`. Late is derived from `settled_at`, not stored.

    Returns how many ended.
    """
    return Deadline.objects.filter(
        subject_type=type_of(subject_model), subject_id__in=list(subject_ids), state__in=OPEN, term__key__in=list(keys)
    ).update(state=ClockState.MET, settled_at=at, recorded_at=clock.now(), next_rung_at=None)


def cancel(
    *, subject_model: type[Model], subject_ids: Sequence[int], cause: str, at: datetime, actor: Actor, keys: Sequence[str] = ()
) -> int:
    """End open clocks without the act and without its consequence; the cause is shown on the clock. Returns how many."""
    rows = _open(subject_model, subject_ids, keys)
    _note(rows, kind=AdjustmentKind.CANCELLED, cause=cause, at=at, actor=actor, due=None)
    return Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=ClockState.CANCELLED, settled_at=at, recorded_at=clock.now(), next_rung_at=None
    )


def hold(*, subject_model: type[Model], subject_id: int, keys: Sequence[str], cause: str, at: datetime, actor: Actor) -> None:
    """Hold the expiry of running clocks: nothing follows from their moment until they are released (E-05)."""
    rows = [row for row in _open(subject_model, [subject_id], keys) if row.state == ClockState.RUNNING]
    _note(rows, kind=AdjustmentKind.HOLD, cause=cause, at=at, actor=actor, due=None)
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(state=ClockState.HELD, next_rung_at=None)


def release(*, subject_model: type[Model], subject_id: int, keys: Sequence[str], cause: str, at: datetime, actor: Actor) -> None:
    """Let held clocks go on, not reset (E-05). An end that passed meanwhile becomes 24:00 of the next working day after `at`."""
    for row in _open(subject_model, [subject_id], keys):
        if row.state != ClockState.HELD:
            continue
        calendar = calendar_for_county(row.county_id)
        last_day = row.last_day if row.due_at > at else calendar.next_workday(clock.civil_day(at))
        due_at = row.due_at if row.due_at > at else clock.end_of(last_day)
        _note([row], kind=AdjustmentKind.RELEASE, cause=cause, at=at, actor=actor, due=due_at)
        row.state, row.last_day, row.due_at = ClockState.RUNNING, last_day, due_at
        row.provisional = row.provisional or calendar.kind_of(last_day).provisional
        row.next_rung_at = next_rung_at(term=row.term, last_day=last_day, due_at=due_at, calendar=calendar, after=at)
        row.save(update_fields=["state", "last_day", "due_at", "provisional", "next_rung_at"])


def excuse(*, actor: Actor, clock_id: int, reason: str) -> None:
    """Note that a missed clock is excused (E-45). Nothing is deleted: the lateness stays, shown apart with author and reason."""
    at = clock.now()
    row = Deadline.objects.select_related("term").get(pk=clock_id, organ_id__in=actor.organs("excuse_clock"))
    if (row.settled_at or at) < row.due_at:
        raise Refused("这个期限没有逾期，不需要认定免责。")
    if not reason.strip():
        raise Refused("请写明认定免责的理由。", field="reason")
    _note([row], kind=AdjustmentKind.EXEMPTION, cause=reason.strip(), at=at, actor=actor, due=row.due_at)
    journal.write(verb="clock.excuse", actor=actor, subject=row, at=at, reason=reason.strip())


def _open(subject_model: type[Model], subject_ids: Sequence[int], keys: Sequence[str]) -> list[Deadline]:
    rows = Deadline.objects.select_for_update(no_key=True, of=("self",)).filter(
        subject_type=type_of(subject_model), subject_id__in=list(subject_ids), state__in=OPEN
    )
    if keys:
        rows = rows.filter(term__key__in=list(keys))
    return list(rows.select_related("term__rulebook").order_by("pk"))


def _note(rows: Sequence[Deadline], *, kind: AdjustmentKind, cause: str, at: datetime, actor: Actor, due: datetime | None) -> None:
    Adjustment.objects.bulk_create(
        Adjustment(deadline=row, kind=kind, old_due_at=row.due_at, new_due_at=due, cause=cause, user_id=actor.user_id, at=at)
        for row in rows
    )
