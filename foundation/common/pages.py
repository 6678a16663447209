"""Lists in pages of a fixed size: two queries a page, however long the list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


def page_of(request: HttpRequest, rows: QuerySet[Any], *, size: int = PAGE_SIZE) -> Page[Any]:
    """The page that the address asks for; the first or the last one where it asks for nonsense."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
