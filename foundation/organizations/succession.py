"""What must move when an organ follows another. Upper rooms register here in `AppConfig.ready()`; nothing is imported from them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from foundation.common.actors import Actor
from foundation.common.hooks import Registry
from foundation.organizations.models import Organ


class SuccessionHandler(Protocol):
    """Moves a room's open duties (clocks, pushes, mappings, powers) of organs that end the day before `on` to the organ that follows them.

    Called inside the transaction of the succession, which `actor` enters at the instant `at`, on the day `on` or later; returns how many
    rows moved. What is closed stays under the old name.
    """

    def __call__(self, *, old_organ_ids: Iterable[int], new: Organ, on: date, actor: Actor, at: datetime, document: str = "") -> int: ...


organ_succeeded: Registry[SuccessionHandler] = Registry()
"""Key: name of the room."""


def cause_of(*, old_organ_ids: Iterable[int], new: Organ, on: date, document: str = "") -> str:
    """Why a duty has another organ now, in one sentence for ledgers, journal and notices."""
    names = "、".join(Organ.objects.filter(pk__in=list(old_organ_ids)).order_by("pk").values_list("short_name", flat=True))
    basis = f"（{document}）" if document else ""
    return f"{names}的职责自 {on.year} 年 {on.month} 月 {on.day} 日起由{new.short_name}承接{basis}"[:300]
