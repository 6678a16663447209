"""Every write on the catalogue. Rows are dated: what was valid once stays readable, an alteration never rewrites the past."""

from catalogue.actions.items import (
    add_handling_item,
    add_item,
    alter_handling_item,
    alter_item,
    end_handling_item,
    end_item,
    supervision_item_of,
)
from catalogue.actions.mapping import end_mappings, map_items
from catalogue.actions.powers import end_power, grant_power
from catalogue.actions.transfer import convert_item, register_batch, transfer_item

__all__ = [
    "add_handling_item",
    "add_item",
    "alter_handling_item",
    "alter_item",
    "convert_item",
    "end_handling_item",
    "end_item",
    "end_mappings",
    "end_power",
    "grant_power",
    "map_items",
    "register_batch",
    "supervision_item_of",
    "transfer_item",
]
