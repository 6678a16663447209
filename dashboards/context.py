"""What every page's frame shows: who acts, what day it is, and the menu with what is open in it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.notices.queries import unread_count
from foundation.workdays.queries import calendar_of
from pushes.inbox import waiting_at
from pushes.models import Push
from pushes.statuses import PushState
from supervision.models import Task
from supervision.queries import OPEN_STATES

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place in the main menu, and the rights of which one is enough to see it (none: everybody with a post)."""

    name: str
    words: str
    icon: str
    rights: tuple[str, ...] = ()
    right_side: bool = False
    counts: str = ""


WORKS = ("claim_push", "record_decision", "work_task", "rule_duty")
"""Whoever holds one of these owes acts in the portal and has a workbench."""
MENU = (
    Entry(name="workbench", words="工作台", icon="list-check", rights=WORKS),
    Entry(name="inbox", words="推送收件箱", icon="inbox", rights=("claim_push", "answer_return"), counts="pushes"),
    Entry(name="task_list", words="监管任务", icon="clipboard-check", rights=("work_task", "assign_task"), counts="tasks"),
    Entry(name="decision_list", words="许可决定", icon="file-certificate", rights=("view_matter",)),
    Entry(name="import_list", words="批量导入", icon="table-import", rights=("record_decision",)),
    Entry(name="party_list", words="行政相对人", icon="users", rights=("view_matter",)),
    Entry(name="catalogue", words="事项目录", icon="list-details", rights=("view_matter", "manage_catalogue")),
    Entry(name="liaison_register", words="联络员", icon="address-book", rights=("view_matter", "manage_liaison")),
    Entry(name="people", words="人员机构", icon="users-group", rights=("manage_accounts", "manage_security")),
    Entry(name="token_list", words="接口令牌", icon="key", rights=("manage_accounts",)),
    Entry(name="delivery_pen", words="消息发送", icon="mail-exclamation", rights=("manage_accounts",)),
    Entry(name="journal_list", words="留痕", icon="history", rights=("view_journal",)),
    Entry(name="overview", words="总览", icon="chart-bar", rights=("oversee",), right_side=True),
    Entry(name="rules", words="规则库", icon="book", right_side=True),
    Entry(name="calendar", words="日历", icon="calendar", right_side=True),
)
TABS = ("workbench", "inbox", "task_list", "overview", "people", "delivery_pen", "journal_list", "decision_list")
"""The places of the phone's tab bar, as far as a person has them; search and more come after them."""
MOST_TABS = 3


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame's data, each read at most once per request and only where a template asks for it."""
    acting = getattr(request, "acting", None)
    if acting is None:
        return {"acting": None, "demo": settings.EMBEDDED}
    if "ld_frame" not in request.__dict__:
        request.__dict__["ld_frame"] = {
            "acting": acting,
            "demo": settings.EMBEDDED,
            "day": SimpleLazyObject(partial(_today, acting.county.region)),
            "unread": SimpleLazyObject(partial(unread_count, acting.user)),
            "menu": SimpleLazyObject(partial(_menu, request)),
        }
    found: dict[str, Any] = request.__dict__["ld_frame"]
    return found


def _today(region: str) -> dict[str, str]:
    day = clock.today()
    return {
        "date": f"{day.month}月{day.day}日",
        "weekday": f"星期{WEEKDAYS[day.weekday()]}",
        "kind": calendar_of(region).kind_of(day).words,
    }


def _menu(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    entries = [shown for entry in MENU if _may(actor, entry) if (shown := _shown(request, entry, actor))]
    tabs = [entry for name in TABS for entry in entries if entry["name"] == name][:MOST_TABS]
    return {"entries": entries, "tabs": tabs}


def _may(actor: Actor, entry: Entry) -> bool:
    return not entry.rights or any(actor.organs(right) for right in entry.rights)


def _shown(request: HttpRequest, entry: Entry, actor: Actor) -> dict[str, Any] | None:
    try:
        url = reverse(entry.name)
    except NoReverseMatch:
        return None
    here = request.path == url or (url != "/" and request.path.startswith(url))
    count = COUNTS[entry.counts](actor) if entry.counts else 0
    return {
        "name": entry.name,
        "words": entry.words,
        "icon": entry.icon,
        "url": url,
        "here": here,
        "count": count,
        "right": entry.right_side,
    }


def _waiting(actor: Actor) -> int:
    rows = Push.objects.filter(receiver_id__in=actor.organs("claim_push"), state=PushState.WAITING)
    return waiting_at(rows, clock.now()).count()


def _open_tasks(actor: Actor) -> int:
    return Task.objects.filter(organ_id__in=actor.organs("work_task"), state__in=OPEN_STATES).count()


COUNTS = {"pushes": _waiting, "tasks": _open_tasks}
