"""The catalogue as lists and sheets show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from catalogue.columns import HEADINGS
from catalogue.days import valid_on
from catalogue.models import HandlingItem, Item, Mapping
from foundation.organizations.models import Organ


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of the catalogue is narrowed to."""

    words: str = ""
    organ_id: int | None = None
    mode: str = ""
    mapped: str = ""
    status: str = ""


def handling_items(*, county_id: int, on: date, wanted: Wanted) -> QuerySet[HandlingItem]:
    """Handling items valid on a day with their item and their mapping of that day (`current`), in order of item and code."""
    current = Mapping.objects.filter(valid_on(on)).select_related("organ", "supervision_item", "liaison").order_by("organ__sort_key", "id")
    rows = (
        HandlingItem.objects.filter(valid_on(on), item__county_id=county_id)
        .select_related("item__bureau", "item__transfer_batch")
        .prefetch_related(Prefetch("mappings", queryset=current, to_attr="current"))
        .order_by("item_id", "id")
    )
    mapping = Mapping.objects.filter(valid_on(on), handling_item=OuterRef("pk"))
    if wanted.organ_id:
        rows = rows.filter(Exists(mapping.filter(organ_id=wanted.organ_id)))
    if wanted.mode:
        rows = rows.filter(Exists(mapping.filter(supervision_item__mode=wanted.mode)))
    if wanted.mapped == "no":
        rows = rows.filter(~Exists(mapping))
    if wanted.mapped == "yes":
        rows = rows.filter(Exists(mapping))
    if wanted.status:
        rows = rows.filter(item__status=wanted.status)
    for word in wanted.words.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(item__name__icontains=word) | Q(code=word.upper()) | Q(item__implementation_code=word.upper())
        )
    return rows


def counts(*, county_id: int, on: date) -> dict[str, int]:
    """Items, handling items, and mapped and unmapped ones, on a day (three queries)."""
    rows = HandlingItem.objects.filter(valid_on(on), item__county_id=county_id)
    total = rows.count()
    mapped = rows.filter(Exists(Mapping.objects.filter(valid_on(on), handling_item=OuterRef("pk")))).count()
    items = Item.objects.filter(valid_on(on), county_id=county_id).count()
    return {"items": items, "total": total, "mapped": mapped, "unmapped": total - mapped}


def supervising_organs(*, county_id: int, on: date) -> QuerySet[Organ]:
    """The organs that supervise something on a day, for filters."""
    return Organ.objects.filter(Exists(Mapping.objects.filter(valid_on(on), organ=OuterRef("pk"))), county_id=county_id)


def sheet_headings() -> list[str]:
    """The headings of the catalogue as a sheet."""
    return list(HEADINGS.values())


def sheet_rows(rows: QuerySet[HandlingItem]) -> Iterator[list[object]]:
    """The rows of `handling_items` as a sheet that can be imported again: one per supervising organ, unmapped ones once."""
    for row in rows:
        for mapping in row.current or [None]:  # type: ignore[attr-defined]
            yield [*_item_cells(row), *_mapping_cells(mapping), *_limit_cells(row, mapping)]


def _item_cells(row: HandlingItem) -> list[object]:
    return [row.item.name, row.item.base_code, row.item.implementation_code, row.name, row.code]


def _mapping_cells(mapping: Mapping | None) -> list[object]:
    if mapping is None:
        return [""] * 6
    matter = mapping.supervision_item
    liaison = mapping.liaison.full_name if mapping.liaison else ""
    return [mapping.organ.name, mapping.organ.uscc, matter.name, matter.code, matter.get_mode_display(), liaison]


def _limit_cells(row: HandlingItem, mapping: Mapping | None) -> list[object]:
    item, dates = row.item, mapping or row
    return [
        row.get_commitment_mode_display(),
        "是" if item.key_field else "否",
        item.statutory_limit_days,
        item.promised_limit_days,
        item.transfer_date.isoformat() if item.transfer_date else "",
        dates.valid_from.isoformat(),
        dates.valid_to.isoformat() if dates.valid_to else "",
    ]
