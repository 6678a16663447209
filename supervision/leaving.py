"""What a leaver still has open here, and who takes it over."""

from collections.abc import Iterable

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.hooks import OpenWork
from foundation.journal import actions as journal
from pushes.models import Push
from supervision.models import Task
from supervision.queries import OPEN_STATES


def open_work(*, user_id: int, organ_id: int) -> Iterable[OpenWork]:
    """The tasks a person still answers for in an organ."""
    for task in Task.objects.filter(assignee_id=user_id, organ_id=organ_id, state__in=OPEN_STATES).select_related("push").order_by("pk"):
        yield OpenWork(kind="监管任务", subject_id=task.pk, title=f"{task.push.title} {task.push.document_number}".strip())


def hand_over(*, user_id: int, organ_id: int, to_user_id: int, actor: Actor) -> int:
    """Move a leaver's open tasks in an organ to another person, inside the caller's transaction; returns how many."""
    at = clock.now()
    wanted = Task.objects.filter(assignee_id=user_id, organ_id=organ_id, state__in=OPEN_STATES)
    list(Push.objects.select_for_update(no_key=True).filter(pk__in=wanted.order_by().values("push_id")).order_by("pk").values_list("pk"))
    tasks = list(wanted.select_for_update(no_key=True).order_by("pk"))
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(assignee_id=to_user_id)
    before, after = {"assignee": user_id}, {"assignee": to_user_id}
    journal.write_many(journal.entry(verb="task.hand_over", actor=actor, subject=task, at=at, before=before, after=after) for task in tasks)
    return len(tasks)
