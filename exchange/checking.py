"""What a row says: read, checked cell by cell, and put into the fields of a decision. The same for a file, the API and a mended cell.

An error says what is wrong and what would be right; the row stays out. A doubt says what will be stored; the row goes in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from approvals.models import Decision
from approvals.statuses import DecisionKind
from catalogue.matching import ItemIndex, item_index
from catalogue.models import HandlingItem
from catalogue.statuses import CommitmentMode
from exchange.columns import FIELDS
from exchange.days import NotADay, day_of, end_of_validity
from foundation.common.errors import Refused
from foundation.common.secrets import refuse_secret_marks
from foundation.organizations.models import Organ
from foundation.organizations.validators import CREDIT_PATTERN, credit_check_digit
from foundation.papers.numbers import is_number, normalise_number
from parties.identity import PartyData, tidy
from parties.statuses import PartyKind

PARTY_KINDS = {
    "01": PartyKind.NATURAL,
    "02": PartyKind.LEGAL,
    "03": PartyKind.LEGAL,
    "04": PartyKind.BUSINESS,
    "自然人": PartyKind.NATURAL,
    "个人": PartyKind.NATURAL,
    "法人": PartyKind.LEGAL,
    "企业": PartyKind.LEGAL,
    "非法人组织": PartyKind.LEGAL,
    "法人及非法人组织": PartyKind.LEGAL,
    "法人或非法人组织": PartyKind.LEGAL,
    "个体工商户": PartyKind.BUSINESS,
    "个体": PartyKind.BUSINESS,
} | {str(kind.value): kind for kind in PartyKind}
LICENCE_CLASSES = {"普通", "特许", "认可", "核准", "登记", "其他", "01", "02", "03", "04", "05", "06"}
GRANTED = {"", "准予", "准予许可", "同意", "许可", "通过", "grant"}
REFUSED_WORDS = {"不予", "不予许可", "不同意", "不通过", "refusal"}
BUSINESS_CODE = "92"
"""Credit codes of individual businesses begin so; they are filed as such whatever the source calls them."""
SHORT_NAME = 4
"""Up to here a name without kind and code may be a person's."""
PARTY_FIELDS = {
    "name": "party_name",
    "kind": "party_kind",
    "uscc": "party_uscc",
    "id_type": "party_id_type",
    "id_number": "party_id_number",
    "legal_representative": "legal_representative",
    "contact": "party_person",
    "phone": "party_contact",
    "address": "party_address",
}
"""Field of a party → field of a row."""
PERSONAL = frozenset({"party_name", "party_id_number", "legal_representative", "party_person", "party_contact", "party_address"})
"""What of a natural person is shown masked."""
COPIED = ("title", "certificate_name", "certificate_number", "content", "no_contact_reason", "party_address")


@dataclass(slots=True)
class Checked:
    """A row that was read: fields of a decision, its party, and per field of the row what is wrong and what is in doubt."""

    values: dict[str, Any] = field(default_factory=dict)
    party: PartyData | None = None
    errors: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)

    @property
    def is_natural(self) -> bool:
        """Whether the row is, or may be, about a natural person."""
        return self.party is None or self.party.kind == PartyKind.NATURAL


