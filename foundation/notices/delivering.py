"""Carrying waiting deliveries out of the portal: at least once, each committed by itself.

A delivery is locked while it is sent, and its new state is committed with the lock. A killed worker's lock falls and the delivery still
waits, so nothing is lost; it is sent twice only where the worker died between the receiver's yes and the commit, and carries the same
key then.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from foundation.common import clock
from foundation.common.links import link_of
from foundation.notices.channels import CHANNELS, Item, Parcel, Undelivered
from foundation.notices.models import Delivery
from foundation.notices.statuses import DeliveryState
from foundation.notices.words import text_of, title_of
from foundation.notices.working_days import is_working

BACKOFF_MINUTES = (1, 5, 30, 120, 720)
"""The waits between six tries; after the sixth the delivery lies in the pen."""
DIGEST_HOUR, DIGEST_MINUTE = 8, 30
DIGEST_ITEMS = 200

log = logging.getLogger(__name__)


def deliver_waiting(*, limit: int = 500) -> int:
    """Try what is due, until nothing is free or `limit` parcels were tried; returns how many. Any number of workers may help."""
    tried = 0
    while tried < limit and deliver_next():
        tried += 1
    return tried


@transaction.atomic
def deliver_next() -> bool:
    """Try the parcel that has waited longest; False where none is due and free."""
    now = clock.now()
    first = _due(now).order_by("next_try_at", "id").first()
    if first is None:
        return False
    if not first.batched:
        _try([first], now=now)
        return True
    if not is_working(first.notice.county.region, clock.civil_day(now)):
        tomorrow = clock.start_of(clock.civil_day(now) + timedelta(days=1))
        _same_digest(first, now).update(next_try_at=tomorrow + timedelta(hours=DIGEST_HOUR, minutes=DIGEST_MINUTE))
        return True
    rows = _due(now).filter(pk__in=_same_digest(first, now).values("pk")).order_by("id")[:DIGEST_ITEMS]
    _try(list(rows), now=now)
    return True


def _due(now: datetime) -> QuerySet[Delivery]:
    return (
        Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=now)
        .select_related("notice__county", "notice__subject_type")
        .select_for_update(skip_locked=True, of=("self",))
    )


def _same_digest(first: Delivery, now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=DeliveryState.WAITING,
        batched=True,
        next_try_at__lte=now,
        channel=first.channel,
        address=first.address,
        notice__user_id=first.notice.user_id,
        notice__county_id=first.notice.county_id,
    )


def _try(rows: Sequence[Delivery], *, now: datetime) -> None:
    """Send rows of one person and channel in one piece and write down what came of it."""
    ids = [row.pk for row in rows]
    try:
        CHANNELS[rows[0].channel](parcel_of(rows))
    except Undelivered as error:
        reason = str(error)[:300]
    except Exception as error:  # a message that cannot even be built must not stop the ones behind it
        log.exception("delivery %s failed", ids)
        reason = f"内部错误：{type(error).__name__}"
    else:
        Delivery.objects.filter(pk__in=ids).update(state=DeliveryState.SENT, sent_at=now, tries=F("tries") + 1, last_error="")
        return
    for row in rows:
        row.tries += 1
        row.last_error = reason
        if row.tries > len(BACKOFF_MINUTES):
            row.state = DeliveryState.FAILED
        else:
            row.next_try_at = now + timedelta(minutes=BACKOFF_MINUTES[row.tries - 1])
        row.save(update_fields=["tries", "last_error", "state", "next_try_at"])


def parcel_of(rows: Sequence[Delivery]) -> Parcel:
    """The parcel of one delivery, or of a digest's deliveries."""
    key = f"delivery-{rows[0].pk}" if len(rows) == 1 else f"digest-{rows[0].pk}-{rows[-1].pk}"
    return Parcel(key=key, address=rows[0].address, items=[_item(row) for row in rows])


def _item(row: Delivery) -> Item:
    notice = row.notice
    kind = notice.subject_type
    path = link_of(subject_type=f"{kind.app_label}.{kind.model}", subject_id=notice.subject_id) if kind else ""
    return Item(
        notice_id=notice.pk,
        kind=notice.kind,
        title=title_of(notice.kind),
        text=text_of(notice.kind, notice.params),
        link=settings.PORTAL_ADDRESS.rstrip("/") + path if settings.PORTAL_ADDRESS and path else "",
        effective_at=clock.local(notice.effective_at),
    )
