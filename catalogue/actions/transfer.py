"""Items change hands: to the bureau in batches (PT-01, PT-02), back to a department (BA-22b), or with a whole organ."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from catalogue.actions.guards import organ_in, plain, require_keeper, require_reason
from catalogue.actions.powers import BUREAU_VERBS
from catalogue.models import Item, Power, TransferBatch
from catalogue.statuses import ItemStatus
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal


@transaction.atomic
def register_batch(
    *,
    actor: Actor,
    number: int,
    document: str,
    handed_over_on: date,
    at: datetime,
    printed_items: int | None = None,
    printed_handling_items: int | None = None,
) -> TransferBatch:
    """A batch of transferred items under one document, with the numbers of items that the document prints (PT-03)."""
    require_keeper(actor, actor.county_id)
    values = {
        "document": require_reason(document)[:120],
        "handed_over_on": handed_over_on,
        "printed_items": printed_items,
        "printed_handling_items": printed_handling_items,
    }
    batch, created = TransferBatch.objects.update_or_create(county_id=actor.county_id, number=number, defaults=values)
    after = {"number": number, **{key: plain(value) for key, value in values.items()}}
    journal.write(verb="transfer_batch.add" if created else "transfer_batch.alter", actor=actor, subject=batch, at=at, after=after)
    return batch


def transfer_item(
    *, actor: Actor, item: Item, to_organ_id: int, on: date, document: str, at: datetime, batch: TransferBatch | None = None
) -> Item:
    """Move an item to the bureau: from the day `on` the bureau alone decides; the old organ's power ends the day before (PT-01).

    Supervision stays where it is (PL-05, ZC-02). Raises Refused where somebody's power begins on that day or later.
    """
    return _hand_over(
        actor=actor, item=item, to_organ_id=to_organ_id, on=on, document=document, at=at, batch=batch, status=ItemStatus.TRANSFERRED
    )


def convert_item(*, actor: Actor, item: Item, to_organ_id: int, on: date, document: str, at: datetime) -> Item:
    """Move an item that became a filing or another power to its competent department from the day `on` (BA-22b)."""
    return _hand_over(
        actor=actor, item=item, to_organ_id=to_organ_id, on=on, document=document, at=at, batch=None, status=ItemStatus.CONVERTED
    )


@transaction.atomic
def _hand_over(
    *, actor: Actor, item: Item, to_organ_id: int, on: date, document: str, at: datetime, batch: TransferBatch | None, status: str
) -> Item:
    require_keeper(actor, item.county_id)
    document = require_reason(document)[:120]
    organ = organ_in(item.county_id, to_organ_id)
    item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    rows = Power.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), item=item, verb__in=BUREAU_VERBS, area="")
    if rows.filter(organ=organ).exists():
        raise Refused(f"{organ.short_name}在 {on} 已经有这一事项的审批权，不必再次划转。", field="to_organ")
    if rows.filter(valid_from__gte=on).exists():
        raise Refused("另有单位的审批权自这一天或更晚起算，请先核对权力的起止日期。", field="on")
    ended = list(rows.values_list("organ_id", flat=True).distinct())
    rows.update(valid_to=on - timedelta(days=1))
    Power.objects.bulk_create([Power(organ=organ, item=item, verb=verb, valid_from=on, document=document) for verb in BUREAU_VERBS])
    before = {"bureau": item.bureau_id, "status": item.status, "transfer_date": plain(item.transfer_date)}
    if item.competent_id is None and item.bureau_id != organ.pk:
        item.competent_id = item.bureau_id
    item.bureau, item.status, item.transfer_date = organ, status, on
    item.transfer_batch = batch or item.transfer_batch
    item.save(update_fields=["bureau", "status", "transfer_date", "competent", "transfer_batch"])
    after = {"bureau": organ.pk, "status": status, "transfer_date": plain(on), "powers_ended_of": ended}
    journal.write(verb="item.transfer", actor=actor, subject=item, at=at, before=before, after=after, reason=document)
    return item
