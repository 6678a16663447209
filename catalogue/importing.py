"""Taking a catalogue sheet in: checked against what the county has, previewed, then written row by row through the actions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from catalogue import actions
from catalogue.columns import YES, CatalogueRow, choice_of, day_of
from catalogue.models import HandlingItem, Item, SupervisionItem, TransferBatch
from catalogue.statuses import CommitmentMode, SupervisionMode
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.organizations.models import Organ, User


@dataclass(slots=True)
class Counted:
    """How many items and handling items a sheet holds, beside what its document prints (PT-03)."""

    items: int
    handling_items: int
    printed_items: int | None = None
    printed_handling_items: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether the sheet holds as many as the document prints, where it prints numbers."""
        return (self.printed_items in (None, self.items)) and (self.printed_handling_items in (None, self.handling_items))


@dataclass(slots=True)
class Outcome:
    """What an import did."""

    items: int = 0
    handling_items: int = 0
    mappings: int = 0
    unchanged: int = 0
    refused: list[CatalogueRow] = field(default_factory=list)


def count_rows(rows: Sequence[CatalogueRow], batch: TransferBatch | None = None) -> Counted:
    """Distinct items and handling items of the rows; a handling item supervised by two organs counts once."""
    return Counted(
        items=len({row.item for row in rows}),
        handling_items=len({(row.item, row.handling_item) for row in rows}),
        printed_items=batch.printed_items if batch else None,
        printed_handling_items=batch.printed_handling_items if batch else None,
    )


def check_rows(*, county_id: int, rows: Sequence[CatalogueRow]) -> None:
    """Note, row by row, what does not fit the county's organs, people and codes, or the other rows of the sheet."""
    organs = _Organs(county_id)
    doubles = Counter((row.item, row.handling_item, row.organ or row.organ_uscc) for row in rows)
    codes: dict[str, tuple[str, str]] = {}
    for row in rows:
        if row.organ or row.organ_uscc:
            organ = organs.find(row)
            if organ and row.liaison and organs.liaison(organ, row.liaison) is None:
                row.refuse("liaison", f"{organ.short_name}的在任联络员中没有“{row.liaison[:20]}”。请先在联络员名册登记，或留空。")
        if doubles[row.item, row.handling_item, row.organ or row.organ_uscc] > 1:
            row.refuse("handling_item", "同一办理项与同一监管部门在文件中出现不止一次。")
        if row.handling_code and codes.setdefault(row.handling_code, (row.item, row.handling_item)) != (row.item, row.handling_item):
            row.refuse("handling_code", "同一办理项编码在文件中用于不同的办理项。")


class _Organs:
    """The county's living organs by name and code, and their liaisons by name: loaded once for a sheet."""

    def __init__(self, county_id: int) -> None:
        self._by_name: dict[str, Organ] = {}
        self._by_code: dict[str, Organ] = {}
        for organ in Organ.objects.filter(county_id=county_id, closed_on=None):
            self._by_name |= {organ.name: organ, organ.short_name: organ}
            self._by_code[organ.uscc] = organ
        people = User.objects.filter(liaison_entries__organ__county_id=county_id, liaison_entries__valid_to=None)
        self._people = {(organ_id, user.full_name): user for user in people for organ_id in _organ_ids(user)}

    def find(self, row: CatalogueRow) -> Organ | None:
        """The supervising organ of a row; notes on the row why there is none."""
        by_code, by_name = self._by_code.get(row.organ_uscc.upper()), self._by_name.get(row.organ)
        if row.organ_uscc and by_code is None:
            row.refuse("organ_uscc", "本县没有使用这个信用代码的单位，请核对代码，或先登记该单位。")
        elif row.organ and by_name is None and by_code is None:
            row.refuse("organ", f"本县没有名为“{row.organ[:30]}”的单位，请核对名称，或先登记该单位。")
        elif by_code and by_name and by_code != by_name:
            row.refuse("organ_uscc", f"代码属于{by_code.short_name}，与监管部门名称不符。")
        else:
            return by_code or by_name
        return None

    def liaison(self, organ: Organ, name: str) -> User | None:
        """The organ's liaison of that name."""
        return self._people.get((organ.pk, name))


def _organ_ids(user: User) -> list[int]:
    return list(user.liaison_entries.filter(valid_to=None).values_list("organ_id", flat=True))


def apply_rows(
    *,
    actor: Actor,
    bureau: Organ,
    rows: Sequence[CatalogueRow],
    valid_from: date,
    at: datetime,
    batch: TransferBatch | None = None,
    only_good: bool = False,
) -> Outcome:
    """Write the rows: new items, handling items and mapping from `valid_from` (or the row's own 自). Taking a sheet in twice changes nothing.

    All or nothing; with `only_good` the rows with errors stay out and come back in the outcome. Raises Refused where rows have errors
    and `only_good` was not chosen, NotYours without the right.
    """
    bad = [row for row in rows if row.errors]
    if bad and not only_good:
        raise Refused(f"有 {len(bad)} 行需要先改正；也可以选择只导入没有问题的行。")
    outcome = Outcome(refused=bad)
    with transaction.atomic():
        writer = _Writer(actor=actor, bureau=bureau, valid_from=valid_from, at=at, batch=batch, outcome=outcome)
        for row in rows:
            if not row.errors:
                _write_one(writer, row, outcome, only_good)
    return outcome


