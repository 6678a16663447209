"""Opening tasks for a batch of pushes: with the push where the county says so (BS-08a, E-17), else with the claim (PL-12b)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from foundation.deadlines import actions as deadlines
from foundation.deadlines.actions import Moment
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import type_of
from supervision.models import Task

FIRST_ACTION = "first_action"

_OPEN = """
INSERT INTO supervision_task
    (county_id, organ_id, push_id, rulebook_id, state, assignee_id, opened_at,
     first_action, approval_note, plan_line, outcome, result_text)
SELECT p.county_id, p.receiver_id, p.id, p.rulebook_id, 'open', p.liaison_id, COALESCE(p.claimed_at, p.pushed_at), '', '', '', '', ''
FROM pushes_push p JOIN deadlines_rulebook r ON r.id = p.rulebook_id
WHERE p.id = ANY(%(pushes)s) {condition}
ON CONFLICT (push_id) DO NOTHING RETURNING id
"""
_WITH_THE_PUSH = "AND r.parameters #>> '{task_opens_at,value}' = 'push'"

_CLOCKS = """
SELECT t.county_id, t.rulebook_id, t.organ_id, t.id AS subject_id, p.pushed_at, p.claimed_at, p.state = 'auto_claimed' AS by_clock
FROM supervision_task t JOIN pushes_push p ON p.id = t.push_id WHERE t.id = ANY(%(tasks)s)
"""


def open_at_push(*, push_ids: Sequence[int], at: datetime) -> None:
    """Open tasks for pushes just sent, in counties where the task comes with the push."""
    _start_clocks(_insert(push_ids, condition=_WITH_THE_PUSH))


def open_at_claim(*, push_ids: Sequence[int], at: datetime) -> None:
    """Open tasks for pushes just claimed, by a person or by the clock, unless they came with the push; the liaison answers for each."""
    opened = _insert(push_ids, condition="")
    if len(opened) < len(push_ids):
        opened += _came_with_the_push(push_ids, opened)
        _assign(push_ids)
    _start_clocks(opened)


def _insert(push_ids: Sequence[int], *, condition: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(condition=condition), {"pushes": list(push_ids)})
        return [row[0] for row in cursor.fetchall()]


def _came_with_the_push(push_ids: Sequence[int], opened: Sequence[int]) -> list[int]:
    """Tasks that stood before the claim and have no clock yet: theirs starts with the claim.

    Asked by ids in a query of its own: inside the insert, a planner without statistics on a young table reads every clock per row.
    """
    tasks = set(Task.objects.filter(push_id__in=list(push_ids)).values_list("pk", flat=True)) - set(opened)
    clocks = Deadline.objects.filter(subject_type=type_of(Task), subject_id__in=list(tasks), term__key=FIRST_ACTION)
    return sorted(tasks - set(clocks.values_list("subject_id", flat=True)))


def _assign(push_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE supervision_task t SET assignee_id = p.liaison_id FROM pushes_push p"
            " WHERE p.id = t.push_id AND t.push_id = ANY(%s) AND t.assignee_id IS NULL AND p.liaison_id IS NOT NULL",
            [list(push_ids)],
        )


def _start_clocks(task_ids: Sequence[int]) -> None:
    if not task_ids:
        return
    deadlines.start_select(
        key=FIRST_ACTION,
        subject_model=Task,
        rows=_CLOCKS,
        moments={
            "push.pushed_at": Moment(column="x.pushed_at"),
            "push.claimed_at": Moment(column="x.claimed_at", by_effect="x.by_clock"),
        },
        params={"tasks": list(task_ids)},
    )
