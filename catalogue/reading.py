"""Reading a catalogue sheet. Hostile and broken files are refused before anything of them is unfolded."""

from typing import BinaryIO

from openpyxl import load_workbook

from catalogue.columns import HEADINGS, CatalogueRow, check_cells
from foundation.common.errors import Refused
from foundation.papers.tables import refuse_declarations, text_of
from foundation.papers.types import XLSX, true_type

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_CELL = 2000
TITLE_LINES = 5
"""Lines in which a title may stand before the headings, as exports of this and other systems have it."""


def read_sheet(stream: BinaryIO) -> list[CatalogueRow]:
    """The rows of the first sheet, each with the errors of its own cells.

    Raises Refused where the file is no XLSX, too large, a bomb, or lacks the compulsory columns. Formulas are never computed: a cell
    with one is an error of its row.
    """
    stream.seek(0, 2)
    if stream.tell() > MAX_BYTES:
        raise Refused(f"文件超过 {MAX_BYTES // 1024 // 1024} 兆字节。事项目录不会这样大，请核对文件。", field="file")
    if true_type(stream) is not XLSX:
        raise Refused("这不是 Excel 表格（xlsx）。旧版 xls 请先另存为 xlsx。", field="file")
    refuse_declarations(stream)
    stream.seek(0)
    try:
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return _rows(sheet.iter_rows(max_col=MAX_COLUMNS))
    except Refused:
        raise
    except Exception as error:  # a parser fed with a broken file may fail in any way
        raise Refused("文件已损坏，无法读取。请用表格软件打开后另存一份再上传。", field="file") from error


def _rows(lines: object) -> list[CatalogueRow]:
    names: dict[int, str] = {}
    rows: list[CatalogueRow] = []
    for number, cells in enumerate(lines, start=1):  # type: ignore[arg-type,var-annotated]
        texts = [text_of(cell.value) for cell in cells]
        if not any(texts):
            continue
        if not names:
            if number < TITLE_LINES and HEADINGS["item"] not in texts and HEADINGS["handling_item"] not in texts:
                continue
            names = _headings(texts, number)
            continue
        if len(rows) >= MAX_ROWS:
            raise Refused(f"一次最多导入 {MAX_ROWS} 行，请分成几个文件。", field="file")
        rows.append(_row(number, names, cells, texts))
    if not names:
        raise Refused("表格是空的。请先导出一份现有目录作为模板。", field="file")
    if not rows:
        raise Refused("表格只有标题，没有内容。", field="file")
    return rows


def _headings(texts: list[str], number: int) -> dict[int, str]:
    by_heading = {heading: name for name, heading in HEADINGS.items()}
    names = {position: by_heading[text.replace(" ", "")] for position, text in enumerate(texts) if text.replace(" ", "") in by_heading}
    doubled = {HEADINGS[name] for name in names.values() if list(names.values()).count(name) > 1}
    if doubled:
        raise Refused("标题重复：" + "、".join(sorted(doubled)) + "。请只保留一列。", field="file")
    missing = [HEADINGS[name] for name in ("item", "handling_item") if name not in names.values()]
    if missing:
        raise Refused(f"第 {number} 行应是标题，缺少：" + "、".join(missing) + "。可先导出一份现有目录作为模板。", field="file")
    return names


def _row(number: int, names: dict[int, str], cells: tuple[object, ...], texts: list[str]) -> CatalogueRow:
    row = CatalogueRow(number=number)
    for position, name in names.items():
        if position >= len(texts):
            continue
        setattr(row, name, texts[position][:MAX_CELL])
        kind = getattr(cells[position], "data_type", "")
        if kind == "f" or (kind == "s" and texts[position].startswith(("=", "+", "@"))):
            row.refuse(name, "单元格里是公式，请复制后“选择性粘贴为数值”。")
        elif kind == "e":
            row.refuse(name, f"单元格里是错误值 {texts[position][:12]}，请改正。")
    check_cells(row)
    return row
