"""Idempotency keys: a request that is sent again, because its answer was lost, gets the answer that was given and does nothing twice."""

import hashlib
import json
from collections.abc import Callable

from django.db import connection, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from exchange.api.authentication import access_in
from exchange.models import IdempotencyKey
from foundation.common import clock
from foundation.common.errors import Refused

HEADER = "Idempotency-Key"
MAX_KEY = 100


def answered_once(request: Request, answer: Callable[[], Response]) -> Response:
    """The answer to the request, or the one given before under the same key, all in one transaction with what the request does.

    Two requests with one key at the same moment: the second waits at the unique key until the first is committed, then reads its answer.
    A refused request keeps no answer, so it may be sent again. Raises Refused where the key was used with another content.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        return answer()
    if len(key) > MAX_KEY:
        raise Refused(f"{HEADER} 不能超过 {MAX_KEY} 个字符。", code="idempotency_key")
    body = hashlib.sha256(b"\n".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])).hexdigest()
    token_id = access_in(request).token.pk
    with transaction.atomic():
        row_id = _claimed(token_id, key, body)
        if row_id is None:
            return _given(IdempotencyKey.objects.get(token_id=token_id, key=key), body)
        response = answer()
        kept = json.loads(JSONRenderer().render(response.data))
        IdempotencyKey.objects.filter(pk=row_id).update(status=response.status_code, answer=kept)
        return response


def _claimed(token_id: int, key: str, body: str) -> int | None:
    """The id of the new row of the key; None where the key is taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_idempotencykey (token_id, key, body_sha256, created_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (token_id, key) DO NOTHING RETURNING id",
            [token_id, key, body, clock.now()],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def _given(row: IdempotencyKey, body: str) -> Response:
    if row.body_sha256 != body:
        raise Refused(f"这个 {HEADER} 已用于另一个请求，请换一个。", code="idempotency_conflict")
    return Response(row.answer, status=row.status, headers={"Idempotent-Replay": "true"})
