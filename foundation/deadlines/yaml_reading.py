"""Reading a YAML file so that every fault is told with its file, line and key, all at once, in words a lawyer understands."""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast reader where PyYAML was built with it; both build plain values only."""
MAX_CHARACTERS = 1_000_000
MISSING_NAMED = 12
"""More keys than this missing from one mapping are told in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a file."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file} 第 {self.line} 行，{self.key}：{self.message}" if self.key else f"{self.file} 第 {self.line} 行：{self.message}"
        )


@dataclass(slots=True)
class Reader:
    """Walks the nodes of one YAML file and collects its faults. Methods return None where the node is not what it should be."""

    file: str
    loader: Any = None
    faults: list[Fault] = field(default_factory=list)

    def open(self, text: str) -> yaml.Node | None:
        """The root node, or None (with a fault) where the text is no YAML. Anchors and aliases are refused: they hide what a line says."""
        if len(text) > MAX_CHARACTERS:
            self.fault(1, "", "文件过大，不是规则文件")
            return None
        try:
            for token in yaml.scan(text, Loader=Loader):
                if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
                    self.fault(token.start_mark.line + 1, "", "不能使用 YAML 锚点（& 和 *），请把内容写全")
                    return None
            self.loader = Loader(text)
            root = self.loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.fault(mark.line + 1 if mark else 1, "", f"不是有效的 YAML：{error.problem or error}")
            return None
        except yaml.YAMLError as error:
            self.fault(1, "", f"不是有效的 YAML：{error}")
            return None
        if root is None:
            self.fault(1, "", "文件是空的")
        return root

    def fault(self, at: int | yaml.Node, key: str, message: str) -> None:
        """Note a fault at a line (or at a node's line)."""
        line = at if isinstance(at, int) else at.start_mark.line + 1
        self.faults.append(Fault(file=self.file, line=line, key=key, message=message))

    def value(self, node: yaml.Node, key: str) -> Any:
        """The plain value of a node."""
        assert self.loader is not None  # noqa: S101 - open() came first
        try:
            return self.loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, TypeError):
            self.fault(node, key, "这个值读不出来")
            return None

    def mapping(
        self, node: yaml.Node, key: str, *, required: Collection[str] = (), optional: Collection[str] | None = ()
    ) -> dict[str, yaml.Node] | None:
        """The entries of a mapping. Unknown and doubled keys are faults, so are missing ones; `optional=None` lets any key in."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, key, "这里应当是“键: 值”")
            return None
        entries: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value)
            path = f"{key}.{name}" if key else name
            if name in entries:
                self.fault(key_node, path, "写了两次，只能写一次")
            elif optional is not None and name not in required and name not in optional:
                self.fault(key_node, path, "没有这个键" + _nearest(name, [*required, *optional]))
            entries[name] = value_node
        missing = [name for name in required if name not in entries]
        if len(missing) > MISSING_NAMED:
            self.fault(node, key, f"缺 {len(missing)} 项：{'、'.join(missing)}")
        else:
            for name in missing:
                self.fault(node, f"{key}.{name}" if key else name, "缺这一项")
        return entries

    def items(self, node: yaml.Node | None, key: str) -> list[yaml.Node]:
        """The nodes of a list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, key, "这里应当是列表")
            return []
        return list(node.value)

    def text(self, node: yaml.Node | None, key: str, *, longest: int, empty: bool = False, pattern: str = "") -> str:
        """A text of at most `longest` characters; "" where it is missing or wrong."""
        if node is None:
            return ""
        value = self.value(node, key)
        if not isinstance(value, str):
            self.fault(node, key, "应为文字" + ("，数字请加引号" if isinstance(value, int | float) else ""))
            return ""
        if not value.strip() and not empty:
            self.fault(node, key, "不能是空的")
        elif len(value) > longest:
            self.fault(node, key, f"太长：{len(value)} 字，最多 {longest} 字")
        elif pattern and not _matches(pattern, value):
            self.fault(node, key, f"“{value}”的写法不对")
        return value.strip()

    def choice(self, node: yaml.Node | None, key: str, choices: Collection[str]) -> str:
        """One of several words."""
        value = self.text(node, key, longest=60)
        if value and value not in choices:
            self.fault(node or 1, key, f"“{value}”不在可选之列：{'、'.join(choices)}{_nearest(value, list(choices))}")
            return ""
        return value

    def flag(self, node: yaml.Node | None, key: str) -> bool:
        """true or false."""
        value = self.value(node, key) if node is not None else False
        if not isinstance(value, bool):
            self.fault(node or 1, key, "应为 true 或 false")
            return False
        return value

    def day(self, node: yaml.Node | None, key: str, *, empty: bool = False) -> date | None:
        """A date as year-month-day; None where it is missing, wrong, or (with `empty`) null."""
        if node is None:
            return None
        known = len(self.faults)
        value = self.value(node, key)
        if type(value) is date:
            return value
        if len(self.faults) == known and not (value is None and empty):
            self.fault(node, key, "应为日期，写作 2022-09-30")
        return None


def _matches(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern, value) is not None


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"；是不是 {near[0]}？" if near else ""
