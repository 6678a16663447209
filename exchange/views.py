"""Pages of imports: the list, the upload, columns and preview, progress, result, mending."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.statuses import Intake
from exchange import actions, presenting
from exchange.checking import Checker
from exchange.columns import COMPULSORY, FIELDS
from exchange.forms import UploadForm
from exchange.models import ImportJob, ImportRow
from exchange.queries import counts_of, import_of, imports_of
from exchange.statuses import ImportState, RowState
from exchange.tasks import run_import
from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.common.pages import page_of
from foundation.common.sheets import workbook_response
from foundation.organizations.pages import PageRequest, in_post

BEFORE = (ImportState.UPLOADED, ImportState.CHECKED)
SEGMENTS = (
    (RowState.BAD, "有误待改"),
    (RowState.DIFFERENT, "与已入库的不同"),
    (RowState.PENNED, "待分派"),
    (RowState.SKIPPED, "相同已跳过"),
)


@in_post
@require_safe
def import_list(request: PageRequest) -> HttpResponse:
    """Imports of my organs, newest first."""
    _require_recorder(request)
    return render(request, "exchange/list.html", {"page": page_of(request, imports_of(request.actor))})


@in_post
@require_http_methods(["GET", "POST"])
def import_new(request: PageRequest) -> HttpResponse:
    """Choose a file and say what it is."""
    _require_recorder(request)
    form = UploadForm(request.POST or None, request.FILES or None, organ=request.acting.organ)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            job = actions.upload(
                actor=request.actor,
                organ=request.acting.organ,
                upload=data["file"],
                intake=data["intake"],
                source_name=data["source"],
            )
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error("intake" if refusal.field == "intake" else "file", refusal.message)
        else:
            return redirect("import_page", pk=job.pk)
    return render(request, "exchange/new.html", {"form": form, "fields": FIELDS.values(), "step": 1})


def _require_recorder(request: PageRequest) -> None:
    if not request.actor.may("record_decision", request.acting.organ.pk):
        raise NotYours("只有登记许可决定的单位和人员才能批量导入。")


@in_post
@require_safe
def import_page(request: PageRequest, pk: int) -> HttpResponse:
    """One import, as far as it got: columns and preview, progress, or the result."""
    job = import_of(actor=request.actor, pk=pk)
    if job.state in BEFORE:
        return _show_preview(request, job)
    return render(request, "exchange/page.html", _result(request, job))


def _show_preview(request: PageRequest, job: ImportJob) -> HttpResponse:
    show = "all" if request.GET.get("show") == "all" else "handle"
    found = presenting.preview(job=job, actor=request.actor)
    context = {
        "job": job,
        "preview": found,
        "show": show,
        "rows": found.rows if show == "all" else found.to_handle,
        "fields": FIELDS.items(),
        "missing": [FIELDS[name] for name in COMPULSORY if name not in job.columns],
        "doubtful_columns": sum(column.tone == "soon" for column in found.columns),
        "mapped": len(job.columns),
        "is_history": job.intake == Intake.HISTORY,
        "step": 3 if job.state == ImportState.CHECKED else 2,
    }
    return render(request, "exchange/preview.html", context)


def _result(request: PageRequest, job: ImportJob) -> dict[str, object]:
    counts = counts_of(job)
    wanted = request.GET.get("show", "")
    shown = wanted if wanted in RowState.values else next((state for state, _ in SEGMENTS if counts.get(state)), RowState.BAD)
    page = page_of(request, ImportRow.objects.filter(job=job, state=shown).order_by("number"))
    return {
        "job": job,
        "counts": counts,
        "bad": counts.get(RowState.BAD, 0),
        "penned": counts.get(RowState.PENNED, 0),
        "skipped": counts.get(RowState.SKIPPED, 0),
        "different": counts.get(RowState.DIFFERENT, 0),
        "segments": [(str(state), words, counts.get(state, 0)) for state, words in SEGMENTS if counts.get(state)],
        "shown": str(shown),
        "page": page,
        "bad_rows": presenting.bad_rows(job, page.object_list) if shown == RowState.BAD else [],
        "others": presenting.decisions_of(page.object_list) if shown != RowState.BAD else [],
        "is_history": job.intake == Intake.HISTORY,
        **_progress(job),
    }


def _progress(job: ImportJob) -> dict[str, object]:
    running = job.state == ImportState.RUNNING
    left = 0
    if running and job.done_rows and job.started_at:
        spent = (clock.now() - job.started_at).total_seconds()
        left = round(spent / job.done_rows * max(0, job.total_rows - job.done_rows))
    return {"running": running, "left": left, "step": 5 if job.state == ImportState.DONE else 4}


@in_post
@require_safe
def import_progress(request: PageRequest, pk: int) -> HttpResponse:
    """How far an import got, as a fragment; when it has ended, the page is loaded anew."""
    job = import_of(actor=request.actor, pk=pk)
    if job.state != ImportState.RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/progress.html", {"job": job, "bad": counts_of(job).get(RowState.BAD, 0), **_progress(job)})


@in_post
@require_POST
def import_map(request: PageRequest, pk: int) -> HttpResponse:
    """Say what the columns mean."""
    job = import_of(actor=request.actor, pk=pk)
    chosen: dict[str, int] = {}
    for place in range(len(job.headings)):
        name = request.POST.get(f"column-{place}", "")
        if name in chosen:
            raise Refused(f"有两列都对应“{FIELDS.get(name, name)}”，请改正其中一列。")
        if name:
            chosen[name] = place
    actions.map_columns(actor=request.actor, job_id=pk, columns=chosen)
    messages.success(request, "列的对应关系已更新" + (f"，“{job.source.name}”的下一个文件会自动识别。" if job.source else "。"))
    return redirect("import_page", pk=pk)


@in_post
@require_POST
def import_start(request: PageRequest, pk: int) -> HttpResponse:
    """Start, or go on."""
    with transaction.atomic():
        job = actions.start(actor=request.actor, job_id=pk)
        transaction.on_commit(lambda: _wake(job.pk))
    return redirect("import_page", pk=pk)


def _wake(job_id: int) -> None:
    try:
        run_import.apply_async([job_id], retry=False)
    except run_import.OperationalError:
        return  # no broker just now: beat finds the import running and goes on with it


@in_post
@require_POST
def import_stop(request: PageRequest, pk: int) -> HttpResponse:
    """Stop after the chunk in hand."""
    actions.stop(actor=request.actor, job_id=pk)
    return redirect("import_page", pk=pk)


@in_post
@require_POST
def import_mend(request: PageRequest, pk: int, number: int) -> HttpResponse:
    """Correct the cells of a row and take it in; answers with the row as it now stands."""
    cells = {name: value for name, value in request.POST.items() if name in FIELDS and isinstance(value, str)}
    taken = actions.mend(actor=request.actor, job_id=pk, number=number, cells=cells)
    if not getattr(request, "htmx", False):
        if taken.is_in:
            messages.success(request, f"第 {number} 行已入库。")
        return redirect("import_page", pk=pk)
    job = import_of(actor=request.actor, pk=pk)
    row = ImportRow.objects.filter(job=job, number=number).first()
    context = {"job": job, "number": number, "taken": taken}
    if taken.state == RowState.BAD and row is not None:
        checker = Checker(organ=job.organ, today=clock.today(), live=job.intake == Intake.LIVE)
        context["row"] = presenting.bad_row(checker, job, row)
    return render(request, "exchange/mended_row.html", context)


@in_post
@require_safe
def import_bad(request: PageRequest, pk: int) -> HttpResponseBase:
    """The rows that stayed out as a file to mend and upload again."""
    job = import_of(actor=request.actor, pk=pk)
    rows = list(ImportRow.objects.filter(job=job, state=RowState.BAD).order_by("number"))
    if not rows:
        raise Missing("没有待改的行。")
    actions.note_export(actor=request.actor, job=job, rows=len(rows), at=clock.now())
    headings, lines = presenting.sheet_to_mend(job, rows)
    return workbook_response(f"待改正-{job.file_name.rpartition('.')[0][:60]}", headings, lines, note="改正后可直接重新上传")
