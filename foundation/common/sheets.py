"""XLSX files of lists. A cell holds text as text: a value that looks like a formula is never one."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from foundation.common import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet may take text with one of these in front for a formula when somebody edits the cell or saves it as CSV."""
NARROWEST, WIDEST = 10, 48
"""Widths of columns, in characters."""
KEPT_IN_MEMORY = 4 * 1024 * 1024
_HEAD_FONT = Font(bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="E8EEF7")
_TOP = Alignment(vertical="top", wrap_text=True)


def safe_cell(sheet: WriteOnlyWorksheet, value: Any) -> WriteOnlyCell:
    """A cell that shows `value` and does nothing: text is stored as text, also where it looks like a formula.

    Such text carries the mark with which a spreadsheet itself keeps a text that begins so, and no character is added to it. Instants are
    written in Asia/Shanghai, without their zone, as spreadsheets know none.
    """
    if isinstance(value, datetime):
        value = clock.local(value).replace(tzinfo=None) if value.tzinfo else value
    elif not isinstance(value, int | float | date) and value is not None:
        value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
    cell.alignment = _TOP
    return cell


def write_workbook(*, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> Workbook:
    """A workbook with one sheet: a line that says what it is and from when, the headings (they stay in sight), then the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(heading) * 2 + 4, NARROWEST + 8), WIDEST)
    sheet.freeze_panes = "A3"
    moment = clock.now()
    line = f"{title}，{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M} 导出" + (f"，{note}" if note else "")
    sheet.append([_styled(sheet, line)])
    sheet.append([_styled(sheet, heading, fill=True) for heading in headings])
    for row in rows:
        sheet.append([safe_cell(sheet, value) for value in row])
    return book


def _styled(sheet: WriteOnlyWorksheet, text: str, *, fill: bool = False) -> WriteOnlyCell:
    cell = safe_cell(sheet, text)
    cell.font = _HEAD_FONT
    cell.alignment = Alignment(vertical="top")
    if fill:
        cell.fill = _HEAD_FILL
    return cell


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\")[:31] or "清单"


def workbook_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, note: str = "") -> FileResponse:
    """The list as an XLSX download. `filename` is without its ending; `note` says who exported it or what was chosen."""
    book = write_workbook(title=filename, headings=headings, rows=rows, note=note)
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(filename + '.xlsx')}"
    return response
