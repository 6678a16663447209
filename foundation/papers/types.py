"""What a file really is, judged by its content, never by what the browser says of it. Why by hand: docs/decisions/0020-files.md."""

import codecs
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from foundation.common.errors import Refused

HEAD = 4096
CHUNK = 64 * 1024
MAX_MEMBERS = 10_000
MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes a zipped document may unfold to."""
MAX_RATIO = 100
"""How many times its packed size a zipped document may unfold to (once it is past RATIO_FLOOR)."""
RATIO_FLOOR = 10 * 1024 * 1024
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class FileType:
    """A type the portal keeps: its extensions, what the download is called, and whether a browser may show it in place."""

    name: str
    extensions: tuple[str, ...]
    media_type: str
    inline: bool = False


PDF = FileType("PDF", ("pdf",), "application/pdf", inline=True)
PNG = FileType("PNG 图片", ("png",), "image/png", inline=True)
JPEG = FileType("JPEG 图片", ("jpg", "jpeg"), "image/jpeg", inline=True)
DOCX = FileType("Word 文档", ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = FileType("Excel 表格", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
OFD = FileType("OFD 版式文件", ("ofd",), "application/ofd")
TEXT = FileType("文本", ("txt", "csv"), "text/plain")
MP3 = FileType("MP3 录音", ("mp3",), "audio/mpeg")
MP4 = FileType("MP4 录像", ("mp4", "m4v"), "video/mp4")
KINDS = (PDF, PNG, JPEG, DOCX, XLSX, OFD, TEXT, MP3, MP4)
ACCEPTED = "、".join(extension for kind in KINDS for extension in kind.extensions)
ZIP_MEMBERS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))


def true_type(stream: BinaryIO) -> FileType:
    """The type of a seekable file by its content. Raises Refused for an empty, unknown, damaged or hostile one."""
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise Refused("文件是空的（0 字节），请检查后重新选择。", code="empty_file")
    for matches, kind in MAGIC:
        if matches(head):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zipped(stream)
    if _is_text(stream):
        return TEXT
    raise Refused(
        f"无法辨认这个文件的类型。可以上传的类型：{ACCEPTED}；旧版 doc、xls、wps 请另存为 docx、xlsx 或 pdf。", code="unknown_type"
    )


def check_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """Open a zipped document after checking its directory. Raises Refused for a damaged, locked or bomb-like one (nothing is unpacked)."""
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused("文件已损坏，无法打开，请重新导出后上传。", code="damaged") from error
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    bomb = unpacked > MAX_UNPACKED or (unpacked > RATIO_FLOOR and unpacked > MAX_RATIO * packed)
    if len(members) > MAX_MEMBERS or bomb:
        raise Refused("文件展开后过大，像是压缩炸弹，已拒收。请拆分内容后重新保存。", code="zip_bomb")
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("文件设有打开密码，请取消密码后重新上传。", code="encrypted")
    if any(member.filename.startswith("/") or ".." in member.filename.split("/") for member in members):
        raise Refused("文件内部路径不正常，已拒收。", code="damaged")
    return archive


def _zipped(stream: BinaryIO) -> FileType:
    names = set(check_zip(stream).namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("文件带有宏，请另存为不带宏的 docx 或 xlsx 后上传。", code="macro")
    for member, kind in ZIP_MEMBERS:
        if member in names and (kind is OFD or "[Content_Types].xml" in names):
            return kind
    raise Refused("压缩包不能作为附件。请逐个上传其中的文件。", code="archive")


def _is_text(stream: BinaryIO) -> bool:
    return text_encoding(stream) is not None


def text_encoding(stream: BinaryIO) -> str | None:
    """In which of UTF-8 and GB 18030 the whole file is text without control characters; None where in neither."""
    return next((encoding for encoding in ("utf-8-sig", "gb18030") if _decodes(stream, encoding)), None)


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            if CONTROL.search(chunk):
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_mp3(head: bytes) -> bool:
    """An ID3 tag, or an MPEG layer III frame header whose bit rate and sampling rate exist."""
    if head.startswith(b"ID3"):
        return True
    frame = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return frame and head[2] >> 4 not in (0x0, 0xF) and head[2] >> 2 & 0x3 != 0x3


def _is_mp4(head: bytes) -> bool:
    brands = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash")
    return head[4:8] == b"ftyp" and head[8:12] in brands


MAGIC: tuple[tuple[Callable[[bytes], bool], FileType], ...] = (
    (lambda head: re.match(rb"%PDF-[12]\.\d", head) is not None, PDF),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR", PNG),
    (lambda head: head.startswith(b"\xff\xd8\xff"), JPEG),
    (_is_mp4, MP4),
    (_is_mp3, MP3),
)
