"""The journal as a page, for those who may read it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.common.links import link_of
from foundation.common.sheets import workbook_response
from foundation.journal import actions, queries
from foundation.journal.forms import FilterForm
from foundation.journal.models import Entry
from foundation.journal.organs import names_of
from foundation.journal.values import value_words
from foundation.journal.words import CLIENTS, NAMES, subject_words, verb_words

PAGE = 50
EXPORT_ROWS = 20_000
HEADINGS = [
    "记录编号",
    "生效时间",
    "记录时间",
    "行为",
    "对象",
    "对象编号",
    "单位",
    "人员",
    "途径",
    "规则",
    "条款",
    "变更前",
    "变更后",
    "理由",
]


@login_required
@never_cache
@require_safe
def journal_list(request: HttpRequest) -> HttpResponse:
    """The newest acts that match the filter, 50 a page."""
    actor = _reader(request)
    organs = _organs(actor)
    form = FilterForm(request.GET, organs=organs)
    if not form.is_valid():
        return render(request, "journal/list.html", {"form": form, "rows": []}, status=400)
    rows = queries.narrowed(queries.visible_for(actor), form.wanted())
    before = request.GET.get("before", "")
    found = list((rows.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else rows)[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "rows": [_shown(row, organs) for row in found[:PAGE]],
        "opens": bool(actor.organs("view_matter")),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "paged": bool(before),
        "query": query.urlencode(),
    }
    return render(request, "journal/list.html", context)


@login_required
@never_cache
@require_safe
def journal_export(request: HttpRequest) -> HttpResponseBase:
    """What matches the filter as XLSX, the newest 20,000 rows at most. The export is itself an act of the journal."""
    actor = _reader(request)
    organs = _organs(actor)
    form = FilterForm(request.GET, organs=organs)
    if not form.is_valid():
        raise Refused("筛选条件不正确，请先在页面上改正再导出。")
    found = list(queries.narrowed(queries.visible_for(actor), form.wanted())[:EXPORT_ROWS])
    at = clock.now()
    actions.write(verb="journal.export", actor=actor, subject=Entry(pk=0), at=at, after={"rows": len(found)})
    return workbook_response(f"留痕-{clock.civil_day(at):%Y%m%d}", HEADINGS, (_line(row, organs) for row in found))


def _reader(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.organs("view_journal"):
        raise NotYours("您没有查看留痕的权限。需要查阅时，请与安全审计员联系。")
    return actor


def _organs(actor: Actor) -> dict[int, str]:
    mine = set(actor.organs("view_journal"))
    return {organ_id: name for organ_id, name in names_of(actor.county_id).items() if organ_id in mine}


def _shown(row: Entry, organs: Mapping[int, str]) -> dict[str, Any]:
    effective, recorded = clock.local(row.effective_at), clock.local(row.recorded_at)
    return {
        "row": row,
        "effective": effective,
        "when": _when(effective, by_rule=row.client == "rule"),
        "recorded": recorded,
        "late": (recorded - effective).total_seconds() >= 60,
        "verb": verb_words(row.verb),
        "subject": subject_words(row.subject_type),
        "link": link_of(subject_type=row.subject_type, subject_id=row.subject_id),
        "organ": organs.get(row.organ_id or 0, ""),
        "client": CLIENTS.get(row.client, row.client),
        "changes": _changes(row, organs),
    }


def _when(local: datetime, *, by_rule: bool) -> str:
    """The moment of an act; what took effect by the clock at midnight belongs to the day that ended."""
    if by_rule and not (local.hour or local.minute or local.second):
        return f"{clock.day_of_effect(local):%Y年%-m月%-d日} 24:00"
    return f"{local:%Y年%-m月%-d日 %H:%M}"


def _changes(row: Entry, organs: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """(name, before, after) of every value that an act named."""
    old, new = row.before or {}, row.after or {}

    def words(name: str, values: Mapping[str, Any]) -> str:
        return value_words(subject_type=row.subject_type, name=name, value=values.get(name), organs=organs)

    return [(NAMES.get(name, name), words(name, old), words(name, new)) for name in sorted({*old, *new})]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(row: Entry, organs: Mapping[int, str]) -> list[Any]:
    shown = _shown(row, organs)
    return [
        row.pk,
        shown["effective"].strftime("%Y-%m-%d %H:%M:%S"),
        shown["recorded"].strftime("%Y-%m-%d %H:%M:%S"),
        shown["verb"],
        shown["subject"],
        row.subject_id,
        shown["organ"],
        row.actor_name,
        shown["client"],
        row.rule,
        row.article,
        _text(row.before),
        _text(row.after),
        row.reason,
    ]
