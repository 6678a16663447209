"""Verifying a journal, in the database or in an exported file: the chain is walked and every digest computed anew.

Pure but for what the callers hand in. What is found is a list of `Finding`s, the first broken row or seal of each county.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from foundation.journal import canonical
from foundation.journal.canonical import GENESIS, LEAF_BYTES, Block, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Where a chain first breaks. `row_id` is 0 where a seal itself is broken."""

    county_id: int
    number: int
    row_id: int
    what: str

    def __str__(self) -> str:
        row = f"，记录 {self.row_id}" if self.row_id else ""
        return f"区划 {self.county_id}，第 {self.number} 块{row}：{self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One sealed block as it was found: the seal, the leaves it keeps and the rows that stand in its span."""

    block: Block
    leaves: bytes
    rows: Sequence[Row]


@dataclass(slots=True)
class Verdict:
    """What a walk over one county's chain found."""

    county_id: int
    blocks: int = 0
    rows: int = 0
    last_hash: str = GENESIS
    finding: Finding | None = None


def walk(*, county_id: int, links: Iterable[Link], roots: Mapping[int, str] | None = None) -> Verdict:
    """Verify a county's chain up to its first break. `roots` maps seal numbers to hashes that were exported to somebody outside."""
    verdict = Verdict(county_id)
    expected = dict(roots or {})
    for link in links:
        verdict.finding = _check(link, number=verdict.blocks + 1, previous=verdict.last_hash, exported=expected.pop(link.block.number, ""))
        if verdict.finding:
            return verdict
        verdict.blocks += 1
        verdict.rows += link.block.count
        verdict.last_hash = link.block.hash
    if expected:
        number = min(expected)
        verdict.finding = Finding(county_id=county_id, number=number, row_id=0, what="曾对外留存根值的封存块不见了")
    return verdict


def _check(link: Link, *, number: int, previous: str, exported: str) -> Finding | None:
    block = link.block
    broken = _broken_seal(link, number=number, previous=previous, exported=exported)
    if broken:
        return Finding(county_id=block.county_id, number=number, row_id=0, what=broken)
    kept = canonical.unpack(link.leaves)
    for (row_id, leaf), row in zip(kept, link.rows, strict=False):
        if row.id == row_id and canonical.leaf_of(row, block.algorithm) == leaf:
            continue
        there = {found.id for found in link.rows}
        sealed = {one for one, _ in kept}
        if row.id not in sealed:
            return Finding(county_id=block.county_id, number=number, row_id=row.id, what="封存之后插入的记录")
        if row_id not in there:
            return Finding(county_id=block.county_id, number=number, row_id=row_id, what="记录被删除")
        return Finding(county_id=block.county_id, number=number, row_id=row_id, what="记录内容与封存时不一致")
    if len(link.rows) < len(kept):
        return Finding(county_id=block.county_id, number=number, row_id=kept[len(link.rows)][0], what="记录被删除")
    if len(link.rows) > len(kept):
        return Finding(county_id=block.county_id, number=number, row_id=link.rows[len(kept)].id, what="封存之后插入的记录")
    return None


def _broken_seal(link: Link, *, number: int, previous: str, exported: str) -> str:
    """Why the seal itself cannot be trusted; an empty string where it can."""
    block, kept = link.block, canonical.unpack(link.leaves)
    if block.number != number:
        return f"封存块缺失，下一块的编号是 {block.number}"
    if block.previous != previous:
        return "封存块没有接在上一块之后"
    if canonical.hash_of(block) != block.hash:
        return "封存块的摘要与内容不符"
    if exported and exported != block.hash:
        return "与对外留存的根值不一致"
    whole = len(link.leaves) == block.count * LEAF_BYTES and block.count > 0
    if not whole or canonical.root_of([leaf for _, leaf in kept], block.algorithm) != block.root:
        return "封存块留存的逐条摘要与根值不符"
    return ""
