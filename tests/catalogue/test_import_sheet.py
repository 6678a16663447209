"""A catalogue sheet is read, checked, and taken in once."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from catalogue import actions, listing
from catalogue.actions.sheets import take_in_sheet, upload_sheet
from catalogue.importing import count_rows
from catalogue.models import HandlingItem, Item, Mapping, SupervisionItem
from catalogue.queries import routes_for
from catalogue.reading import MAX_BYTES, read_sheet
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.organizations.models import Liaison, User

from .conftest import AT, START, World
from .sheets import GOOD, sheet

DAY = date(2026, 10, 12)


def upload(world: World, stream: io.BytesIO, **more: object):
    return upload_sheet(actor=world.keeper, bureau=world.bureau, stream=stream, name="目录.xlsx", valid_from=START, at=AT, **more)


def errors(stream: io.BytesIO) -> list[tuple[str, str]]:
    return [(error.column, error.message) for row in read_sheet(stream) for error in row.errors]


def test_a_sheet_becomes_items_handling_items_and_mapping(world: World) -> None:
    second = GOOD | {
        "handling_item": "变更",
        "handling_code": "H02",
        "commitment": "事后核查",
        "key_field": "是",
        "transfer_date": "2021/6/1",
    }
    outcome = take_in_sheet(actor=world.keeper, sheet=upload(world, sheet(GOOD, second)), at=AT)
    assert (outcome.items, outcome.handling_items, outcome.mappings) == (2, 2, 2)
    row = HandlingItem.objects.get(name="变更")
    assert (row.commitment_mode, row.item.key_field, row.code) == ("post_check", True, "H02")
    assert [one.organ_id for one in routes_for(handling_item_id=row.pk, on=DAY)] == [world.market.pk]
    assert SupervisionItem.objects.get().mode == "K"


def test_taking_the_same_sheet_in_twice_changes_nothing(world: World) -> None:
    take_in_sheet(actor=world.keeper, sheet=upload(world, sheet(GOOD)), at=AT)
    before = Entry.objects.exclude(verb="catalogue.import").count()
    outcome = take_in_sheet(actor=world.keeper, sheet=upload(world, sheet(GOOD)), at=AT)
    assert (outcome.items, outcome.handling_items, outcome.mappings, outcome.unchanged) == (0, 0, 0, 1)
    assert Entry.objects.exclude(verb="catalogue.import").count() == before


def test_one_upload_is_taken_in_once(world: World) -> None:
    one = upload(world, sheet(GOOD))
    take_in_sheet(actor=world.keeper, sheet=one, at=AT)
    with pytest.raises(Refused, match="已经导入过"):
        take_in_sheet(actor=world.keeper, sheet=one, at=AT)


def test_the_export_can_be_imported_again_without_a_change(world: World) -> None:
    row = world.handling(world.item(implementation_code="A1"), code="A101", commitment_mode="post_check")
    world.supervise(row)
    exported = listing.sheet_rows(listing.handling_items(county_id=world.county.pk, on=DAY, wanted=listing.Wanted()))
    book = Workbook()
    book.active.append(listing.sheet_headings())
    for line in exported:
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    outcome = take_in_sheet(actor=world.keeper, sheet=upload(world, stream), at=AT)
    assert (outcome.items, outcome.handling_items, outcome.mappings, outcome.unchanged) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        ({"handling_item": ""}, "handling_item", "没有填写业务办理项"),
        ({"mode": "抽查"}, "mode", "重点监管、双随机"),
        ({"commitment": "容缺"}, "commitment", "材料延期"),
        ({"promised_limit": "五天"}, "promised_limit", "1 至 366"),
        ({"statutory_limit": "0"}, "statutory_limit", "1 至 366"),
        ({"transfer_date": "2026-02-30"}, "transfer_date", "不是日期"),
        ({"valid_from": "1899-01-01"}, "valid_from", "不是日期"),
        ({"matter": ""}, "matter", "还要填写监管事项"),
        ({"organ": ""}, "organ", "还要填写监管部门"),
        ({"key_field": "也许"}, "key_field", "“是”或“否”"),
        ({"item": "长" * 201}, "item", "超过 200"),
        ({"item": "=1+1"}, "item", "公式"),
        ({"matter": '=HYPERLINK("http://x")'}, "matter", "公式"),
    ],
)
def test_each_wrong_cell_says_what_would_be_right(cell: dict[str, str], column: str, words: str) -> None:
    found = errors(sheet(GOOD | cell))
    assert any(name == column and words in message for name, message in found), found


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        ({"organ": "水务局"}, "organ", "没有名为"),
        ({"organ_uscc": "11640221MB9Y00990X"}, "organ_uscc", "信用代码"),
        ({"liaison": "李慧"}, "liaison", "在任联络员"),
    ],
)
def test_what_the_county_does_not_have_is_an_error_of_its_cell(world: World, cell: dict[str, str], column: str, words: str) -> None:
    (row,) = upload(world, sheet(GOOD | cell)).rows
    assert [(error["column"], words in error["message"]) for error in row["errors"]] == [(column, True)]


def test_code_and_name_of_an_organ_must_agree_and_doubles_are_named(world: World) -> None:
    rows = upload(world, sheet(GOOD | {"organ_uscc": world.health.uscc}, GOOD | {"handling_item": "变更"})).rows
    assert "不符" in rows[0]["errors"][0]["message"]
    assert "不同的办理项" in rows[1]["errors"][0]["message"]
    rows = upload(world, sheet(GOOD, GOOD)).rows
    assert all("不止一次" in row["errors"][0]["message"] for row in rows)


def test_a_named_liaison_is_taken_from_the_register(world: World) -> None:
    user = User.objects.create(username="lihui", full_name="李慧")
    Liaison.objects.create(organ=world.market, user=user, kind="officer", valid_from=START)
    take_in_sheet(actor=world.keeper, sheet=upload(world, sheet(GOOD | {"liaison": "李慧"})), at=AT)
    assert Mapping.objects.get().liaison == user


def test_bad_rows_hold_everything_back_until_the_clerk_takes_the_good_ones(world: World) -> None:
    one = upload(world, sheet(GOOD, GOOD | {"handling_item": "变更", "handling_code": "H02", "organ": "水务局"}))
    with pytest.raises(Refused, match="有 1 行"):
        take_in_sheet(actor=world.keeper, sheet=one, at=AT)
    assert not Item.objects.exists()
    outcome = take_in_sheet(actor=world.keeper, sheet=one, at=AT, only_good=True)
    assert (outcome.mappings, [row.handling_item for row in outcome.refused]) == (1, ["变更"])
    one.refresh_from_db()
    assert [row["handling_item"] for row in one.rows] == ["变更"]


def test_a_row_that_the_catalogue_refuses_undoes_the_whole_sheet(world: World) -> None:
    world.item("临时用地审批", implementation_code="X1")
    one = upload(world, sheet(GOOD, GOOD | {"item": "别的许可", "handling_code": "H03", "implementation_code": "X1"}))
    with pytest.raises(Refused, match="第 3 行"):
        take_in_sheet(actor=world.keeper, sheet=one, at=AT)
    assert Item.objects.count() == 1
    outcome = take_in_sheet(actor=world.keeper, sheet=one, at=AT, only_good=True)
    assert (outcome.mappings, len(outcome.refused)) == (1, 1)


@pytest.mark.provision("PT-02")
@pytest.mark.provision("PT-03")
def test_the_numbers_of_the_transfer_document_are_checked(world: World) -> None:
    batch = actions.register_batch(
        actor=world.keeper, number=1, document="首批划转方案", handed_over_on=START, printed_items=1, printed_handling_items=2, at=AT
    )
    second = GOOD | {"handling_item": "变更", "handling_code": "H02"}
    whole = count_rows(read_sheet(sheet(GOOD, second)), batch)
    short = count_rows(read_sheet(sheet(GOOD)), batch)
    assert (whole.items, whole.handling_items, whole.agrees, short.agrees) == (1, 2, True, False)
    take_in_sheet(actor=world.keeper, sheet=upload(world, sheet(GOOD, second), batch=batch), at=AT)
    item = Item.objects.get()
    assert (item.transfer_batch, item.transfer_date) == (batch, START)


def bomb() -> io.BytesIO:
    stream = sheet(GOOD)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zero.bin", b"\0" * (40 * 1024 * 1024))
    return stream


def entities() -> io.BytesIO:
    source, stream = zipfile.ZipFile(sheet(GOOD)), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            body = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>' + body
            archive.writestr(name, body)
    return stream


def broken() -> io.BytesIO:
    source, stream = zipfile.ZipFile(sheet(GOOD)), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, b"<worksheet" if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return stream


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (bomb, "压缩炸弹"),
        (entities, "结构不正常"),
        (broken, "已损坏"),
        (lambda: io.BytesIO(b"%PDF-1.7\n"), "不是 Excel"),
        (lambda: io.BytesIO("审批事项,业务办理项\n".encode()), "不是 Excel"),
        (lambda: io.BytesIO(b"PK\x03\x04rubbish"), "已损坏"),
        (lambda: io.BytesIO(b"\0" * (MAX_BYTES + 1)), "超过 5 兆"),
        (lambda: io.BytesIO(b""), "空的"),
        (lambda: sheet(headings=["item"]), "缺少：业务办理项"),
        (lambda: sheet(), "没有内容"),
        (lambda: sheet(GOOD, headings=["item", "handling_item", "item"]), "标题重复"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(make: Callable[[], io.BytesIO], words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_sheet(make())


def test_only_the_keeper_uploads(world: World, other_world: World) -> None:
    with pytest.raises(NotYours):
        upload_sheet(actor=other_world.keeper, bureau=world.bureau, stream=sheet(GOOD), name="目录.xlsx", valid_from=START, at=AT)


def test_a_transfer_plan_of_258_handling_items_is_taken_in_quickly(world: World) -> None:
    rows = [
        GOOD | {"item": f"事项{number % 100:03d}", "handling_item": f"办理项{number // 100}", "handling_code": f"H{number:04d}"}
        for number in range(258)
    ]
    one = upload(world, sheet(*rows))
    counted = count_rows(read_sheet(sheet(*rows)))
    assert (counted.items, counted.handling_items) == (100, 258)
    outcome = take_in_sheet(actor=world.keeper, sheet=one, at=AT)
    assert (outcome.handling_items, outcome.mappings) == (258, 258)
    assert Item.objects.count() == 100
