"""What was told: the canonical form of a snapshot, its hash, and the fields it must have."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from foundation.common.errors import Refused
from foundation.deadlines.models import Rulebook

FIELD_WORDS = {
    "item_name": "事项名称",
    "document_number": "法律文书编号",
    "party_name": "行政相对人名称",
    "party_contact": "联系方式",
    "party_address": "地址",
    "decided_on": "许可日期",
    "valid_to": "有效期",
    "content": "许可内容",
}
"""The eight compulsory fields in the order in which every page shows them (BA-19b)."""
EXCUSED_BY = {"party_contact": "no_contact_reason"}
"""A compulsory field may be empty where this other field gives the reason (E-31)."""


LIST_NAME = "party_list_name"
"""The party's name as lists may show it, where that is not the full one: the sender masks a natural person's name (personal information law)."""
PRIVATE = ("party_contact", "party_address")
"""Fields that only the organs at both ends of a push read."""
ONLY_ENDS = "仅收发单位可见"


def list_name(snapshot: Mapping[str, Any]) -> str:
    """The party's name for lists, workbenches and sheets."""
    return str(snapshot.get(LIST_NAME) or snapshot.get("party_name", ""))


def readable(snapshot: Mapping[str, Any], *, ends: bool) -> dict[str, Any]:
    """What was told, as a person reads it: whoever works at neither end sees the name as in lists, and no contact or address."""
    if ends:
        return dict(snapshot)
    return {**snapshot, "party_name": list_name(snapshot)} | {key: ONLY_ENDS for key in PRIVATE if snapshot.get(key)}


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The one byte form of a snapshot: sorted keys, no spaces, UTF-8."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def missing_fields(*, snapshot: Mapping[str, Any], rulebook: Rulebook) -> list[str]:
    """Keys of the compulsory fields that the snapshot lacks, by the rulebook's `required_push_fields` (BA-19b, E-31)."""
    required: Iterable[str] = rulebook.parameters.get("required_push_fields", {}).get("value", ())
    return [key for key in required if not snapshot.get(key) and not snapshot.get(EXCUSED_BY.get(key, ""))]


def check_complete(*, snapshot: Mapping[str, Any], rulebook: Rulebook) -> None:
    """Raise Refused naming every compulsory field that is missing."""
    missing = missing_fields(snapshot=snapshot, rulebook=rulebook)
    if missing:
        words = "、".join(FIELD_WORDS.get(key, key) for key in missing)
        raise Refused(
            f"推送信息不全，缺少：{words}。请补齐后再签发；没有联系方式的，请写明理由。", field=missing[0], code="incomplete_push"
        )
