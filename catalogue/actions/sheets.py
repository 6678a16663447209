"""A catalogue sheet is uploaded, looked at, and taken in."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from catalogue.actions.guards import require_keeper
from catalogue.columns import CatalogueRow, CellError
from catalogue.importing import Outcome, apply_rows, check_rows
from catalogue.models import CatalogueImport, TransferBatch
from catalogue.reading import read_sheet
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal
from foundation.organizations.models import Organ
from foundation.papers.names import clean_name


def upload_sheet(
    *, actor: Actor, bureau: Organ, stream: BinaryIO, name: str, valid_from: date, at: datetime, batch: TransferBatch | None = None
) -> CatalogueImport:
    """Read and check a sheet; nothing of it enters the catalogue yet. Raises NotYours, or Refused where the file cannot be read."""
    require_keeper(actor, bureau.county_id)
    rows = read_sheet(stream)
    check_rows(county_id=bureau.county_id, rows=rows)
    stream.seek(0)
    return CatalogueImport.objects.create(
        county_id=bureau.county_id,
        bureau=bureau,
        batch=batch,
        file_name=clean_name(name),
        sha256=hashlib.sha256(stream.read()).hexdigest(),
        valid_from=valid_from,
        rows=[asdict(row) for row in rows],
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
    )


def rows_of(sheet: CatalogueImport) -> list[CatalogueRow]:
    """The rows of an uploaded sheet with the errors found at the upload."""
    rows = []
    for stored in sheet.rows:
        errors = [CellError(**error) for error in stored["errors"]]
        rows.append(CatalogueRow(**{**stored, "errors": errors}))
    return rows


@transaction.atomic
def take_in_sheet(*, actor: Actor, sheet: CatalogueImport, at: datetime, only_good: bool = False) -> Outcome:
    """Write an uploaded sheet into the catalogue, all or (with `only_good`) its good rows. Raises Refused for a sheet taken in before."""
    require_keeper(actor, sheet.county_id)
    sheet = CatalogueImport.objects.select_for_update(no_key=True, of=("self",)).select_related("bureau", "batch").get(pk=sheet.pk)
    if sheet.applied_at is not None:
        raise Refused("这个文件已经导入过，目录没有再次改动。")
    outcome = apply_rows(
        actor=actor, bureau=sheet.bureau, rows=rows_of(sheet), valid_from=sheet.valid_from, at=at, batch=sheet.batch, only_good=only_good
    )
    sheet.applied_at = at
    sheet.result = {
        "items": outcome.items,
        "handling_items": outcome.handling_items,
        "mappings": outcome.mappings,
        "unchanged": outcome.unchanged,
        "refused": len(outcome.refused),
    }
    sheet.rows = [asdict(row) for row in outcome.refused]
    sheet.save(update_fields=["applied_at", "result", "rows"])
    journal.write(verb="catalogue.import", actor=actor, subject=sheet, at=at, after={"sha256": sheet.sha256, **sheet.result})
    return outcome