class Checker:
    """Checks rows of one organ on one day; loads the county's catalogue once and then asks nothing of the database."""

    def __init__(self, *, organ: Organ, today: date, live: bool, index: ItemIndex | None = None) -> None:
        self._organ, self._today, self._live = organ, today, live
        self._items = index or item_index(organ.county_id)

    def check(self, cells: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> Checked:
        """Read a row: field → text. `wrong` names cells that could not even be read (formulas, error values)."""
        told = {name: str(cells.get(name, "") or "").strip() for name in FIELDS}
        row = Checked(errors=dict(wrong or {}))
        for name in (name for name in row.errors if name in told):
            told[name] = ""
        self._numbers(row, told)
        self._days(row, told)
        self._party(row, told)
        self._item(row, told)
        self._choices(row, told)
        self._texts(row, told)
        return row

    def _numbers(self, row: Checked, told: Mapping[str, str]) -> None:
        text = told["document_number"]
        if not text:
            _refuse(row, "document_number", "没有填写文书编号，请补上（合并的单元格只有第一行有内容，请取消合并）")
            return
        number = normalise_number(text)
        row.values["document_number"] = number
        if number != text:
            row.doubts["document_number"] = f"写法不规范，将写成 {number}"
        elif not is_number(number):
            row.doubts["document_number"] = "与公文字号的写法不同，将按原样保存"

    def _days(self, row: Checked, told: Mapping[str, str]) -> None:
        decided = self._day(row, "decided_on", told["decided_on"], day_of)
        if decided and decided > self._today:
            _refuse(row, "decided_on", f"许可日期不能晚于今天（{self._today.isoformat()}）")
        if not told["decided_on"]:
            _refuse(row, "decided_on", "没有填写许可日期，请补上，如 2026-01-31")
        start = self._day(row, "valid_from", told["valid_from"], day_of)
        end = self._day(row, "valid_to", told["valid_to"], end_of_validity)
        if start and end and end < start:
            _refuse(row, "valid_to", f"早于有效期自（{start.isoformat()}），请核对")

    @staticmethod
    def _day(row: Checked, name: str, text: str, read: Callable[[str], tuple[date, str]]) -> date | None:
        if not text:
            return None
        try:
            day, doubt = read(text)
        except NotADay as error:
            _refuse(row, name, str(error))
            return None
        if doubt:
            row.doubts[name] = doubt
        row.values[name] = day
        return day

    def _party(self, row: Checked, told: Mapping[str, str]) -> None:
        kind = self._kind(row, told)
        code = told["party_uscc"].replace(" ", "").upper()
        if CREDIT_PATTERN.fullmatch(code) and credit_check_digit(code[:17]) != code[17]:
            _refuse(row, "party_uscc", f"末位校验码不对，按前 17 位应为 {credit_check_digit(code[:17])}")
            code = ""
        data = PartyData(
            kind=kind or PartyKind.LEGAL,
            name=told["party_name"],
            uscc=code,
            id_type=told["party_id_type"] if kind == PartyKind.NATURAL else "",
            id_number=told["party_id_number"] if kind == PartyKind.NATURAL else "",
            legal_representative=told["legal_representative"],
            contact=told["party_person"],
            phone=told["party_contact"] if len(told["party_contact"]) <= 30 else "",
            address=told["party_address"],
        )
        try:
            row.party = tidy(data) if kind else None
        except Refused as refusal:
            _refuse(row, PARTY_FIELDS.get(refusal.field, "party_name"), refusal.message.rstrip("。"))
        row.values["party_contact"] = " ".join(part for part in (told["party_person"], told["party_contact"]) if part)
        if self._live and not row.values["party_contact"] and not told["no_contact_reason"]:
            row.doubts["party_contact"] = "缺联系方式：入库后先进入待分派，补上号码或写明理由才能推送"

    @staticmethod
    def _kind(row: Checked, told: Mapping[str, str]) -> PartyKind | None:
        words, code = told["party_kind"], told["party_uscc"].strip().upper()
        kind = PARTY_KINDS.get(words)
        if words and kind is None:
            _refuse(row, "party_kind", f"没有“{words[:20]}”这一类别，应为法人及非法人组织、个体工商户或自然人")
        elif code.startswith(BUSINESS_CODE) and kind != PartyKind.BUSINESS:
            if kind is not None:
                row.doubts["party_kind"] = "代码以 92 开头，将登记为个体工商户"
            return PartyKind.BUSINESS
        elif not words and code:
            return PartyKind.LEGAL
        elif not words and told["party_id_number"]:
            return PartyKind.NATURAL
        elif not words and len(told["party_name"]) > SHORT_NAME:
            row.doubts["party_uscc" if told["party_name"] else "party_name"] = "没有类别和代码，将按法人及非法人组织登记，以名称识别"
            return PartyKind.LEGAL
        elif not words and told["party_name"]:
            _refuse(row, "party_kind", "没有类别和代码，看不出是单位还是个人，请写明行政相对人类别")
        elif not words:
            _refuse(row, "party_name", "没有填写行政相对人名称，请补上")
        return kind

    def _item(self, row: Checked, told: Mapping[str, str]) -> None:
        day = row.values.get("decided_on") or self._today
        words = told["item"] or told["certificate_name"] or told["title"]
        found = self._items.match(text=told["item"], code=told["item_code"], on=day)
        if found is None and not told["item"] and not told["item_code"]:
            found = self._by_certificate(told["certificate_name"], day)
            if found:
                row.doubts["certificate_name"] = f"没有事项列，按证照名称归入“{found.full_name}”"
        row.values["handling_item"] = found
        row.values["item_text"] = (words or told["item_code"] or "（来源未注明事项）")[:300]
        if found is None and "item" not in row.errors:
            row.doubts["item"] = "目录里没有唯一对应的办理项，入库后进入待分派，由人指定"

    def _by_certificate(self, name: str, day: date) -> HandlingItem | None:
        """食品经营许可证 speaks of 食品经营许可."""
        return self._items.match(text=name, on=day) or self._items.match(text=name.removesuffix("证"), on=day)

    def _choices(self, row: Checked, told: Mapping[str, str]) -> None:
        if told["kind"] in REFUSED_WORDS:
            row.values["kind"] = DecisionKind.REFUSAL
        elif told["kind"] in GRANTED:
            row.values["kind"] = DecisionKind.GRANT
        else:
            _refuse(row, "kind", f"“{told['kind'][:20]}”不能识别，应为准予许可或不予许可")
        if told["commitment_mode"]:
            modes = {str(key): value for value, label in CommitmentMode.choices for key in (value, label)}
            if told["commitment_mode"] in modes:
                row.values["commitment_mode"] = modes[told["commitment_mode"]]
            else:
                words = "、".join(str(label) for label in CommitmentMode.labels)
                _refuse(row, "commitment_mode", f"告知承诺应为：{words}")
        if told["licence_class"] and told["licence_class"] not in LICENCE_CLASSES:
            row.doubts["licence_class"] = "不是许可类别的代码或名称（普通、特许、认可、核准、登记、其他），不保存"
        self._organ_of(row, told)

    def _organ_of(self, row: Checked, told: Mapping[str, str]) -> None:
        """A file speaks for the organ that imports it: another organ's decisions are that organ's to report."""
        code, name = told["organ_uscc"].upper(), told["organ_name"]
        if code and code != self._organ.uscc:
            _refuse(row, "organ_uscc", f"不是{self._organ.short_name}的代码（{self._organ.uscc}），其他机关的决定请由该机关导入")
        elif name and not code and name not in {self._organ.name, self._organ.short_name}:
            row.doubts["organ_name"] = f"与本单位名称不同，将登记为{self._organ.name}"

    @staticmethod
    def _texts(row: Checked, told: Mapping[str, str]) -> None:
        for name in COPIED:
            row.values[name] = told[name]
        for name in (*COPIED, "document_number", "item", "party_contact"):
            limit = getattr(Decision._meta.get_field(COLUMN_OF.get(name, name)), "max_length", None)
            value = str(row.values.get(COLUMN_OF.get(name, name)) or "")
            if limit and len(value) > limit:
                _refuse(row, name, f"{FIELDS[name]}超过 {limit} 个字，请核对是否填错了列")
            try:
                refuse_secret_marks(value, field=name)
            except Refused as refusal:
                _refuse(row, name, refusal.message.rstrip("。"))


COLUMN_OF = {"item": "item_text"}


def _refuse(row: Checked, name: str, message: str) -> None:
    """Note an error; the first one of a cell stays."""
    row.errors.setdefault(name, message)
    row.doubts.pop(name, None)