def _write_one(writer: "_Writer", row: CatalogueRow, outcome: Outcome, only_good: bool) -> None:
    known = writer.remembered()
    try:
        with transaction.atomic():
            writer.write(row)
    except Refused as refusal:
        writer.forget(known)
        if not only_good:
            raise Refused(f"第 {row.number} 行：{refusal.message}") from refusal
        row.refuse("item", refusal.message)
        outcome.refused.append(row)


_Memory = tuple[dict[str, Item], dict[tuple[str, str], HandlingItem], dict[tuple[int, str], SupervisionItem]]


class _Writer:
    """Writes rows one after another and remembers what it has seen, so that a sheet of 258 rows asks each thing once."""

    def __init__(
        self, *, actor: Actor, bureau: Organ, valid_from: date, at: datetime, batch: TransferBatch | None, outcome: Outcome
    ) -> None:
        self.actor, self.bureau, self.at, self.batch, self.outcome = actor, bureau, at, batch, outcome
        self.valid_from = valid_from
        self.organs = _Organs(bureau.county_id)
        self.items = {item.name: item for item in Item.objects.filter(county_id=bureau.county_id, valid_to=None)}
        rows = HandlingItem.objects.filter(item__county_id=bureau.county_id, valid_to=None).select_related("item")
        self.handling = {(row.item.name, row.name): row for row in rows}
        self.matters: dict[tuple[int, str], SupervisionItem] = {}

    def remembered(self) -> _Memory:
        """What has been seen so far."""
        return dict(self.items), dict(self.handling), dict(self.matters)

    def forget(self, memory: _Memory) -> None:
        """Go back to what had been seen before a row that was undone."""
        self.items, self.handling, self.matters = memory

    def write(self, row: CatalogueRow) -> None:
        """One row: its item, its handling item, its supervising organ."""
        before = self.outcome.items + self.outcome.handling_items + self.outcome.mappings
        start = day_of(row.valid_from) or self.valid_from
        item = self._item(row, start)
        handling_item = self._handling_item(row, item, start)
        if organ := self.organs.find(row):
            matter = self._matter(row, organ)
            self.outcome.mappings += actions.map_items(
                actor=self.actor,
                handling_item_ids=[handling_item.pk],
                supervision_item=matter,
                liaison=self.organs.liaison(organ, row.liaison) if row.liaison else None,
                valid_from=start,
                valid_to=day_of(row.valid_to),
                document=self.batch.document if self.batch else "",
                at=self.at,
            )
        if self.outcome.items + self.outcome.handling_items + self.outcome.mappings == before:
            self.outcome.unchanged += 1

    def _item(self, row: CatalogueRow, start: date) -> Item:
        facts = _item_facts(row)
        item = self.items.get(row.item)
        if item is None:
            transfer = day_of(row.transfer_date) or (self.batch.handed_over_on if self.batch else None)
            item = actions.add_item(
                actor=self.actor,
                bureau=self.bureau,
                name=row.item,
                valid_from=start,
                at=self.at,
                document=self.batch.document if self.batch else "",
                transfer_date=transfer,
                transfer_batch=self.batch,
                **facts,
            )
            self.items[row.item] = item
            self.outcome.items += 1
        elif changes := {name: value for name, value in facts.items() if getattr(item, name) != value}:
            self.items[row.item] = actions.alter_item(actor=self.actor, item=item, changes=changes, reason="目录表格导入", at=self.at)
            self.outcome.items += 1
        return self.items[row.item]

    def _handling_item(self, row: CatalogueRow, item: Item, start: date) -> HandlingItem:
        key = (row.item, row.handling_item)
        mode = choice_of(row.commitment, CommitmentMode) if row.commitment else None
        found = self.handling.get(key)
        if found is None:
            found = actions.add_handling_item(
                actor=self.actor,
                item=item,
                name=row.handling_item,
                code=row.handling_code,
                commitment_mode=mode or CommitmentMode.NONE,
                valid_from=start,
                at=self.at,
            )
            self.outcome.handling_items += 1
        else:
            told = {"code": row.handling_code, "commitment_mode": mode}
            changes = {name: value for name, value in told.items() if value and getattr(found, name) != value}
            if changes:
                found = actions.alter_handling_item(
                    actor=self.actor, handling_item=found, changes=changes, reason="目录表格导入", at=self.at
                )
                self.outcome.handling_items += 1
        self.handling[key] = found
        return found

    def _matter(self, row: CatalogueRow, organ: Organ) -> SupervisionItem:
        key = (organ.pk, row.matter)
        if key not in self.matters:
            mode = choice_of(row.mode, SupervisionMode) or SupervisionMode.PLAN
            self.matters[key] = actions.supervision_item_of(
                actor=self.actor, organ_id=organ.pk, name=row.matter, mode=mode, code=row.matter_code, at=self.at
            )
        return self.matters[key]


def _item_facts(row: CatalogueRow) -> dict[str, object]:
    """What a row tells about its item; empty cells tell nothing."""
    told: dict[str, object] = {"base_code": row.base_code, "implementation_code": row.implementation_code}
    if row.key_field:
        told["key_field"] = row.key_field in YES
    for name, text in (("statutory_limit_days", row.statutory_limit), ("promised_limit_days", row.promised_limit)):
        if text:
            told[name] = int(text)
    return {name: value for name, value in told.items() if value != ""}
