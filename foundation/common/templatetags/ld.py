"""What every template may use without loading it: addresses, the query string of a list, and a file's size in words."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse

register = template.Library()

KIB = 1024


@register.simple_tag
def url_or_none(name: str, *args: Any) -> str:
    """The address of a page, or nothing where this installation has no such page: its menu entry is then left out."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The address's query with some keys changed, starting with `?`; an empty value takes its key away, and so does any change with `page`."""
    params = context["request"].GET.copy()
    if "page" not in changes:
        params.pop("page", None)
    for key, value in changes.items():
        if value in ("", None):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}"


@register.filter
def size_words(size: int | None) -> str:
    """12 KB; 3.4 MB."""
    if size is None:
        return ""
    if size < KIB * KIB:
        return f"{max(round(size / KIB), 1)} KB"
    return f"{size / KIB / KIB:.1f} MB"
