"""Lists as XLSX: what a spreadsheet program will find in the file."""

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from foundation.common import clock
from foundation.common.sheets import workbook_response

AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)


def _file(*rows):
    with clock.frozen(AT):
        response = workbook_response("清单", ["甲", "乙"], rows, note="行政审批局 王敏")
    return BytesIO(b"".join(response.streaming_content)), response


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_a_text_that_looks_like_a_formula_stays_a_text(text):
    file, _ = _file([text, "乙"])
    cell = load_workbook(file).active["A3"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == text.strip()
    assert b"<f>" not in ZipFile(file).read("xl/worksheets/sheet1.xml")


def test_the_first_line_says_what_it_is_from_when_and_whose():
    file, response = _file(["a", "b"])
    sheet = load_workbook(file).active
    assert sheet["A1"].value == "清单，2026年10月12日 10:00 导出，行政审批局 王敏"
    assert [cell.value for cell in sheet[2]] == ["甲", "乙"]
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["A"].width >= 10
    assert "%E6%B8%85%E5%8D%95.xlsx" in response["Content-Disposition"]


def test_numbers_stay_numbers_and_instants_are_local():
    file, _ = _file([-5, AT])
    sheet = load_workbook(file).active
    assert sheet["A3"].value == -5
    assert sheet["B3"].value == datetime(2026, 10, 12, 10, 0)


def test_characters_a_sheet_cannot_hold_are_left_out():
    file, _ = _file(["好\x00的\x0b", None])
    assert load_workbook(file).active["A3"].value == "好的"
