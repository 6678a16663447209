"""What beat wakes for the figures."""

from celery import shared_task

from dashboards.figures import close_months as close
from foundation.common import clock
from foundation.organizations.models import County


@shared_task(name="dashboards.close_months")
def close_months() -> int:
    """Keep the counts of months that nothing can change any more."""
    at = clock.now()
    return sum(len(close(county_id=pk, at=at)) for pk in County.objects.values_list("pk", flat=True))
