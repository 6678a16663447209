"""What a click or beat wakes. A lost message loses nothing: beat finds the import running and goes on."""

from celery import shared_task

from exchange import running


@shared_task(name="exchange.run_import")
def run_import(job_id: int) -> int:
    """Carry one import on to its end."""
    return running.work(job_id)


@shared_task(name="exchange.go_on")
def go_on() -> int:
    """Carry on imports whose worker was lost."""
    return running.go_on()
