"""Pages about rules and dates."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours
from foundation.common.sheets import workbook_response
from foundation.deadlines import reasons, rules, words
from foundation.deadlines.models import Deadline, Rulebook
from foundation.deadlines.queries import visible_clock
from foundation.deadlines.templatetags.clocks import Face
from foundation.workdays.counting import OutOfCalendar

HEADINGS = ("条款", "期限", "条文大意", "谁欠", "起算", "期限长度", "性质", "期满后果", "提醒", "正在走的", "其中逾期")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotYours("您今天没有在任职务，不能查看或办理。请与本单位系统管理员联系。")
    return actor


@login_required
@require_GET
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a clock ends when it does. Without JavaScript every date in the portal leads here."""
    actor = _actor(request)
    context = _reason_context(request, _clock_or_404(actor, pk))
    deadline: Deadline = context["clock"]
    context |= {
        "thing": reasons.thing_of(deadline, actor=actor),
        "changes": reasons.changes_of(deadline),
        "reminders": reasons.reminders_of(deadline, calendar=context["calendar"], at=context["at"]),
        **_trial(request, deadline),
    }
    return render(request, "deadlines/why.html", context)


@login_required
@require_GET
def why_popover(request: HttpRequest, pk: int) -> HttpResponse:
    """The same in short, as a fragment beside the date."""
    return render(request, "parts/why_popover.html", _reason_context(request, _clock_or_404(_actor(request), pk)))


@login_required
@require_GET
def rules_page(request: HttpRequest) -> HttpResponse:
    """Every term beside its article, and how many clocks run under it now."""
    actor, face = _actor(request), _face(request)
    rulebook = _rulebook_or_404(request, actor, face.at.date())
    if rulebook is None:
        return render(request, "deadlines/no_rules.html", {})
    chosen = {name: request.GET.get(name, "").strip() for name in ("obliged", "nature", "q")}
    everything = rules.rows_of(rulebook, at=face.at)
    rows = rules.rows_of(rulebook, at=face.at, obliged=chosen["obliged"], nature=chosen["nature"], words=chosen["q"])
    context = {
        "rulebook": rulebook,
        "versions": rules.rulebooks_of(actor.county_id),
        "expired": rules.is_expired(rulebook, on=face.at.date()),
        "running": sum(row.tally.total for row in everything),
        "unsure": sum(row.tally.provisional for row in everything),
        "rows": rows,
        "obliged": rules.obliged_of(rulebook),
        "chosen": chosen,
        "choices": rules.choices_of(rulebook),
    }
    return render(request, "deadlines/rules.html", context)


@login_required
@require_GET
def rules_export(request: HttpRequest) -> HttpResponseBase:
    """The rules page as XLSX."""
    actor, face = _actor(request), _face(request)
    rulebook = _rulebook_or_404(request, actor, face.at.date())
    if rulebook is None:
        raise Http404
    rows = [
        [
            row.term.article,
            row.term.name,
            row.term.summary,
            row.term.obliged,
            words.event_words(row.term),
            words.length_words(row.term),
            "建议期限" if row.term.advisory else "有数字的期限",
            words.consequence_words(row.term),
            words.reminder_words(row.term),
            row.tally.total,
            row.tally.over,
        ]
        for row in rules.rows_of(rulebook, at=face.at)
    ]
    return workbook_response(f"规则库-{rulebook.key}", HEADINGS, rows)


def _clock_or_404(actor: Actor, pk: int) -> Deadline:
    try:
        return reasons.with_aside(visible_clock(actor=actor, pk=pk))
    except Deadline.DoesNotExist as missing:
        raise Http404 from missing


def _rulebook_or_404(request: HttpRequest, actor: Actor, today: date) -> Rulebook | None:
    """The rulebook of the acting county that the address names; None where the county has none at all. Every county is a wall."""
    key = request.GET.get("rulebook", "")
    rulebook = rules.chosen_rulebook(county_id=actor.county_id, key=key, day=today)
    if rulebook is None and key:
        raise Http404
    return rulebook


def _face(request: HttpRequest) -> Face:
    """The moment of this page; the chips on it use the same."""
    face: Face = request.__dict__.setdefault("clock_face", Face())
    return face


def _reason_context(request: HttpRequest, deadline: Deadline) -> dict[str, Any]:
    face = _face(request)
    calendar = face.calendar(deadline.county_id)
    rulebook = deadline.term.rulebook
    return {
        "clock": deadline,
        "term": deadline.term,
        "rulebook": rulebook,
        "expired": rules.is_expired(rulebook, on=deadline.day_zero),
        "calendar": calendar,
        "at": face.at,
        "today": face.at.date(),
        "heading": reasons.heading_of(deadline, year=face.at.year),
        "zero_time": reasons.time_of(deadline),
        "reason": reasons.reason_of(deadline, calendar=calendar, year=face.at.year),
    }


def _trial(request: HttpRequest, deadline: Deadline) -> dict[str, Any]:
    """Another day tried: where the term would end, or what is wrong with the day."""
    given = request.GET.get("day", "").strip()
    if not given:
        return {"trial_day": clock.civil_day(deadline.started_at).isoformat()}
    try:
        day = date.fromisoformat(given)
        return {"trial_day": given, "trial": reasons.tried(deadline, day=day), "trial_zero": day}
    except OutOfCalendar as error:
        return {"trial_day": given, "trial_error": str(error)}
    except ValueError:
        return {"trial_day": given, "trial_error": "看不懂这个日期，请写作 2026-09-29。"}
