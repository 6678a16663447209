"""By what a party is recognised: its codes, written one way and checked before anything is stored."""

import re
import unicodedata
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from foundation.common.errors import Refused
from foundation.organizations.validators import validate_credit_code, validate_resident_number
from parties.statuses import PartyKind

UNCHANGED = re.compile(r"[!-~\u4e00-\u9fff（）〔〕，、。·]*")
"""Text that is stored as it stands; most is, and asking so costs a tenth of going through its characters."""
RESIDENT_ID = "身份证"
"""The identity document whose number has a check digit; others are stored as written."""
RESIDENT_WORDS = {"身份证", "居民身份证", "中华人民共和国居民身份证"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyData:
    """What a source tells about a party. Empty strings where it tells nothing."""

    kind: str
    name: str
    uscc: str = ""
    id_type: str = ""
    id_number: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    is_demo: bool = False


def tidy(data: PartyData) -> PartyData:
    """The same data as it is stored: full-width characters, blanks and letter case evened out.

    Raises Refused, with the field, where the name is missing or a code cannot be right.
    """
    name = _plain(data.name)
    if not name:
        raise Refused("没有填写行政相对人名称，请补上。", field="name")
    if len(name) > 200:
        raise Refused("行政相对人名称超过 200 个字，请核对是否填错了列。", field="name")
    if data.kind not in PartyKind.values:
        raise Refused("行政相对人类别应为法人及非法人组织、个体工商户或自然人。", field="kind")
    uscc = _plain(data.uscc).replace(" ", "").upper()
    id_type, id_number = _plain(data.id_type), _plain(data.id_number).replace(" ", "").upper()
    if "*" in id_number:  # published lists mask numbers; a masked number recognises nobody
        id_type = id_number = ""
    if id_number and (not id_type or id_type in RESIDENT_WORDS):
        id_type = RESIDENT_ID
    _check_codes(uscc, id_type, id_number)
    return replace(
        data,
        name=name,
        uscc=uscc,
        id_type=id_type if id_number else "",
        id_number=id_number,
        legal_representative=_cut(data.legal_representative, 50, "法定代表人", "legal_representative"),
        contact=_cut(data.contact, 50, "联系人", "contact"),
        phone=_cut(data.phone, 30, "联系电话", "phone"),
        address=_cut(data.address, 200, "地址", "address"),
    )


def _check_codes(uscc: str, id_type: str, id_number: str) -> None:
    try:
        if uscc:
            validate_credit_code(uscc)
    except ValidationError as error:
        raise Refused(str(error.message), field="uscc", code=error.code or "uscc") from error
    try:
        if id_number and id_type == RESIDENT_ID:
            validate_resident_number(id_number)
    except ValidationError as error:
        raise Refused(str(error.message), field="id_number", code=error.code or "id_number") from error
    if len(id_number) > 30 or len(id_type) > 20:
        raise Refused("证件类型或证件号码过长，请核对是否填错了列。", field="id_number")


def _plain(text: str) -> str:
    """Full-width letters, digits and blanks become half-width and invisible characters go; Chinese punctuation stays as it is."""
    if UNCHANGED.fullmatch(text):
        return text
    chars = []
    for char in text:
        narrow = unicodedata.normalize("NFKC", char)
        if unicodedata.category(char) in {"Cc", "Cf"} and not char.isspace():
            continue
        chars.append(narrow if char.isspace() or narrow.isalnum() else char)
    return " ".join("".join(chars).split())


def _cut(text: str, limit: int, label: str, field: str) -> str:
    plain = _plain(text)
    if len(plain) > limit:
        raise Refused(f"{label}超过 {limit} 个字，请核对是否填错了列。", field=field)
    return plain
