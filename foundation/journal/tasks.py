"""Waking the sealer."""

from celery import shared_task

from foundation.journal.outside import export_roots
from foundation.journal.sealing import seal_all


@shared_task(name="journal.seal")
def seal() -> int:
    """Seal what is finished; returns how many rows."""
    return seal_all()


@shared_task(name="journal.export_roots")
def send_roots_out() -> int:
    """Give the day's roots to whoever keeps them outside; returns how many counties."""
    return export_roots()
