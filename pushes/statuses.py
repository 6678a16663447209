"""Kinds and states of a push."""

from django.db.models import TextChoices


class PushKind(TextChoices):
    """What a push carries. The corridor does not look inside; the kind names its claim term and its compulsory fields."""

    DECISION = "decision", "许可决定"
    COMMITMENT = "commitment", "告知承诺许可"
    RESULT = "result", "监管结果"
    MEASURE = "measure", "监管措施"
    PROPOSAL = "proposal", "变更撤销建议"
    CHANGE = "change", "决定变更"


CLAIM_TERMS: dict[str, str] = {
    PushKind.DECISION: "claim",
    PushKind.COMMITMENT: "claim_commitment",
    PushKind.RESULT: "claim_back",
    PushKind.MEASURE: "claim_back",
    PushKind.PROPOSAL: "claim_back",
    PushKind.CHANGE: "claim",
}
"""The rulebook term that the receiver's claim runs under, per kind. A rulebook without the term gives no clock."""


class PushState(TextChoices):
    """Where a push stands. Moves are in MOVES; nothing else is possible."""

    WAITING = "waiting", "未认领"
    CLAIMED = "claimed", "已认领"
    AUTO_CLAIMED = "auto_claimed", "自动认领"
    RETURNED = "returned", "已退回"
    REASSIGNED = "reassigned", "已改派"
    PARKED = "parked", "待职责裁定"
    WITHDRAWN = "withdrawn", "已撤回"
    SUPERSEDED = "superseded", "已更正重推"


MOVES: dict[str, frozenset[str]] = {
    PushState.WAITING: frozenset(
        {
            PushState.CLAIMED,
            PushState.AUTO_CLAIMED,
            PushState.RETURNED,
            PushState.PARKED,
            PushState.REASSIGNED,
            PushState.WITHDRAWN,
            PushState.SUPERSEDED,
        }
    ),
    PushState.RETURNED: frozenset({PushState.WAITING, PushState.REASSIGNED, PushState.PARKED, PushState.WITHDRAWN, PushState.SUPERSEDED}),
    PushState.PARKED: frozenset({PushState.WAITING, PushState.REASSIGNED, PushState.WITHDRAWN}),
    PushState.CLAIMED: frozenset({PushState.SUPERSEDED, PushState.WITHDRAWN}),
    PushState.AUTO_CLAIMED: frozenset({PushState.SUPERSEDED, PushState.WITHDRAWN}),
    PushState.REASSIGNED: frozenset(),
    PushState.WITHDRAWN: frozenset(),
    PushState.SUPERSEDED: frozenset(),
}
"""From which state a push may go to which."""


class ReturnReason(TextChoices):
    """Why a department says a push is not its own."""

    NOT_OUR_DUTY = "not_our_duty", "不属于本单位职责"
    WRONG_AREA = "wrong_area", "不在本单位辖区"
    WRONG_ITEM = "wrong_item", "事项关联有误"
    DUPLICATE = "duplicate", "重复推送"
    INCOMPLETE = "incomplete", "信息不全，无法办理"


class ReturnAnswer(TextChoices):
    """What the sender answered."""

    PENDING = "pending", "待答复"
    CONFIRMED = "confirmed", "维持原推送"
    REASSIGNED = "reassigned", "改派"
    RULED = "ruled", "转职责裁定"
