"""The journal as a file (JSON lines), for a reader who has no access to the database, and the daily roots."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, TextIO

from foundation.journal import rows as stored
from foundation.journal.canonical import FORM, Block, Row
from foundation.journal.verifying import Link, Verdict, walk


def links_in_database(county_id: int) -> Iterator[Link]:
    """The chain of a county with the rows that stand in each block's span now (one row more than sealed is enough to see an insertion)."""
    place = stored.START
    for block, leaves in stored.seals(county_id):
        until = (block.era, block.last_xid, block.last_id)
        yield Link(block=block, leaves=leaves, rows=stored.between(county_id=county_id, after=place, until=until, limit=block.count + 1))
        place = until


def export(target: TextIO) -> int:
    """Write every county's rows and seals, and last the rows not sealed yet; returns how many rows."""
    _write(target, {"form": FORM})
    count = 0
    for county_id in stored.counties():
        place = stored.START
        for link in links_in_database(county_id):
            count += _write_rows(target, link.rows)
            _write(target, {"seal": asdict(link.block), "leaves": base64.b64encode(link.leaves).decode()})
            place = (link.block.era, link.block.last_xid, link.block.last_id)
        count += _write_rows(target, stored.unsealed(county_id=county_id, place=place))
    return count


def _write_rows(target: TextIO, found: Iterable[Row]) -> int:
    count = 0
    for row in found:
        _write(target, {"row": asdict(row)})
        count += 1
    return count


def _write(target: TextIO, line: dict[str, Any]) -> None:
    target.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def verify_file(source: Iterable[str], *, roots: dict[int, dict[int, str]]) -> tuple[list[Verdict], int]:
    """Verify an exported file without a database; returns a verdict per county and how many rows were not sealed yet.

    Raises ValueError for a file that is not a journal export.
    """
    lines = iter(source)
    if json.loads(next(lines, "null") or "null") != {"form": FORM}:
        raise ValueError("not a journal export of this form")
    reader = _Reader(lines)
    verdicts = []
    while (county_id := reader.county()) is not None:
        verdicts.append(walk(county_id=county_id, links=reader.links(county_id), roots=roots.get(county_id)))
        reader.skip(county_id)
    walked = {verdict.county_id for verdict in verdicts}
    verdicts += [walk(county_id=one, links=(), roots=expected) for one, expected in sorted(roots.items()) if one not in walked]
    return verdicts, reader.loose


class _Reader:
    """Reads an export block by block, so that a file of any length fits in memory."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = (json.loads(line) for line in lines if line.strip())
        self._ahead: dict[str, Any] | None = next(self._lines, None)
        self.loose = 0

    def county(self) -> int | None:
        """The county of the line ahead, None at the end."""
        if self._ahead is None:
            return None
        what = self._ahead["row"] if "row" in self._ahead else self._ahead["seal"]
        county_id: int = what["county_id"]
        return county_id

    def _take(self) -> dict[str, Any]:
        assert self._ahead is not None  # noqa: S101 - callers look ahead first
        line, self._ahead = self._ahead, next(self._lines, None)
        return line

    def links(self, county_id: int) -> Iterator[Link]:
        """The blocks of a county; rows behind the last seal are counted as loose."""
        waiting: list[Row] = []
        while self.county() == county_id:
            line = self._take()
            if "row" in line:
                waiting.append(Row(**line["row"]))
                continue
            yield Link(block=Block(**line["seal"]), leaves=base64.b64decode(line["leaves"]), rows=waiting)
            waiting = []
        self.loose += len(waiting)

    def skip(self, county_id: int) -> None:
        """Pass over what is left of a county whose chain broke."""
        while self.county() == county_id:
            self._take()


def roots() -> list[dict[str, Any]]:
    """The newest seal of every county: what is given to somebody outside the IT office."""
    newest = [stored.last_seal(county_id) for county_id in stored.counties()]
    return [
        {"county_id": block.county_id, "number": block.number, "hash": block.hash, "algorithm": block.algorithm}
        for block in newest
        if block is not None
    ]


def read_roots(source: Iterable[str]) -> dict[int, dict[int, str]]:
    """County → seal number → hash, from the lines of root files. Raises ValueError for a line that is none."""
    found: dict[int, dict[int, str]] = {}
    for line in source:
        if line.strip():
            root = json.loads(line)
            found.setdefault(root["county_id"], {})[root["number"]] = root["hash"]
    return found
