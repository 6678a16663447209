"""What every page's frame shows: who acts, what day it is, what waits."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.deadlines import words
from foundation.notices.queries import unread_count
from foundation.organizations.acting import memberships_on
from foundation.workdays.queries import calendar_of
from pushes.models import Push
from pushes.statuses import PushState
from supervision.models import Task
from supervision.queries import OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a menu."""

    words: str
    url: str
    current: bool
    count: int = 0
    right: bool = False
    icon: str = ""


MENU = (
    # words, page, permission that opens it, right side
    ("工作台", "workbench", "", False),
    ("推送收件箱", "inbox", "claim_push", False),
    ("监管任务", "task_list", "work_task", False),
    ("许可决定", "decision_list", "view_matter", False),
    ("待分派", "routing_pen", "answer_return", False),
    ("批量导入", "import_list", "record_decision", False),
    ("事项目录", "catalogue", "view_matter", False),
    ("人员机构", "people", "manage_accounts", False),
    ("留痕", "journal_list", "view_journal", False),
    ("总览", "overview", "oversee", True),
    ("规则库", "rules", "", True),
    ("日历", "calendar", "", True),
)
TABS = (("工作台", "workbench", "list-check"), ("推送", "inbox", "inbox"), ("任务", "task_list", "clipboard-check"), ("搜索", "search", "search"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The acting post, today with its kind, the menu with its counts; nothing for somebody who is not signed in."""
    acting, actor = getattr(request, "acting", None), getattr(request, "actor", None)
    if acting is None or actor is None:
        return {"acting": None, "is_demo": settings.EMBEDDED}
    if not hasattr(request, "ld_frame"):
        request.ld_frame = _frame(request, acting, actor)  # type: ignore[attr-defined]
    found: dict[str, Any] = request.ld_frame  # type: ignore[attr-defined]
    return found


def _frame(request: HttpRequest, acting: Any, actor: Actor) -> dict[str, Any]:
    today = clock.today()
    counts = _counts(actor)
    return {
        "acting": acting,
        "is_demo": settings.EMBEDDED,
        "today_words": words.cn_date(today, year=today.year) + " 星期" + "一二三四五六日"[today.weekday()],
        "today_kind": calendar_of(acting.county.region).kind_of(today).words,
        "unread": unread_count(actor.user_id or 0),
        "other_organs": _other_organs(acting),
        "nav": _menu(request, actor, counts),
        "tabs": [Entry(words=name, url=_url(page), icon=icon, current=request.path == _url(page)) for name, page, icon in TABS if _url(page)],
    }


def _menu(request: HttpRequest, actor: Actor, counts: dict[str, int]) -> list[Entry]:
    entries, right = [], False
    for name, page, permission, on_right in MENU:
        url = _url(page)
        if not url or (permission and not actor.rights.get(permission)):
            continue
        current = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append(Entry(words=name, url=url, current=current, count=counts.get(page, 0), right=on_right and not right))
        right = right or on_right
    return entries


def _url(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def _counts(actor: Actor) -> dict[str, int]:
    found = {}
    if actor.may("claim_push", actor.organ_id):
        found["inbox"] = Push.objects.filter(receiver_id=actor.organ_id, state=PushState.WAITING).count()
    if actor.may("work_task", actor.organ_id):
        found["task_list"] = Task.objects.filter(organ_id=actor.organ_id, state__in=OPEN_STATES).count()
    return found


def _other_organs(acting: Any) -> list[Any]:
    organs = {post.organ_id: post.organ for post in memberships_on(user=acting.user, day=clock.today())}
    return [organ for pk, organ in organs.items() if pk != acting.organ.pk]
