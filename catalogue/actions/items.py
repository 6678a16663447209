"""Items, handling items and supervision items: added, altered, ended."""

from collections.abc import Mapping as Values
from datetime import date, datetime
from typing import Any

from django.db import transaction

from catalogue.actions.guards import organ_in, plain, require_keeper, require_order, require_reason
from catalogue.actions.powers import BUREAU_VERBS
from catalogue.models import HandlingItem, Item, Mapping, Power, SupervisionItem
from catalogue.statuses import CommitmentMode, ItemStatus
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.journal import actions as journal
from foundation.organizations.models import Organ

ALTERABLE_ITEM = {
    "kind",
    "status",
    "base_code",
    "implementation_code",
    "name",
    "competent",
    "in_hall",
    "public",
    "service_tags",
    "key_field",
    "secret",
    "statutory_limit_days",
    "promised_limit_days",
}
ALTERABLE_HANDLING_ITEM = {"name", "code", "commitment_mode"}


@transaction.atomic
def add_item(*, actor: Actor, bureau: Organ, name: str, valid_from: date, at: datetime, document: str = "", **fields: Any) -> Item:
    """A new item of the bureau's county, with the bureau's powers to decide and change from its first day (ZC-03).

    `fields` are further columns of Item. Raises NotYours, or Refused where the name or implementation code is in use.
    """
    require_keeper(actor, bureau.county_id)
    item = Item(county_id=bureau.county_id, bureau=bureau, name=name.strip(), valid_from=valid_from, **fields)
    _check_item(item)
    item.save()
    start = item.transfer_date or valid_from
    Power.objects.bulk_create(
        [Power(organ=bureau, item=item, verb=verb, valid_from=start, valid_to=item.valid_to, document=document) for verb in BUREAU_VERBS]
    )
    after = {
        "name": item.name,
        "bureau": bureau.pk,
        "valid_from": plain(valid_from),
        **{key: plain(value) for key, value in fields.items()},
    }
    journal.write(verb="item.add", actor=actor, subject=item, at=at, after=after, reason=document)
    return item


def _check_item(item: Item) -> None:
    if not item.name:
        raise Refused("没有填写审批事项名称。", field="name")
    require_order(item.valid_from, item.valid_to)
    if item.promised_limit_days > item.statutory_limit_days:
        raise Refused("承诺时限不能长于法定时限。", field="promised_limit_days")
    others = Item.objects.filter(county_id=item.county_id, valid_to=None).exclude(pk=item.pk)
    if item.valid_to is None and others.filter(name=item.name).exists():
        raise Refused(f"目录中已有事项“{item.name}”。", field="name", code="duplicate")
    code = item.implementation_code
    if item.valid_to is None and code and others.filter(implementation_code=code).exists():
        raise Refused(f"实施编码 {code} 已用于其他事项。", field="implementation_code", code="duplicate")


@transaction.atomic
def alter_item(*, actor: Actor, item: Item, changes: Values[str, Any], reason: str, at: datetime) -> Item:
    """Change facts of an item (PL-03b, SC-07, BA-22c); old and new values go to the journal. Who decides is changed by a transfer only."""
    require_keeper(actor, item.county_id)
    reason = require_reason(reason)
    item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    before, after = _apply(item, changes, ALTERABLE_ITEM)
    if not after:
        return item
    _check_item(item)
    item.save(update_fields=list(after))
    journal.write(verb="item.alter", actor=actor, subject=item, at=at, before=before, after=after, reason=reason)
    return item


