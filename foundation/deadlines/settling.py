"""Carrying out what follows when a clock's moment has passed: inside an act for its own subject, and in batches by the sweep.

Both go the same way: the clocks end at `due_at`, then the room that registered the effect is told the clock ids. A single late act is
a batch of one.
"""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model

from foundation.common import clock, hooks
from foundation.deadlines.models import Alarm, Deadline, Term
from foundation.deadlines.queries import type_of
from foundation.deadlines.statuses import ClockState

GRACE = timedelta(seconds=10)
"""The sweep leaves alone what was due this recently, so that no claim clicked in time is refused. The legal moment is `due_at` all the same."""
BATCH = 2000
RETRY_PARKED = timedelta(hours=1)

log = logging.getLogger(__name__)


def settle(*, subject_model: type[Model], subject_ids: Sequence[int], at: datetime) -> int:
    """Carry out, in order of their moments, every effect on these subjects that had happened by `at`. Returns how many clocks ended.

    The caller holds the subjects' locks and is in a transaction. A settlement may open a clock that is itself past, so it goes on
    until nothing is left. A provisional clock has no effect (E-14).
    """
    settled = 0
    effects = {term.pk: term.effect for term in Term.objects.filter(effect__in=hooks.on_expired.names())}
    while rows := _next_lapsed(subject_model, subject_ids, list(effects), at):
        first_due, first_effect = rows[0][1], effects[rows[0][2]]
        batch = [pk for pk, due, term_id in rows if due == first_due and effects[term_id] == first_effect]
        _expire(effect=first_effect, clock_ids=batch, at=at)
        settled += len(batch)
    return settled


def _next_lapsed(model: type[Model], subject_ids: Sequence[int], terms: list[int], at: datetime) -> list[tuple[int, datetime, int]]:
    return list(
        Deadline.objects.select_for_update(no_key=True)
        .filter(
            subject_type=type_of(model),
            subject_id__in=list(subject_ids),
            state=ClockState.RUNNING,
            provisional=False,
            due_at__lte=at,
            term_id__in=terms,
        )
        .order_by("due_at", "id")
        .values_list("id", "due_at", "term_id")
    )


def _expire(*, effect: str, clock_ids: Sequence[int], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE deadlines_deadline SET state = 'expired', settled_at = due_at, recorded_at = %s, next_rung_at = NULL, parked_at = NULL"
            " WHERE id = ANY(%s) AND state = 'running'",
            [clock.now(), list(clock_ids)],
        )
    for expiry in hooks.on_expired.of(effect):
        expiry.handler(clock_ids=clock_ids, at=at)


def sweep(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Carry out every effect due before `at` less the grace; any number of workers may do so at once. Returns how many clocks ended.

    Each batch is a transaction of its own, so a killed worker loses at most one, and the next sweep takes it. An empty batch means
    that nothing is free, not that nothing is left: only `left_to_sweep` says that.
    """
    limit = (at or clock.now()) - GRACE
    ended = 0
    while True:
        swept = sum(_sweep_effect(effect=effect, limit=limit, batch=batch) for effect in hooks.on_expired.names())
        if not swept:
            return ended
        ended += swept


def left_to_sweep(*, at: datetime) -> bool:
    """Whether any clock is running past a moment that had an effect by `at`."""
    return Deadline.objects.filter(
        state=ClockState.RUNNING, provisional=False, due_at__lte=at, term__effect__in=hooks.on_expired.names()
    ).exists()


def _sweep_effect(*, effect: str, limit: datetime, batch: int) -> int:
    ended = 0
    for expiry in hooks.on_expired.of(effect):
        terms = list(Term.objects.filter(effect=effect).values_list("pk", flat=True))
        while terms:
            with transaction.atomic():
                ids = _lock_lapsed(expiry.subject, terms=terms, limit=limit, batch=batch)
                done = _expire_or_halve(effect=effect, clock_ids=ids, at=limit) if ids else 0
            ended += done
            if len(ids) < batch:
                break
    return ended


def _lock_lapsed(model: type[Model], *, terms: Sequence[int], limit: datetime, batch: int) -> list[int]:
    """Subject and clock are locked in one statement that passes over what others hold, so a sweep never waits and never deadlocks."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT d.id FROM deadlines_deadline d JOIN {model._meta.db_table} s ON s.id = d.subject_id
            WHERE d.state = 'running' AND NOT d.provisional AND d.due_at <= %s AND d.term_id = ANY(%s) AND d.subject_type_id = %s
              AND (d.parked_at IS NULL OR d.parked_at <= %s)
            ORDER BY d.due_at, d.id LIMIT %s FOR NO KEY UPDATE OF s, d SKIP LOCKED
            """,
            [limit, list(terms), type_of(model).pk, limit - RETRY_PARKED, batch],
        )
        return [row[0] for row in cursor.fetchall()]


def _expire_or_halve(*, effect: str, clock_ids: Sequence[int], at: datetime) -> int:
    """Expire a batch; if its handler fails, halve it until the culprit stands alone, and park that one with an alarm."""
    try:
        with transaction.atomic():
            _expire(effect=effect, clock_ids=clock_ids, at=at)
        return len(clock_ids)
    except Exception as error:
        if len(clock_ids) == 1:
            _park(clock_id=clock_ids[0], effect=effect, error=error, at=at)
            return 0
        middle = len(clock_ids) // 2
        return sum(_expire_or_halve(effect=effect, clock_ids=half, at=at) for half in (clock_ids[:middle], clock_ids[middle:]))


def _park(*, clock_id: int, effect: str, error: Exception, at: datetime) -> None:
    log.error("clock %s: the effect %s failed and is parked", clock_id, effect, exc_info=error)
    row = Deadline.objects.get(pk=clock_id)
    Deadline.objects.filter(pk=clock_id).update(parked_at=at + GRACE)
    detail = "".join(traceback.format_exception_only(error)).strip()
    Alarm.objects.get_or_create(
        kind="parked", deadline=row, cleared_at=None, defaults={"county_id": row.county_id, "detail": detail, "raised_at": at + GRACE}
    )
