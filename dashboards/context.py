"""What every page's frame shows."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The acting post, today's date, and the counts of the main menu."""
    return {"acting": getattr(request, "acting", None)}
