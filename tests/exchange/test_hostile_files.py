"""Files that are not what they say they are: a clear message, and nothing changed."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.copying import MAX_COLUMNS
from exchange.models import ImportJob
from foundation.common.errors import NotYours, Refused
from foundation.papers.models import Attachment
from tests.approvals.world import World
from tests.exchange.files import csv_file, row, upload, xlsx


def file(content: bytes, name: str = "许可.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def rebuilt(change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> SimpleUploadedFile:
    source, stream = zipfile.ZipFile(io.BytesIO(xlsx([row()]).read())), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, change(name, source.read(name)))
        for name, body in (more or {}).items():
            archive.writestr(name, body)
    return file(stream.getvalue())


def bomb() -> SimpleUploadedFile:
    return rebuilt(lambda _, body: body, {"xl/media/zero.bin": b"\0" * (40 * 1024 * 1024)})


def entities() -> SimpleUploadedFile:
    mark = b'<!DOCTYPE lolz [<!ENTITY lol "lol">]>'
    return rebuilt(lambda name, body: mark + body if name == "xl/worksheets/sheet1.xml" else body)


def broken_sheet() -> SimpleUploadedFile:
    return rebuilt(lambda name, body: body[: len(body) // 2] if name == "xl/worksheets/sheet1.xml" else body)


def macro() -> SimpleUploadedFile:
    return rebuilt(lambda _, body: body, {"xl/vbaProject.bin": b"x"})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (bomb, "压缩炸弹"),
        (entities, "结构不正常"),
        (broken_sheet, "已损坏"),
        (macro, "宏"),
        (lambda: file(b"%PDF-1.7\n1 0 obj\n"), "不是表格"),
        (lambda: file(b"PK\x03\x04rubbish"), "已损坏"),
        (lambda: file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.xlsx"), "xlsx"),
        (lambda: file(b"", "空.csv"), "空"),
        (lambda: file("文号,企业名称\n甲".encode() + b"\xff\xfe\x00", "乱码.csv"), "无法辨认"),
        (lambda: xlsx([]), "没有内容"),
        (lambda: xlsx([], []), "空的"),
        (lambda: csv_file([row(2)], row(1)), "看起来是内容而不是标题"),
        (lambda: xlsx([["x"] * 300], [f"列{number}" for number in range(300)]), f"超过 {MAX_COLUMNS} 列"),
        (lambda: file(b"x", "许可.exe"), "程序扩展名"),
        (lambda: file(xlsx([row()]).read(), "机密名单.xlsx"), "机密"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_nothing_kept(world: World, make: Callable[[], SimpleUploadedFile], words: str) -> None:
    with pytest.raises(Refused, match=words):
        upload(world, make())
    assert not ImportJob.objects.exists() and not Attachment.objects.exists()


def test_an_oversized_file_is_refused(world: World, settings) -> None:
    settings.PAPER_MAX_BYTES = 1000
    with pytest.raises(Refused, match="上限"):
        upload(world, xlsx([row(number) for number in range(50)]))


def test_only_who_records_decisions_of_the_organ_uploads(world: World, other_county: World) -> None:
    from exchange import actions

    for stranger in (other_county.drafter, world.liaisons[0]):
        with pytest.raises(NotYours):
            actions.upload(actor=stranger.actor, organ=world.bureau, upload=xlsx([row()]), intake="live", source_name="")


def test_empty_lines_and_empty_columns_do_no_harm(world: World) -> None:
    job = upload(world, xlsx([[], [*row(1), "", ""], [None] * 9, row(2)]))
    assert (job.state, job.total_rows) == ("checked", 2)


def test_a_long_number_that_the_spreadsheet_changed_is_an_error(world: World) -> None:
    from tests.exchange.files import imported

    job = imported(world, xlsx([row(1, 信用代码=913607350000000000)]))
    assert "末几位丢失" in job.rows.get().errors["party_uscc"]
