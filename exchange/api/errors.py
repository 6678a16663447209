"""How the API answers what an action refuses: the words that a page would show, and a status that a program can act on."""

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, NotAuthenticated, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from foundation.common.errors import Missing, NotYours, Refused


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """404 for what is not there or not theirs, 403 for what they may not do, 409 for what cannot be done now, each as {message, code}."""
    if isinstance(error, Refused):
        return Response(body_of(error), status=_status(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = {"message": "请求内容有误，请按各项说明改正。", "code": "invalid", "errors": response.data}
    else:
        response.data = {"message": _words(error), "code": getattr(error, "default_code", "error")}
    return response


def body_of(refusal: Refused) -> dict[str, str]:
    """A refusal as the API tells it."""
    body = {"message": refusal.message, "code": refusal.code}
    return body | {"field": refusal.field} if refusal.field else body


def _status(refusal: Refused) -> int:
    if isinstance(refusal, Missing):
        return status.HTTP_404_NOT_FOUND
    return status.HTTP_403_FORBIDDEN if isinstance(refusal, NotYours) else status.HTTP_409_CONFLICT


def _words(error: Exception) -> str:
    if isinstance(error, NotAuthenticated):
        return "请在请求头中提供令牌：Authorization: Token 令牌。"
    if isinstance(error, Throttled):
        return f"请求过于频繁，请在 {round(getattr(error, 'wait', None) or 1)} 秒后重试。"
    return str(error.detail) if isinstance(error, APIException) else "请求不能处理。"
