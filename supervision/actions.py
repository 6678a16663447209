"""What an organ does on a supervision task: assign, act, finish, feed the result back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from foundation.common import clock
from foundation.common.actors import Actor, rule_actor
from foundation.common.errors import Refused
from foundation.deadlines import actions as deadlines
from foundation.deadlines.queries import term_of
from foundation.journal import actions as journal
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from pushes import sending
from pushes.actions import settled_push
from pushes.models import Push
from pushes.routes import Route
from pushes.snapshots import LIST_NAME
from pushes.statuses import PushKind
from supervision.models import Task
from supervision.opening import FIRST_ACTION
from supervision.queries import lock_task
from supervision.statuses import MOVES, FirstAction, Outcome, TaskState

RESULT_ENTRY = "result_entry"
RESULT_FEEDBACK = "result_feedback"
RESULT_TERMS = (RESULT_ENTRY, RESULT_FEEDBACK)
"""From the end of the work: the result on the same day where the county says so (BS-09b), else in good time (BS-04c, E-10)."""


def assign(*, actor: Actor, task_id: int, assignee_id: int) -> Task:
    """Give a task to a person of the organ, or to another one later on (SC-13, PL-12b)."""
    at = clock.now()
    with transaction.atomic():
        task = lock_task(actor=actor, task_id=task_id, permission="assign_task")
        if assignee_id not in organizations.members(organ_id=task.organ_id, on=clock.civil_day(at)):
            raise Refused("只能分派给本单位在任的人员，请重新选择。", field="assignee_id")
        before = task.assignee_id
        if task.state not in (TaskState.ACTING, TaskState.FINISHED):
            _move(task, TaskState.ASSIGNED)
        task.assignee_id = assignee_id
        task.save(update_fields=["state", "assignee"])
        journal.write(verb="task.assign", actor=actor, subject=task, at=at, before={"assignee": before}, after={"assignee": assignee_id})
        _tell("task_assigned", task, users=[assignee_id], organ_id=task.organ_id, at=at)
    return task


def act(*, actor: Actor, task_id: int, first_action: str, approval_note: str = "", plan_line: str = "") -> Task:
    """Record the first thing done on a task (E-16). A visit on site needs its approval; a plan needs its line."""
    at = clock.now()
    if first_action not in FirstAction.values:
        raise Refused("请选择首次处置的方式。", field="first_action")
    if first_action == FirstAction.ON_SITE and not approval_note.strip():
        raise Refused("现场检查要先经批准并计入年度检查次数：请填写批准人和批准文号。", field="approval_note")
    if first_action == FirstAction.PLAN and not plan_line.strip():
        raise Refused("请填写纳入哪一条检查计划。", field="plan_line")
    with transaction.atomic():
        task = lock_task(actor=actor, task_id=task_id, permission="work_task")
        _move(task, TaskState.ACTING)
        task.first_action, task.approval_note, task.plan_line = first_action, approval_note.strip(), plan_line.strip()
        task.acted_at, task.assignee_id = at, task.assignee_id or actor.user_id
        task.save(update_fields=["state", "first_action", "approval_note", "plan_line", "acted_at", "assignee"])
        if task.rulebook.parameters.get("first_action_done_by", {}).get("value") == "act":
            deadlines.meet(subject_model=Task, subject_ids=[task.pk], keys=[FIRST_ACTION], at=at)
        journal.write(
            verb="task.act", actor=actor, subject=task, at=at, after={"first_action": first_action}, reason=approval_note or plan_line
        )
    return task


def finish(*, actor: Actor, task_id: int, finished_at: datetime) -> Task:
    """Record that the supervision work was finished at the instant `finished_at`; the result is owed from then on (BS-09b).

    The moment cannot lie in the future; an earlier day is taken and shown as entered later (E-13).
    """
    at = clock.now()
    if finished_at > at:
        raise Refused("完成时刻不能晚于现在。", field="finished_at")
    with transaction.atomic():
        task = lock_task(actor=actor, task_id=task_id, permission="work_task")
        if finished_at < task.opened_at:
            raise Refused("完成时刻不能早于任务生成的时刻。", field="finished_at")
        _move(task, TaskState.FINISHED)
        task.finished_at, task.finished_recorded_at = finished_at, at
        task.save(update_fields=["state", "finished_at", "finished_recorded_at"])
        term = next((term for key in RESULT_TERMS if (term := term_of(rulebook=task.rulebook, key=key))), None)
        if term:
            deadlines.start(term=term, subject_model=Task, subjects=[(task.pk, task.organ_id)], started_at=finished_at)
        after = {"finished_at": finished_at.isoformat(), "entered_later": clock.civil_day(finished_at) != clock.civil_day(at)}
        journal.write(verb="task.finish", actor=actor, subject=task, at=at, after=after)
    return task


def feed_back(*, actor: Actor, task_id: int, outcome: str, result_text: str) -> Task:
    """Record the result and send it back to the bureau in the same transaction (BS-04c, BS-08b, SC-26d)."""
    at = clock.now()
    if outcome not in Outcome.values:
        raise Refused("请选择监管结果。", field="outcome")
    if not result_text.strip():
        raise Refused("请用一两句话写明看了什么、发现了什么。", field="result_text")
    with transaction.atomic():
        task = lock_task(actor=actor, task_id=task_id, permission="work_task")
        _move(task, TaskState.FED_BACK)
        task.outcome, task.result_text = outcome, result_text.strip()
        task.fed_back_at, task.fed_back_by_id = at, actor.user_id
        task.result_push = _send_result(task, actor=actor, at=at)
        task.save(update_fields=["state", "outcome", "result_text", "fed_back_at", "fed_back_by", "result_push"])
        deadlines.meet(subject_model=Task, subject_ids=[task.pk], keys=[FIRST_ACTION, *RESULT_TERMS], at=at)
        journal.write(verb="task.feed_back", actor=actor, subject=task, at=at, after={"outcome": outcome, "push": task.result_push_id})
    return task


def withdraw_for(*, push_ids: Sequence[int], at: datetime) -> None:
    """End the tasks of pushes that were withdrawn, reassigned or superseded; what was already fed back stays as it is."""
    tasks = list(Task.objects.select_for_update(no_key=True).filter(push_id__in=push_ids).exclude(state=TaskState.FED_BACK).order_by("pk"))
    for task in tasks:
        actor = rule_actor(county_id=task.county_id, rule=task.rulebook.key, article="")
        deadlines.cancel(subject_model=Task, subject_ids=[task.pk], cause="推送已撤回、改派或更正，任务随之撤销", at=at, actor=actor)
        task.state = TaskState.WITHDRAWN
        task.save(update_fields=["state"])
        journal.write(verb="task.withdraw", actor=actor, subject=task, at=at, after={"state": task.state})


def _send_result(task: Task, *, actor: Actor, at: datetime) -> Push | None:
    """Push the result to whoever stands for the sender now; None where that has become the supervising organ itself."""
    receiver_id = organizations.standing_organ(task.push.sender_id)
    if receiver_id == task.organ_id:
        return None
    told = task.push.versions.get(number=task.push.version).snapshot
    words = {
        "item_name": told.get("item_name", task.push.title),
        "document_number": task.push.document_number,
        "party_name": told.get("party_name", task.push.party_name),
        LIST_NAME: task.push.party_name,
        "matter": task.push.matter,
        "outcome": str(Outcome(task.outcome).label),
        "first_action": str(FirstAction(task.first_action).label) if task.first_action else "",
        "finished_at": task.finished_at.isoformat() if task.finished_at else "",
        "content": task.result_text,
    }
    return sending.send(
        payload=task,
        kind=PushKind.RESULT,
        sender_id=task.organ_id,
        receivers=[Route(organ_id=receiver_id, matter=task.push.matter, mode=task.push.mode)],
        snapshot=words,
        title=f"监管结果：{task.push.title}",
        rulebook=task.rulebook,
        actor=actor,
        at=at,
    )[0]


def _move(task: Task, state: str) -> None:
    if state not in MOVES[task.state]:
        raise Refused(f"这项任务现在是“{task.get_state_display()}”，不能这样办理。请刷新页面看最新情况。")
    task.state = state


def _tell(kind: str, task: Task, *, users: list[int], organ_id: int, at: datetime) -> None:
    params = {"title": task.push.title, "document_number": task.push.document_number}
    notices.send(kind=kind, users=users, subject=task, params=params, county_id=task.county_id, organ_id=organ_id, at=at)


def take_up(*, actor: Actor, push_id: int) -> Task:
    """The task of a push whose claim clock has lapsed, written down now if no sweep has done so; it opened at its legal moment.

    Raises Missing for a push of another organ, Refused where the push has no task (yet).
    """
    at = clock.now()
    with transaction.atomic():
        push = settled_push(actor=actor, push_id=push_id, permission="work_task", side="receiver", at=at)
        task = Task.objects.filter(push=push).first()
        if task is None:
            raise Refused("这件推送还没有认领，监管任务在认领后生成。请先认领。")
    return task