def _apply(row: Item | HandlingItem, changes: Values[str, Any], allowed: set[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    unknown = set(changes) - allowed
    if unknown:
        raise Refused("这些内容不能在这里修改：" + "、".join(sorted(unknown)))
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    before = {name: plain(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    return before, {name: plain(value) for name, value in changed.items()}


@transaction.atomic
def end_item(*, actor: Actor, item: Item, last_day: date, reason: str, at: datetime, still_supervised: bool = False) -> Item:
    """End an item with its handling items and the powers to decide; `last_day` is the last valid day.

    `still_supervised`: the approval is abolished but supervision goes on (BA-22a), so the mapping stays.
    """
    require_keeper(actor, item.county_id)
    reason = require_reason(reason)
    item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    if item.valid_to is not None:
        raise Refused("这一事项已经停用，不必再次停用。")
    require_order(item.valid_from, last_day)
    item.valid_to = last_day
    if still_supervised:
        item.status = ItemStatus.CANCELLED_STILL_SUPERVISED
    item.save(update_fields=["valid_to", "status"])
    _end_open(Power.objects.filter(item=item, verb__in=BUREAU_VERBS), last_day)
    if not still_supervised:
        _end_open(Mapping.objects.filter(handling_item__item=item), last_day)
        _end_open(HandlingItem.objects.filter(item=item), last_day)
    after = {"valid_to": plain(last_day), "status": item.status}
    journal.write(verb="item.end", actor=actor, subject=item, at=at, before={"valid_to": None}, after=after, reason=reason)
    return item


def _end_open(rows: Any, last_day: date) -> None:
    """End the rows open on `last_day`; rows that would only have begun afterwards never take effect and go."""
    rows.filter(valid_to=None, valid_from__lte=last_day).update(valid_to=last_day)
    if rows.filter(valid_from__gt=last_day).exists():
        raise Refused("其中有自更晚日期起生效的内容，请先处理，或改选更晚的日期。", field="last_day")


@transaction.atomic
def add_handling_item(
    *,
    actor: Actor,
    item: Item,
    name: str,
    valid_from: date,
    at: datetime,
    code: str = "",
    commitment_mode: str = CommitmentMode.NONE,
    valid_to: date | None = None,
) -> HandlingItem:
    """A new handling item of an item. Raises NotYours, or Refused where the name is in use or the dates do not fit."""
    require_keeper(actor, item.county_id)
    row = HandlingItem(
        item=item, name=name.strip(), code=code.strip(), commitment_mode=commitment_mode, valid_from=valid_from, valid_to=valid_to
    )
    _check_handling_item(row)
    row.save()
    after = {"item": item.pk, "name": row.name, "code": row.code, "commitment_mode": commitment_mode, "valid_from": plain(valid_from)}
    journal.write(verb="handling_item.add", actor=actor, subject=row, at=at, after=after)
    return row


def _check_handling_item(row: HandlingItem) -> None:
    if not row.name:
        raise Refused("没有填写业务办理项名称。", field="name")
    require_order(row.valid_from, row.valid_to)
    others = HandlingItem.objects.filter(valid_to=None).exclude(pk=row.pk)
    if row.valid_to is None and others.filter(item=row.item, name=row.name).exists():
        raise Refused(f"“{row.item.name}”下已有办理项“{row.name}”。", field="name", code="duplicate")
    if row.valid_to is None and row.code and others.filter(item__county_id=row.item.county_id, code=row.code).exists():
        raise Refused(f"办理项编码 {row.code} 已用于其他办理项。", field="code", code="duplicate")


@transaction.atomic
def alter_handling_item(*, actor: Actor, handling_item: HandlingItem, changes: Values[str, Any], reason: str, at: datetime) -> HandlingItem:
    """Change name, code or commitment kind (BS-02b) of a handling item; journaled with old and new values."""
    require_keeper(actor, handling_item.item.county_id)
    reason = require_reason(reason)
    row = HandlingItem.objects.select_for_update(no_key=True, of=("self",)).select_related("item").get(pk=handling_item.pk)
    before, after = _apply(row, changes, ALTERABLE_HANDLING_ITEM)
    if not after:
        return row
    _check_handling_item(row)
    row.save(update_fields=list(after))
    journal.write(verb="handling_item.alter", actor=actor, subject=row, at=at, before=before, after=after, reason=reason)
    return row


@transaction.atomic
def end_handling_item(*, actor: Actor, handling_item: HandlingItem, last_day: date, reason: str, at: datetime) -> HandlingItem:
    """End a handling item and its mapping; `last_day` is the last valid day."""
    require_keeper(actor, handling_item.item.county_id)
    reason = require_reason(reason)
    row = HandlingItem.objects.select_for_update(no_key=True).get(pk=handling_item.pk)
    if row.valid_to is not None:
        raise Refused("这一办理项已经停用，不必再次停用。")
    require_order(row.valid_from, last_day)
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    _end_open(Mapping.objects.filter(handling_item=row), last_day)
    journal.write(verb="handling_item.end", actor=actor, subject=row, at=at, after={"valid_to": plain(last_day)}, reason=reason)
    return row


@transaction.atomic
def supervision_item_of(*, actor: Actor, organ_id: int, name: str, mode: str, at: datetime, code: str = "") -> SupervisionItem:
    """The supervision item of an organ by that name, added where it is new (BS-01b)."""
    require_keeper(actor, actor.county_id)
    organ = organ_in(actor.county_id, organ_id)
    name = name.strip()
    if not name:
        raise Refused("没有填写监管事项名称。", field="supervision_item")
    row, created = SupervisionItem.objects.get_or_create(
        organ=organ, name=name, defaults={"county_id": organ.county_id, "code": code.strip(), "mode": mode}
    )
    if created:
        after = {"organ": organ.pk, "name": name, "code": row.code, "mode": mode}
        journal.write(verb="supervision_item.add", actor=actor, subject=row, at=at, after=after)
    return row
