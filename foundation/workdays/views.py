"""The calendar, a date tried on it, and the import of a notice."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.workdays import actions, queries
from foundation.workdays.actions import Move
from foundation.workdays.counting import FIRST_YEAR, LAST_YEAR, Calendar, months_later
from foundation.workdays.explain import DAYS, MONTHS, WORKDAYS, date_words, days_of, sentence
from foundation.workdays.forms import ConfirmForm, TryForm, UploadForm
from foundation.workdays.models import CalendarYear
from foundation.workdays.months import months_of
from foundation.workdays.reading import CalendarFileError, FileProblem, Row, read_rows, write_rows

MOVES_SHOWN = 200
LONGEST_STRIP = 16
"""A strip of more days is hard to read; a longer term is shown as a table."""


@login_required
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """The days of a year with their kind and source, and the form to try a date."""
    today = clock.today()
    region, year = _region(request), _year(request, today)
    calendar = queries.calendar_of(region)
    form = TryForm(request.GET if "day" in request.GET else None, initial={"day": today, "length": 5})
    return render(
        request,
        "workdays/calendar.html",
        {
            "year": year,
            "today": today,
            "months": months_of(calendar, year),
            "workdays": calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) if year > FIRST_YEAR else None,
            "region": region,
            "region_name": queries.layer_name(region),
            "regions": [(key, queries.layer_name(key)) for key in queries.layer_keys()],
            "notices": CalendarYear.objects.filter(year__in=[year, year + 1], layer__in={"", region}),
            "provisional": not calendar.source_of(year),
            "regional_missing": bool(region and calendar.source_of(year) and not calendar.regional_source_of(year)),
            "years": [shown for shown in range(year - 2, year + 3) if FIRST_YEAR <= shown <= LAST_YEAR],
            "form": form,
            "tried": _tried(form, calendar),
            "may_import": _may_import(request),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Upload the days of a notice and see what they would change; with `rows`, import what was seen."""
    if not _may_import(request):
        raise NotYours
    if request.method == "POST" and "rows" in request.POST:
        return _confirm(request)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"year": clock.today().year + 1})
    problems: list[FileProblem] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_rows(filename=upload.name, content=upload.read())
            return _preview(request, form.cleaned_data, rows)
        except CalendarFileError as error:
            problems = error.problems
    return render(request, "workdays/import.html", {"form": form, "problems": problems})


def _preview(request: HttpRequest, notice: dict[str, Any], rows: list[Row]) -> HttpResponse:
    """What the import would change: the days, and the open clocks."""
    seen = actions.fingerprint()
    chosen = {key: notice[key] for key in ("layer", "year", "notice")}
    days = actions.compare(**chosen, rows=rows)
    calendars = actions.proposed(**chosen, rows=rows)
    at = clock.now()
    moves: Sequence[Move] = [move for tell in actions.preview_moves.of("any") for move in tell(calendars=calendars, at=at)]
    context = {
        "notice": notice,
        "layer_name": queries.layer_name(notice["layer"]),
        "days": days,
        "moves": moves[:MOVES_SHOWN],
        "moved": len(moves),
        "shown": MOVES_SHOWN,
        "rows": write_rows(rows),
        "seen": seen,
    }
    return render(request, "workdays/import_preview.html", context)


def _confirm(request: HttpRequest) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise Refused("提交的内容不完整，没有录入。请重新上传文件，按新的预览确认。")
    chosen = form.cleaned_data
    rows = read_rows(filename="preview.csv", content=chosen["rows"].encode())
    imported = actions.import_year(
        layer=chosen["layer"],
        year=chosen["year"],
        rows=rows,
        notice=chosen["notice"],
        url=chosen["url"],
        seen=chosen["seen"],
        actor=request.actor,  # type: ignore[attr-defined]
        at=clock.now(),
    )
    messages.success(request, f"{imported.year} 年（{queries.layer_name(imported.layer)}）的放假安排已录入，没有办结的期限已按它重算。")
    return redirect(f"{reverse('calendar')}?year={imported.year}&region={imported.layer}")


def _tried(form: TryForm, calendar: Calendar) -> dict[str, Any] | None:
    """The result of a date that was tried, with its reasons; None where nothing was tried or the entry is wrong."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        counted = form.count(calendar)
    except Refused as refusal:
        form.add_error("day", refusal.message)
        return None
    chosen = form.cleaned_data
    unit = chosen["unit"]
    nominal = (months_later(chosen["day"], chosen["length"]) - chosen["day"]).days if unit == MONTHS else chosen["length"]
    length = None if unit == WORKDAYS else nominal
    days = days_of(
        calendar, chosen["day"], counted.last_day, chosen["direction"], unit=WORKDAYS if unit == WORKDAYS else DAYS, length=length
    )
    return {
        "last_day": date_words(counted.last_day, with_year=True),
        "provisional": counted.provisional,
        "days": days,
        "strip": len(days) <= LONGEST_STRIP,
        "sentence": sentence(days, unit=unit),
    }


def _region(request: HttpRequest) -> str:
    """The region asked for, else that of the acting county; only regions that are known."""
    acting = request.acting  # type: ignore[attr-defined]
    own = acting.county.region if acting else ""
    asked = request.GET.get("region", own)
    return asked if asked in queries.layer_keys() else own


def _year(request: HttpRequest, today: date) -> int:
    """The year asked for, else that of the tried day, else this year."""
    asked = request.GET.get("year", "") or request.GET.get("day", "")[:4]
    year = int(asked) if len(asked) == 4 and asked.isascii() and asked.isdigit() else today.year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _may_import(request: HttpRequest) -> bool:
    actor = request.actor  # type: ignore[attr-defined]
    return actor is not None and actor.may("manage_rules", actor.organ_id)
