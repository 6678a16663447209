"""Tasks that follow from a lapsed clock before anybody has written them down (DESIGN: a list shows what the clocks say)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import type_of
from foundation.deadlines.statuses import ClockState, Effect
from foundation.organizations.models import Liaison
from foundation.organizations.statuses import LiaisonKind
from pushes.models import Push
from pushes.queries import with_effective_state
from pushes.statuses import PushKind, PushState
from supervision.models import Task
from supervision.statuses import TaskState

TASK_KINDS = (PushKind.DECISION, PushKind.COMMITMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A line of a task list. `task` is None where the clock has opened the task and nobody has written it down yet."""

    push: Push
    task: Task | None
    state: str
    opened_at: datetime
    assignee_id: int | None

    @property
    def state_words(self) -> str:
        """The state in Chinese."""
        return str(TaskState(self.state).label)


def pending(*, at: datetime) -> QuerySet[Any]:
    """Pushes whose claim clock has lapsed by `at` and whose task is not written down, with `opened_at` and `answers` (the liaison)."""
    rows: QuerySet[Any] = with_effective_state(Push.objects.filter(state=PushState.WAITING, kind__in=TASK_KINDS, task=None), at)
    return rows.filter(effective_state=PushState.AUTO_CLAIMED).annotate(
        lapsed_on=Subquery(_claim_clock().values("last_day")[:1]),
        answers=_liaison(),
    )


def _claim_clock() -> QuerySet[Deadline]:
    return Deadline.objects.filter(
        subject_type=type_of(Push), subject_id=OuterRef("pk"), state=ClockState.RUNNING, term__effect=Effect.AUTO_CLAIM
    )


def _liaison() -> Coalesce:
    """Who answers for an automatic claim: the one named on the push if on duty that day, else the organ's first officer, else its lead."""
    on_duty = Liaison.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("lapsed_on")), organ=OuterRef("receiver"), valid_from__lte=OuterRef("lapsed_on")
    )
    named = Exists(on_duty.filter(user=OuterRef("liaison")))
    first = on_duty.filter(section=None).order_by(Case(When(kind=LiaisonKind.LEAD, then=1), default=0), "order", "id")
    return Coalesce(Case(When(named, then=F("liaison_id"))), Subquery(first.values("user_id")[:1]), output_field=BigIntegerField(null=True))


def with_pending(*, tasks: QuerySet[Task], pushes: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    """Keys of the rows of both, latest first: (push id, task id or None, state, opened at, assignee id). Slice it, then `rows_of`.

    `tasks` and `pushes` (of `pending`) come filtered alike.
    """
    written = tasks.order_by().annotate(
        row_push=F("push_id"), row_task=F("pk"), row_state=F("state"), row_opened=F("opened_at"), row_answers=F("assignee_id")
    )
    due = pushes.order_by().annotate(
        row_push=F("pk"),
        row_task=Value(None, output_field=BigIntegerField(null=True)),
        row_state=Value(TaskState.OPEN.value),
        row_opened=F("effective_claimed_at"),
        row_answers=F("answers"),
    )
    names = ("row_push", "row_task", "row_state", "row_opened", "row_answers")
    return written.values_list(*names).union(due.values_list(*names), all=True).order_by("-row_opened", "-row_push")


def rows_of(keys: Sequence[tuple[Any, ...]]) -> list[TaskRow]:
    """The rows of one page of `with_pending`, in two queries."""
    tasks = Task.objects.select_related("organ", "assignee", "push__sender").in_bulk([key[1] for key in keys if key[1]])
    pushes = Push.objects.select_related("receiver", "sender").in_bulk([key[0] for key in keys if not key[1]])
    return [
        TaskRow(
            push=tasks[task_id].push if task_id else pushes[push_id],
            task=tasks.get(task_id) if task_id else None,
            state=state,
            opened_at=opened_at,
            assignee_id=assignee_id,
        )
        for push_id, task_id, state, opened_at, assignee_id in keys
    ]
