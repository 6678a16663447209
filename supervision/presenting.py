"""How a workbench shows the clocks of supervision tasks."""

from collections.abc import Sequence

from django.urls import reverse

from foundation.common.actors import Actor
from foundation.common.hooks import WorkItem
from supervision.models import Task
from supervision.opening import FIRST_ACTION
from supervision.queries import visible_for
from supervision.statuses import TaskState

_NEXT = {
    TaskState.OPEN: "开始办理",
    TaskState.ASSIGNED: "开始办理",
    TaskState.ACTING: "办结",
    TaskState.FINISHED: "录入结果",
}


def present(*, wanted: Sequence[tuple[int, str]], actor: Actor) -> dict[tuple[int, str], WorkItem]:
    """The rows of task clocks, in one query."""
    tasks = Task.objects.select_related("push", "assignee", "organ").in_bulk({pk for pk, _ in wanted})
    return {(pk, key): _row(tasks[pk], key) for pk, key in wanted if pk in tasks}


def _row(task: Task, key: str) -> WorkItem:
    verb = "监管" if key == FIRST_ACTION else "录入结果"
    who = task.assignee.full_name if task.assignee else "未分派"
    return WorkItem(
        thing=f"{verb}：{task.push.matter or task.push.title}",
        act=_NEXT.get(TaskState(task.state), "查看"),
        url=reverse("task_page", args=[task.pk]),
        sub=f"{task.push.document_number}·{task.get_state_display()}·{who}",
        party=task.push.party_name,
        organ=task.organ.short_name,
        mode=task.push.mode,
    )


def visible(*, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Which of these the actor may see."""
    return set(visible_for(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))
