"""Sending notices, in the transaction that causes them, and what a person does with them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model

from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal import actions as journal
from foundation.notices.models import Delivery, Notice, Preference
from foundation.notices.statuses import Channel, DeliveryState, Digest
from foundation.notices.words import check_kind, kept

_SEND = """
WITH told (user_id, county_id, organ_id, subject_id, params, effective_at) AS ({rows}),
new AS (
    INSERT INTO notices_notice (user_id, county_id, organ_id, subject_id, params, effective_at, kind, subject_type_id)
    SELECT t.user_id, t.county_id, t.organ_id, t.subject_id, t.params, t.effective_at, %(notice_kind)s, %(notice_type)s FROM told t
    RETURNING id, user_id, effective_at
),
sent AS (
    INSERT INTO notices_delivery (notice_id, channel, address, state, batched, tries, last_error, next_try_at)
    SELECT n.id, p.channel, w.address, 'waiting', p.digest = 'daily', 0, '',
        CASE WHEN p.digest = 'daily'
            THEN (date_trunc('day', n.effective_at AT TIME ZONE 'Asia/Shanghai' - interval '8 hours 30 minutes')
                + interval '1 day 8 hours 30 minutes') AT TIME ZONE 'Asia/Shanghai'
            ELSE n.effective_at END
    FROM new n
    JOIN notices_preference p ON p.user_id = n.user_id AND p.digest <> 'off'
    JOIN organizations_user u ON u.id = n.user_id AND u.is_active
    CROSS JOIN LATERAL (
        SELECT COALESCE(NULLIF(p.address, ''), CASE p.channel WHEN 'email' THEN u.email ELSE u.phone END) AS address
    ) w
    WHERE w.address <> ''
)
SELECT count(*) FROM new
"""
_PEOPLE = """
SELECT DISTINCT u.id AS user_id, %(county)s::bigint AS county_id, %(organ)s::bigint AS organ_id, %(subject)s::bigint AS subject_id,
    %(params)s::jsonb AS params, %(at)s::timestamptz AS effective_at
FROM unnest(%(users)s::bigint[]) AS u(id)
"""


def send(
    *,
    kind: str,
    users: Iterable[int],
    subject: Model | None,
    params: Mapping[str, Any],
    county_id: int,
    organ_id: int | None,
    at: datetime,
) -> int:
    """Tell each of `users` once, by one statement in the caller's transaction; returns how many notices were written.

    `params` fill the words of the kind (foundation.notices.words) and hold no personal data: names of organs, titles of items, document
    numbers, dates; what is not on the list of known parameters is not stored. `at` is the legal moment of what is told. Raises ValueError
    for a kind without words: a programming error.
    """
    people = sorted(set(users))
    if not people:
        return 0
    values = {
        "county": county_id,
        "organ": organ_id,
        "subject": subject.pk if subject is not None else None,
        "params": json.dumps(kept(params), ensure_ascii=False),
        "at": at,
        "users": people,
    }
    return send_select(kind=kind, subject_model=type(subject) if subject is not None else None, select_sql=_PEOPLE, params=values)


def send_select(*, kind: str, subject_model: type[Model] | None, select_sql: str, params: Mapping[str, Any]) -> int:
    """Write a notice for every row of `select_sql`, and the deliveries people asked for, by one statement; returns how many notices.

    The query yields user_id, county_id, organ_id, subject_id, params (jsonb) and effective_at, in this order; `params` are its own
    named parameters. A person with a daily digest gets the delivery at the next 08:30 (Asia/Shanghai), others at once.
    """
    check_kind(kind)
    type_id = ContentType.objects.get_for_model(subject_model).pk if subject_model is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_SEND.format(rows=select_sql), {**params, "notice_kind": kind, "notice_type": type_id})
        count: int = cursor.fetchone()[0]
    return count


def mark_read(*, user_id: int, notice_ids: Iterable[int], at: datetime) -> int:
    """Mark a person's own notices as read; returns how many were unread."""
    return Notice.objects.filter(user_id=user_id, pk__in=list(notice_ids), read_at=None).update(read_at=at)


def mark_all_read(*, user_id: int, up_to: int, at: datetime) -> int:
    """Mark every notice of a person up to the id `up_to` (the newest one the page showed) as read; returns how many were unread."""
    return Notice.objects.filter(user_id=user_id, pk__lte=up_to, read_at=None).update(read_at=at)


def prefer(*, user_id: int, channel: str, digest: str, address: str) -> Preference:
    """Set what a person wants sent through a channel, for notices from now on. Raises Refused for an unknown choice or a bad address."""
    if channel not in Channel.values or digest not in Digest.values:
        raise Refused("没有这样的发送方式，请重新选择。", field=channel, code="unknown_choice")
    address = address.strip()
    if any(char in address for char in "\r\n") or len(address) > 200:
        raise Refused("接收地址不正确，请核对。", field=channel, code="bad_address")
    if channel == Channel.EMAIL and address and ("@" not in address or " " in address):
        raise Refused("邮箱地址不正确，请核对。", field=channel, code="bad_address")
    row, _ = Preference.objects.update_or_create(user_id=user_id, channel=channel, defaults={"digest": digest, "address": address})
    return row


@transaction.atomic
def prefer_all(*, user_id: int, wanted: Mapping[str, tuple[str, str]]) -> None:
    """Set every channel's (digest, address), all or none. Raises Refused like `prefer`."""
    for channel, (digest, address) in wanted.items():
        prefer(user_id=user_id, channel=channel, digest=digest, address=address)


def resend(*, actor: Actor, delivery: Delivery, at: datetime) -> None:
    """Send a failed delivery once more, from the first try on. For those who keep accounts of the county; raises NotYours, Refused."""
    if not actor.organs("manage_accounts") or delivery.notice.county_id != actor.county_id:
        raise NotYours()
    fresh = {"state": DeliveryState.WAITING, "tries": 0, "next_try_at": at}
    if not Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED).update(**fresh):
        raise Refused("这一条已经重新发送或已送出，请刷新页面。", code="not_failed")
    journal.write(verb="delivery.resend", actor=actor, subject=delivery, at=at, after={"channel": delivery.channel})
