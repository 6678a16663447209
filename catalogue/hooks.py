"""What upper rooms tell the catalogue. They register in ready()."""

from collections.abc import Mapping
from typing import Protocol

from foundation.common.hooks import Registry


class UnlistedSource(Protocol):
    """Returns how often the room met an item that the county's catalogue does not know, by the words of the source."""

    def __call__(self, *, county_id: int) -> Mapping[str, int]: ...


unlisted_items: Registry[UnlistedSource] = Registry()
"""Key: name of the room."""
