"""The import of a catalogue sheet: upload, look, take in."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue import actions
from catalogue.actions.guards import require_keeper
from catalogue.actions.sheets import rows_of, take_in_sheet, upload_sheet
from catalogue.columns import HEADINGS, NAMES
from catalogue.forms import ImportForm
from catalogue.importing import count_rows
from catalogue.models import CatalogueImport, TransferBatch
from foundation.common import clock
from foundation.common.errors import NotYours, Refused
from foundation.common.sheets import workbook_response
from foundation.organizations.pages import PageRequest, in_post

SHOWN = ("item", "handling_item", "handling_code", "organ", "organ_uscc", "matter", "mode", "commitment", "valid_from")
MOST_SHOWN = 200


@in_post
@require_http_methods(["GET", "POST"])
def catalogue_import(request: PageRequest) -> HttpResponse:
    """Choose a sheet and say what it is."""
    actor = request.actor
    require_keeper(actor, actor.county_id)
    first = {"valid_from": clock.today(), "bureau": actor.organ_id}
    form = ImportForm(request.POST or None, request.FILES or None, county_id=actor.county_id, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = _upload(request, form)
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error("sheet" if refusal.field in {"file", ""} else None, refusal.message)
        else:
            return redirect("catalogue_import_page", pk=sheet.pk)
    recent = CatalogueImport.objects.filter(county_id=actor.county_id).select_related("uploaded_by", "batch").defer("rows")[:10]
    return render(request, "catalogue/import.html", {"form": form, "recent": recent, "headings": list(HEADINGS.values())})


def _upload(request: PageRequest, form: ImportForm) -> CatalogueImport:
    data, now = form.cleaned_data, clock.now()
    return upload_sheet(
        actor=request.actor,
        bureau=data["bureau"],
        stream=data["sheet"].file,
        name=data["sheet"].name,
        valid_from=data["valid_from"],
        batch=_batch(request, data) if data["batch_number"] else None,
        at=now,
    )


def _batch(request: PageRequest, data: dict[str, Any]) -> TransferBatch:
    number = data["batch_number"]
    known = TransferBatch.objects.filter(county_id=request.actor.county_id, number=number).first()
    return known or actions.register_batch(
        actor=request.actor,
        number=number,
        document=data["batch_document"],
        handed_over_on=data["valid_from"],
        printed_items=data["printed_items"],
        printed_handling_items=data["printed_handling_items"],
        at=clock.now(),
    )


def _sheet(request: PageRequest, pk: int) -> CatalogueImport:
    require_keeper(request.actor, request.actor.county_id)
    rows = CatalogueImport.objects.select_related("bureau", "batch", "uploaded_by")
    return get_object_or_404(rows, pk=pk, county_id=request.actor.county_id)


@in_post
@require_safe
def catalogue_import_page(request: PageRequest, pk: int) -> HttpResponse:
    """What the sheet would bring, with every wrong cell; after taking in, what it brought."""
    sheet = _sheet(request, pk)
    rows = rows_of(sheet)
    bad = [row for row in rows if row.errors]
    shown = bad[:MOST_SHOWN] or rows[:20]
    lines = [
        (row, [(name, getattr(row, name), [e.message for e in row.errors if e.column == name]) for name in _columns(shown)])
        for row in shown
    ]
    context = {
        "sheet": sheet,
        "lines": lines,
        "headings": [HEADINGS[name] for name in _columns(shown)],
        "good": len(rows) - len(bad),
        "bad": len(bad),
        "counted": count_rows(rows, sheet.batch),
        "may_keep": bool(request.actor.organs("manage_catalogue")),
    }
    return render(request, "catalogue/import_page.html", context)


def _columns(rows: list) -> list[str]:
    """The columns the preview shows: the usual ones and every one with an error."""
    wrong = {error.column for row in rows for error in row.errors}
    return [name for name in NAMES if name in SHOWN or name in wrong]


@in_post
@require_POST
def catalogue_import_apply(request: PageRequest, pk: int) -> HttpResponse:
    """Take the sheet in."""
    sheet = _sheet(request, pk)
    only_good = request.POST.get("only_good") == "yes"
    outcome = take_in_sheet(actor=request.actor, sheet=sheet, at=clock.now(), only_good=only_good)
    messages.success(request, f"已导入：事项 {outcome.items} 个、业务办理项 {outcome.handling_items} 个、关联 {outcome.mappings} 条。")
    return redirect("catalogue_import_page", pk=sheet.pk)


@in_post
@require_safe
def catalogue_import_bad(request: PageRequest, pk: int) -> FileResponse:
    """The rows with errors as a sheet to mend, the last column saying what is wrong."""
    sheet = _sheet(request, pk)
    rows = [row for row in rows_of(sheet) if row.errors]
    lines = ([*(getattr(row, name) for name in NAMES), "；".join(f"{HEADINGS[e.column]}：{e.message}" for e in row.errors)] for row in rows)
    return workbook_response(f"待改正-{sheet.file_name.rpartition('.')[0]}", [*HEADINGS.values(), "需要改正"], lines)
