"""What supervision adds to the life of a decision."""

from collections.abc import Iterable, Sequence

from django.db.models import Model

from approvals.models import Decision
from foundation.common.actors import Actor
from foundation.common.hooks import TimelineEntry
from foundation.deadlines.queries import type_of
from pushes.models import Push
from supervision.models import Task
from supervision.statuses import FirstAction, Outcome, TaskState


def tasks_of(decision: Decision) -> list[Task]:
    """The tasks that came of a decision, oldest first."""
    rows = Task.objects.filter(push__payload_type=type_of(Decision), push__payload_id=decision.pk)
    return list(rows.select_related("organ", "push__receiver", "assignee", "fed_back_by").order_by("opened_at", "id"))


def related(*, subject: Model) -> Iterable[tuple[type[Model], Sequence[int]]]:
    """Tasks and result pushes of a decision: their clocks belong to its life."""
    if not isinstance(subject, Decision):
        raise TypeError(type(subject))
    tasks = tasks_of(subject)
    yield Task, [task.pk for task in tasks]
    yield Push, [task.result_push_id for task in tasks if task.result_push_id]


def events(*, subject: Model, actor: Actor) -> Iterable[TimelineEntry]:
    """Opening, first act, end of the work and result of every task of a decision."""
    if not isinstance(subject, Decision):
        raise TypeError(type(subject))
    for task in tasks_of(subject):
        yield from _events_of(task)


def _events_of(task: Task) -> Iterable[TimelineEntry]:
    organ, who = task.organ.short_name, task.assignee.full_name if task.assignee else ""
    link = {"task_id": task.pk}
    by_clock = task.push.state == "auto_claimed" and task.push.claimed_at == task.opened_at
    yield TimelineEntry(
        effective_at=task.opened_at,
        recorded_at=task.push.recorded_at if by_clock else None,
        title=f"{task.push.receiver.short_name}生成监管任务",
        icon="list-check",
        text=task.push.matter,
        tag="已撤销" if task.state == TaskState.WITHDRAWN else "",
        template="supervision/parts/task_link.html",
        context=link,
    )
    if task.acted_at:
        note = "，".join(part for part in (task.approval_note, task.plan_line) if part)
        title = f"{organ}首次处置：{FirstAction(task.first_action).label}"
        yield TimelineEntry(effective_at=task.acted_at, title=title, icon="eye-check", text="，".join(p for p in (who, note) if p))
    if task.finished_at:
        yield TimelineEntry(
            effective_at=task.finished_at,
            recorded_at=task.finished_recorded_at,
            title=f"{organ}监管工作完成",
            icon="clipboard-check",
            text=who,
        )
    if task.fed_back_at:
        yield TimelineEntry(
            effective_at=task.fed_back_at,
            title=f"{organ}反馈监管结果：{Outcome(task.outcome).label}",
            icon="corner-down-left",
            text=task.result_text,
            template="supervision/parts/task_link.html",
            context=link,
        )
