"""The workbench, the overview and its rows, and the search."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from dashboards import overview, workbench
from dashboards.context import WORKS
from dashboards.searching import search as find
from foundation.common import clock
from foundation.common.errors import NotYours
from foundation.common.sheets import workbook_response
from foundation.deadlines import words
from foundation.organizations.pages import PageRequest, in_post

PAGE = 50
FIRST_PAGES = (
    ("oversee", "overview"),
    ("manage_accounts", "people"),
    ("manage_security", "people"),
    ("view_journal", "journal_list"),
    ("view_matter", "decision_list"),
)
GROUP_WORDS = {
    "over": ("已逾期", "越早届满越靠前；补办后记为“逾期完成”"),
    "today": ("今天 24:00 届满", ""),
    "soon": ("剩 1–2 个工作日", ""),
    "ok": ("剩 3 个工作日以上", ""),
    "grey": ("建议期限和暂定日期", "建议期限没有条文数字，不计入逾期；暂定日期在次年节假日公布后重算"),
}


def _first_page(request: PageRequest) -> str:
    """Where somebody begins who owes no act in the portal: leaders at the overview, officers at what they keep."""
    for permission, page in FIRST_PAGES:
        if request.actor.organs(permission):
            return page
    return "account"


@in_post
def workbench_page(request: PageRequest) -> HttpResponse:
    """What the organ owes, nearest moment first. Leaders of the county begin at the overview instead."""
    if not any(request.actor.organs(permission) for permission in WORKS):
        return redirect(_first_page(request))
    return render(request, "dashboards/workbench.html", _workbench(request))


def _workbench(request: PageRequest) -> dict[str, Any]:
    at, actor = clock.now(), request.actor
    edges = workbench.bounds(county_id=actor.county_id, at=at)
    scope = request.GET.get("scope", "organ")
    scope = scope if scope in workbench.SCOPES else "organ"
    group = request.GET.get("group", "")
    clocks = workbench.SCOPES[scope](actor, at=at)
    counts = workbench.counted(clocks, edges=edges)
    total = counts.get(group) if group in counts else sum(counts.values())
    paginator = Paginator(range(total or 0), PAGE)
    page = paginator.get_page(request.GET.get("page"))
    rows = workbench.page_of(clocks, edges=edges, actor=actor, group=group, offset=page.start_index() - 1 if total else 0, size=PAGE)
    return {
        "scope": scope,
        "group": group,
        "counts": counts,
        "total": sum(counts.values()),
        "groups": [(name, *GROUP_WORDS[name], [row for row in rows if row.group == name]) for name in workbench.GROUPS],
        "rows": rows,
        "page": page,
        "lapsing": workbench.lapsing_tonight(actor, edges=edges) if counts["today"] else 0,
        "following": workbench.following(actor, at=at) if scope != "others" and not group and page.number == 1 else [],
        "today": clock.civil_day(at),
    }


@in_post
def workbench_export(request: PageRequest) -> FileResponse:
    """Everything on the workbench as XLSX, in the order of the page."""
    at, actor = clock.now(), request.actor
    edges = workbench.bounds(county_id=actor.county_id, at=at)
    scope = request.GET.get("scope", "organ")
    clocks = workbench.SCOPES.get(scope, workbench.owed_by)(actor, at=at)
    rows = workbench.page_of(clocks, edges=edges, actor=actor, group=request.GET.get("group", ""), size=5000)
    return workbook_response(
        f"工作台-{clock.civil_day(at):%Y%m%d}",
        ["期限状态", "届满", "要办的事", "文号", "行政相对人", "机关", "依据", "起算"],
        (
            [
                GROUP_WORDS[row.group][0],
                words.cn_end(row.clock.due_at, year=0),
                row.item.thing,
                row.item.sub,
                row.item.party,
                row.clock.organ.short_name,
                row.clock.term.article,
                words.cn_moment(row.clock.started_at, year=0),
            ]
            for row in rows
        ),
    )


def _require_oversight(request: PageRequest) -> None:
    """Raise NotYours for somebody who oversees no organ."""
    if not request.actor.organs("oversee"):
        raise NotYours


@in_post
def overview_page(request: PageRequest) -> HttpResponse:
    """On-time figures per organ and term, what is overdue now, and whom to call."""
    _require_oversight(request)
    return render(request, "dashboards/overview.html", overview.page(actor=request.actor, at=clock.now(), wish=request.GET))


@in_post
def overview_rows(request: PageRequest) -> HttpResponse | FileResponse:
    """The clocks behind one number of the overview, as a page or as XLSX."""
    _require_oversight(request)
    at = clock.now()
    chosen = overview.chosen(actor=request.actor, at=at, wish=request.GET)
    edges = workbench.bounds(county_id=request.actor.county_id, at=at)
    if request.GET.get("format") == "xlsx":
        return _rows_sheet(request, chosen, at.date())
    page = Paginator(chosen.clocks, PAGE).get_page(request.GET.get("page"))
    rows = workbench.rows_of(list(page), actor=request.actor, edges=edges)
    people = overview.people_to_call({row.clock.organ_id for row in rows}, on=clock.civil_day(at))
    context = {"chosen": chosen, "page": page, "rows": rows, "people": people, "query": _query_without_page(request)}
    return render(request, "dashboards/overview_rows.html", context)


def _query_without_page(request: PageRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _rows_sheet(request: PageRequest, chosen: overview.Chosen, today: date) -> FileResponse:
    edges = workbench.bounds(county_id=request.actor.county_id, at=clock.now())
    rows = workbench.rows_of(list(chosen.clocks[:5000]), actor=request.actor, edges=edges)
    people = overview.people_to_call({row.clock.organ_id for row in rows}, on=today)
    headings = ["机关", "环节", "依据", "要办的事", "文号", "行政相对人", "起算", "届满", "办结", "联络人", "电话"]
    return workbook_response(
        f"总览明细-{chosen.title}-{today:%Y%m%d}",
        headings,
        (
            [
                row.clock.organ.short_name,
                row.clock.term.name,
                row.clock.term.article,
                row.item.thing,
                row.item.sub,
                row.item.party,
                words.cn_moment(row.clock.started_at, year=0),
                words.cn_end(row.clock.due_at, year=0),
                words.cn_moment(row.clock.settled_at, year=0) if row.clock.settled_at else "",
                *(people.get(row.clock.organ_id, ("", ""))),
            ]
            for row in rows
        ),
    )


@in_post
def overview_export(request: PageRequest) -> FileResponse:
    """The matrix of the overview as XLSX."""
    _require_oversight(request)
    context = overview.page(actor=request.actor, at=clock.now(), wish=request.GET)
    return workbook_response(
        f"总览-{clock.today():%Y%m%d}",
        ["机关", "按期办结", "逾期办结", "未办未到期", "未办已逾期", "按期率（%）", "自动认领（单列）", "自动认领占比（%）"],
        (
            [
                line.name,
                line.cell.on_time,
                line.cell.late,
                line.cell.not_due,
                line.cell.overdue,
                line.cell.rate,
                line.cell.automatic,
                line.cell.automatic_share,
            ]
            for line in [*context["lines"], context["total"]]
        ),
    )


@in_post
def search_page(request: PageRequest) -> HttpResponse:
    """Decisions, pushes and parties that contain the words, among what the person may see."""
    text = request.GET.get("q", "").strip()
    context = {"q": text, "found": find(actor=request.actor, text=text) if text else None, "url": reverse("search")}
    return render(request, "dashboards/search.html", context)
