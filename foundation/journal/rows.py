"""Journal rows and seals as the sealer and the verifier read them."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from foundation.journal.canonical import Block, Row

_COLUMNS = """id, era, xid::text::bigint, county_id, verb, actor_id, actor_name, organ_id, client, rule, article, subject_type, subject_id,
    before::text, after::text, reason,
    (extract(epoch FROM effective_at) * 1000000)::bigint, (extract(epoch FROM recorded_at) * 1000000)::bigint"""
_FIELDS = tuple(Row.__dataclass_fields__)
_SEAL_FIELDS = tuple(Block.__dataclass_fields__)
START = (0, 0, 0)


def counties() -> list[int]:
    """Counties that have journal rows or seals, by a skip scan: a handful of index look-ups however long the journal is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE found AS ("
            " (SELECT county_id FROM journal_entry ORDER BY county_id LIMIT 1)"
            " UNION ALL SELECT (SELECT e.county_id FROM journal_entry e WHERE e.county_id > found.county_id ORDER BY e.county_id LIMIT 1)"
            " FROM found WHERE found.county_id IS NOT NULL"
            ") SELECT county_id FROM found WHERE county_id IS NOT NULL UNION SELECT DISTINCT county_id FROM journal_seal ORDER BY 1"
        )
        return [county_id for (county_id,) in cursor.fetchall()]


def current_era() -> int:
    """The era new rows get: the column's default."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
            " WHERE d.adrelid = 'journal_entry'::regclass AND a.attname = 'era'"
        )
        expression: str = cursor.fetchone()[0]
    return int("".join(char for char in expression.split("::")[0] if char.isdigit()))


def finished_after(*, county_id: int, place: tuple[int, int, int], limit: int) -> list[Row]:
    """The next rows of a chain that nothing can still slip in front of: every transaction up to theirs has ended.

    Rows of an earlier era were written in another cluster: all its transactions have ended, whatever their ids say here.
    """
    return _select(
        "county_id = %s AND (era, xid, id) > (%s, %s::text::xid8, %s) AND (era < %s OR xid < pg_snapshot_xmin(pg_current_snapshot()))",
        [county_id, *place, current_era()],
        limit,
    )


def between(*, county_id: int, after: tuple[int, int, int], until: tuple[int, int, int], limit: int) -> list[Row]:
    """The rows of a chain behind `after`, up to and including `until`."""
    return _select(
        "county_id = %s AND (era, xid, id) > (%s, %s::text::xid8, %s) AND (era, xid, id) <= (%s, %s::text::xid8, %s)",
        [county_id, *after, *until],
        limit,
    )


def _select(condition: str, values: list[Any], limit: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM journal_entry WHERE {condition} ORDER BY era, xid, id LIMIT %s", [*values, limit])
        return [_row(record) for record in cursor.fetchall()]


def _row(record: tuple[Any, ...]) -> Row:
    values = dict(zip(_FIELDS, record, strict=True))
    for name in ("before", "after"):
        values[name] = None if values[name] is None else json.loads(values[name])
    return Row(**values)


def unsealed(*, county_id: int, place: tuple[int, int, int]) -> Iterator[Row]:
    """The rows behind the last seal, in order."""
    while rows := _select("county_id = %s AND (era, xid, id) > (%s, %s::text::xid8, %s)", [county_id, *place], 1000):
        yield from rows
        place = rows[-1].place


def seals(county_id: int) -> Iterator[tuple[Block, bytes]]:
    """The seals of a county in order, each with the leaves it keeps."""
    number = 0
    while records := _seals_behind(county_id, number):
        for record in records:
            yield Block(**dict(zip(_SEAL_FIELDS, record[:-1], strict=True))), bytes(record[-1])
        number = records[-1][1]


def _seals_behind(county_id: int, number: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_SEAL_FIELDS)}, leaves FROM journal_seal WHERE county_id = %s AND number > %s ORDER BY number LIMIT 100",
            [county_id, number],
        )
        return cursor.fetchall()


def last_seal(county_id: int) -> Block | None:
    """The newest seal of a county, None where there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_SEAL_FIELDS)} FROM journal_seal WHERE county_id = %s ORDER BY number DESC LIMIT 1", [county_id])
        record = cursor.fetchone()
    return Block(**dict(zip(_SEAL_FIELDS, record, strict=True))) if record else None
