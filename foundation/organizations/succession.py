"""What must move when an organ follows another. Upper rooms register here in `AppConfig.ready()`; nothing is imported from them."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from foundation.common.hooks import Registry
from foundation.organizations.models import Organ


class SuccessionHandler(Protocol):
    """Moves a room's open duties (clocks, pushes, mappings, powers) of organs that end the day before `on` to the organ that follows them.

    Called inside the transaction of the succession; returns how many rows moved. What is closed stays under the old name.
    """

    def __call__(self, *, old_organ_ids: Iterable[int], new: Organ, on: date, document: str = "") -> int: ...


organ_succeeded: Registry[SuccessionHandler] = Registry()
"""Key: name of the room."""
