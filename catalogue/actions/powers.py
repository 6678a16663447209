"""Dated powers: granted and ended."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from catalogue.actions.guards import organ_in, plain, require_keeper, require_order, require_reason
from catalogue.models import Item, Power
from catalogue.statuses import Verb
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal

BUREAU_VERBS = (Verb.DECIDE, Verb.ALTER, Verb.RENEW, Verb.WITHDRAW, Verb.REVOKE, Verb.DEREGISTER)
"""What goes to the bureau with an item: to decide, and to change its own decisions. Penalties stay with the department."""


@transaction.atomic
def grant_power(
    *,
    actor: Actor,
    organ_id: int,
    item: Item,
    verb: str,
    valid_from: date,
    at: datetime,
    valid_to: date | None = None,
    area: str = "",
    document: str = "",
) -> Power:
    """Let an organ do `verb` on an item from one day to another (both included), in one area or the whole county.

    Raises NotYours, or Refused where the dates are out of order or the organ holds that power on one of these days already.
    """
    require_keeper(actor, item.county_id)
    organ = organ_in(item.county_id, organ_id)
    if verb not in Verb.values:
        raise Refused("没有这种权力，请从列表中选择。", field="verb")
    require_order(valid_from, valid_to)
    area = area.strip()
    Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    same = Power.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), organ=organ, item=item, verb=verb, area=area)
    if valid_to is not None:
        same = same.filter(valid_from__lte=valid_to)
    if clash := same.first():
        until = f"至 {clash.valid_to}" if clash.valid_to else "起"
        raise Refused(f"{organ.short_name}自 {clash.valid_from} {until}已有这项权力，日期重叠。", field="valid_from", code="overlap")
    row = Power.objects.create(
        organ=organ, item=item, verb=verb, area=area, valid_from=valid_from, valid_to=valid_to, document=document.strip()
    )
    after = {"organ": organ.pk, "item": item.pk, "verb": verb, "area": area, "valid_from": plain(valid_from), "valid_to": plain(valid_to)}
    journal.write(verb="power.grant", actor=actor, subject=row, at=at, after=after, reason=row.document)
    return row


@transaction.atomic
def end_power(*, actor: Actor, power: Power, last_day: date, reason: str, at: datetime) -> Power:
    """End a power; `last_day` is the last day on which decisions under it are good."""
    require_keeper(actor, power.item.county_id)
    reason = require_reason(reason)
    row = Power.objects.select_for_update(no_key=True).get(pk=power.pk)
    if row.valid_to is not None and row.valid_to <= last_day:
        raise Refused("这项权力在这一天之前已经终止。", field="last_day")
    require_order(row.valid_from, last_day)
    before = {"valid_to": plain(row.valid_to)}
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    journal.write(verb="power.end", actor=actor, subject=row, at=at, before=before, after={"valid_to": plain(last_day)}, reason=reason)
    return row
