"""Reading imports and tokens: only one's own organs', and everything else is not there."""

from django.db.models import Count, QuerySet

from exchange.models import AccessToken, ImportJob, ImportRow
from foundation.common.actors import Actor
from foundation.common.errors import Missing


def imports_of(actor: Actor) -> QuerySet[ImportJob]:
    """Imports of the organs for which the actor records decisions, newest first."""
    organs = actor.organs("record_decision")
    return ImportJob.objects.filter(county_id=actor.county_id, organ_id__in=organs).select_related("organ", "source", "created_by")


def import_of(*, actor: Actor, pk: int) -> ImportJob:
    """One import; raises Missing for one of another organ."""
    row = imports_of(actor).select_related("file").filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def lock_import(*, actor: Actor, pk: int) -> ImportJob:
    """One import, locked until the transaction ends; raises Missing for one of another organ."""
    row = imports_of(actor).select_related("file").select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def counts_of(job: ImportJob) -> dict[str, int]:
    """How many rows of an import are in each state, beside those that simply went in."""
    return dict(ImportRow.objects.filter(job=job).order_by().values_list("state").annotate(n=Count("id")))


def tokens_of(actor: Actor) -> QuerySet[AccessToken]:
    """The tokens of the organs whose accounts the actor keeps, newest first."""
    return AccessToken.objects.filter(organ_id__in=actor.organs("manage_accounts")).select_related("organ", "user", "created_by")
