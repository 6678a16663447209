"""Who supervises what: the rows of the linkage catalogue."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from catalogue.actions.guards import plain, require_keeper, require_order, require_reason
from catalogue.models import HandlingItem, Mapping, SupervisionItem
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal
from foundation.journal.models import Entry
from foundation.organizations.models import Liaison, User

MOST = 2000
"""Handling items in one act."""


@transaction.atomic
def map_items(
    *,
    actor: Actor,
    handling_item_ids: Sequence[int],
    supervision_item: SupervisionItem,
    valid_from: date,
    at: datetime,
    liaison: User | None = None,
    document: str = "",
    replace: bool = False,
    valid_to: date | None = None,
) -> int:
    """Send decisions on these handling items to the supervision item's organ from the day `valid_from` (BS-01a, BS-01b, PL-06).

    The organ's own older rows end the day before; with `replace`, other organs' rows too. What is already so stays untouched, so a
    second click changes nothing. Returns how many rows were written. Raises NotYours, or Refused where a row begins later.
    """
    require_keeper(actor, supervision_item.county_id)
    require_order(valid_from, valid_to)
    _require_liaison(supervision_item, liaison)
    items = _locked(supervision_item.county_id, handling_item_ids)
    open_rows = list(
        Mapping.objects.filter(handling_item__in=items).exclude(valid_to__lt=valid_from).select_related("organ", "handling_item__item")
    )
    changed: list[Mapping] = []
    entries: list[Entry] = []
    settled: set[int] = set()
    for row in open_rows:
        own = row.organ_id == supervision_item.organ_id
        if own and _same(row, supervision_item, liaison) and row.valid_from <= valid_from and row.valid_to == valid_to:
            settled.add(row.handling_item_id)
        elif own and row.valid_from == valid_from:
            entries.append(_entry(actor, row, at, supervision_item, liaison))
            row.supervision_item, row.liaison, row.valid_to, row.document = supervision_item, liaison, valid_to, document
            settled.add(row.handling_item_id)
            changed.append(row)
        elif own or replace:
            _end_before(row, valid_from)
            entries.append(
                journal.entry(verb="mapping.end", actor=actor, subject=row, at=at, after={"valid_to": plain(row.valid_to)}, reason=document)
            )
            changed.append(row)
    Mapping.objects.bulk_update(changed, ["valid_to", "supervision_item", "liaison", "document"], batch_size=500)
    new = Mapping.objects.bulk_create(
        [
            Mapping(
                handling_item=row,
                organ_id=supervision_item.organ_id,
                supervision_item=supervision_item,
                liaison=liaison,
                valid_from=valid_from,
                valid_to=valid_to,
                document=document[:120],
            )
            for row in items
            if row.pk not in settled
        ]
    )
    entries += [journal.entry(verb="mapping.add", actor=actor, subject=row, at=at, after=_facts(row), reason=document) for row in new]
    journal.write_many(entries)
    return len(new) + len(changed)


def _require_liaison(supervision_item: SupervisionItem, liaison: User | None) -> None:
    """A named liaison is in the register of the organ that receives."""
    if liaison and not Liaison.objects.filter(organ_id=supervision_item.organ_id, user=liaison, valid_to=None).exists():
        raise Refused(f"{liaison.full_name}不是该监管部门的在任联络员，请先在联络员名册登记，或不指定。", field="liaison")


def _locked(county_id: int, ids: Sequence[int]) -> list[HandlingItem]:
    wanted = set(ids)
    if not wanted:
        raise Refused("请先选择业务办理项。", field="handling_items")
    if len(wanted) > MOST:
        raise Refused(f"一次最多关联 {MOST} 个业务办理项，请分批办理。", field="handling_items")
    rows = list(
        HandlingItem.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=wanted, item__county_id=county_id)
        .select_related("item")
        .order_by("pk")
    )
    if len(rows) != len(wanted):
        raise Refused("选择的业务办理项中有的已不存在，请刷新后重新选择。", field="handling_items")
    return rows


def _same(row: Mapping, supervision_item: SupervisionItem, liaison: User | None) -> bool:
    return row.supervision_item_id == supervision_item.pk and row.liaison_id == (liaison.pk if liaison else None)


def _end_before(row: Mapping, day: date) -> None:
    if row.valid_from >= day:
        words = f"“{row.handling_item.full_name}”与{row.organ.short_name}的关联自 {row.valid_from} 起算"
        raise Refused(f"{words}，不早于 {day}。请改选更晚的日期，或先终止那一条。", field="valid_from")
    row.valid_to = day - timedelta(days=1)


def _facts(row: Mapping) -> dict[str, object]:
    return {
        "handling_item": row.handling_item_id,
        "organ": row.organ_id,
        "supervision_item": row.supervision_item_id,
        "liaison": row.liaison_id,
        "valid_from": plain(row.valid_from),
        "valid_to": plain(row.valid_to),
    }


def _entry(actor: Actor, row: Mapping, at: datetime, supervision_item: SupervisionItem, liaison: User | None) -> Entry:
    after = {"supervision_item": supervision_item.pk, "liaison": liaison.pk if liaison else None}
    return journal.entry(verb="mapping.alter", actor=actor, subject=row, at=at, before=_facts(row), after=after)


@transaction.atomic
def end_mappings(*, actor: Actor, mapping_ids: Sequence[int], last_day: date, reason: str, at: datetime) -> int:
    """End rows of the linkage catalogue; `last_day` is the last day on which decisions still go there. Returns how many ended."""
    require_keeper(actor, actor.county_id)
    reason = require_reason(reason)
    rows = list(
        Mapping.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=list(mapping_ids), handling_item__item__county_id=actor.county_id)
        .exclude(valid_to__lte=last_day)
        .order_by("pk")
    )
    for row in rows:
        require_order(row.valid_from, last_day)
        row.valid_to = last_day
    Mapping.objects.bulk_update(rows, ["valid_to"], batch_size=500)
    after = {"valid_to": plain(last_day)}
    journal.write_many(journal.entry(verb="mapping.end", actor=actor, subject=row, at=at, after=after, reason=reason) for row in rows)
    return len(rows)
