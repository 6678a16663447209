"""Tables that people upload, XLSX or CSV, read line by line. Hostile and broken files are refused before anything is unfolded.

A formula is never computed and an error value never taken over: both stand on the line as what is wrong with their cell.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import load_workbook

from foundation.common.errors import Refused
from foundation.papers.types import TEXT, XLSX, check_zip, text_encoding, true_type

DELIMITERS = (",", "\t", ";", "，")
MAX_CELL = 4000
LOST_DIGITS = 10**15
"""From here on a spreadsheet keeps a number's first fifteen figures only: a code stored as a number is no longer the code."""
ERROR_VALUES = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
FORMULA = "单元格里是公式，请复制后“选择性粘贴为数值”"
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
TEXT_TRICK = re.compile(r'="([^"]*)"')
"""How some exports keep a spreadsheet from turning a code into a number."""


@dataclass(slots=True)
class Line:
    """A line of a table: its number in the file from 1, the cells as a clerk reads them, and what is wrong with which."""

    number: int
    texts: list[str]
    wrong: dict[int, str] = field(default_factory=dict)


def text_of(value: Any) -> str:
    """A cell as a clerk reads it: dates as 2026-01-31, whole numbers without a point."""
    if isinstance(value, str):
        return " ".join(CONTROL.sub("", value).split())
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def refuse_declarations(stream: BinaryIO) -> None:
    """Spreadsheets declare no document types; one that does plays with entities."""
    with check_zip(stream) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if re.search(rb"<!(DOCTYPE|ENTITY)", part.read(4096), re.IGNORECASE):
                        raise Refused("文件内部结构不正常，已拒收。请用表格软件打开后另存一份再上传。", field="file")


def lines_of(stream: BinaryIO, *, max_columns: int) -> Iterator[Line]:
    """The lines of a CSV or of an XLSX's first sheet, empty ones left out.

    Raises Refused, also in the middle of a file, where it is neither, is damaged or hostile, or has more than `max_columns` columns.
    """
    kind = true_type(stream)
    if kind is XLSX:
        refuse_declarations(stream)
        lines = _sheet_lines(stream, max_columns)
    elif kind is TEXT:
        lines = _csv_lines(stream)
    else:
        raise Refused("这不是表格文件。请上传 xlsx 或 csv；旧版 xls 请先另存为 xlsx。", field="file", code="not_a_table")
    try:
        for line in lines:
            if any(line.texts):
                if len(line.texts) > max_columns:
                    raise Refused(f"第 {line.number} 行超过 {max_columns} 列，请删去不需要的列后再上传。", field="file")
                yield line
    except Refused:
        raise
    except Exception as error:  # a parser fed with a broken file may fail in any way
        raise Refused("文件已损坏，无法读取。请用表格软件打开后另存一份再上传。", field="file", code="damaged") from error


def _sheet_lines(stream: BinaryIO, max_columns: int) -> Iterator[Line]:
    stream.seek(0)
    book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(max_col=max_columns + 1, values_only=True), start=1):
            line = Line(number, [text_of(value)[:MAX_CELL] for value in values])
            while line.texts and not line.texts[-1]:
                line.texts.pop()
            for position, text in enumerate(line.texts):
                if text and (words := _wrong(values[position], text)):
                    line.wrong[position] = words
            yield line
    finally:
        book.close()


def _wrong(value: Any, text: str) -> str:
    """Why a cell cannot be read; empty where it can."""
    if isinstance(value, str):
        if text.startswith("="):
            return FORMULA
        return f"单元格里是错误值 {text}，请改正" if text in ERROR_VALUES else ""
    if isinstance(value, int | float) and abs(value) >= LOST_DIGITS:
        return "长数字已被表格软件改动，末几位丢失。请把这一列设为“文本”后重新填写"
    return ""


def _csv_lines(stream: BinaryIO) -> Iterator[Line]:
    encoding = text_encoding(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        head = text.readline()
        text.seek(0)
        delimiter = max(DELIMITERS, key=head.count)
        reader = csv.reader(text, delimiter=delimiter)
        for cells in reader:
            line = Line(reader.line_num, [text_of(cell)[:MAX_CELL] for cell in cells])
            for position, cell in enumerate(line.texts):
                if cell.startswith("="):
                    kept = TEXT_TRICK.fullmatch(cell)
                    line.texts[position] = kept[1] if kept else cell
                    if not kept:
                        line.wrong[position] = FORMULA
            while line.texts and not line.texts[-1]:
                line.texts.pop()
            yield line
    finally:
        text.detach()
