"""What beat wakes. A lost message loses nothing: the next one does the work."""

from celery import shared_task

from foundation.common import clock
from foundation.deadlines import notifying, rungs, settling


@shared_task(name="deadlines.sweep")
def sweep() -> int:
    """Carry out lapsed effects."""
    return settling.sweep()


@shared_task(name="deadlines.fire_rungs")
def fire_rungs() -> int:
    """Send due reminders and escalations."""
    return rungs.fire(at=clock.now())


@shared_task(name="deadlines.warn_provisional")
def warn_provisional() -> None:
    """Warn long before a date counted on an unpublished year bites (E-14)."""
    notifying.provisional_alarm(at=clock.now())
