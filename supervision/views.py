"""Pages of supervision tasks."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.common.hooks import files_of
from foundation.common.pages import page_of
from foundation.common.sheets import workbook_response
from foundation.deadlines.queries import clocks_of
from foundation.deadlines.statuses import ClockState
from foundation.deadlines.words import cn_date
from foundation.organizations import queries as organizations
from foundation.organizations.models import User
from foundation.organizations.pages import PageRequest, in_post
from pushes.reading import at_the_ends
from pushes.snapshots import FIELD_WORDS, readable
from supervision import actions, listing
from supervision.models import Task
from supervision.queries import visible_for
from supervision.statuses import FirstAction, Outcome, TaskState


def _wanted(request: PageRequest) -> listing.Wanted:
    return listing.Wanted.read(request.GET.dict(), departmental=request.actor.may("work_task", request.acting.organ.pk))


@in_post
@require_safe
def task_list(request: PageRequest) -> HttpResponse:
    """Tasks of my organ, mine, or those I wait for; 50 a page."""
    at, wanted = clock.now(), _wanted(request)
    page = page_of(request, listing.keys(actor=request.actor, wanted=wanted, at=at))
    counts = listing.counts(actor=request.actor, wanted=wanted, at=at)
    context = {
        "wanted": wanted,
        "page": page,
        "lines": listing.lines(list(page.object_list), at=at),
        "scopes": listing.SCOPES.items(),
        "segments": [(str(one), str(one.label), counts.get(one, 0)) for one in listing.SEGMENTS]
        + [(listing.IDLE, "领了不管", counts.get(listing.IDLE, 0))],
        "done": [(str(one), str(one.label)) for one in listing.DONE],
        "may_work": bool(request.actor.organs("work_task")),
    }
    return render(request, "supervision/list.html", context)


@in_post
@require_safe
def task_export(request: PageRequest) -> HttpResponseBase:
    """The chosen list as an XLSX file."""
    at, wanted = clock.now(), _wanted(request)
    rows = listing.sheet_rows(listing.keys(actor=request.actor, wanted=wanted, at=at), at=at)
    return workbook_response("监管任务", listing.HEADINGS, rows, note=request.user.full_name)


@in_post
@require_safe
def task_page(request: PageRequest, pk: int) -> HttpResponse:
    """One task: the next act on top, then what was told, the clocks and the steps so far."""
    return _page(request, _seen(request, pk))


def _seen(request: PageRequest, pk: int) -> Task:
    rows = visible_for(request.actor).select_related(
        "organ", "assignee", "rulebook", "fed_back_by", "push__sender", "push__receiver", "push__claimed_by", "push__payload_type"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def _page(request: PageRequest, task: Task, *, refusal: Refused | None = None) -> HttpResponse:
    actor, at = request.actor, clock.now()
    told = readable(task.push.versions.get(number=task.push.version).snapshot, ends=at_the_ends(actor, task.push))
    payload: Any = task.push.payload
    may_assign = actor.may("assign_task", task.organ_id)
    context = {
        "task": task,
        "party_name": told.get("party_name") or task.push.party_name,
        "told": [(words, _plain(told.get(key, ""))) for key, words in FIELD_WORDS.items()],
        "no_contact_reason": told.get("no_contact_reason", ""),
        "clocks": list(clocks_of(task)),
        "running": next((row for row in reversed(clocks_of(task)) if row.state == ClockState.RUNNING), None),
        "may_work": actor.may("work_task", task.organ_id),
        "may_assign": may_assign,
        "people": _people(task, at=at) if may_assign else [],
        "files": [file for source in files_of.of(payload._meta.label_lower) for file in source(subject=payload, actor=actor)],
        "actions": FirstAction.choices,
        "outcomes": Outcome.choices,
        "refusal": refusal,
        "posted": request.POST,
        "now": clock.local(at),
        "entered_later": bool(
            task.finished_at
            and task.finished_recorded_at
            and clock.civil_day(task.finished_at) != clock.civil_day(task.finished_recorded_at)
        ),
        "over": task.state in (TaskState.FED_BACK, TaskState.WITHDRAWN),
    }
    return render(request, "supervision/page.html", context, status=200)


def _plain(value: str) -> str:
    """A day of a snapshot as people write it; other texts as they are."""
    try:
        return cn_date(date.fromisoformat(value), year=0)
    except ValueError:
        return value


def _people(task: Task, *, at: datetime) -> list[User]:
    ids = organizations.members(organ_id=task.organ_id, on=clock.civil_day(at))
    return list(User.objects.filter(pk__in=ids).order_by("full_name", "pk"))


@in_post
@require_POST
def task_do(request: PageRequest, pk: int, step: str) -> HttpResponse:
    """Take a step on a task; a refusal is shown beside the field, with everything that was typed."""
    task = _seen(request, pk)
    try:
        words = STEPS[step](request, pk)
    except (Missing, NotYours):
        raise
    except Refused as refusal:
        return _page(request, task, refusal=refusal)
    messages.success(request, words)
    return redirect("task_page", pk=pk)


def _assign(request: PageRequest, pk: int) -> str:
    chosen = request.POST.get("assignee_id", "")
    if not chosen.isdecimal():
        raise Refused("请选择分派给谁。", field="assignee_id")
    task = actions.assign(actor=request.actor, task_id=pk, assignee_id=int(chosen))
    return f"已分派给{task.assignee.full_name if task.assignee else ''}。"


def _act(request: PageRequest, pk: int) -> str:
    task = actions.act(
        actor=request.actor,
        task_id=pk,
        first_action=request.POST.get("first_action", ""),
        approval_note=request.POST.get("approval_note", ""),
        plan_line=request.POST.get("plan_line", ""),
    )
    return f"已记录首次处置：{task.get_first_action_display()}。"


def _finish(request: PageRequest, pk: int) -> str:
    entered = parse_datetime(request.POST.get("finished_at", "").strip())
    if entered is None:
        raise Refused("请填写监管工作完成的日期和时刻。", field="finished_at")
    actions.finish(actor=request.actor, task_id=pk, finished_at=entered.replace(tzinfo=clock.ZONE))
    return "已记录完成时刻，请接着录入结果。"


def _feed_back(request: PageRequest, pk: int) -> str:
    task = actions.feed_back(
        actor=request.actor, task_id=pk, outcome=request.POST.get("outcome", ""), result_text=request.POST.get("result_text", "")
    )
    return f"结果已反馈{task.push.sender.short_name}。"


STEPS = {"assign": _assign, "act": _act, "finish": _finish, "feed-back": _feed_back}
"""The last part of the address → what is done."""


@in_post
@require_POST
def task_take_up(request: PageRequest, push_id: int) -> HttpResponse:
    """Open the task of a push that the clock has claimed, whether or not a sweep has been round."""
    return redirect("task_page", pk=actions.take_up(actor=request.actor, push_id=push_id).pk)
