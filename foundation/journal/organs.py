"""The organs of a county by name. The journal knows ids only; the room of the organs answers."""

from collections.abc import Callable

from foundation.common.hooks import Registry

OrgansOf = Callable[[int], dict[int, str]]

organs_of: Registry[OrgansOf] = Registry(single=True)
"""Key: `organs`. Takes a county's id and gives id → short name of its organs."""


def names_of(county_id: int) -> dict[int, str]:
    """Id → short name of the county's organs; empty where no room answers."""
    sources = organs_of.of("organs")
    return sources[0](county_id) if sources else {}
