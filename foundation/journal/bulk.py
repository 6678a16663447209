"""Journal rows of a whole batch of automatic acts, written by one statement."""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def write_select(*, verb: str, subject_type: str, rows: str, params: Mapping[str, Any]) -> int:
    """Record one act per row of the query `rows`. Returns how many.

    The query yields county_id, organ_id, rule, article, subject_id, before (jsonb), after (jsonb) and effective_at, in this order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO journal_entry
                (county_id, organ_id, rule, article, subject_id, before, after, effective_at, verb, subject_type, client, actor_name, reason)
            SELECT x.*, %(journal_verb)s, %(journal_type)s, 'rule', '系统', '' FROM ({rows}) x
            """,
            {**params, "journal_verb": verb, "journal_type": subject_type},
        )
        return int(cursor.rowcount)
