"""Reading and locking supervision tasks."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from foundation.common.actors import Actor
from foundation.common.errors import Missing
from supervision.models import Task
from supervision.statuses import TaskState

OPEN_STATES = (TaskState.OPEN, TaskState.ASSIGNED, TaskState.ACTING, TaskState.FINISHED)
IDLE_AFTER = timedelta(days=10)
"""A task nobody has touched this long after it opened is shown as claimed but idle (领了不管)."""


def visible_for(actor: Actor) -> QuerySet[Task]:
    """Tasks of the actor's organs, and those that came of pushes the actor's organs sent. A UNION of ids, never an OR."""
    organs = actor.organs("view_matter")
    own = Task.objects.filter(organ_id__in=organs).values("pk")
    of_sent = Task.objects.filter(push__sender_id__in=organs).values("pk")
    return Task.objects.filter(pk__in=own.union(of_sent))


def idle(rows: QuerySet[Task], *, at: datetime) -> QuerySet[Task]:
    """Claimed, then nothing: open, no first action, and older than IDLE_AFTER."""
    return rows.filter(Q(first_action=""), state__in=(TaskState.OPEN, TaskState.ASSIGNED), opened_at__lt=at - IDLE_AFTER)


def lock_task(*, actor: Actor, task_id: int, permission: str) -> Task:
    """Lock a task with its push, subjects in one order: push first, then task. Raises Missing where it is not the actor's."""
    from pushes.models import Push

    task = Task.objects.filter(pk=task_id, organ_id__in=actor.organs(permission)).only("pk", "push_id").first()
    if task is None:
        raise Missing
    Push.objects.select_for_update(no_key=True).get(pk=task.push_id)
    return Task.objects.select_for_update(no_key=True, of=("self",)).select_related("push", "rulebook").get(pk=task_id)
