"""Files as outside systems export them, and an import from upload to end."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from exchange import actions, running
from exchange.models import ImportJob
from foundation.organizations.validators import credit_check_digit
from tests.approvals.world import World

HEADINGS = ("文号", "企业名称", "信用代码", "办理项", "许可日期", "到期", "电话", "地址", "许可内容")
NATIONAL = [
    "XK_XDR_MC",
    "XK_XDR_LB",
    "XK_XDR_SHXYM",
    "XK_FRDB",
    "XK_FR_ZJLX",
    "XK_FR_ZJHM",
    "XK_XDR_ZJLX",
    "XK_XDR_ZJHM",
    "XK_XKWS",
    "XK_WSH",
    "XK_XKLB",
    "XK_XKZS",
    "XK_XKBH",
    "XK_NR",
    "XK_JDRQ",
    "XK_YXQZ",
    "XK_YXQZI",
    "XK_XKJG",
    "XK_XKJGDM",
    "XK_ZT",
    "XK_LYDW",
    "XK_LYDWDM",
    "BZ",
]
NATIONAL_WORDS = [
    "行政相对人名称",
    "行政相对人类别",
    "行政相对人代码_1(统一社会信用代码)",
    "法定代表人",
    "法定代表人证件类型",
    "法定代表人证件号码",
    "证件类型",
    "证件号码",
    "行政许可决定文书名称",
    "行政许可决定文书号",
    "许可类别",
    "许可证书名称",
    "许可编号",
    "许可内容",
    "许可决定日期",
    "有效期自",
    "有效期至",
    "许可机关",
    "许可机关统一社会信用代码",
    "当前状态",
    "数据来源单位",
    "数据来源单位统一社会信用代码",
    "备注",
]
REPRESENTATIVE_ID = "11010119900307877X"


def code(number: int, start: str = "91") -> str:
    """A valid credit code of its own for each number."""
    body = f"{start}360735MA{number:07d}"
    return body + credit_check_digit(body)


def row(number: int = 1, **cells: Any) -> list[Any]:
    """A row under HEADINGS that can go in and be pushed."""
    found = {
        "文号": f"石行审许〔2026〕{number:04d}号",
        "企业名称": f"石城县第{number}餐饮有限公司（演示）",
        "信用代码": code(number),
        "办理项": "食品经营许可·新办（餐饮服务）",
        "许可日期": "2026-10-09",
        "到期": "2031-10-08",
        "电话": "19000000011",
        "地址": "石城县琴江镇西华南路 18 号",
        "许可内容": "热食类食品制售",
    }
    return list((found | cells).values())


def national_row(world: World, number: int = 1, **cells: Any) -> list[Any]:
    """A row of the national layout."""
    found = dict.fromkeys(NATIONAL, "") | {
        "XK_XDR_MC": f"石城县第{number}餐饮有限公司（演示）",
        "XK_XDR_LB": "法人及非法人组织",
        "XK_XDR_SHXYM": code(number),
        "XK_FRDB": "温某某",
        "XK_FR_ZJLX": "身份证",
        "XK_FR_ZJHM": REPRESENTATIVE_ID,
        "XK_XKWS": "准予行政许可决定书",
        "XK_WSH": f"石行审许〔2026〕{number:04d}号",
        "XK_XKLB": "普通",
        "XK_XKZS": "食品经营许可证",
        "XK_XKBH": f"JY{number:06d}",
        "XK_NR": "热食类食品制售",
        "XK_JDRQ": "2026/10/09",
        "XK_YXQZ": "2026/10/09",
        "XK_YXQZI": "2099/12/31",
        "XK_XKJG": world.bureau.name,
        "XK_XKJGDM": world.bureau.uscc,
        "XK_ZT": "1",
    }
    return list((found | cells).values())


def xlsx(rows: Iterable[Sequence[Any]], headings: Sequence[Any] = HEADINGS, name: str = "许可决定.xlsx") -> SimpleUploadedFile:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("许可")
    sheet.append(list(headings))
    for cells in rows:
        sheet.append(list(cells))
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def csv_file(rows: Iterable[Sequence[Any]], headings: Sequence[Any] = HEADINGS, encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    stream = io.StringIO()
    csv.writer(stream).writerows([headings, *rows])
    return SimpleUploadedFile("许可决定.csv", stream.getvalue().encode(encoding))


def upload(world: World, file: Any, *, intake: str = "live", source: str = "") -> ImportJob:
    return actions.upload(actor=world.drafter.actor, organ=world.bureau, upload=file, intake=intake, source_name=source)


def run(world: World, job: ImportJob) -> ImportJob:
    actions.start(actor=world.drafter.actor, job_id=job.pk)
    running.work(job.pk)
    job.refresh_from_db()
    return job


def imported(world: World, file: Any, **how: str) -> ImportJob:
    return run(world, upload(world, file, **how))
