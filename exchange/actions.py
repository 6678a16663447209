"""Imports: taking a file up, saying what its columns mean, starting, stopping, mending a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F

from approvals.statuses import Intake
from exchange.checking import Checked, Checker
from exchange.columns import COMPULSORY, FIELDS, recognise
from exchange.copying import Row, copied
from exchange.models import ImportJob, ImportRow, ImportSource
from exchange.queries import lock_import
from exchange.statuses import ImportState, RowState
from exchange.taking import Taken, take
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Missing, NotYours, Refused
from foundation.journal import actions as journal
from foundation.organizations.models import Organ
from foundation.papers import actions as papers
from foundation.papers import storage
from foundation.papers.names import check_name, clean_name

COPY_KIND = "导入表格"
STARTABLE = (ImportState.CHECKED, ImportState.STOPPED, ImportState.FAILED)
MENDABLE = (ImportState.DONE, ImportState.STOPPED, ImportState.FAILED)


def upload(*, actor: Actor, organ: Organ, upload: File, intake: str, source_name: str) -> ImportJob:
    """Take a file up for an import of the organ: copied, its columns recognised, nothing recorded yet.

    What is kept is the portal's own copy as text, without the identity documents of legal representatives. Raises Refused for a file
    that is no table, hostile, without headings or rows, or too large; NotYours without the right to record decisions.
    """
    actor.require("record_decision", organ.pk)
    if actor.user_id is None:
        raise NotYours("导入须由在任人员发起。")
    if intake not in Intake.values:
        raise Refused("请选择是当前办件还是历史补录。", field="intake")
    name = clean_name(upload.name or "")
    check_name(name)
    at = clock.now()
    received = storage.receive(upload.chunks())
    try:
        with received.path.open("rb") as stream, copied(stream) as copy, transaction.atomic():
            source = _source(organ, source_name)
            found = recognise(copy.headings, source.columns if source else None)
            job = ImportJob.objects.create(
                county_id=actor.county_id,
                organ=organ,
                source=source,
                file_name=name,
                sha256=received.sha256,
                intake=intake,
                layout=found.layout,
                columns=found.columns,
                headings=copy.headings,
                total_rows=copy.rows,
                state=ImportState.CHECKED if set(COMPULSORY) <= set(found.columns) else ImportState.UPLOADED,
                created_by_id=actor.user_id,
                created_at=at,
            )
            kept = File(copy.file, name=f"{name.rpartition('.')[0][:150]}.csv")
            job.file = papers.attach(actor=actor, subject=job, upload=kept, kind=COPY_KIND, organ_id=organ.pk, at=at)
            job.save(update_fields=["file"])
            after = {"rows": copy.rows, "sha256": received.sha256, "intake": intake}
            journal.write(verb="import.upload", actor=actor, subject=job, at=at, after=after)
    finally:
        storage.discard(received)
    return job


def _source(organ: Organ, name: str) -> ImportSource | None:
    name = " ".join(name.split())[:60]
    return ImportSource.objects.get_or_create(organ=organ, name=name)[0] if name else None


def map_columns(*, actor: Actor, job_id: int, columns: Mapping[str, int]) -> ImportJob:
    """Say what the columns mean; remembered for the source, so that its next file needs no saying.

    Raises Refused where a compulsory field has no column, two fields share one, or the import has begun.
    """
    with transaction.atomic():
        job = lock_import(actor=actor, pk=job_id)
        if job.state not in (ImportState.UPLOADED, ImportState.CHECKED):
            raise Refused("导入已经开始，不能再改对应的列。要换对应关系，请重新上传。")
        known = {name: place for name, place in columns.items() if name in FIELDS and 0 <= place < len(job.headings)}
        missing = [FIELDS[name] for name in COMPULSORY if name not in known]
        if missing:
            raise Refused(f"还没有指定哪一列是：{'、'.join(missing)}。", field="columns")
        if len(set(known.values())) != len(known):
            raise Refused("有一列对应了两个字段，请改正。", field="columns")
        job.columns, job.state = known, ImportState.CHECKED
        job.save(update_fields=["columns", "state"])
        _remember(job)
    return job


def _remember(job: ImportJob) -> None:
    if job.source:
        columns = {name: job.headings[place] for name, place in job.columns.items()}
        ImportSource.objects.filter(pk=job.source.pk).update(columns=columns)


def start(*, actor: Actor, job_id: int) -> ImportJob:
    """Let an import run, or go on where it stopped; the caller wakes a worker after the commit. A second click starts nothing twice."""
    at = clock.now()
    with transaction.atomic():
        job = lock_import(actor=actor, pk=job_id)
        if job.state == ImportState.RUNNING:
            return job
        if job.state not in STARTABLE:
            words = "这次导入已经完成。" if job.state == ImportState.DONE else "请先指定各列的含义，再开始导入。"
            raise Refused(words)
        _remember(job)
        job.state, job.error = ImportState.RUNNING, ""
        job.started_at = job.started_at or at
        job.save(update_fields=["state", "error", "started_at"])
        after = {"from_row": job.done_rows, "intake": job.intake}
        journal.write(verb="import.start", actor=actor, subject=job, at=at, after=after)
    return job


def stop(*, actor: Actor, job_id: int) -> ImportJob:
    """Stop an import after the chunk in hand; what is in stays in, and it can go on later."""
    at = clock.now()
    with transaction.atomic():
        job = lock_import(actor=actor, pk=job_id)
        if job.state != ImportState.RUNNING:
            raise Refused("这次导入没有在进行。")
        job.state = ImportState.STOPPED
        job.save(update_fields=["state"])
        journal.write(verb="import.stop", actor=actor, subject=job, at=at, after={"rows": job.done_rows})
    return job


def mend(*, actor: Actor, job_id: int, number: int, cells: Mapping[str, str]) -> Taken:
    """Correct cells (field → text) of a row that stayed out, and take it in at once. Returns what became of it now."""
    at = clock.now()
    with transaction.atomic():
        job = lock_import(actor=actor, pk=job_id)
        if job.state not in MENDABLE:
            raise Refused("导入还在进行，完成后再改。")
        row = ImportRow.objects.select_for_update().filter(job=job, number=number, state=RowState.BAD).first()
        if row is None:
            raise Missing("这一行已经改好，或不在这次导入中。")
        for name, text in cells.items():
            _set_cell(job, row, name, text.strip())
        checker = Checker(organ=job.organ, today=clock.civil_day(at), live=job.intake == Intake.LIVE)
        taken = take(actor=actor, organ=job.organ, rows=[check_kept(checker, job, row)], intake=job.intake, at=at)[0]
        if taken.state is None:
            row.delete()
        else:
            row.state, row.errors, row.decision_id = taken.state, taken.errors, taken.decision_id
            row.save()
        ImportJob.objects.filter(pk=job.pk).update(good_rows=F("good_rows") + int(taken.is_in))
        after = {"row": number, "state": str(taken.state or "in"), "cells": sorted(cells)}
        journal.write(verb="import.mend", actor=actor, subject=job, at=at, after=after)
    return taken


def _set_cell(job: ImportJob, row: ImportRow, name: str, text: str) -> None:
    if name not in FIELDS:
        raise Refused("没有这一项，请从页面上重新填写。", field=name)
    place = job.columns.get(name)
    if place is None:
        row.cells["more"][name] = text
        return
    texts = row.cells["texts"]
    texts += [""] * (place + 1 - len(texts))
    texts[place] = text
    row.cells["wrong"].pop(str(place), None)


def check_row(checker: Checker, columns: Mapping[str, int], row: Row) -> Checked:
    """Check a row of a copy under a mapping of columns."""
    cells = {name: row.texts[place] for name, place in columns.items() if place < len(row.texts)}
    return checker.check(cells, {name: row.wrong[place] for name, place in columns.items() if place in row.wrong})


def check_kept(checker: Checker, job: ImportJob, row: ImportRow) -> Checked:
    """Check a row that was kept because it did not go in."""
    texts, wrong = row.cells["texts"], row.cells["wrong"]
    cells = {name: texts[place] for name, place in job.columns.items() if place < len(texts)} | row.cells["more"]
    return checker.check(cells, {name: wrong[str(place)] for name, place in job.columns.items() if str(place) in wrong})


def kept_cells(row: Row) -> dict[str, Any]:
    """The cells of a row as an ImportRow keeps them."""
    return {"texts": row.texts, "wrong": {str(place): words for place, words in row.wrong.items()}, "more": {}}


def note_export(*, actor: Actor, job: ImportJob, rows: int, at: datetime) -> None:
    """Record that the rows to mend were downloaded: they hold what the source told about people."""
    journal.write(verb="import.export", actor=actor, subject=job, at=at, after={"rows": rows})
