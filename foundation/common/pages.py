"""Lists in pages of a fixed size: two queries a page, and a bounded count, however long the list."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
    _Pages = Paginator[Any]
    _Page = Page[Any]
else:
    _Pages, _Page = Paginator, Page

PAGE_SIZE = 50
MOST_ROWS = 5000
"""As far as one may page; beyond it a filter is the way, and counting further would only cost time."""


class BoundedPaginator(_Pages):
    """Counts no further than MOST_ROWS, so that the first page of a long history is as fast as that of a short one."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, MOST_ROWS at most."""
        rows: Any = self.object_list
        return rows.order_by()[:MOST_ROWS].count()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than the pages show."""
        return self.count >= MOST_ROWS


def page_of(request: HttpRequest, rows: QuerySet[Any], *, size: int = PAGE_SIZE) -> _Page:
    """The page that the address asks for; the first or the last one where it asks for nonsense."""
    return BoundedPaginator(rows, size).get_page(request.GET.get("page"))
