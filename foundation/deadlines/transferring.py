"""Clocks whose obliged organ has been merged, split or abolished: they run on unchanged, and the successor owes the act."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Model

from foundation.common.actors import Actor
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import OPEN, type_of
from foundation.deadlines.statuses import AdjustmentKind

_LOCK = """
    SELECT id FROM deadlines_deadline
    WHERE subject_type_id = %s AND subject_id = ANY(%s) AND organ_id = ANY(%s) AND state = ANY(%s)
    ORDER BY id FOR NO KEY UPDATE
"""
_NOTE = """
    INSERT INTO deadlines_adjustment (deadline_id, kind, old_due_at, new_due_at, cause, user_id, at)
    SELECT id, %s, due_at, due_at, %s, %s, %s FROM deadlines_deadline WHERE id = ANY(%s)
"""


def subjects_owed_by(*, subject_model: type[Model], organ_ids: Sequence[int]) -> list[int]:
    """Ids of the subjects of one model on which one of these organs still has a running or held clock, sorted."""
    rows = Deadline.objects.filter(organ_id__in=list(organ_ids), subject_type=type_of(subject_model), state__in=OPEN)
    return sorted(set(rows.values_list("subject_id", flat=True)))


def transfer(
    *, subject_model: type[Model], subject_ids: Sequence[int], from_ids: Sequence[int], to_id: int, cause: str, at: datetime, actor: Actor
) -> int:
    """Let another organ owe the running and held clocks of these subjects; no date changes. Returns how many.

    The caller holds the subjects' locks (subject first, then its clocks). The ledger says why; ended clocks stay with the organ that
    owed them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [type_of(subject_model).pk, list(subject_ids), list(from_ids), [str(state) for state in OPEN]])
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            cursor.execute(_NOTE, [str(AdjustmentKind.TRANSFER), cause[:300], actor.user_id, at, ids])
            cursor.execute("UPDATE deadlines_deadline SET organ_id = %s WHERE id = ANY(%s)", [to_id, ids])
    return len(ids)
