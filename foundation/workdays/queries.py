"""The calendar of a region, as the database has it now.

Building a calendar takes some milliseconds, so each process keeps those it built. What it keeps is found by a stamp of the rows, not by
time: a stamp belongs to one content for ever (ids are never used twice), so a calendar under an uncommitted or rolled-back import can
never be taken for the committed one. Inside a transaction the stamp is read on every call (one tiny row), so an act counts on the
calendar that is committed; a page outside a transaction reads it at most once a second.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from foundation.organizations.models import County
from foundation.workdays.counting import Calendar, Layer, SpecialDay
from foundation.workdays.models import CalendarDay, CalendarYear
from foundation.workdays.shipped import shipped_layer_names

SECONDS_BETWEEN_LOOKS = 1.0
LOCK_KEY = 7_190_201
"""Advisory lock shared by acts that start clocks, exclusive for an import."""

Stamp = tuple[str, int | None, int | None, int]


class _Seen(threading.local):
    """The stamp this thread last read, and when (monotonic seconds)."""

    stamp: Stamp | None = None
    at: float = 0.0


_seen = _Seen()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A year of a calendar for which no notice has been imported. `layer` is empty for the national layer."""

    layer: str
    year: int


def calendar_of(region: str) -> Calendar:
    """The calendar of a region: the national layer, with the regional layer over it where `region` is not empty (E-36)."""
    return _built(_stamp(), region)


def hold_calendar() -> None:
    """Keep the calendar from changing until the transaction ends; waits for an import under way, acts do not wait for one another.

    An act that starts clocks calls this before it counts. Otherwise a clock counted on the old notice could be committed just after the
    import has re-dated all the clocks it could see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK_KEY])


def layers() -> dict[str, Layer]:
    """Every layer that has a notice, and the national one, by key, read in one statement."""
    notices: dict[str, dict[int, str]] = {"": {}}
    days: dict[str, list[SpecialDay]] = {"": []}
    rows = (
        CalendarDay.objects.order_by("calendar_year__year", "day")
        .values_list("calendar_year__layer", "calendar_year__year", "calendar_year__notice", "day", "kind", "name", "notice")
        .iterator(chunk_size=5000)
    )
    for layer, year, year_notice, day, kind, name, notice in rows:
        notices.setdefault(layer, {})[year] = year_notice
        special = SpecialDay(year=year, day=day, kind=kind, name=name, notice=notice or year_notice)
        days.setdefault(layer, []).append(special)
    return {key: Layer(key=key, notices=notices[key], days=tuple(days[key])) for key in notices}


def regions_under(layer: str) -> list[str]:
    """The regions whose calendar a layer takes part in: all of them for the national layer, else the region of that key."""
    if layer:
        return [layer]
    counties = County.objects.exclude(region="").values_list("region", flat=True).distinct().order_by("region")
    return ["", *counties]


def layer_keys() -> list[str]:
    """The layers that can have notices: the national one, those of the counties and those imported, the national one first."""
    keys = {"", *County.objects.values_list("region", flat=True), *CalendarYear.objects.values_list("layer", flat=True)}
    return sorted(keys)


def layer_name(layer: str) -> str:
    """What a layer is called on the screen; its key where it has no name."""
    return shipped_layer_names().get(layer, layer)


def gaps(*, years: Sequence[int]) -> list[Gap]:
    """The notices that are missing for `years`, national and of every county's region: what an alarm from 15 November tells (E-14)."""
    known = set(CalendarYear.objects.filter(year__in=years).values_list("layer", "year"))
    return [Gap(layer=layer, year=year) for year in years for layer in regions_under("") if (layer, year) not in known]


def read_stamp() -> Stamp:
    """What tells one content of the calendar rows from any other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(id) FROM workdays_calendaryear), max(id), count(*) FROM workdays_calendarday")
        newest_year, newest_day, count = cursor.fetchone()
    return (str(connection.settings_dict["NAME"]), newest_year, newest_day, count)


def _stamp() -> Stamp:
    """The stamp now; outside a transaction as this thread read it within the last second."""
    now = time.monotonic()
    if _seen.stamp is None or connection.in_atomic_block or now - _seen.at >= SECONDS_BETWEEN_LOOKS:
        _seen.stamp, _seen.at = read_stamp(), now
    return _seen.stamp


@lru_cache(maxsize=32)
def _built(stamp: Stamp, region: str) -> Calendar:
    """The calendar of a region as the rows stand. The stamp is the key of the cache; rows newer than it come with a newer stamp."""
    found = layers()
    regional = found.get(region, Layer(key=region, notices={}, days=())) if region else None
    return Calendar(national=found[""], regional=regional)
