"""Cells: what is wrong and what would be right, what is in doubt and what will be stored."""

from datetime import date
from typing import Any

import pytest

from catalogue.models import Power
from exchange.checking import Checked, Checker
from parties.statuses import PartyKind
from tests.approvals.world import World
from tests.exchange.files import code

GOOD = {
    "document_number": "石行审许〔2026〕0001号",
    "party_name": "石城县第一餐饮有限公司（演示）",
    "party_uscc": code(1),
    "item": "食品经营许可·新办（餐饮服务）",
    "decided_on": "2026-10-09",
    "valid_to": "2031-10-08",
    "party_contact": "19000000011",
}


def checked(world: World, **cells: str) -> Checked:
    return Checker(organ=world.bureau, today=date(2026, 10, 12), live=True).check(GOOD | cells)


@pytest.mark.parametrize(
    ("cells", "name", "words"),
    [
        ({"document_number": ""}, "document_number", "没有填写文书编号"),
        ({"party_name": ""}, "party_name", "没有填写行政相对人名称"),
        ({"party_uscc": code(1)[:-1] + ("A" if code(1)[-1] != "A" else "B")}, "party_uscc", f"按前 17 位应为 {code(1)[-1]}"),
        ({"party_uscc": "9136073"}, "party_uscc", "应为 18 位"),
        ({"party_kind": "08"}, "party_kind", "应为法人及非法人组织"),
        ({"party_kind": "自然人", "party_uscc": "", "party_id_number": "110101199003078770"}, "party_id_number", "校验位"),
        ({"party_name": "张三", "party_uscc": ""}, "party_kind", "单位还是个人"),
        ({"decided_on": ""}, "decided_on", "没有填写许可日期"),
        ({"decided_on": "2026-09-31"}, "decided_on", "9 月没有 31 日"),
        ({"decided_on": "2026/13/01"}, "decided_on", "没有 13 月"),
        ({"decided_on": "1901-01-01"}, "decided_on", "1901 年不在"),
        ({"decided_on": "3026-01-01"}, "decided_on", "3026 年不在"),
        ({"decided_on": "26/10/9"}, "decided_on", "不是日期"),
        ({"decided_on": "2026-10-13"}, "decided_on", "不能晚于今天（2026-10-12）"),
        ({"valid_from": "2031-10-09"}, "valid_to", "早于有效期自"),
        ({"kind": "待定"}, "kind", "准予许可或不予许可"),
        ({"commitment_mode": "容缺"}, "commitment_mode", "材料延期"),
        ({"organ_uscc": "11360735MB9Y00990X"}, "organ_uscc", "由该机关导入"),
        ({"certificate_number": "长" * 65}, "certificate_number", "超过 64 个字"),
        ({"content": "机密★5年 工程图"}, "content", "机密"),
    ],
)
def test_an_error_says_what_is_wrong_and_what_would_be_right(world: World, cells: dict[str, str], name: str, words: str) -> None:
    found = checked(world, **cells).errors
    assert words in found.get(name, ""), found


@pytest.mark.parametrize(
    ("cells", "name", "words", "field", "stored"),
    [
        (
            {"document_number": "石行审许[2026]0422号"},
            "document_number",
            "将写成 石行审许〔2026〕0422号",
            "document_number",
            "石行审许〔2026〕0422号",
        ),
        ({"valid_to": "长期"}, "valid_to", "将存为 2099-12-31", "valid_to", date(2099, 12, 31)),
        ({"decided_on": "46304"}, "decided_on", "将存为 2026-10-09", "decided_on", date(2026, 10, 9)),
        ({"item": "没有的事项"}, "item", "进入待分派", "item_text", "没有的事项"),
        ({"party_contact": ""}, "party_contact", "先进入待分派", "party_contact", ""),
    ],
)
def test_a_doubt_says_what_will_be_stored(world: World, cells: dict[str, str], name: str, words: str, field: str, stored: Any) -> None:
    found = checked(world, **cells)
    assert not found.errors
    assert words in found.doubts.get(name, ""), found.doubts
    assert found.values[field] == stored


@pytest.mark.parametrize("text", ["2026/10/09", "2026-10-9", "2026.10.09", "2026年10月9日", "20261009", "2026-10-09 00:00:00"])
def test_a_date_is_read_however_it_is_written(world: World, text: str) -> None:
    found = checked(world, decided_on=text)
    assert (found.values["decided_on"], found.doubts) == (date(2026, 10, 9), {})


def test_2099_12_31_is_long_term_without_a_doubt(world: World) -> None:
    found = checked(world, valid_to="2099/12/31")
    assert (found.values["valid_to"], found.doubts) == (date(2099, 12, 31), {})


def test_a_code_that_begins_with_92_is_an_individual_business(world: World) -> None:
    found = checked(world, party_uscc=code(1, "92"), party_kind="法人及非法人组织")
    assert found.party is not None and found.party.kind == PartyKind.BUSINESS
    assert "个体工商户" in found.doubts["party_kind"]


def test_a_certificate_speaks_of_its_item_where_the_source_names_none(world: World) -> None:
    found = checked(world, item="", certificate_name="食品经营许可证")
    assert found.values["handling_item"] == world.handling
    assert "按证照名称" in found.doubts["certificate_name"]


def test_a_cell_that_could_not_be_read_keeps_its_reason(world: World) -> None:
    found = Checker(organ=world.bureau, today=date(2026, 10, 12), live=True).check(
        GOOD | {"document_number": "=A1"}, {"document_number": "单元格里是公式"}
    )
    assert found.errors == {"document_number": "单元格里是公式"}


def test_powers_are_no_matter_of_cells(world: World) -> None:
    Power.objects.all().delete()
    assert not checked(world).errors
