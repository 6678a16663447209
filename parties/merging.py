"""What other rooms do when duplicates become one party, and which organs have to do with a party. Upper rooms register in ready()."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from foundation.common.hooks import Registry


class MergedHandler(Protocol):
    """Moves a room's references from the duplicates to the party that is kept, inside the transaction; returns how many rows moved."""

    def __call__(self, *, keep_id: int, duplicate_ids: Sequence[int], at: datetime) -> int: ...


class MatterOrgans(Protocol):
    """Returns the ids of the organs that have a matter with the party (its decisions, pushes, tasks)."""

    def __call__(self, *, party_id: int) -> Iterable[int]: ...


party_merged: Registry[MergedHandler] = Registry()
"""Key: name of the room."""
organs_with_matter: Registry[MatterOrgans] = Registry()
"""Key: name of the room."""


def matter_organs(party_id: int) -> set[int]:
    """Every organ that has a matter with the party, as all rooms report."""
    rooms = organs_with_matter.names()
    return {organ for room in rooms for source in organs_with_matter.of(room) for organ in source(party_id=party_id)}


def move_references(*, keep_id: int, duplicate_ids: Sequence[int], at: datetime) -> int:
    """Let every room move its references from the duplicates to the kept party; returns how many rows moved."""
    rooms = party_merged.names()
    return sum(handler(keep_id=keep_id, duplicate_ids=duplicate_ids, at=at) for room in rooms for handler in party_merged.of(room))
