"""What the days of a notice must satisfy before they can stand in a calendar."""

from collections.abc import Iterator, Sequence
from datetime import date

from foundation.workdays.counting import FIRST_YEAR, FIXED_HOLIDAYS, LAST_YEAR
from foundation.workdays.reading import CalendarFileError, FileProblem, Row
from foundation.workdays.statuses import DayKind

FEWEST_NATIONAL = 11
"""A national notice has at least this many days off: the statutory ones (11, and 13 since 2025). Fewer means a cut file."""
FIRST_OF_REFORM = 2025
"""Since 2025 the second of May is a statutory holiday too."""


def check_rows(*, layer: str, year: int, rows: Sequence[Row]) -> None:
    """Raise CalendarFileError with every mistake: days outside the year, days twice, a make-up day that is none, days that are missing."""
    problems = [*_of_lines(layer=layer, year=year, rows=rows), *_of_file(layer=layer, year=year, rows=rows)]
    if problems:
        raise CalendarFileError(problems)


def belongs(*, year: int, day: date) -> bool:
    """Whether a notice may set the day: one of its year, or of the December before (as the notices of 2019 and 2023 did)."""
    return day.year == year or (day.year == year - 1 and day.month == 12)


def _of_lines(*, layer: str, year: int, rows: Sequence[Row]) -> Iterator[FileProblem]:
    seen: dict[date, int] = {}
    for row in rows:
        if row.layer is not None and row.layer != layer:
            yield FileProblem(line=row.line, column="layer", message=f"这一行属于日历“{row.layer or '全国'}”，与所选的日历不同")
        if row.year is not None and row.year != year:
            yield FileProblem(line=row.line, column="year", message=f"这一行属于 {row.year} 年的通知，与所选的 {year} 年不同")
        if not belongs(year=year, day=row.day):
            yield FileProblem(line=row.line, column="date", message=f"{row.day} 不在 {year} 年（元旦假期可自上年 12 月起）")
        if row.day in seen:
            yield FileProblem(line=row.line, column="date", message=f"{row.day} 与第 {seen[row.day]} 行重复")
        seen.setdefault(row.day, row.line)
        if row.kind == DayKind.MAKE_UP and row.day.weekday() < 5:
            yield FileProblem(line=row.line, column="kind", message=f"{row.day} 是周一至周五，本来就上班，不能是调休上班日")


def _of_file(*, layer: str, year: int, rows: Sequence[Row]) -> Iterator[FileProblem]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield FileProblem(line=0, column="", message=f"年度应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
        return
    off = {row.day for row in rows if row.kind == DayKind.HOLIDAY}
    if not off:
        yield FileProblem(line=0, column="", message="没有放假日")
        return
    if layer:
        return
    if len(off) < FEWEST_NATIONAL:
        yield FileProblem(line=0, column="", message=f"全国放假日只有 {len(off)} 天，少于法定的 {FEWEST_NATIONAL} 天，文件可能不完整")
    for (month, day), name in FIXED_HOLIDAYS.items():
        statutory = (month, day) != (5, 2) or year >= FIRST_OF_REFORM
        if statutory and date(year, month, day) not in off:
            yield FileProblem(line=0, column="", message=f"缺少{name} {month}月{day}日，法定节假日应在放假日之中")
