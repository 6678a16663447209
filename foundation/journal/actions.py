"""Writing the journal. Called inside the transaction of the act it records."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg2.extras import Json, execute_values

from foundation.common.actors import Actor
from foundation.journal.models import Entry

PAGE = 2000
COLUMNS = tuple(field.attname for field in Entry._meta.concrete_fields if not field.primary_key and not field.has_db_default())
"""What an act is told with; the database stamps the rest."""
_INSERT = f'INSERT INTO "{Entry._meta.db_table}" ({", ".join(COLUMNS)}) VALUES %s'


def entry(
    *,
    verb: str,
    actor: Actor,
    subject: Model,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """An unsaved journal row for an act on `subject` that takes effect at the instant `at`."""
    return Entry(
        county_id=actor.county_id,
        verb=verb,
        actor_id=actor.user_id,
        actor_name=actor.name,
        organ_id=actor.organ_id,
        client=actor.client,
        rule=actor.rule,
        article=actor.article,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
        effective_at=at,
    )


def write(
    *,
    verb: str,
    actor: Actor,
    subject: Model,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Record one act. `at` is its legal moment; the database stamps when it was recorded."""
    row = entry(verb=verb, actor=actor, subject=subject, at=at, before=before, after=after, reason=reason)
    row.save(force_insert=True)
    return row


def write_many(rows: Iterable[Entry]) -> None:
    """Record several acts of one transaction, by one statement for each PAGE rows.

    Written without the detour over model fields, which costs more than the rows themselves where a batch has thousands of acts.
    """
    values = [tuple(_plain(getattr(row, name)) for name in COLUMNS) for row in rows]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _INSERT, values, page_size=PAGE)


def _plain(value: Any) -> Any:
    return Json(value) if isinstance(value, dict) else value
