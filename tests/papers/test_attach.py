"""Attaching a file: kept once under its hash, judged by its content, refused in words."""

import hashlib
import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry
from foundation.papers import actions, types
from foundation.papers.models import Attachment

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(60) + b"This program cannot be run in DOS mode."


def zipped(*names, compression=zipfile.ZIP_DEFLATED, fill=b"<x/>"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name in names:
            archive.writestr(name, fill)
    return target.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


def kept(files):
    return sorted(path.name for path in files.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("决定书.pdf", PDF, "application/pdf"),
        ("决定书.PDF", PDF, "application/pdf"),
        ("照片.png", PNG, "image/png"),
        ("照片.jpg", JPEG, "image/jpeg"),
        ("照片.jpeg", JPEG, "image/jpeg"),
        ("申请表.docx", DOCX, types.DOCX.media_type),
        ("清单.xlsx", XLSX, types.XLSX.media_type),
        ("证照.ofd", zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        ("说明.txt", "编号：1，内容正常。".encode(), "text/plain"),
        ("清单.csv", "\ufeff名称,日期\r\n甲,2026-10-09\r\n".encode(), "text/plain"),
        ("旧系统.csv", "名称,日期\r\n甲,2026-10-09\r\n".encode("gb18030"), "text/plain"),
        ("谈话.mp3", b"ID3\x04\x00" + bytes(200), "audio/mpeg"),
        ("谈话2.mp3", b"\xff\xfb\x90\x64" + bytes(200), "audio/mpeg"),
        ("执法.mp4", b"\x00\x00\x00\x20ftypisom" + bytes(200), "video/mp4"),
    ],
)
def test_the_true_type_is_kept(attach, files, name, content, media_type):
    row = attach(name, content)
    digest = hashlib.sha256(content).hexdigest()
    assert (row.media_type, row.size, row.sha256, row.name) == (media_type, len(content), digest, name)
    assert (files / digest[:2] / digest).read_bytes() == content


def test_the_act_is_journaled_without_the_name(attach, world):
    row = attach("王某某身份证.pdf")
    entry = Entry.objects.get(verb="attachment.add")
    assert (entry.organ_id, entry.actor_id, entry.subject_id) == (world.bureau.pk, world.user.pk, world.county.pk)
    assert entry.after["sha256"] == row.sha256
    assert "王某某" not in str(entry.after)


def test_the_same_content_lies_once_on_disk(attach, files):
    first, second = attach("一.pdf"), attach("二.pdf")
    assert first.sha256 == second.sha256
    assert kept(files) == [first.sha256]


def test_an_upload_kept_on_disk_is_streamed(world, attach, at):
    upload = TemporaryUploadedFile("大.pdf", "application/pdf", 0, None)
    upload.write(PDF + b" " * 300_000)
    upload.seek(0)
    upload.size = 300_000 + len(PDF)
    row = actions.attach(actor=world.actor, subject=world.county, upload=upload, kind="", organ_id=world.bureau.pk, at=at)
    assert row.size == 300_000 + len(PDF)


BOMB = zipped("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", fill=b"0" * 20_000_000)
ENCRYPTED = bytearray(XLSX)
for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    start = 0
    while (start := ENCRYPTED.find(signature, start)) >= 0:
        ENCRYPTED[start + flags] |= 1
        start += 4


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("空.pdf", b"", "empty_file", "0 字节"),
        ("程序.pdf", EXE, "unknown_type", "无法辨认"),
        ("图片.pdf", PNG, "type_mismatch", "PNG 图片"),
        ("表.docx", XLSX, "type_mismatch", "Excel 表格"),
        ("网页.txt", PDF, "type_mismatch", "PDF"),
        ("决定书.pdf.exe", PDF, "program", "程序扩展名“.exe”"),
        ("决定书.exe.pdf", PDF, "program", "程序扩展名“.exe”"),
        ("网页.html", b"<script>alert(1)</script>", "program", ".html"),
        ("图.svg", b"<svg onload='x'/>", "program", ".svg"),
        ("没有扩展名", PDF, "no_extension", "扩展名"),
        ("旧表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unknown_type", "另存为"),
        ("炸弹.xlsx", BOMB, "zip_bomb", "压缩炸弹"),
        ("多.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", *(f"a{n}" for n in range(10_001))), "zip_bomb", "过大"),
        ("坏.xlsx", XLSX[:60], "damaged", "损坏"),
        ("锁.xlsx", bytes(ENCRYPTED), "encrypted", "密码"),
        ("宏.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macro", "宏"),
        ("穿越.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "../../etc/passwd"), "damaged", "路径"),
        ("资料.xlsx", zipped("a.pdf", "b.pdf"), "archive", "逐个上传"),
        ("二进制.txt", b"text\x00text", "unknown_type", "无法辨认"),
        ("乱码.csv", b"\x80\xff\xff\xff", "unknown_type", "无法辨认"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_nothing_stays(attach, files, name, content, code, words):
    with pytest.raises(Refused) as refused:
        attach(name, content)
    assert refused.value.code == code
    assert words in refused.value.message
    assert kept(files) == []
    assert not Attachment.objects.exists()
    assert not Entry.objects.filter(verb__startswith="attachment.").exists()


def test_a_file_of_the_limit_passes_and_one_byte_more_does_not(attach, settings, files):
    settings.PAPER_MAX_BYTES = 1024 * 1024
    attach("够.pdf", PDF.ljust(1024 * 1024))
    with pytest.raises(Refused, match="1 MB") as refused:
        attach("超.pdf", PDF.ljust(1024 * 1024 + 1))
    assert refused.value.code == "too_big"
    assert len(kept(files)) == 1


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("..\\..\\windows\\决定书.pdf", "决定书.pdf"),
        ("决定\r\nSet-Cookie: x.pdf", "决定Set-Cookie_ x.pdf"),
        ("fdp.\u202e决定.pdf", "fdp.决定.pdf"),
        ('引"号<b>.pdf', "引_号_b_.pdf"),
        ("  决定书.pdf ", "决定书.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(attach, given, stored):
    assert attach(given).name == stored


@pytest.mark.parametrize("name", ["机密★方案.pdf", "（绝密）会议.pdf", "秘密-名单.pdf"])
def test_classified_names_are_refused(attach, files, name):
    with pytest.raises(Refused, match="涉密事项不得进入本系统"):
        attach(name)
    assert kept(files) == []


def test_a_trade_secret_is_no_classified_matter(attach):
    assert attach("商业秘密保护承诺.pdf").pk


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_that_begins_with_a_mark_is_refused(attach, encoding):
    with pytest.raises(Refused, match="机密"):
        attach("方案.txt", "机密★5年\n第一条 内容".encode(encoding))


def test_another_countys_organ_gets_no_file(attach, world, files):
    with pytest.raises(NotYours):
        attach(organ_id=world.stranger.pk)
    assert kept(files) == []
