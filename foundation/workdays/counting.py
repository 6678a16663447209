"""Counting days: pure arithmetic over one sorted array of working days.

Beside the array stands, for each civil day, how many working days there are up to it (its rank), so the nth working day after a day is one
look into each. Measured in `benchmarks/counting.py` against a bisect over the same array.

How days are counted, and why:

- The day of the event is day 0 and is not counted; day 1 is the next day (民法典 201, by analogy; E-01). The true civil day of the event
  is day 0, also after office hours and on a rest day: there is no shift to the next working day (E-03).
- The term ends at 24:00 of its last day (民法典 203; E-04). An effect that falls at 24:00 belongs to the day that ends, so a clock that it
  starts has that day as its day 0; `foundation.common.clock.day_of_effect` gives it.
- "N working days before" counts back from the day of the event, which is day 0 again: a mirror image (E-24, SC-24a).
- A period in calendar days or in months that ends on a rest day rolls on to the next working day, whether the rest is a holiday, a
  swapped day or a weekend (民法典 203; E-40). A working-day period ends on a working day by itself.
- A month later is the same date, or the last day of a month that has no such date (民法典 202; E-38, PT-26a).
- Half-day holidays of some citizens (8 March, 4 May) are working days: no layer lists them (E-37).
- A year without an official national notice is projected with weekends and the holidays whose date is fixed by law; those of the lunar
  calendar cannot be known. Every result that looked at such a year is provisional (E-14). A term that only looked at years with a notice
  is final, even if the notice of the year after is still to come.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from foundation.common.errors import Refused
from foundation.workdays.statuses import DayKind, PlainKind

FIRST_YEAR = 2000
LAST_YEAR = 2099
"""The years a calendar covers. A date outside them is an entry error, and is refused as one."""
FIXED_HOLIDAYS = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""Statutory holidays on fixed dates (全国年节及纪念日放假办法, in the version in force since 2025)."""
PROJECTED = "尚无放假通知，按法定节日和周末推算"
PLAIN_WEEK = "国务院关于职工工作时间的规定"

_FIRST = date(FIRST_YEAR, 1, 1).toordinal()
_LAST = date(LAST_YEAR, 12, 31).toordinal()
_NEVER = date.max.toordinal()
_ONE_DAY = timedelta(days=1)


class OutOfCalendar(Refused):
    """The date, or the end of the term, lies outside the years a calendar covers."""

    def __init__(self) -> None:
        super().__init__(f"日期超出日历范围（{FIRST_YEAR} 年至 {LAST_YEAR} 年），请核对日期和期限。", code="out_of_calendar")


class Counted(NamedTuple):
    """The last day of a term (an act on it is in time until 24:00), and whether a year without notice was counted."""

    last_day: date
    provisional: bool


