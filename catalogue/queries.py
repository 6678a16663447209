"""Reading the catalogue: to whom a decision goes, who may decide, and what the lists show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalogue.days import valid_on
from catalogue.matching import ItemIndex, item_index, match_item
from catalogue.models import Mapping
from catalogue.powers import PowerIndex, may, power_index
from foundation.organizations.models import Organ
from pushes import routes

__all__ = ["ItemIndex", "PowerIndex", "Route", "item_index", "match_item", "may", "power_index", "routes_for", "routes_for_many"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(routes.Route):
    """One organ that a decision goes to, by name too, and for which supervision item."""

    organ: str


def routes_for(*, handling_item_id: int, on: date) -> list[Route]:
    """Where decisions on the handling item go on the day `on`: one route per supervising organ (BS-01a, BS-01b), in one query."""
    return routes_for_many(handling_item_ids=[handling_item_id], on=on)[handling_item_id]


def routes_for_many(*, handling_item_ids: Iterable[int], on: date) -> dict[int, list[Route]]:
    """`routes_for` of several handling items in one query; an unmapped one has an empty list.

    An organ that was closed by `on` is replaced by its successor, and the bureau's own rows stay in: whether an organ pushes to itself
    is not the catalogue's question.
    """
    found: dict[int, dict[int, Route]] = {pk: {} for pk in handling_item_ids}
    rows = (
        Mapping.objects.filter(valid_on(on), handling_item_id__in=list(found))
        .select_related("organ__successor__successor", "supervision_item")
        .order_by("handling_item_id", "organ__sort_key", "organ_id")
    )
    for row in rows:
        organ = _living(row.organ, on)
        route = Route(
            organ_id=organ.pk,
            organ=organ.name,
            matter=row.supervision_item.name,
            mode=row.supervision_item.mode,
            liaison_id=row.liaison_id if organ.pk == row.organ_id else None,
        )
        found[row.handling_item_id].setdefault(organ.pk, route)
    return {pk: list(routes.values()) for pk, routes in found.items()}


def _living(organ: Organ, on: date) -> Organ:
    """The organ itself, or who followed it when it was closed."""
    seen = {organ.pk}
    while organ.closed_on and organ.closed_on <= on and organ.successor and organ.successor.pk not in seen:
        organ = organ.successor
        seen.add(organ.pk)
    return organ
