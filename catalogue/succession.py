"""When an organ follows another, its powers and what it supervises go with it, from the day of the succession."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from catalogue.models import Item, Mapping, Power, SupervisionItem
from foundation.common.actors import Actor
from foundation.organizations.models import Organ


def follow_succession(*, old_organ_ids: Iterable[int], new: Organ, on: date, actor: Actor, at: datetime, document: str = "") -> int:
    """Move mappings, powers and items of organs that end the day before `on` to the organ that follows them; returns how many rows moved.

    A row in force ends the day before and goes on under the successor; a row that would begin later changes hands as it is. Called
    inside the transaction of the succession, which writes the journal. The past stays under the old name.
    """
    ids = [pk for pk in old_organ_ids if pk != new.pk]
    Item.objects.filter(bureau_id__in=ids).update(bureau=new)
    Item.objects.filter(competent_id__in=ids).update(competent=new)
    return _move_powers(ids, new, on, document) + _move_mappings(ids, new, on, document)


def _move_powers(ids: list[int], new: Organ, on: date, document: str) -> int:
    rows = list(Power.objects.select_for_update(no_key=True).filter(_reaching(on), organ_id__in=ids).order_by("pk"))
    held = {(row.item_id, row.verb, row.area) for row in Power.objects.filter(_reaching(on), organ=new)}
    moved = []
    for row in rows:
        key = (row.item_id, row.verb, row.area)
        if key not in held:
            held.add(key)
            start = max(row.valid_from, on)
            moved.append(
                Power(
                    organ=new, item_id=row.item_id, verb=row.verb, area=row.area, valid_from=start, valid_to=row.valid_to, document=document
                )
            )
    _close(Power, rows, on)
    Power.objects.bulk_create(moved)
    return len(rows)


def _move_mappings(ids: list[int], new: Organ, on: date, document: str) -> int:
    rows = list(
        Mapping.objects.select_for_update(no_key=True, of=("self",))
        .filter(_reaching(on), organ_id__in=ids)
        .select_related("supervision_item")
        .order_by("pk")
    )
    held = set(Mapping.objects.filter(_reaching(on), organ=new).values_list("handling_item_id", flat=True))
    matters = _matters([row.supervision_item for row in rows], new)
    moved = []
    for row in rows:
        if row.handling_item_id not in held:
            held.add(row.handling_item_id)
            moved.append(
                Mapping(
                    handling_item_id=row.handling_item_id,
                    organ=new,
                    supervision_item=matters[row.supervision_item.name],
                    liaison_id=row.liaison_id,
                    valid_from=max(row.valid_from, on),
                    valid_to=row.valid_to,
                    document=document,
                )
            )
    _close(Mapping, rows, on)
    Mapping.objects.bulk_create(moved)
    return len(rows)


def _matters(old: Iterable[SupervisionItem], new: Organ) -> dict[str, SupervisionItem]:
    """The successor's supervision items of the same names, added where they are missing."""
    wanted = {row.name: row for row in old}
    found = {row.name: row for row in SupervisionItem.objects.filter(organ=new, name__in=wanted)}
    missing = [
        SupervisionItem(county_id=new.county_id, organ=new, name=name, code=row.code, mode=row.mode)
        for name, row in wanted.items()
        if name not in found
    ]
    return found | {row.name: row for row in SupervisionItem.objects.bulk_create(missing)}


def _reaching(on: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=on)


def _close(model: type[Power] | type[Mapping], rows: list[Power] | list[Mapping], on: date) -> None:
    """End what was in force the day before; what would only have begun later never comes to be under the old organ."""
    begun = [row.pk for row in rows if row.valid_from < on]
    model.objects.filter(pk__in=begun).update(valid_to=on - timedelta(days=1))
    model.objects.filter(pk__in=[row.pk for row in rows if row.valid_from >= on]).delete()