class Day(NamedTuple):
    """What a day is: `kind` (holiday, make_up, workday, rest), the holiday's name, whether it counts, which notice says so.

    `unverified` marks a day of a regional calendar in a year for which only the national notice is known.
    """

    kind: str
    name: str
    counted: bool
    source: str
    provisional: bool
    unverified: bool = False

    @property
    def words(self) -> str:
        """How the screen says it: 国庆节, 调休上班, 休息日 or 工作日."""
        if self.kind == DayKind.HOLIDAY:
            return self.name or str(DayKind.HOLIDAY.label)
        return str(DayKind.MAKE_UP.label if self.kind == DayKind.MAKE_UP else PlainKind(self.kind).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day that a notice sets apart from the plain week. `year` is the notice's, which may be the year after the day's."""

    year: int
    day: date
    kind: str
    name: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The notices of one layer: for each year with a notice its title, and all their days; of two on one date the later notice's holds."""

    key: str
    notices: Mapping[int, str]
    days: tuple[SpecialDay, ...]


class Calendar:
    """The working days of one region: the national layer, with a regional layer over it (E-36)."""

    __slots__ = ("_counted", "_final_from", "_gaps", "_ranks", "_special", "national", "region", "regional")

    def __init__(self, *, national: Layer, regional: Layer | None = None) -> None:
        self.national = national
        self.regional = regional
        self.region = regional.key if regional else ""
        self._special = {**_fixed_days(national.notices), **_by_day(national), **(_by_day(regional) if regional else {})}
        self._counted = [Counted(day, False) for day in _all_days() if self.is_working(day)]
        self._ranks = list(accumulate(int(self.is_working(day)) for day in _all_days()))
        self._gaps = _gaps(national.notices)
        starts = _starts_of_runs(national.notices)
        self._final_from = [starts.get(final.last_day.year, _NEVER) for final in self._counted]

    # Working days

    def is_working(self, day: date) -> bool:
        """Whether organs work on `day`."""
        special = self._special.get(day)
        return day.weekday() < 5 if special is None else special.kind == DayKind.MAKE_UP

    def add(self, day_zero: date, n: int) -> Counted:
        """The nth working day after `day_zero`; day zero itself where n is 0."""
        if n < 1:
            return Counted(day_zero, False) if n == 0 else self.subtract(day_zero, -n)
        ordinal = day_zero.toordinal()
        if not _FIRST <= ordinal <= _LAST:
            raise OutOfCalendar
        position = self._ranks[ordinal - _FIRST] + n - 1
        try:
            counted = self._counted[position]
        except IndexError:
            raise OutOfCalendar from None
        return counted if ordinal >= self._final_from[position] else Counted(counted.last_day, True)

    def subtract(self, day: date, n: int) -> Counted:
        """The nth working day before `day`, which is day 0 and not counted (E-24): the latest day on which the act is in time."""
        if n < 1:
            return Counted(day, False) if n == 0 else self.add(day, -n)
        position = self._rank(day) - self.is_working(day) - n
        if position < 0:
            raise OutOfCalendar
        last = self._counted[position].last_day
        last_year = day.year - (day.month == 1 and day.day == 1)
        return Counted(last, self._is_provisional(last.year, last_year))

    def between(self, after: date, until: date) -> int:
        """How many working days d there are with after < d <= until; 0 where `until` is not later than `after`."""
        return max(self._rank(until) - self._rank(after), 0)

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add(day, 1).last_day

    def previous_workday(self, day: date) -> date:
        """The last working day before `day`."""
        return self.subtract(day, 1).last_day

    # Calendar days and months

    def roll(self, day: date) -> Counted:
        """`day` itself if organs work on it, else the next working day (民法典 203; E-40)."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise OutOfCalendar
        last = day if self.is_working(day) else self.next_workday(day)
        return Counted(last, self._is_provisional(day.year, last.year))

    def add_days(self, day_zero: date, n: int) -> Counted:
        """The nth calendar day after `day_zero`, rolled on from a rest day (E-40)."""
        return self.roll(_shift(day_zero, n))

    def subtract_days(self, day: date, n: int) -> Counted:
        """The nth calendar day before `day`. It is not rolled: a later day would shorten the time that the rule protects."""
        return Counted(_shift(day, -n), False)

    def add_months(self, day_zero: date, n: int) -> Counted:
        """The same date n months later, or the month's last day, rolled on from a rest day (民法典 202, 203; E-38)."""
        return self.roll(months_later(day_zero, n))

    # What a day is

    def kind_of(self, day: date) -> Day:
        """What `day` is, and who says so."""
        special = self._special.get(day)
        provisional = day.year not in self.national.notices
        unverified = self.regional is not None and not provisional and day.year not in self.regional.notices
        if special is not None:
            counted = special.kind == DayKind.MAKE_UP
            return Day(str(special.kind), special.name, counted, special.notice, provisional, unverified)
        source = PROJECTED if provisional else PLAIN_WEEK
        kind = PlainKind.WORKDAY if day.weekday() < 5 else PlainKind.REST
        return Day(kind.value, "", kind == PlainKind.WORKDAY, source, provisional, unverified)

    def source_of(self, year: int) -> str:
        """The title of the national notice of `year`; empty where there is none."""
        return self.national.notices.get(year, "")

    def regional_source_of(self, year: int) -> str:
        """The title of the regional notice of `year`; empty where there is none or no region."""
        return self.regional.notices.get(year, "") if self.regional else ""

    def _rank(self, day: date) -> int:
        """How many working days there are up to and including `day`."""
        ordinal = day.toordinal()
        if not _FIRST <= ordinal <= _LAST:
            raise OutOfCalendar
        return self._ranks[ordinal - _FIRST]

    def _is_provisional(self, first_year: int, last_year: int) -> bool:
        """Whether any year from the first to the last has no official national notice."""
        return self._gaps[last_year - FIRST_YEAR + 1] > self._gaps[first_year - FIRST_YEAR]


def months_later(day: date, n: int) -> date:
    """The same date n months later, or the last day of a month without that date (民法典 202; E-38)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfCalendar
    first = date(year, month + 1, 1)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - _ONE_DAY)


def _shift(day: date, n: int) -> date:
    try:
        moved = day + timedelta(days=n)
    except OverflowError:
        raise OutOfCalendar from None
    if not FIRST_YEAR <= moved.year <= LAST_YEAR:
        raise OutOfCalendar
    return moved


def _all_days() -> Iterator[date]:
    return map(date.fromordinal, range(_FIRST, _LAST + 1))


def _by_day(layer: Layer) -> dict[date, SpecialDay]:
    return {special.day: special for special in sorted(layer.days, key=lambda special: special.year)}


def _fixed_days(notices: Iterable[int]) -> dict[date, SpecialDay]:
    """The projected holidays of the years without notice. A notice that reaches into such a year lies over them."""
    known = frozenset(notices)
    return {
        date(year, month, day): SpecialDay(year=year, day=date(year, month, day), kind=DayKind.HOLIDAY, name=name, notice=PROJECTED)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        if year not in known
        for (month, day), name in FIXED_HOLIDAYS.items()
    }


def _starts_of_runs(notices: Iterable[int]) -> dict[int, int]:
    """For each year with a notice, the earliest day zero from which a term into that year only counts years with a notice.

    Day zero is not counted, so it is 31 December before the first of the years that follow one another with a notice.
    """
    starts: dict[int, int] = {}
    for year in sorted(notices):
        starts[year] = starts.get(year - 1, date(year - 1, 12, 31).toordinal())
    return starts


def _gaps(notices: Mapping[int, str]) -> list[int]:
    """How many years without notice lie before each year from FIRST_YEAR on; one more at the end."""
    counts = [0]
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        counts.append(counts[-1] + (year not in notices))
    return counts
