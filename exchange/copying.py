"""The portal's own copy of an uploaded table: every cell as text, without the columns that must not be kept.

Made once at the upload, so that checking, importing and resuming read a plain text from any row on, whatever the source was.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any, BinaryIO

from exchange.columns import is_heading, is_never
from exchange.days import NotADay, day_of
from foundation.common.errors import Refused
from foundation.organizations.validators import CREDIT_PATTERN
from foundation.papers.numbers import is_number
from foundation.papers.tables import Line, lines_of

MAX_COLUMNS = 120
MAX_ROWS = 100_000
TITLE_LINES = 5
"""Lines in which a title may stand before the headings."""
WRONG = "\N{SYMBOL FOR SUBSTITUTE}"
"""Stands before a cell that could not be read, between its text and the reason: a sign no table holds."""
KEPT_IN_MEMORY = 4 * 1024 * 1024


@dataclass(slots=True)
class Copy:
    """A copy: the headings, how many rows, and the file with them."""

    headings: list[str]
    rows: int
    file: IO[bytes]


@dataclass(slots=True)
class Row:
    """A row of a copy: its number in the source, the texts, and what is wrong with which."""

    number: int
    texts: list[str]
    wrong: dict[int, str]


@contextmanager
def copied(stream: BinaryIO) -> Iterator[Copy]:
    """Copy an upload. Raises Refused for a file that is no table, hostile, without headings or rows, or past the limits."""
    lines = lines_of(stream, max_columns=MAX_COLUMNS)
    headings, pending = _head(lines)
    with tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        count = _write(csv.writer(text), headings, chain(pending, lines))
        text.detach()
        if not count:
            raise Refused("表格只有标题，没有内容。", field="file", code="empty")
        file.seek(0)
        yield Copy([heading[:100] for heading in headings], count, file)


def _write(writer: Any, headings: Sequence[str], lines: Iterable[Line]) -> int:
    never = {position for position, heading in enumerate(headings) if is_never(heading)}
    count = 0
    for line in lines:
        if count == MAX_ROWS:
            raise Refused(f"一次最多导入 {MAX_ROWS} 行，请分成几个文件。", field="file", code="too_many")
        cells = [
            "" if position in never else WRONG.join([text, line.wrong[position]]) if position in line.wrong else text
            for position, text in enumerate(line.texts[: len(headings)])
        ]
        writer.writerow([line.number, *cells])
        count += 1
    return count


def _head(lines: Iterator[Line]) -> tuple[list[str], list[Line]]:
    """The headings, and the rows that had to be read to find them.

    The headings are the first line of which two cells are known headings; failing that, the first line with two cells. A second line of
    headings (codes over names, as the national template has them) is passed over.
    """
    seen: list[Line] = []
    for line in lines:
        seen.append(line)
        if _known(line) >= 2 or len(seen) == TITLE_LINES:
            break
    if not seen:
        raise Refused("表格是空的。第一行应是标题，如文书编号、行政相对人名称、许可日期。", field="file", code="empty")
    head = seen[-1] if _known(seen[-1]) >= 2 else next((line for line in seen if sum(map(bool, line.texts)) >= 2), seen[0])
    if _known(head) < 2 and any(_is_content(text) for text in head.texts):
        raise Refused(
            f"第 {head.number} 行看起来是内容而不是标题。请在第一行写上各列的名称，如文书编号、行政相对人名称、许可日期。",
            field="file",
            code="no_header",
        )
    pending = seen[seen.index(head) + 1 :] or [line for line in [next(lines, None)] if line]
    if pending and _known(pending[0]) >= max(2, _known(head) // 2) and not any(map(_is_content, pending[0].texts)):
        pending = pending[1:]
    return head.texts, pending


def _known(line: Line) -> int:
    return sum(1 for text in line.texts if text and is_heading(text))


def _is_content(text: str) -> bool:
    if is_number(text) or CREDIT_PATTERN.fullmatch(text):
        return True
    try:
        return bool(text) and bool(day_of(text))
    except NotADay:
        return False


def rows_of(stream: BinaryIO, *, start: int = 0) -> Iterator[Row]:
    """The rows of a copy from the `start`th on (0: the first)."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    for position, cells in enumerate(csv.reader(text)):
        if position < start:
            continue
        texts = cells[1:]
        wrong = {place: text.partition(WRONG)[2] for place, text in enumerate(texts) if WRONG in text}
        yield Row(int(cells[0]), [text.partition(WRONG)[0] for text in texts], wrong)
