"""What happens to pushes when their claim clock runs out: they are claimed by the clock (SC-26c), a batch at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from foundation.common import clock, hooks
from foundation.deadlines.models import Alarm
from foundation.journal.bulk import write_select
from foundation.notices import actions as notices
from pushes.models import Push

_LAPSED = """
    SELECT d.subject_id, d.due_at, d.last_day, d.organ_id, d.county_id, r.key AS rule, t.article
    FROM deadlines_deadline d JOIN deadlines_term t ON t.id = d.term_id JOIN deadlines_rulebook r ON r.id = t.rulebook_id
    WHERE d.id = ANY(%(clocks)s)
"""
_ON_DUTY = "l.valid_from <= x.last_day AND (l.valid_to IS NULL OR l.valid_to >= x.last_day)"

_CLAIM = f"""
WITH lapsed AS ({_LAPSED}),
duty AS (
    SELECT x.organ_id, x.last_day, (
        SELECT l.user_id FROM organizations_liaison l
        WHERE l.organ_id = x.organ_id AND l.section_id IS NULL AND {_ON_DUTY}
        ORDER BY l.kind = 'lead', l."order", l.id LIMIT 1) AS user_id
    FROM (SELECT DISTINCT organ_id, last_day FROM lapsed) x
)
UPDATE pushes_push p
SET state = 'auto_claimed', claimed_at = x.due_at, recorded_at = %(now)s,
    liaison_id = CASE WHEN p.liaison_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM organizations_liaison l WHERE l.user_id = p.liaison_id AND l.organ_id = p.receiver_id AND {_ON_DUTY}
    ) THEN p.liaison_id ELSE duty.user_id END
FROM lapsed x JOIN duty USING (organ_id, last_day)
WHERE p.id = x.subject_id AND p.state = 'waiting'
RETURNING p.id, p.kind, p.liaison_id
"""

_JOURNAL = f"""
    SELECT x.county_id, x.organ_id, x.rule, x.article, p.id, '{{"state": "waiting"}}'::jsonb,
           jsonb_build_object('state', p.state, 'liaison', p.liaison_id), x.due_at
    FROM ({_LAPSED}) x JOIN pushes_push p ON p.id = x.subject_id WHERE p.id = ANY(%(pushes)s)
"""

_TOLD = f"""
    SELECT told.user_id, x.county_id, x.organ_id, p.id,
           jsonb_build_object('title', p.title, 'document_number', p.document_number, 'article', x.article, 'last_day', x.last_day), x.due_at
    FROM ({_LAPSED}) x JOIN pushes_push p ON p.id = x.subject_id
    CROSS JOIN LATERAL (
        SELECT p.liaison_id AS user_id WHERE p.liaison_id IS NOT NULL
        UNION
        SELECT l.user_id FROM organizations_liaison l
        WHERE l.organ_id = x.organ_id AND l.kind = 'lead' AND l.section_id IS NULL AND {_ON_DUTY}
    ) told WHERE p.id = ANY(%(pushes)s)
"""


def auto_claim(*, clock_ids: Sequence[int], at: datetime) -> None:
    """Claim by the clock what nobody claimed in time (SC-26c), at the legal moment of each clock.

    The liaison is the one named for the item if on duty that day, else the organ's first officer, else its lead (E-18). Counted apart:
    an automatic claim is neither on time nor late (E-29).
    """
    params: dict[str, Any] = {"clocks": list(clock_ids), "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        rows = cursor.fetchall()
    params["pushes"] = [pk for pk, _, _ in rows]
    write_select(verb="push.auto_claim", subject_type="pushes.push", rows=_JOURNAL, params=params)
    notices.send_select(kind="push_auto_claimed", subject_model=Push, select_sql=_TOLD, params=params)
    for kind in sorted({kind for _, kind, _ in rows}):
        for handler in hooks.on_claimed.of(kind):
            handler(push_ids=[pk for pk, of_kind, _ in rows if of_kind == kind], at=at)
    _alarm_without_liaison([pk for pk, _, liaison in rows if liaison is None], at=params["now"])


def _alarm_without_liaison(push_ids: Sequence[int], *, at: datetime) -> None:
    """A duty cannot hang in the air (E-18): where an organ has nobody on duty, its county hears of it."""
    if not push_ids:
        return
    organs = Push.objects.filter(pk__in=push_ids).values_list("county_id", "receiver_id", "receiver__short_name").distinct()
    for county_id, organ_id, name in organs:
        Alarm.objects.get_or_create(
            kind=f"no_liaison:{organ_id}",
            county_id=county_id,
            cleared_at=None,
            defaults={"detail": f"{name}没有在任的联络员，自动认领的推送没有人接。", "raised_at": at},
        )
