"""What the words of some states need beyond the clock: read for a whole page at once, in at most three queries."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from foundation.deadlines.models import Adjustment, Deadline
from foundation.deadlines.statuses import AdjustmentKind, ClockState
from foundation.deadlines.words import Aside

ANSWER_TERM = "return_answer"
REASSIGNED = re.compile(r"已改派(.+?)，")
"""How the ledger says that a clock ended because its matter went to another organ."""


def attach_asides(clocks: Iterable[Deadline]) -> list[Deadline]:
    """The same clocks, each with its `aside` where its state needs one."""
    rows = list(clocks)
    notes = _notes([row for row in rows if row.state != ClockState.HELD])
    answers = _answers([row for row in rows if row.state == ClockState.HELD])
    for row in rows:
        row.aside = answers.get((row.subject_type_id, row.subject_id)) or _aside(notes.get(row.pk, []))  # type: ignore[attr-defined]
    return rows


def _notes(rows: Sequence[Deadline]) -> dict[int, list[Adjustment]]:
    """The ledger lines that change the words of a clock."""
    found: dict[int, list[Adjustment]] = {}
    if rows:
        kinds = (AdjustmentKind.CANCELLED, AdjustmentKind.EXEMPTION)
        lines = Adjustment.objects.filter(deadline_id__in=[row.pk for row in rows], kind__in=kinds).select_related("user").order_by("id")
        for line in lines:
            found.setdefault(line.deadline_id, []).append(line)
    return found


def _aside(lines: Sequence[Adjustment]) -> Aside:
    aside = Aside()
    for line in lines:
        if line.kind == AdjustmentKind.EXEMPTION:
            aside = replace(aside, excused_by=str(line.user or ""), excused_for=line.cause)
            continue
        match = REASSIGNED.match(line.cause)
        aside = replace(aside, cause=line.cause, reassigned_to=match[1] if match else "")
    return aside


def _answers(rows: Sequence[Deadline]) -> dict[tuple[int, int], Aside]:
    """Who must answer the return that holds a clock, and by when."""
    if not rows:
        return {}
    running = Deadline.objects.filter(
        state=ClockState.RUNNING,
        term__key=ANSWER_TERM,
        subject_type_id__in={row.subject_type_id for row in rows},
        subject_id__in={row.subject_id for row in rows},
    ).select_related("organ")
    return {(row.subject_type_id, row.subject_id): Aside(answer_by=row.organ.short_name, answer_due_at=row.due_at) for row in running}
