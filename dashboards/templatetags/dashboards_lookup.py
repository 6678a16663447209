"""Reading a dictionary by a key that only the template knows."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def lookup(table: Mapping[Any, Any], key: Any) -> Any:
    """The value under `key`, or None."""
    return table.get(key)
