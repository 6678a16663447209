"""The columns of the catalogue as a sheet: one row per handling item and supervising organ."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime

from catalogue.statuses import CommitmentMode, SupervisionMode

HEADINGS = {
    "item": "审批事项",
    "base_code": "基本编码",
    "implementation_code": "实施编码",
    "handling_item": "业务办理项",
    "handling_code": "办理项编码",
    "organ": "监管部门",
    "organ_uscc": "监管部门信用代码",
    "matter": "监管事项",
    "matter_code": "监管事项编码",
    "mode": "监管方式",
    "liaison": "联络员",
    "commitment": "告知承诺情形",
    "key_field": "重点领域",
    "statutory_limit": "法定时限",
    "promised_limit": "承诺时限",
    "transfer_date": "划转日期",
    "valid_from": "自",
    "valid_to": "至",
}
REQUIRED = ("item", "handling_item")
LIMITS = {
    "item": 200,
    "base_code": 40,
    "implementation_code": 60,
    "handling_item": 200,
    "handling_code": 60,
    "matter": 200,
    "matter_code": 60,
}
YES, NO = {"是", "√", "Y", "y", "1", "重点"}, {"", "否", "×", "N", "n", "0", "非重点"}
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellError:
    """What is wrong with one cell, and what would be right."""

    column: str
    message: str


@dataclass(slots=True, kw_only=True)
class CatalogueRow:
    """One row of a catalogue sheet as text, as it stands in the file; `number` is its line there."""

    number: int = 0
    item: str = ""
    base_code: str = ""
    implementation_code: str = ""
    handling_item: str = ""
    handling_code: str = ""
    organ: str = ""
    organ_uscc: str = ""
    matter: str = ""
    matter_code: str = ""
    mode: str = ""
    liaison: str = ""
    commitment: str = ""
    key_field: str = ""
    statutory_limit: str = ""
    promised_limit: str = ""
    transfer_date: str = ""
    valid_from: str = ""
    valid_to: str = ""
    errors: list[CellError] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        """Note what is wrong with a cell."""
        self.errors.append(CellError(column=column, message=message))


NAMES = tuple(item.name for item in fields(CatalogueRow) if item.name not in {"number", "errors"})


def day_of(text: str) -> date | None:
    """The date a cell means; None for an empty one. Raises ValueError for words that are no date."""
    if not text:
        return None
    for form in DATE_FORMS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if not date(1949, 10, 1) <= found <= date(2100, 12, 31):
            break
        return found
    raise ValueError(text)


def choice_of(text: str, choices: type[SupervisionMode] | type[CommitmentMode]) -> str | None:
    """The value of a choice given by its words or its code; None where nothing fits."""
    for value, label in choices.choices:
        if text in {value, label, str(value).upper()}:
            return str(value)
    return None


def check_cells(row: CatalogueRow) -> None:
    """Note every cell that cannot be right by itself, in words a clerk understands."""
    for name in REQUIRED:
        if not getattr(row, name):
            row.refuse(name, f"没有填写{HEADINGS[name]}。")
    for name, most in LIMITS.items():
        if len(getattr(row, name)) > most:
            row.refuse(name, f"{HEADINGS[name]}超过 {most} 个字，请核对是否填错了列。")
    for name in ("transfer_date", "valid_from", "valid_to"):
        try:
            day_of(getattr(row, name))
        except ValueError:
            row.refuse(name, f"“{getattr(row, name)[:20]}”不是日期，请写成 2026-01-31 的样子。")
    for name in ("statutory_limit", "promised_limit"):
        text = getattr(row, name)
        if text and not (text.isascii() and text.isdigit() and 0 < int(text) <= 366):
            row.refuse(name, f"{HEADINGS[name]}应为 1 至 366 的整数（工作日）。")
    _check_words(row)


def _check_words(row: CatalogueRow) -> None:
    named = bool(row.organ or row.organ_uscc)
    if named and not row.matter:
        row.refuse("matter", "填写了监管部门，还要填写监管事项。")
    if named and choice_of(row.mode, SupervisionMode) is None:
        row.refuse("mode", "监管方式应为：" + "、".join(label for _, label in SupervisionMode.choices) + "。")
    if not named and (row.matter or row.liaison):
        row.refuse("organ", "填写了监管事项或联络员，还要填写监管部门。")
    if row.commitment and choice_of(row.commitment, CommitmentMode) is None:
        row.refuse("commitment", "告知承诺情形应为：" + "、".join(label for _, label in CommitmentMode.choices) + "。")
    if row.key_field not in YES | NO:
        row.refuse("key_field", "重点领域应填“是”或“否”。")
