"""Reading the days of a notice from a file: CSV (UTF-8 with or without BOM, or GB18030) or JSON in the shape of holiday-cn."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.common.errors import Refused
from foundation.workdays.statuses import DayKind

COLUMNS = {
    "date": "date", "日期": "date", "kind": "kind", "类别": "kind", "name": "name", "节日": "name", "notice": "notice", "依据": "notice",
    "layer": "layer", "日历": "layer", "year": "year", "年度": "year",
}  # fmt: skip
KINDS = {
    "holiday": DayKind.HOLIDAY, "节假日": DayKind.HOLIDAY, "放假": DayKind.HOLIDAY,
    "make_up": DayKind.MAKE_UP, "调休上班": DayKind.MAKE_UP, "上班": DayKind.MAKE_UP,
}  # fmt: skip
LONGEST_NAME = 20
LONGEST_NOTICE = 200
_DATE = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})[-/]([0-9]{1,2})|([0-9]{2})([0-9]{2}))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day of a notice. `line` is where it stands in the file; `layer` and `year` are set only where the file names them."""

    line: int
    day: date
    kind: DayKind
    name: str
    notice: str = ""
    layer: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """What is wrong in a file, and where. `line` 0 speaks of the file as a whole."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行" if self.line else "整个文件"
        return f"{place}“{self.column}”列：{self.message}" if self.column else f"{place}：{self.message}"


class CalendarFileError(Refused):
    """The file cannot be imported; `problems` lists every mistake with its line and column, and nothing was changed."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("；".join(str(problem) for problem in problems[:5]), field="file", code="calendar_file")
        self.problems = problems


def read_rows(*, filename: str, content: bytes) -> list[Row]:
    """The days in an uploaded file. Raises CalendarFileError with every line that cannot be understood."""
    text = _decode(content)
    problems: list[FileProblem] = []
    cells = _json_cells(text) if filename.lower().endswith(".json") or text.lstrip().startswith("{") else _csv_cells(text)
    rows = [row for line, record in cells if (row := _row(line, record, problems))]
    if problems:
        raise CalendarFileError(problems)
    return rows


def write_rows(rows: list[Row]) -> str:
    """The days as CSV text that `read_rows` reads back as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["date", "kind", "name", "notice"])
    writer.writerows([row.day.isoformat(), row.kind.value, row.name, row.notice] for row in rows)
    return out.getvalue()


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarFileError([FileProblem(line=0, column="", message="文字编码无法识别，请另存为 UTF-8 或 GB18030 编码的 CSV 文件")])


def _csv_cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and known columns of each line that is not empty."""
    reader = csv.reader(io.StringIO(text))
    header = [COLUMNS.get(cell.strip(), "") for cell in next(reader, [])]
    missing = [words for key, words in (("date", "date（日期）"), ("kind", "kind（类别）"), ("name", "name（节日）")) if key not in header]
    if missing:
        raise CalendarFileError([FileProblem(line=1, column="", message=f"表头缺少 {'、'.join(missing)}；第一行应为 date,kind,name")])
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key}


def _json_cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Position (from 1) and columns of each day of a holiday-cn file."""
    try:
        document: Any = json.loads(text)
        days = document["days"]
        if not isinstance(days, list):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        problem = FileProblem(line=0, column="", message="不是放假日期的 JSON 文件，应有 days 列表，各项含 name、date、isOffDay")
        raise CalendarFileError([problem]) from None
    for position, item in enumerate(days, start=1):
        item = item if isinstance(item, dict) else {}
        off = item.get("isOffDay")
        kind = {True: "holiday", False: "make_up"}.get(off, "") if isinstance(off, bool) else ""
        yield position, {"date": str(item.get("date", "")), "kind": kind, "name": str(item.get("name", ""))}


def _row(line: int, record: Mapping[str, str], problems: list[FileProblem]) -> Row | None:
    """One day; None, with the reasons in `problems`, where the line cannot be understood."""
    found: list[FileProblem] = []
    day = _day(record.get("date", ""))
    if day is None:
        message = f"“{record.get('date', '')}”不是日期，应写成 2027-01-01"
        found.append(FileProblem(line=line, column="date", message=message))
    kind = KINDS.get(record.get("kind", ""))
    if kind is None:
        message = f"“{record.get('kind', '')}”不是已知的类别，应为 holiday（放假）或 make_up（调休上班）"
        found.append(FileProblem(line=line, column="kind", message=message))
    for column, longest in (("name", LONGEST_NAME), ("notice", LONGEST_NOTICE)):
        if len(record.get(column, "")) > longest:
            found.append(FileProblem(line=line, column=column, message=f"最多 {longest} 个字"))
    if not record.get("name"):
        found.append(FileProblem(line=line, column="name", message="缺少节日名称，调休上班日写它所属的节日"))
    year = record.get("year", "")
    if year and not (year.isascii() and year.isdigit()):
        found.append(FileProblem(line=line, column="year", message=f"“{year}”不是年份"))
    problems.extend(found)
    if found or day is None or kind is None:
        return None
    return Row(
        line=line, day=day, kind=kind, name=record["name"], notice=record.get("notice", ""),
        layer=record.get("layer"), year=int(year) if year else None,
    )  # fmt: skip


def _day(text: str) -> date | None:
    """A date as people and table programs write it: 2027-01-01, 2027/1/1, 20270101."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        return None
