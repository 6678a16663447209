"""The one clock of the portal is the database's clock.

Hosts disagree about the time; the database is what every worker and every web process shares, so an act's moment is read there, once,
before any lock is taken: the moment of the click is what the law counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

ZONE = ZoneInfo("Asia/Shanghai")
"""The time zone of every county: civil days begin and end here."""

_frozen: datetime | None = None


def now() -> datetime:
    """The present instant by the database's clock, aware, in Asia/Shanghai."""
    if _frozen is not None:
        return _frozen
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(ZONE)


def today() -> date:
    """The present civil day in Asia/Shanghai."""
    return now().date()


def this_year() -> int:
    """The year that dates on a screen leave out. It only decides whether a year is printed, so no query is spent on it."""
    return (_frozen or datetime.now(ZONE)).year


def local(moment: datetime) -> datetime:
    """The same instant, written in Asia/Shanghai."""
    return moment.astimezone(ZONE)


def civil_day(moment: datetime) -> date:
    """The civil day an act belongs to, in Asia/Shanghai."""
    return moment.astimezone(ZONE).date()


def day_of_effect(moment: datetime) -> date:
    """The day an effect of the clock belongs to: 24:00 is the end of a day, so the first instant of a day counts to the day before it."""
    return (moment.astimezone(ZONE) - timedelta(microseconds=1)).date()


def start_of(day: date) -> datetime:
    """The first instant of `day` in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def end_of(day: date) -> datetime:
    """24:00 of `day`: the first instant of the day after it, so that intervals are half-open."""
    return start_of(day + timedelta(days=1))


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` for every thread of this process. For tests, benchmarks and the seeding of past scenes."""
    global _frozen
    before = _frozen
    _frozen = moment.astimezone(ZONE)
    try:
        yield
    finally:
        _frozen = before
