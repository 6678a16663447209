"""A rulebook file as data: read and checked against the schema, nothing written."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from foundation.deadlines.grammar import Length, NotUnderstood, parse_length, parse_reminder
from foundation.deadlines.parameters import REQUIRED, fault_of
from foundation.deadlines.statuses import Direction, Effect
from foundation.deadlines.yaml_reading import Fault, Reader

TOP = ("rulebook", "county", "title", "short_title", "status", "valid", "source", "parameters", "terms")
TERM_REQUIRED = (
    "term",
    "name",
    "article",
    "summary",
    "obliged",
    "start_words",
    "length",
    "on_expiry",
    "advisory",
    "authority",
    "remind",
    "provisions",
    "done_words",
)
TERM_OPTIONAL = ("starts", "ends", "question", "group")
STATUSES = ("in_force", "expired")
AUTHORITIES = ("article", "own_default", "higher_law")
GROUPS = ("county", "higher_law")
SOFT_EFFECTS = (Effect.ADVISORY, Effect.WARN, Effect.NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermData:
    """A term as its file states it."""

    line: int
    fields: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class RulebookData:
    """A rulebook as its file states it. `lines` says where a key stands, for faults found later."""

    file: str
    sha256: str
    key: str = ""
    county: str = ""
    title: str = ""
    short_title: str = ""
    status: str = ""
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    terms: list[TermData] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def read_rulebook(*, text: str, file: str) -> tuple[RulebookData, list[Fault]]:
    """The rulebook in `text` and every fault in it. With a fault the data is partly empty and must not be stored."""
    data = RulebookData(file=file, sha256=hashlib.sha256(text.encode()).hexdigest())
    reader = Reader(file)
    root = reader.open(text)
    top = reader.mapping(root, "", required=TOP) if root is not None else None
    if top is not None:
        data.lines = {name: node.start_mark.line + 1 for name, node in top.items()}
        _read_head(reader, top, data)
        _read_parameters(reader, top.get("parameters"), data)
        _read_terms(reader, top.get("terms"), data)
    return data, sorted(reader.faults, key=lambda fault: fault.line)


def _read_head(reader: Reader, top: dict[str, yaml.Node], data: RulebookData) -> None:
    data.key = reader.text(top.get("rulebook"), "rulebook", longest=40, pattern=r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
    data.county = reader.text(top.get("county"), "county", longest=6, pattern=r"[0-9]{6}")
    data.title = reader.text(top.get("title"), "title", longest=120)
    data.short_title = reader.text(top.get("short_title"), "short_title", longest=60)
    data.source = reader.text(top.get("source"), "source", longest=80)
    data.status = reader.choice(top.get("status"), "status", STATUSES)
    if "valid" not in top:
        return
    valid = reader.mapping(top["valid"], "valid", required=("from",), optional=("to",)) or {}
    data.valid_from = reader.day(valid.get("from"), "valid.from")
    data.valid_to = reader.day(valid.get("to"), "valid.to", empty=True)
    if data.valid_from and data.valid_to and data.valid_to < data.valid_from:
        reader.fault(valid["to"], "valid.to", "失效日期早于施行日期")
    if data.status == "expired" and data.valid_to is None:
        reader.fault(top["valid"], "valid.to", "status 写了 expired，就要写失效日期")


def _read_parameters(reader: Reader, node: yaml.Node | None, data: RulebookData) -> None:
    if node is None:
        return
    entries = reader.mapping(node, "parameters", required=tuple(REQUIRED), optional=None) or {}
    for name, entry in entries.items():
        path = f"parameters.{name}"
        parts = reader.mapping(entry, path, required=("value", "authority", "question", "note"))
        if parts is None:
            continue
        value = reader.value(parts["value"], f"{path}.value") if "value" in parts else None
        if "value" in parts and (fault := fault_of(name, value)):
            reader.fault(parts["value"], f"{path}.value", fault)
        data.parameters[name] = {
            "value": value,
            "authority": reader.text(parts.get("authority"), f"{path}.authority", longest=60),
            "question": reader.text(parts.get("question"), f"{path}.question", longest=10, empty=True),
            "note": reader.text(parts.get("note"), f"{path}.note", longest=200),
        }


def _read_terms(reader: Reader, node: yaml.Node | None, data: RulebookData) -> None:
    seen: dict[str, int] = {}
    for index, entry in enumerate(reader.items(node, "terms")):
        parts = reader.mapping(entry, f"terms[{index + 1}]", required=TERM_REQUIRED, optional=TERM_OPTIONAL)
        if parts is None:
            continue
        key = reader.text(parts.get("term"), f"terms[{index + 1}].term", longest=40, pattern=r"[a-z][a-z0-9_]*")
        if key in seen:
            reader.fault(parts["term"], f"terms.{key}", f"这个期限在第 {seen[key]} 行已经写过")
        seen[key] = entry.start_mark.line + 1
        data.terms.append(
            TermData(line=seen[key], fields={"key": key, "position": index, **_term_fields(reader, parts, f"terms.{key}", entry)})
        )
    if node is not None and not data.terms:
        reader.fault(node, "terms", "一个期限也没有")


def _term_fields(reader: Reader, parts: dict[str, yaml.Node], path: str, entry: yaml.Node) -> dict[str, Any]:
    length = _length(reader, parts, path)
    effect = reader.choice(parts.get("on_expiry"), f"{path}.on_expiry", Effect.values)
    advisory = reader.flag(parts.get("advisory"), f"{path}.advisory")
    if advisory and effect and effect not in SOFT_EFFECTS:
        reader.fault(parts["on_expiry"], f"{path}.on_expiry", f"建议期限（advisory: true）不能带来 {effect} 的后果")
    return {
        "group": reader.choice(parts.get("group"), f"{path}.group", GROUPS) or "county",
        "name": reader.text(parts.get("name"), f"{path}.name", longest=40),
        "article": reader.text(parts.get("article"), f"{path}.article", longest=60),
        "summary": reader.text(parts.get("summary"), f"{path}.summary", longest=300),
        "obliged": reader.text(parts.get("obliged"), f"{path}.obliged", longest=40),
        "event": _event(reader, parts, path, entry, length),
        "event_words": reader.text(parts.get("start_words"), f"{path}.start_words", longest=20),
        "length": length.n if length else 0,
        "unit": length.unit if length else "",
        "direction": length.direction if length else "",
        "clock_time": length.clock_time if length else None,
        "effect": effect,
        "advisory": advisory,
        "authority": reader.choice(parts.get("authority"), f"{path}.authority", AUTHORITIES),
        "remind": _reminders(reader, parts.get("remind"), f"{path}.remind"),
        "done_words": reader.text(parts.get("done_words"), f"{path}.done_words", longest=12),
        "question": reader.text(parts.get("question"), f"{path}.question", longest=10, empty=True),
        "provisions": [
            reader.text(item, f"{path}.provisions", longest=20) for item in reader.items(parts.get("provisions"), f"{path}.provisions")
        ],
    }


def _length(reader: Reader, parts: dict[str, yaml.Node], path: str) -> Length | None:
    words = reader.text(parts.get("length"), f"{path}.length", longest=40)
    try:
        return parse_length(words) if words else None
    except NotUnderstood as error:
        reader.fault(parts["length"], f"{path}.length", str(error))
        return None


def _event(reader: Reader, parts: dict[str, yaml.Node], path: str, entry: yaml.Node, length: Length | None) -> str:
    """`starts` names the event a term runs from, `ends` the event it is counted back from; a term has one of them."""
    names = [name for name in ("starts", "ends") if name in parts]
    if len(names) != 1:
        reader.fault(entry, f"{path}.starts", "starts 和 ends 要写其中一个，只写一个")
        return ""
    backward = length is not None and length.direction == Direction.BEFORE
    if length is not None and backward != (names[0] == "ends"):
        reader.fault(parts[names[0]], f"{path}.{names[0]}", "往前数的期限（… before）用 ends，往后数的用 starts")
    return reader.text(parts[names[0]], f"{path}.{names[0]}", longest=60, pattern=r"[a-z_]+\.[a-z_]+")


def _reminders(reader: Reader, node: yaml.Node | None, path: str) -> list[dict[str, Any]]:
    reminders = []
    for item in reader.items(node, path):
        words = reader.text(item, path, longest=40)
        try:
            reminders.append(parse_reminder(words) if words else {})
        except NotUnderstood as error:
            reader.fault(item, path, str(error))
    return reminders
