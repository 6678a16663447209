"""API version 1: decisions come in, pushes are read and claimed. Every act is the one that a page does."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from approvals.models import Decision
from approvals.queries import pushes_of, visible_for
from approvals.statuses import Intake
from exchange.api.authentication import Access, access_in
from exchange.api.once import HEADER, answered_once
from exchange.api.serializers import (
    DecisionInput,
    DecisionOutput,
    ErrorOutput,
    PushOutput,
    PushPageOutput,
    TakenOutput,
    decision_row,
    push_row,
)
from exchange.checking import Checked, Checker
from exchange.statuses import RowState
from exchange.taking import Taken, take
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Missing, NotYours, Refused
from pushes import actions as pushes
from pushes.models import Push
from pushes.queries import received_by, sent_by, with_effective_state
from pushes.statuses import PushState

MOST_ITEMS = 500
PAGE = 50
STATUS = {
    None: ("created", status.HTTP_201_CREATED, "已入库。"),
    RowState.PENNED: ("routing", status.HTTP_201_CREATED, "已入库，进入待分派：没有唯一对应的办理项、监管部门，或缺必填内容。"),
    RowState.SKIPPED: ("same", status.HTTP_200_OK, "此前已入库，内容相同，没有重复登记。"),
    RowState.DIFFERENT: ("different", status.HTTP_409_CONFLICT, "此前已入库，内容不同。请在门户的该决定页面办理更正。"),
    RowState.BAD: ("invalid", status.HTTP_400_BAD_REQUEST, "内容有误，没有入库。"),
}
KEY = OpenApiParameter(HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, description="同一键、同一内容重发得到同一回答")
INTAKE = OpenApiParameter("intake", OpenApiTypes.STR, enum=list(Intake.values), description="live 当前办件（默认），history 历史补录")
PAGE_NUMBER = OpenApiParameter("page", OpenApiTypes.INT)
STATE = OpenApiParameter("state", OpenApiTypes.STR, enum=list(PushState.values))
SIDE = OpenApiParameter("side", OpenApiTypes.STR, enum=["received", "sent"], description="默认 received")


class DecisionsView(APIView):
    """Decisions of the token's organ."""

    @extend_schema(
        summary="登记许可决定（单件或至多 500 件）",
        description="请求体是一件决定，或决定的数组。单件以状态码回答；数组总是 200，逐件说明结果。",
        request=DecisionInput,
        parameters=[KEY, INTAKE],
        responses={200: TakenOutput, 201: TakenOutput, 400: TakenOutput, 401: ErrorOutput, 403: ErrorOutput, 409: TakenOutput},
    )
    def post(self, request: Request) -> Response:
        """Record one decision or several; each good one is in, whatever becomes of the others."""
        return answered_once(request, lambda: self._record(request))

    def _record(self, request: Request) -> Response:
        access = access_in(request)
        intake = request.query_params.get("intake", Intake.LIVE)
        if intake not in Intake.values:
            raise Refused("intake 应为 live 或 history。", field="intake")
        many = isinstance(request.data, list)
        items = request.data if many else [request.data]
        if not items or len(items) > MOST_ITEMS:
            raise Refused(f"一次应有 1 至 {MOST_ITEMS} 件。", code="too_many")
        answers = _take(access, [_read(item) for item in items], intake)
        if many:
            return Response([body for body, _ in answers])
        body, code = answers[0]
        return Response(body, status=code)


def _read(item: Any) -> Mapping[str, str] | dict[str, dict[str, str]]:
    """The texts of one item, or {"errors": …} where its form is wrong."""
    form = DecisionInput(data=item)
    try:
        form.is_valid(raise_exception=True)
    except ValidationError as error:
        found: Any = error.detail
        return {"errors": {name: "；".join(str(words) for words in messages) for name, messages in found.items()}}
    return {name: str(text or "") for name, text in form.validated_data.items()}


