"""Reminders and escalations: each goes out once per clock, rung and due moment, however often and by however many workers this runs."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from foundation.common import clock
from foundation.deadlines.dating import Rung, next_rung_at, rungs_of
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import calendar_for_county
from foundation.deadlines.statuses import ClockState
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.statuses import Role

BATCH = 500
LEADERS = (Role.LIAISON_LEADER, Role.DEPARTMENT_LEADER, Role.BUREAU_LEADER)
COUNTY_OFFICE = (Role.OVERSIGHT,)


def fire(*, at: datetime) -> int:
    """Send every rung due by `at`. A reminder whose clock's end has passed meanwhile is not sent: it would say what is no longer so.

    Returns how many clocks were looked at.
    """
    fired = 0
    while True:
        with transaction.atomic():
            rows = list(
                Deadline.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
                .filter(state=ClockState.RUNNING, next_rung_at__lte=at)
                .select_related("term__rulebook")
                .order_by("next_rung_at", "id")[:BATCH]
            )
            for row in rows:
                _fire_one(row, at=at)
        fired += len(rows)
        if len(rows) < BATCH:
            return fired


def _fire_one(row: Deadline, *, at: datetime) -> None:
    calendar = calendar_for_county(row.county_id)
    rungs = rungs_of(term=row.term, last_day=row.last_day, due_at=row.due_at, calendar=calendar)
    for rung in rungs:
        if row.started_at < rung.at <= at and (rung.escalates or at < row.due_at) and _claim(row, rung):
            _send(row, rung, at=at)
    row.next_rung_at = next_rung_at(term=row.term, last_day=row.last_day, due_at=row.due_at, calendar=calendar, after=at)
    row.save(update_fields=["next_rung_at"])


def _claim(row: Deadline, rung: Rung) -> bool:
    """Inserting the row is what claims the firing; False where it had been fired."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO deadlines_rungfired (deadline_id, rung, due_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [row.pk, rung.key, row.due_at],
        )
        return bool(cursor.rowcount)


def _send(row: Deadline, rung: Rung, *, at: datetime) -> None:
    notices.send(
        kind="escalation" if rung.escalates else "reminder",
        users=_told(row, escalates=rung.escalates, on=clock.civil_day(at)),
        subject=row,
        params={
            "term": row.term.name,
            "article": row.term.article,
            "last_day": row.last_day.isoformat(),
            "due_at": row.due_at.isoformat(),
            "organ": row.organ.short_name,
            "subject_type": row.subject_type.model,
            "subject_id": row.subject_id,
        },
        county_id=row.county_id,
        organ_id=row.organ_id,
        at=rung.at,
    )


def _told(row: Deadline, *, escalates: bool, on: date) -> Sequence[int]:
    """The organ's liaisons; an escalation also reaches its leaders, the county's oversight office and the superior's leaders (E-32)."""
    users = set(organizations.liaison_users(organ_ids=[row.organ_id], on=on))
    if escalates:
        organs = [row.organ_id, *([row.organ.superior_id] if row.organ.superior_id else [])]
        users |= set(organizations.people(organ_ids=organs, roles=LEADERS, on=on))
        users |= set(organizations.people_of_county(county_id=row.county_id, roles=COUNTY_OFFICE, on=on))
    return sorted(users)
