"""Running an import: chunk by chunk, each one transaction that commits its rows together with how far the import got.

Kill the worker at any point and nothing is lost or doubled: the next wake-up finds the import running and goes on from `done_rows`.
"""

import logging
from collections.abc import Sequence
from itertools import islice

from django.db import InterfaceError, OperationalError, transaction

from approvals.statuses import Intake
from exchange.actions import check_row, kept_cells
from exchange.checking import Checker
from exchange.copying import Row, rows_of
from exchange.models import ImportJob, ImportRow
from exchange.statuses import ImportState, RowState
from exchange.taking import take
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal import actions as journal
from foundation.notices import actions as notices
from foundation.organizations.acting import acting_for, actor_of
from foundation.papers import actions as papers

CHUNKS = {Intake.LIVE.value: 200, Intake.HISTORY.value: 1000}
"""Rows a transaction: a live row locks and tells more, so its chunks are shorter."""
log = logging.getLogger(__name__)


def work(job_id: int) -> int:
    """Carry a running import on to its end; returns how many rows this call took. A refusal or a bad row of data ends it as failed."""
    try:
        return _work(job_id)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the import is still running and goes on with the next wake-up
    except Refused as refusal:
        _fail(job_id, refusal.message)
    except Exception:
        log.exception("import %s failed", job_id)
        _fail(job_id, "导入中断：出现意外错误，已记入运行日志。已入库的行不受影响，排除后可点“继续”。")
    return 0


def _work(job_id: int) -> int:
    job = ImportJob.objects.select_related("organ__county", "file", "created_by").get(pk=job_id)
    if job.state != ImportState.RUNNING or job.file is None:
        return 0
    actor = _actor_of(job)
    position = first = job.done_rows
    with papers.open_for(actor=actor, attachment=job.file, at=clock.now()) as stream:
        rows = rows_of(stream, start=position)
        while chunk := list(islice(rows, CHUNKS[job.intake])):
            if not _take_chunk(actor, job_id, position, chunk):
                return position - first
            position += len(chunk)
    _finish(actor, job_id, position)
    return position - first


def _actor_of(job: ImportJob) -> Actor:
    """The person who started it, with today's rights: who may no longer record decisions no longer imports them."""
    acting = acting_for(user=job.created_by, organ_id=job.organ_id, day=clock.today())
    if acting is None or acting.organ.pk != job.organ_id:
        raise NotYours("发起导入的人已不在本单位任职，导入停止。请由在任人员重新上传剩余的行。")
    return actor_of(acting, client="import")


def _take_chunk(actor: Actor, job_id: int, position: int, chunk: Sequence[Row]) -> bool:
    """Take one chunk in; False where somebody stopped the import or another worker carries it on."""
    at = clock.now()
    with transaction.atomic():
        job = (
            ImportJob.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("organ__county")
            .filter(pk=job_id, state=ImportState.RUNNING, done_rows=position)
            .first()
        )
        if job is None:
            return False
        checker = Checker(organ=job.organ, today=clock.civil_day(at), live=job.intake == Intake.LIVE)
        checked = [check_row(checker, job.columns, row) for row in chunk]
        taken = take(actor=actor, organ=job.organ, rows=checked, intake=job.intake, at=at)
        ImportRow.objects.bulk_create(
            ImportRow(
                job=job,
                number=row.number,
                state=one.state,
                cells=kept_cells(row) if one.state == RowState.BAD else {},
                errors=one.errors,
                decision_id=one.decision_id,
            )
            for row, one in zip(chunk, taken, strict=True)
            if one.state is not None
        )
        job.done_rows = position + len(chunk)
        job.good_rows += sum(one.is_in for one in taken)
        job.save(update_fields=["done_rows", "good_rows"])
    return True


def _finish(actor: Actor, job_id: int, position: int) -> None:
    at = clock.now()
    with transaction.atomic():
        job = ImportJob.objects.select_for_update(no_key=True).filter(pk=job_id, state=ImportState.RUNNING, done_rows=position).first()
        if job is None:
            return
        job.state, job.finished_at, job.total_rows = ImportState.DONE, at, position
        job.save(update_fields=["state", "finished_at", "total_rows"])
        bad = ImportRow.objects.filter(job=job, state=RowState.BAD).count()
        after = {"rows": position, "good": job.good_rows, "bad": bad}
        journal.write(verb="import.done", actor=actor, subject=job, at=at, after=after)
        notices.send(
            kind="import_done",
            users=[job.created_by_id],
            subject=job,
            params={"file": job.file_name, "good": job.good_rows, "bad": bad or ""},
            county_id=job.county_id,
            organ_id=job.organ_id,
            at=at,
        )


def _fail(job_id: int, words: str) -> None:
    ImportJob.objects.filter(pk=job_id, state=ImportState.RUNNING).update(state=ImportState.FAILED, error=words[:300])


def go_on() -> int:
    """Carry on every import that is running and that no worker has in hand; returns how many rows were taken."""
    return sum(work(pk) for pk in ImportJob.objects.filter(state=ImportState.RUNNING).order_by("id").values_list("pk", flat=True))
