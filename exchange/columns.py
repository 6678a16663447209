"""Which column of a source's file means which field: the national layout at once, other headings by their usual words."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
NEVER = "never"
"""Columns that are not even copied: identity documents of legal representatives are neither required nor wanted (PIPL article 6)."""
DOUBLE_PUBLICITY = "double_publicity"
LAYOUT_SHARE = 0.6
"""Share of the headings that must be the national layout's for a file to be one."""
LAYOUT_LEAST = 8

FIELDS = {
    "document_number": "文书编号",
    "party_name": "行政相对人名称",
    "party_kind": "行政相对人类别",
    "party_uscc": "统一社会信用代码",
    "item": "审批事项或业务办理项",
    "item_code": "事项编码",
    "party_id_type": "证件类型（自然人）",
    "party_id_number": "证件号码（自然人）",
    "legal_representative": "法定代表人",
    "party_person": "联系人",
    "party_contact": "联系方式",
    "no_contact_reason": "无联系方式的理由",
    "party_address": "地址",
    "title": "文书名称",
    "certificate_name": "证照名称",
    "certificate_number": "证照编号",
    "content": "许可内容",
    "kind": "决定（准予或不予）",
    "commitment_mode": "告知承诺",
    "licence_class": "许可类别",
    "decided_on": "许可日期",
    "valid_from": "有效期自",
    "valid_to": "有效期至",
    "organ_name": "许可机关",
    "organ_uscc": "许可机关信用代码",
}
"""Field → its Chinese name, in the order in which pages show them."""
COMPULSORY = ("document_number", "party_name", "decided_on")
"""Without a column for each of these no row can go in."""


@dataclass(slots=True, kw_only=True)
class Recognised:
    """Field → position of its column; `doubtful` fields may mean something else; `layout` names a national layout."""

    columns: dict[str, int] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    layout: str = ""
    remembered: bool = False


def plain(heading: str) -> str:
    """A heading as it is compared: half-width, upper case, without blanks, brackets and marks of duty."""
    words = unicodedata.normalize("NFKC", heading).upper()
    words = re.sub(r"[(\[【]?(必填|选填|可不填|必录)[)\]】]?", "", words)
    return re.sub(r"[\s*:：()\[\]【】_/-]+", "", words)


@cache
def layout_headings() -> dict[str, str]:
    """Plain heading or code of the national layout → field; empty where the portal does not keep it."""
    found: dict[str, str] = {}
    with (DATA / "double_publicity.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for words in (row["code"], row["heading"], *row["also"].split("|")):
                if words:
                    found[plain(words)] = row["field"]
    return found


@cache
def usual_headings() -> tuple[dict[str, str], dict[str, str]]:
    """Plain heading → field: those that are clear, and those that may mean something else."""
    clear: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    with (DATA / "headings.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            clear |= {plain(words): row["field"] for words in row["headings"].split("|") if words}
            doubtful |= {plain(words): row["field"] for words in row["doubtful"].split("|") if words}
    own = {plain(words): name for name, words in FIELDS.items()}
    return own | clear, doubtful


def is_heading(text: str) -> bool:
    """Whether a cell holds a heading that is known from anywhere."""
    clear, doubtful = usual_headings()
    return plain(text) in {*layout_headings(), *clear, *doubtful}


def is_never(heading: str) -> bool:
    """Whether the column must not be copied."""
    words = plain(heading)
    return layout_headings().get(words) == NEVER or usual_headings()[0].get(words) == NEVER


def recognise(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> Recognised:
    """What each column means: as confirmed last time for this source, else by the national layout, else by the usual words."""
    if remembered and (found := _as_before(headings, remembered)):
        return found
    national = layout_headings()
    known = [words for words in headings if words and plain(words) in national]
    if len(known) >= LAYOUT_LEAST and len(known) >= LAYOUT_SHARE * len([words for words in headings if words]):
        columns = _first_of(headings, lambda words: national.get(words, ""))
        if set(COMPULSORY) <= set(columns):
            return Recognised(columns=columns, layout=DOUBLE_PUBLICITY)
    clear, doubtful = usual_headings()
    sure = _first_of(headings, lambda words: clear.get(words) or national.get(words, ""))
    maybe = _first_of(headings, lambda words: doubtful.get(words, ""))
    new = {name: position for name, position in maybe.items() if name not in sure}
    return Recognised(columns=sure | new, doubtful=set(new))


def _as_before(headings: Sequence[str], remembered: Mapping[str, str]) -> Recognised | None:
    positions = {words: position for position, words in reversed(list(enumerate(headings)))}
    columns = {name: positions[words] for name, words in remembered.items() if words in positions and name in FIELDS}
    if len(columns) == len(remembered) and set(COMPULSORY) <= set(columns):
        return Recognised(columns=columns, remembered=True)
    return None


def _first_of(headings: Iterable[str], meaning: Callable[[str], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, words in enumerate(headings):
        name = meaning(plain(words)) if words else ""
        if name in FIELDS:
            found.setdefault(name, position)
    return found
