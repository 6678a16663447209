"""The sealed form of the journal: one canonical text per row, a Merkle tree per block, a chain of seals per county.

Pure: no database, so that an exported file is verified anywhere with the same code. Times are microseconds since 1970 in UTC, never a
session's time zone; keys are sorted; a digest of a row, of a node and of a seal can never be mistaken for one another.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

FORM = "liandong-journal-1"
LEAF, NODE, SEAL = b"\x00", b"\x01", b"\x02"
GENESIS = "0" * 64
LEAF_BYTES = 40
"""A kept leaf: 8 bytes of row id, 32 bytes of digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One journal row as it is sealed. Field order is part of the form: a change needs a new FORM."""

    id: int
    era: int
    xid: int
    county_id: int
    verb: str
    actor_id: int | None
    actor_name: str
    organ_id: int | None
    client: str
    rule: str
    article: str
    subject_type: str
    subject_id: int
    before: Any
    after: Any
    reason: str
    effective_us: int
    recorded_us: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the row stands in its county's chain."""
        return (self.era, self.xid, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A seal over consecutive rows: what the digest of the seal covers, and the digest itself (`hash`)."""

    county_id: int
    number: int
    era: int
    first_xid: int
    first_id: int
    last_xid: int
    last_id: int
    count: int
    root: str
    previous: str
    algorithm: str
    hash: str = ""


def canonical(row: Row) -> bytes:
    """The text of a row that is hashed."""
    values = [getattr(row, name) for name in Row.__dataclass_fields__]
    return json.dumps([FORM, *values], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_of(row: Row, algorithm: str) -> bytes:
    """The digest of a row."""
    return hashlib.new(algorithm, LEAF + canonical(row)).digest()


def root_of(leaves: Sequence[bytes], algorithm: str) -> str:
    """The Merkle root of a block's leaves; an odd node rises as it is."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [hashlib.new(algorithm, NODE + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[-1:] if len(level) % 2 else pairs
    return level[0].hex()


def hash_of(block: Block) -> str:
    """The digest of a seal: root, count, borders and the seal before it."""
    values = {name: value for name, value in asdict(block).items() if name != "hash"}
    text = json.dumps([FORM, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.new(block.algorithm, SEAL + text.encode()).hexdigest()


def pack(rows: Sequence[Row], leaves: Sequence[bytes]) -> bytes:
    """Ids and leaves as the seal keeps them, so that a broken row can be named and not only its block."""
    return b"".join(row.id.to_bytes(8, "big") + leaf for row, leaf in zip(rows, leaves, strict=True))


def unpack(kept: bytes) -> list[tuple[int, bytes]]:
    """The (id, leaf) pairs of a seal, in the order of the chain."""
    return [(int.from_bytes(kept[at : at + 8], "big"), kept[at + 8 : at + LEAF_BYTES]) for at in range(0, len(kept), LEAF_BYTES)]
