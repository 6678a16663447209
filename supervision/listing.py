"""The list of supervision tasks, with those that a lapsed clock has opened and nobody has written down yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import clocks_by_subject
from foundation.organizations.models import User
from supervision.models import Task
from supervision.pending import TaskRow, pending, rows_of, with_pending
from supervision.queries import IDLE_AFTER, OPEN_STATES, idle
from supervision.statuses import TaskState

SEGMENTS = (TaskState.OPEN, TaskState.ASSIGNED, TaskState.ACTING, TaskState.FINISHED)
IDLE = "idle"
DONE = (TaskState.FED_BACK, TaskState.WITHDRAWN)
SCOPES = {"organ": "本单位", "mine": "只看我的", "sent": "等对方办"}
EXPORTED = 50_000
HEADINGS = ("文号", "事项", "监管事项", "行政相对人", "监管部门", "责任人", "状态", "生成时刻", "首次处置", "结果", "反馈时刻")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person chose; `state` is a state, idle or done."""

    scope: str = "organ"
    state: str = ""
    text: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str], *, departmental: bool) -> "Wanted":
        """From an address. Without a choice a supervising organ sees its own tasks, a bureau those of the others."""
        scope = params.get("scope", "")
        state = params.get("state", "")
        return cls(
            scope=scope if scope in SCOPES else ("organ" if departmental else "sent"),
            state=state if state in (*SEGMENTS, IDLE, *DONE) else "",
            text=params.get("text", "").strip(),
        )


@dataclass(slots=True, kw_only=True)
class Line:
    """A line of the list: the task, its nearest clock, who answers for it."""

    row: TaskRow
    clock: Deadline | None
    assignee: str
    idle: bool


def _scoped(actor: Actor, scope: str, at: datetime) -> tuple[QuerySet[Task], QuerySet[Any]]:
    organs = actor.organs("view_matter")
    if scope == "sent":
        tasks, due = Task.objects.filter(push__sender_id__in=organs), pending(at=at).filter(sender_id__in=organs)
    else:
        tasks, due = Task.objects.filter(organ_id__in=organs), pending(at=at).filter(receiver_id__in=organs)
    if scope == "mine":
        tasks, due = tasks.filter(assignee_id=actor.user_id), due.filter(answers=actor.user_id)
    return tasks, due


def keys(*, actor: Actor, wanted: Wanted, at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """What was asked for, latest first; slice it and hand it to `lines`. Open tasks only, unless a state was chosen."""
    tasks, due = _scoped(actor, wanted.scope, at)
    if wanted.state == IDLE:
        tasks, due = idle(tasks, at=at), due.filter(effective_claimed_at__lt=at - IDLE_AFTER)
    else:
        tasks = tasks.filter(state__in=[wanted.state] if wanted.state else OPEN_STATES)
        due = due if wanted.state in ("", TaskState.OPEN) else due.none()
    for word in wanted.text.split():
        tasks = tasks.filter(_holds(word, "push__"))
        due = due.filter(_holds(word, ""))
    return with_pending(tasks=tasks, pushes=due)


def _holds(word: str, prefix: str) -> Q:
    names = ("title", "party_name", "document_number")
    found = Q()
    for name in names:
        found |= Q(**{f"{prefix}{name}__icontains": word})
    return found


def counts(*, actor: Actor, wanted: Wanted, at: datetime) -> dict[str, int]:
    """How many tasks stand in each open state, and how many are claimed but idle; what a clock opened counts too."""
    tasks, due = _scoped(actor, wanted.scope, at)
    found = dict(tasks.filter(state__in=OPEN_STATES).order_by().values_list("state").annotate(count=Count("pk")))
    late = due.aggregate(all=Count("pk"), idle=Count("pk", filter=Q(effective_claimed_at__lt=at - IDLE_AFTER)))
    found[TaskState.OPEN] = found.get(TaskState.OPEN, 0) + late["all"]
    found[IDLE] = idle(tasks, at=at).count() + late["idle"]
    return {str(key): value for key, value in found.items()}


def lines(chosen: Sequence[tuple[Any, ...]], *, at: datetime) -> list[Line]:
    """The lines of one page, in a fixed number of queries."""
    rows = rows_of(chosen)
    clocks = clocks_by_subject(Task, [row.task.pk for row in rows if row.task])
    wanted = {row.assignee_id for row in rows if row.assignee_id}
    names = dict(User.objects.filter(pk__in=wanted).values_list("pk", "full_name"))
    return [
        Line(
            row=row,
            clock=clocks.get(row.task.pk) if row.task else None,
            assignee=names.get(row.assignee_id, "") if row.assignee_id else "",
            idle=row.state in (TaskState.OPEN, TaskState.ASSIGNED) and row.opened_at < at - IDLE_AFTER,
        )
        for row in rows
    ]


def sheet_rows(chosen: QuerySet[Any, tuple[Any, ...]], *, at: datetime) -> Iterable[Sequence[Any]]:
    """The rows of the export, EXPORTED at most."""
    ones = list(chosen[:EXPORTED])
    for start in range(0, len(ones), 2000):
        for line in lines(ones[start : start + 2000], at=at):
            push, task = line.row.push, line.row.task
            yield (
                push.document_number,
                push.title,
                push.matter,
                push.party_name,
                task.organ.short_name if task else push.receiver.short_name,
                line.assignee,
                line.row.state_words,
                clock.local(line.row.opened_at),
                task.get_first_action_display() if task else "",
                task.get_outcome_display() if task else "",
                clock.local(task.fed_back_at) if task and task.fed_back_at else "",
            )
