"""A million five-working-day dates, beside a bare bisect over the same array in the same run."""

import random
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from foundation.workdays.shipped import shipped_calendar

TERMS = 1_000_000
LENGTH = 5
ROUNDS = 5


def best_of(act: Callable[[], object]) -> float:
    """The fastest of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Print both times and their ratio."""
    calendar = shipped_calendar()
    first, last = date(2019, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    array = [day for day in map(date.fromordinal, range(first, last + 60)) if calendar.is_working(day)]
    ordinals = [day.toordinal() for day in array]
    draw = random.Random(20261010)
    days = [date.fromordinal(draw.randint(first, last)) for _ in range(TERMS)]
    add = calendar.add
    ours = best_of(lambda: [add(day, LENGTH) for day in days])
    bare = best_of(lambda: [array[bisect_right(ordinals, day.toordinal()) + LENGTH - 1] for day in days])
    if [add(day, LENGTH).last_day for day in days[:10_000]] != [
        array[bisect_right(ordinals, day.toordinal()) + 4] for day in days[:10_000]
    ]:
        raise SystemExit("The two do not count the same.")
    print(f"calendar.add: {ours:.2f} s, {TERMS / ours / 1e6:.1f} million a second")
    print(f"bare bisect:  {bare:.2f} s, {TERMS / bare / 1e6:.1f} million a second")
    print(f"ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
