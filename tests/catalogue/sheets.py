"""Catalogue sheets as clerks and others send them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

from catalogue.columns import HEADINGS

GOOD = {
    "item": "食品经营许可",
    "handling_item": "新办",
    "handling_code": "H01",
    "organ": "市场监督管理局",
    "matter": "对食品经营者的监督检查",
    "mode": "重点监管",
    "statutory_limit": 20,
    "promised_limit": 5,
}


def sheet(*rows: dict[str, object], headings: Sequence[str] | None = None) -> io.BytesIO:
    """An XLSX with these rows under the usual headings."""
    names = list(headings or HEADINGS)
    book = Workbook()
    page = book.active
    page.append([HEADINGS.get(name, name) for name in names])
    for row in rows:
        page.append([row.get(name, "") for name in names])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream
