"""Waking the delivery of notices."""

from celery import shared_task

from foundation.notices.delivering import deliver_waiting


@shared_task(name="notices.deliver")
def deliver() -> int:
    """Try what is due, digests included; returns how many parcels."""
    return deliver_waiting()
