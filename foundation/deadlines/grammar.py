"""The words in which a rulebook file writes a length and a reminder: "5 workdays", "3 workdays before", "at 15:00", "1 workday before"."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Any

from foundation.deadlines.statuses import Direction, Unit

_COUNTED = re.compile(r"([1-9][0-9]{0,2}) (workday|day|month|minute)s?( before)?")
_CLOCK_TIME = re.compile(r"at ([01][0-9]|2[0-3]):([0-5][0-9])")
_REMINDER = re.compile(r"([1-9][0-9]{0,2}) (workday|day)s? (before|after)")
_UNITS = {"workday": Unit.WORKDAYS, "day": Unit.DAYS, "month": Unit.MONTHS, "minute": Unit.MINUTES}
SAME_DAY = "same day 24:00"
LENGTH_HELP = "写法如 5 workdays、10 days、3 months、30 minutes、same day 24:00、at 15:00、3 workdays before"
REMINDER_HELP = "写法如 1 workday before、1 day before、due、2 workdays after"


class NotUnderstood(ValueError):
    """The words are not of the grammar; the message says in Chinese which are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a term is. `n` is 0 for a term that ends on the day of its event."""

    n: int
    unit: Unit
    direction: Direction
    clock_time: time | None = None


def parse_length(words: str) -> Length:
    """Read a length; raises NotUnderstood. Only working days and days are counted backward (SC-24a, BS-07b)."""
    if words == SAME_DAY:
        return Length(n=0, unit=Unit.SAME_DAY, direction=Direction.AFTER)
    if match := _CLOCK_TIME.fullmatch(words):
        return Length(n=0, unit=Unit.CLOCK_TIME, direction=Direction.AFTER, clock_time=time(int(match[1]), int(match[2])))
    match = _COUNTED.fullmatch(words)
    if not match or (match[3] and match[2] in ("month", "minute")):
        raise NotUnderstood(f"看不懂期限“{words}”；{LENGTH_HELP}")
    direction = Direction.BEFORE if match[3] else Direction.AFTER
    return Length(n=int(match[1]), unit=_UNITS[match[2]], direction=direction)


def parse_reminder(words: str) -> dict[str, Any]:
    """Read a reminder into the form that a term keeps; raises NotUnderstood."""
    if words == "due":
        return {"n": 0, "unit": Unit.WORKDAYS.value, "side": "due"}
    match = _REMINDER.fullmatch(words)
    if not match:
        raise NotUnderstood(f"看不懂提醒“{words}”；{REMINDER_HELP}")
    return {"n": int(match[1]), "unit": _UNITS[match[2]].value, "side": match[3]}
