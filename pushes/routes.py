"""Where a parcel goes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A receiving organ, what it will supervise (`matter`, `mode`), and the liaison named for it, where there is one."""

    organ_id: int
    matter: str = ""
    mode: str = ""
    liaison_id: int | None = None
