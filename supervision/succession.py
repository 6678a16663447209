"""When an organ follows another, the open tasks go on under the successor with their clocks; what was fed back stays under the old name."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines import actions as deadlines
from foundation.journal import actions as journal
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.models import Organ
from foundation.organizations.succession import cause_of
from pushes.models import Push
from supervision.models import Task
from supervision.queries import OPEN_STATES
from supervision.statuses import TaskState


def follow_succession(*, old_organ_ids: Iterable[int], new: Organ, on: date, actor: Actor, at: datetime, document: str = "") -> int:
    """Move the open tasks of organs that end the day before `on` to the organ that follows them; returns how many.

    Who carried out a task goes on with it where the person has a post in the successor; else it waits to be assigned again.
    """
    old = sorted(set(old_organ_ids) - {new.pk})
    wanted = Task.objects.filter(organ_id__in=old, state__in=OPEN_STATES)
    list(Push.objects.select_for_update(no_key=True).filter(pk__in=wanted.order_by().values("push_id")).order_by("pk").values_list("pk"))
    tasks = list(wanted.select_for_update(no_key=True).order_by("pk"))
    ids = [task.pk for task in tasks]
    people = organizations.members(organ_id=new.pk, on=clock.civil_day(at))
    orphans = [task.pk for task in tasks if task.assignee_id and task.assignee_id not in people]
    cause = cause_of(old_organ_ids=old, new=new, on=on, document=document)
    Task.objects.filter(pk__in=ids).update(organ=new)
    Task.objects.filter(pk__in=orphans).update(assignee=None)
    Task.objects.filter(pk__in=orphans, state=TaskState.ASSIGNED).update(state=TaskState.OPEN)
    deadlines.transfer(subject_model=Task, subject_ids=ids, from_ids=old, to_id=new.pk, cause=cause, at=at, actor=actor)
    _write(tasks, set(orphans), new, cause=cause, actor=actor, at=at)
    _tell(tasks, new, cause=cause, at=at)
    return len(tasks)


def _write(tasks: Sequence[Task], orphans: set[int], new: Organ, *, cause: str, actor: Actor, at: datetime) -> None:
    journal.write_many(
        journal.entry(
            verb="task.transfer",
            actor=actor,
            subject=task,
            at=at,
            before={"organ": task.organ_id, "assignee": task.assignee_id},
            after={"organ": new.pk, "assignee": None if task.pk in orphans else task.assignee_id},
            reason=cause,
        )
        for task in tasks
    )


def _tell(tasks: Sequence[Task], new: Organ, *, cause: str, at: datetime) -> None:
    if not tasks:
        return
    users = organizations.liaison_users(organ_ids=[new.pk], on=clock.civil_day(at))
    params = {"count": len(tasks), "reason": f"监管任务：{cause}"}
    notices.send(kind="work_handed_over", users=users, subject=new, params=params, county_id=new.county_id, organ_id=new.pk, at=at)