def _take(access: Access, items: Sequence[Mapping[str, Any]], intake: str) -> list[tuple[dict[str, Any], int]]:
    at = clock.now()
    actor, organ = access.actor, access.token.organ
    actor.require("record_decision", organ.pk)
    checker = Checker(organ=organ, today=clock.civil_day(at), live=intake == Intake.LIVE)
    rows = [Checked(errors=item["errors"]) if "errors" in item else checker.check(item) for item in items]
    with transaction.atomic():
        taken = take(actor=actor, organ=organ, rows=rows, intake=intake, at=at)
    return [_answer(index, row, one) for index, (row, one) in enumerate(zip(rows, taken, strict=True))]


def _answer(index: int, row: Checked, one: Taken) -> tuple[dict[str, Any], int]:
    word, code, message = STATUS[one.state]
    body = {"index": index, "status": word, "id": one.decision_id, "message": message, "errors": one.errors, "doubts": row.doubts}
    return body, code


class DecisionView(APIView):
    """One decision."""

    @extend_schema(summary="一件许可决定及其推送", responses={200: DecisionOutput, 404: ErrorOutput})
    def get(self, request: Request, pk: int) -> Response:
        """A decision of the token's organ, or one pushed to it."""
        actor = access_in(request).actor
        decision = visible_for(actor).select_related("party", "handling_item__item", "organ").filter(pk=pk).first()
        if decision is None:
            raise Missing
        rows = with_effective_state(_pushes_seen(actor, decision), clock.now())
        return Response(decision_row(decision, list(rows.select_related("sender", "receiver"))))


def _pushes_seen(actor: Actor, decision: Decision) -> Any:
    """All pushes for the deciding organ, a receiver's own for the receiver."""
    rows = pushes_of(decision)
    return rows if actor.may("view_matter", decision.organ_id) else rows.filter(receiver_id__in=actor.organs("view_matter"))


class PushesView(APIView):
    """Pushes of the token's organ."""

    @extend_schema(summary="推送清单，每页 50 件", parameters=[STATE, SIDE, PAGE_NUMBER], responses={200: PushPageOutput})
    def get(self, request: Request) -> Response:
        """What the organ received (or sent), newest first, by the state that holds now."""
        organs = access_in(request).actor.organs("view_matter")
        sent = request.query_params.get("side") == "sent"
        rows: Any = with_effective_state((sent_by if sent else received_by)(organs), clock.now())
        wanted = request.query_params.get("state", "")
        if wanted and wanted not in PushState.values:
            raise Refused(f"没有“{wanted[:20]}”这一状态，应为：{'、'.join(PushState.values)}。", field="state")
        if wanted:
            rows = rows.filter(effective_state=wanted)
        text = request.query_params.get("page", "1")
        page = max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
        found = list(rows.select_related("sender", "receiver").order_by("-pushed_at", "-id")[(page - 1) * PAGE : page * PAGE + 1])
        return Response({"results": [push_row(push) for push in found[:PAGE]], "next": page + 1 if len(found) > PAGE else None})


class ClaimView(APIView):
    """The claim of a push by the receiving department's own system."""

    @extend_schema(summary="认领推送", request=None, parameters=[KEY], responses={200: PushOutput, 404: ErrorOutput, 409: ErrorOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Claim: the same act as on the page, so before the moment a claim wins and after it the clock has claimed."""
        return answered_once(request, lambda: self._claim(access_in(request).actor, pk))

    @staticmethod
    def _claim(actor: Actor, pk: int) -> Response:
        if not actor.organs("claim_push"):
            raise NotYours
        result = pushes.claim(actor=actor, push_ids=[pk])
        if result.skipped:
            raise Refused(result.skipped[0][1], code="not_claimed")
        row = with_effective_state(Push.objects.filter(pk=pk), clock.now()).select_related("sender", "receiver").get()
        return Response(push_row(row))
