"""On which days digests go out. The calendar lives in a room above and registers here; without it Monday to Friday counts."""

from collections.abc import Callable
from datetime import date

from foundation.common.hooks import Registry

WorkingDay = Callable[[str, date], bool]

working_day: Registry[WorkingDay] = Registry(single=True)
"""Key: `calendar`. Takes a county's region and a civil day."""


def is_working(region: str, day: date) -> bool:
    """Whether `day` is a working day in a region."""
    sources = working_day.of("calendar")
    return sources[0](region, day) if sources else day.weekday() < 5
