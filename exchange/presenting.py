"""What the pages of an import show: columns with what they mean, rows cell by cell, natural persons masked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from approvals.models import Decision
from approvals.statuses import Intake
from exchange.actions import check_kept, check_row
from exchange.checking import PERSONAL, Checked, Checker
from exchange.columns import FIELDS, recognise
from exchange.copying import Row, rows_of
from exchange.models import ImportJob, ImportRow
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.papers import actions as papers
from parties.masking import masked_address, masked_name, masked_number, masked_phone

LOOKED_AT = 200
"""Rows that the preview checks; the rest is checked while it is imported."""
ALWAYS = ("document_number", "party_name", "party_uscc", "item", "decided_on", "valid_to", "party_contact")
"""Columns a preview shows; others only where something is to be said about them."""
MASKS: Mapping[str, Callable[[str], str]] = {
    "party_name": masked_name,
    "party_id_number": masked_number,
    "legal_representative": masked_name,
    "party_person": masked_name,
    "party_contact": masked_phone,
    "party_address": masked_address,
}


@dataclass(slots=True, kw_only=True)
class Cell:
    """A cell as shown: `tone` is bad, doubt or nothing."""

    name: str
    label: str
    text: str
    tone: str = ""
    words: str = ""
    editable: str = ""


@dataclass(slots=True, kw_only=True)
class Shown:
    """A row as shown."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    tone: str = ""


@dataclass(slots=True, kw_only=True)
class ColumnShown:
    """A column of the file with the field it means."""

    place: int
    heading: str
    name: str
    sample: str
    tone: str
    words: str


@dataclass(slots=True, kw_only=True)
class Preview:
    """The first rows of an import, checked."""

    headings: list[str]
    rows: list[Shown]
    looked_at: int
    columns: list[ColumnShown]

    @property
    def bad(self) -> int:
        """Rows with an error among those looked at."""
        return sum(row.tone == "bad" for row in self.rows)

    @property
    def doubtful(self) -> int:
        """Rows with a doubt and no error among those looked at."""
        return sum(row.tone == "doubt" for row in self.rows)

    @property
    def to_handle(self) -> list[Shown]:
        """The rows about which something is to be said."""
        return [row for row in self.rows if row.tone]


def preview(*, job: ImportJob, actor: Actor) -> Preview:
    """Check the first rows under the job's mapping."""
    at = clock.now()
    assert job.file is not None  # noqa: S101 - an import is made together with its copy
    with papers.open_for(actor=actor, attachment=job.file, at=at) as stream:
        rows = list(islice(rows_of(stream), LOOKED_AT))
    checker = Checker(organ=job.organ, today=clock.civil_day(at), live=job.intake == Intake.LIVE)
    checked = [check_row(checker, job.columns, row) for row in rows]
    names = _columns(job, checked)
    shown = [_shown(row.number, _texts(job, row.texts), one, names) for row, one in zip(rows, checked, strict=True)]
    return Preview(headings=[FIELDS[name] for name in names], rows=shown, looked_at=len(rows), columns=_mapped(job, rows, checked))


def _columns(job: ImportJob, checked: Iterable[Checked]) -> list[str]:
    noted = {name for one in checked for name in (*one.errors, *one.doubts)}
    return [name for name in FIELDS if name in noted or (name in ALWAYS and name in job.columns)]


def _texts(job: ImportJob, texts: Sequence[str]) -> dict[str, str]:
    return {name: texts[place] for name, place in job.columns.items() if place < len(texts)}


def _shown(number: int, told: Mapping[str, str], one: Checked, names: Iterable[str]) -> Shown:
    tone = "bad" if one.errors else "doubt" if one.doubts else ""
    return Shown(number=number, tone=tone, cells=[_cell(name, told.get(name, ""), one) for name in names])


def _cell(name: str, text: str, one: Checked) -> Cell:
    shown = masked(name, text, one)
    if error := one.errors.get(name):
        return Cell(name=name, label=FIELDS[name], text=shown, tone="bad", words=error, editable="" if shown != text else text)
    doubt = one.doubts.get(name, "")
    return Cell(name=name, label=FIELDS[name], text=shown, tone="doubt" if doubt else "", words=doubt)


def masked(name: str, text: str, one: Checked) -> str:
    """A cell as pages show it: personal data masked unless the row is clearly about an organisation."""
    always = name == "party_id_number"
    return MASKS[name](text) if text and name in PERSONAL and (always or one.is_natural) else text


def _mapped(job: ImportJob, rows: Sequence[Row], checked: Sequence[Checked]) -> list[ColumnShown]:
    found = recognise(job.headings, job.source.columns if job.source else None)
    by_place = {place: name for name, place in job.columns.items()}
    first, one = (rows[0], checked[0]) if rows else (Row(0, [], {}), Checked())
    columns = []
    for place, heading in enumerate(job.headings):
        name = by_place.get(place, "")
        text = first.texts[place] if place < len(first.texts) else ""
        sample = masked(name, text, one) if name else ""
        if not name:
            tone, words = "", "不导入"
        elif name in found.doubtful:
            tone, words = "soon", "请确认：也可能是别的意思"
        else:
            tone, words = "met", "已识别"
        columns.append(ColumnShown(place=place, heading=heading or "（无标题）", name=name, sample=sample[:60], tone=tone, words=words))
    return columns


def bad_rows(job: ImportJob, rows: Iterable[ImportRow]) -> list[Shown]:
    """Rows that stayed out, with the reasons that were found when they were tried."""
    checker = Checker(organ=job.organ, today=clock.today(), live=job.intake == Intake.LIVE)
    return [bad_row(checker, job, row) for row in rows]


def bad_row(checker: Checker, job: ImportJob, row: ImportRow) -> Shown:
    """One row that stayed out: what identifies it, and every cell with an error."""
    one = check_kept(checker, job, row)
    one.errors = dict(row.errors)
    told = _texts(job, row.cells["texts"]) | row.cells["more"]
    names = [name for name in ("document_number", "party_name") if name not in one.errors] + [name for name in FIELDS if name in one.errors]
    return _shown(row.number, told, one, names)


def decisions_of(rows: Iterable[ImportRow]) -> list[tuple[ImportRow, Decision | None]]:
    """Rows with the decision each stands for, in one query."""
    listed = list(rows)
    found = Decision.objects.in_bulk([row.decision_id for row in listed if row.decision_id])
    return [(row, found.get(row.decision_id or 0)) for row in listed]


def sheet_to_mend(job: ImportJob, rows: Iterable[ImportRow]) -> tuple[list[str], Iterable[list[Any]]]:
    """Headings and lines of the file to mend: the cells as they came, fields the file has no column for, and what is wrong."""
    missing = [name for name in FIELDS if name not in job.columns and any(name in row.errors for row in rows)]
    headings = [*job.headings, *(FIELDS[name] for name in missing), "错误说明"]
    return headings, (_sheet_line(job, row, missing) for row in rows)


def _sheet_line(job: ImportJob, row: ImportRow, missing: Sequence[str]) -> list[Any]:
    texts = list(row.cells["texts"])[: len(job.headings)]
    texts += [""] * (len(job.headings) - len(texts))
    words = "；".join(f"{FIELDS.get(name, name)}：{message}" for name, message in row.errors.items())
    return [*texts, *(row.cells["more"].get(name, "") for name in missing), words]
