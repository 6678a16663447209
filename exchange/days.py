"""Dates as sources write them."""

import re
from calendar import monthrange
from datetime import date, timedelta

from approvals.statuses import LONG_TERM

FORM = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"[2-7]\d{4}")
"""A day number of a spreadsheet between 1954 and 2119: what a date column becomes when its format is lost."""
SERIAL_ZERO = date(1899, 12, 30)
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)
FOREVER = {"长期", "长期有效", "永久", "永久有效", "无期限", "无固定期限", "9999-12-31", "9999/12/31", "99991231"}
FAR = date.fromisoformat(LONG_TERM)


class NotADay(ValueError):
    """The text is no date; the message says in Chinese what is wrong with it."""


def day_of(text: str) -> tuple[date, str]:
    """The day a text means, and a doubt to be shown (empty where there is none). Raises NotADay."""
    if SERIAL.fullmatch(text):
        day = SERIAL_ZERO + timedelta(days=int(text))
        return day, f"是表格软件的日期序号，将存为 {day.isoformat()}"
    found = FORM.fullmatch(text) or COMPACT.fullmatch(text)
    if not found:
        raise NotADay(f"“{text[:20]}”不是日期，请写成 2026-01-31 的样子")
    year, month, number = (int(part) for part in found.groups())
    if not 1 <= month <= 12:
        raise NotADay(f"没有 {month} 月，请核对")
    if not EARLIEST.year <= year <= LATEST.year:
        raise NotADay(f"{year} 年不在可登记的范围（{EARLIEST.year} 至 {LATEST.year} 年），请核对")
    if not 1 <= number <= monthrange(year, month)[1]:
        raise NotADay(f"{year} 年 {month} 月没有 {number} 日")
    day = date(year, month, number)
    if day < EARLIEST:
        raise NotADay("早于 1949-10-01，请核对")
    return day, ""


def end_of_validity(text: str) -> tuple[date, str]:
    """The end of a validity: a day, or the far day that stands for 长期. Raises NotADay."""
    if text in FOREVER:
        return FAR, f"将存为 {LONG_TERM}，显示“长期”"
    return day_of(text)
