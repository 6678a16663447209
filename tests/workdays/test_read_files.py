"""Files an administrator uploads: what is understood, and the words for what is not."""

from datetime import date

import pytest

from foundation.workdays.checking import check_rows
from foundation.workdays.reading import CalendarFileError, read_rows, write_rows
from foundation.workdays.shipped import shipped_years
from foundation.workdays.statuses import DayKind

HEAD = "date,kind,name\n"


def problems_of(text: str | bytes, *, filename: str = "2027.csv") -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(CalendarFileError) as caught:
        read_rows(filename=filename, content=content)
    return [str(problem) for problem in caught.value.problems]


def refused(rows_of: str, *, layer: str = "NX", year: int = 2027) -> list[str]:
    rows = read_rows(filename="a.csv", content=(HEAD + rows_of).encode())
    with pytest.raises(CalendarFileError) as caught:
        check_rows(layer=layer, year=year, rows=rows)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_every_usual_encoding(encoding: str) -> None:
    rows = read_rows(filename="a.csv", content="日期,类别,节日\n2027-01-01,放假,元旦\n2027-01-03,调休上班,元旦\n".encode(encoding))
    assert [(row.day, row.kind, row.name, row.line) for row in rows] == [
        (date(2027, 1, 1), DayKind.HOLIDAY, "元旦", 2),
        (date(2027, 1, 3), DayKind.MAKE_UP, "元旦", 3),
    ]


@pytest.mark.parametrize("written", ["2027-01-01", "2027/1/1", "20270101"])
def test_a_date_is_read_as_table_programs_write_it(written: str) -> None:
    assert read_rows(filename="a.csv", content=f"{HEAD}{written},holiday,元旦\n".encode())[0].day == date(2027, 1, 1)


def test_the_json_of_holiday_cn_is_read() -> None:
    text = '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, {"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}'
    rows = read_rows(filename="2027.json", content=text.encode())
    assert [(row.day.day, row.kind) for row in rows] == [(1, DayKind.HOLIDAY), (3, DayKind.MAKE_UP)]


def test_what_is_written_is_read_back() -> None:
    rows = next(shipped.rows for shipped in shipped_years() if shipped.year == 2020)
    again = read_rows(filename="a.csv", content=write_rows(rows).encode())
    assert [(row.day, row.kind, row.name, row.notice) for row in again] == [(row.day, row.kind, row.name, row.notice) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["第 1 行：表头缺少 date（日期）、kind（类别）、name（节日）；第一行应为 date,kind,name"]),
        (HEAD + "2027-13-01,holiday,元旦\n", ["第 2 行“date”列：“2027-13-01”不是日期，应写成 2027-01-01"]),
        (HEAD + "27-1-1,holiday,元旦\n", ["第 2 行“date”列：“27-1-1”不是日期，应写成 2027-01-01"]),
        (HEAD + "2027-01-01,放,元旦\n", ["第 2 行“kind”列：“放”不是已知的类别，应为 holiday（放假）或 make_up（调休上班）"]),
        (HEAD + "\n2027-01-01,holiday,\n", ["第 3 行“name”列：缺少节日名称，调休上班日写它所属的节日"]),
        (HEAD + f"2027-01-01,holiday,{'长' * 21}\n", ["第 2 行“name”列：最多 20 个字"]),
        (b"\xff\xff\xff", ["整个文件：文字编码无法识别，请另存为 UTF-8 或 GB18030 编码的 CSV 文件"]),
        ("{", ["整个文件：不是放假日期的 JSON 文件，应有 days 列表，各项含 name、date、isOffDay"]),
        (
            '{"days": [{"date": "2027-01-01", "name": "元旦", "isOffDay": "yes"}]}',
            ["第 1 行“kind”列：“”不是已知的类别，应为 holiday（放假）或 make_up（调休上班）"],
        ),
    ],
)
def test_every_mistake_is_named_with_its_line_and_column(text: str | bytes, expected: list[str]) -> None:
    assert problems_of(text) == expected


def test_all_mistakes_are_told_at_once() -> None:
    assert len(problems_of(HEAD + "x,holiday,元旦\n2027-01-02,y,元旦\n")) == 2


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2027-03-10,holiday,开斋节\n2027-03-10,holiday,开斋节\n", ["第 3 行“date”列：2027-03-10 与第 2 行重复"]),
        ("2028-03-10,holiday,开斋节\n", ["第 2 行“date”列：2028-03-10 不在 2027 年（元旦假期可自上年 12 月起）"]),
        ("2026-11-30,holiday,开斋节\n", ["第 2 行“date”列：2026-11-30 不在 2027 年（元旦假期可自上年 12 月起）"]),
        (
            "2027-03-10,holiday,开斋节\n2027-03-11,make_up,开斋节\n",
            ["第 3 行“kind”列：2027-03-11 是周一至周五，本来就上班，不能是调休上班日"],
        ),
        ("2027-03-13,make_up,开斋节\n", ["整个文件：没有放假日"]),
    ],
)
def test_days_that_cannot_stand_are_refused(rows: str, expected: list[str]) -> None:
    assert refused(rows) == expected


def test_a_cut_national_file_is_refused() -> None:
    messages = refused("2027-01-01,holiday,元旦\n", layer="")
    assert messages[0] == "整个文件：全国放假日只有 1 天，少于法定的 11 天，文件可能不完整"
    assert "整个文件：缺少劳动节 5月2日，法定节假日应在放假日之中" in messages


def test_a_file_of_another_year_or_layer_is_refused() -> None:
    rows = read_rows(filename="a.csv", content=b"layer,year,date,kind,name\nNX,2026,2026-12-31,holiday,x\n")
    with pytest.raises(CalendarFileError, match=r"这一行属于日历“NX”.*这一行属于 2026 年的通知"):
        check_rows(layer="", year=2027, rows=rows)


def test_the_new_year_holiday_may_begin_in_december() -> None:
    rows = read_rows(filename="a.csv", content=(HEAD + "2026-12-31,holiday,元旦\n").encode())
    check_rows(layer="NX", year=2027, rows=rows)


@pytest.mark.parametrize("shipped", shipped_years(), ids=lambda shipped: f"{shipped.layer}{shipped.year}")
def test_every_shipped_year_passes_the_same_check(shipped) -> None:
    check_rows(layer=shipped.layer, year=shipped.year, rows=shipped.rows)
