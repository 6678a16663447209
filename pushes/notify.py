"""Who is told what about a push. No personal data: organ names, item titles and document numbers only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from foundation.common import clock
from foundation.notices import actions as notices
from foundation.organizations import queries as organizations
from foundation.organizations.models import Organ
from foundation.organizations.statuses import Role
from pushes.models import Push, PushReturn

ANSWERING = (Role.WINDOW_CLERK, Role.SECTION_HEAD)
_RECEIVED = """
    SELECT t.user_id, p.county_id, p.receiver_id, p.id, jsonb_strip_nulls(jsonb_build_object(
        'title', NULLIF(p.title, ''), 'document_number', NULLIF(p.document_number, ''), 'sender', o.short_name)), %(at)s::timestamptz
    FROM unnest(%(pushes)s::bigint[], %(users)s::bigint[]) AS t(push_id, user_id)
    JOIN pushes_push p ON p.id = t.push_id JOIN organizations_organ o ON o.id = p.sender_id
"""


def received(pushes: Sequence[Push], *, at: datetime) -> None:
    """The liaisons of each receiving organ learn of a new push."""
    users = organizations.liaison_users_by_organ(organ_ids=[push.receiver_id for push in pushes], on=clock.civil_day(at))
    told = [(push.pk, user) for push in pushes for user in sorted(set(users.get(push.receiver_id, [])))]
    if told:
        params = {"pushes": [pk for pk, _ in told], "users": [user for _, user in told], "at": at}
        notices.send_select(kind="push_received", subject_model=Push, select_sql=_RECEIVED, params=params)


def returned(push: Push, row: PushReturn, *, to: Organ, at: datetime) -> None:
    """The sender (or whoever rules on duties) learns that a push came back."""
    kind = "push_returned" if to.pk == push.sender_id else "push_parked"
    users = people_of(to, on=clock.civil_day(at))
    suggested = row.suggested.short_name if row.suggested else ""
    _send(kind, push, users=users, organ_id=to.pk, at=at, reason=row.get_reason_display(), suggested=suggested)


def answered(push: Push, row: PushReturn, *, at: datetime) -> None:
    """The organ that returned a push learns of the answer."""
    users = organizations.liaison_users(organ_ids=[push.receiver_id], on=clock.civil_day(at))
    _send("return_answered", push, users=users, organ_id=push.receiver_id, at=at, answer=row.get_answer_display())


def withdrawn(push: Push, *, reason: str, at: datetime) -> None:
    """The receiving organ learns that a push was taken back."""
    users = organizations.liaison_users(organ_ids=[push.receiver_id], on=clock.civil_day(at))
    _send("push_withdrawn", push, users=users, organ_id=push.receiver_id, at=at)


def corrected(push: Push, *, reason: str, at: datetime) -> None:
    """The receiving organ learns of a new version."""
    users = organizations.liaison_users(organ_ids=[push.receiver_id], on=clock.civil_day(at))
    _send("push_corrected", push, users=users, organ_id=push.receiver_id, at=at, version=push.version)


def succeeded(organ: Organ, *, count: int, cause: str, at: datetime) -> None:
    """The liaisons of an organ that follows another learn how many unclaimed pushes are theirs now."""
    if count:
        params = {"count": count, "reason": f"未认领的推送：{cause}"}
        users = people_of(organ, on=clock.civil_day(at))
        notices.send(
            kind="work_handed_over", users=users, subject=organ, params=params, county_id=organ.county_id, organ_id=organ.pk, at=at
        )


def people_of(organ: Organ, *, on: Any) -> list[int]:
    """Whom to tell at an organ: its liaisons, else its clerks and section heads."""
    liaisons = organizations.liaison_users(organ_ids=[organ.pk], on=on)
    return list(liaisons) or list(organizations.people(organ_ids=[organ.pk], roles=ANSWERING, on=on))


def _send(kind: str, push: Push, *, users: Sequence[int], organ_id: int, at: datetime, **params: Any) -> None:
    words = {"title": push.title, "document_number": push.document_number, "sender": push.sender.short_name, **params}
    notices.send(kind=kind, users=users, subject=push, params=words, county_id=push.county_id, organ_id=organ_id, at=at)
