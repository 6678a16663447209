"""Which provision of the source documents is proven by which test, read from the test tree without running it."""

import ast
import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STAGES = {
    "foundation": "本版",
    "way_back": "后续：监管回路",
    "liaison": "后续：联络协作",
    "archives": "后续：档案",
    "oversight": "后续：督查考核",
    "declined": "不做",
}
"""What the column `stage` of the data file may say, and how it is printed."""
SERVED, DECLINED = "foundation", "declined"

HEAD = """# Provisions of the source documents

Every provision of the five source documents, with the duty in our own words, the room that serves it, and the tests that prove it.
Written by `manage.py provisions` from `docs/provisions/provisions.csv` and the marks `@pytest.mark.provision(...)` in `tests/`; do not
edit it by hand. The suite fails when this page is stale, when a provision of this release has no test, or when a mark names an unknown id.
"""


@dataclass(frozen=True, slots=True)
class Provision:
    """A line of the data file. `note` says what is left out or why it is declined."""

    id: str
    county: str
    article: str
    duty: str
    room: str
    stage: str
    note: str


def read_provisions(path: Path) -> list[Provision]:
    """The provisions in the order of the data file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Provision(**line) for line in csv.DictReader(file)]


def proofs(tests: Path) -> dict[str, list[str]]:
    """Provision id → the tests marked with it, as `tests/room/test_file.py::test_name`, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        place = path.relative_to(tests.parent).as_posix()
        for name, decorators in _tests(ast.parse(path.read_text(encoding="utf-8"))):
            for one in _ids(decorators):
                found[one].append(f"{place}::{name}")
    return {one: sorted(set(places)) for one, places in found.items()}


def _tests(tree: ast.Module) -> Iterator[tuple[str, list[ast.expr]]]:
    """Name and decorators of every test; a test in a class carries those of the class too, a file's `pytestmark` holds for all."""
    whole = [
        mark
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == "pytestmark" for one in node.targets)
        for mark in (node.value.elts if isinstance(node.value, ast.List) else [node.value])
    ]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, [*whole, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name.startswith("test_"):
                    yield f"{node.name}::{inner.name}", [*whole, *node.decorator_list, *inner.decorator_list]


def _ids(decorators: Sequence[ast.expr]) -> Iterator[str]:
    for one in decorators:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "provision":
            yield from (str(given.value) for given in one.args if isinstance(given, ast.Constant))


def faults(provisions: Sequence[Provision], proven: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong, one sentence each; empty where every promise is kept."""
    known = {one.id for one in provisions}
    found = [f"{one}: the id occurs {n} times." for one, n in Counter(one.id for one in provisions).items() if n > 1]
    found += [
        f"{one}: a test is marked with it, but no provision has this id ({places[0]})."
        for one, places in proven.items()
        if one not in known
    ]
    for one in provisions:
        if one.stage not in STAGES:
            found.append(f"{one.id}: unknown stage {one.stage!r}.")
        elif one.stage == SERVED and not proven.get(one.id):
            found.append(f"{one.id}: said to be served, but no test is marked with it.")
        elif one.stage == DECLINED and not one.note:
            found.append(f"{one.id}: declined without a reason.")
    return found


def page(provisions: Sequence[Provision], proven: Mapping[str, Sequence[str]]) -> str:
    """The whole page as Markdown."""
    counts = Counter(one.stage for one in provisions)
    early = sum(1 for one in provisions if one.stage not in (SERVED, DECLINED) and proven.get(one.id))
    lines = [HEAD, f"{len(provisions)} provisions: " + "，".join(f"{words} {counts[stage]}" for stage, words in STAGES.items()) + "。"]
    lines.append(f"Of the later ones, {early} are served in part and tested already.\n")
    for county in dict.fromkeys(one.county for one in provisions):
        lines += [f"## {county}\n", "| 编号 | 条款 | 要求 | 房间 | 状态 | 证明或说明 |", "|---|---|---|---|---|---|"]
        lines += [_line(one, proven.get(one.id, [])) for one in provisions if one.county == county]
        lines.append("")
    return "\n".join(lines)


def _line(one: Provision, places: Sequence[str]) -> str:
    shown = [f"`{place.removeprefix('tests/')}`" for place in places]
    if one.note:
        shown.insert(0, one.note)
    state = STAGES[one.stage]
    if places and one.stage != SERVED:
        state += "；已有部分"
    cells = (one.id, one.article, one.duty, "" if one.room == "none" else one.room, state, "<br>".join(shown))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
