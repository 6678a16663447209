"""Times, ratios and digests."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db import connection

from foundation.common import clock
from foundation.deadlines.dating import date_term, next_rung_at
from foundation.deadlines.models import Term
from foundation.deadlines.queries import calendar_for_county

Comparison = Mapping[str, tuple[str, str]]
"""Table → (condition, columns): which rows two shapes must have written alike."""


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    """Add the seconds of a block to a list."""
    started = time.perf_counter()
    yield
    into.append(time.perf_counter() - started)


def execute(sql: str, params: Mapping[str, Any] | None = None) -> None:
    """Run SQL on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def fetch(sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def digests(tables: Comparison) -> dict[str, tuple[int, str]]:
    """Per table how many rows, and a digest of their values that does not depend on their order or on their own ids."""
    found = {}
    for table, (condition, columns) in tables.items():
        rows = fetch(
            f"SELECT count(*), md5(coalesce(string_agg(h, '' ORDER BY h), '')) FROM"
            f" (SELECT md5(row({columns})::text) AS h FROM {table} x WHERE {condition}) hashed"
        )
        found[table] = (rows[0][0], rows[0][1])
    return found


def middle(times: list[float]) -> float:
    """The median."""
    return median(times)


def milliseconds(act: Callable[[], object], *, rounds: int) -> float:
    """The fastest of `rounds` runs after two that only warm the caches, in milliseconds: the one that other work disturbed least."""
    times: list[float] = []
    for _ in range(rounds + 2):
        with timed(times):
            act()
    return 1000 * min(times[2:])


def dates(term: Term, days: list[date]) -> list[tuple[date, date, datetime, bool, datetime | None]]:
    """What a term gives for each day 0: (day 0, last day, due, provisional, first reminder), for filling tables by SQL."""
    calendar = calendar_for_county(term.rulebook.county_id)
    found = []
    for day in days:
        one = date_term(term=term, started_at=clock.start_of(day), calendar=calendar)
        rung = next_rung_at(term=term, last_day=one.last_day, due_at=one.due_at, calendar=calendar, after=clock.end_of(day))
        found.append((one.day_zero, one.last_day, one.due_at, one.provisional, rung))
    return found


def dates_table(name: str, rows: list[tuple[Any, ...]], *, kept: bool = True) -> None:
    """Those dates as a table, so that SQL can join them."""
    kind = "" if kept else "TEMP"
    execute(
        f"CREATE {kind} TABLE {name} (day_zero date PRIMARY KEY, last_day date, due_at timestamptz, provisional bool, rung timestamptz)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {name} VALUES (%s, %s, %s, %s, %s)", rows)
    execute(f"ANALYZE {name}")


DRAW = """
CREATE FUNCTION draw(i bigint, seed bigint, n int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ((hashint8extended(i, seed) & 9223372036854775807) % n)::int $$
"""
"""A hash as a die: test data by i % n would tie organ to date and flatter every list."""
