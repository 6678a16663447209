"""Writing the journal. Called inside the transaction of the act it records."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from foundation.common.actors import Actor
from foundation.journal.models import Entry


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
    """Record several acts of one transaction in one statement."""
    Entry.objects.bulk_create(list(rows), batch_size=2000)
