"""What the API takes and gives, as its OpenAPI page shows it. What a value means is checked where files are checked."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from approvals.models import Decision
from approvals.snapshot import item_name, validity
from exchange.columns import FIELDS
from exchange.taking import Taken
from foundation.common import clock
from parties.masking import shown_code, shown_name
from pushes.models import Push
from pushes.statuses import PushState

MOST_TEXT = 4000
HELP = {
    "document_number": "必填",
    "party_name": "必填",
    "decided_on": "必填，如 2026-10-09",
    "valid_to": "长期写 2099-12-31 或 长期",
    "item": "名称；对应不上的进入待分派",
    "party_kind": "法人及非法人组织、个体工商户、自然人",
    "kind": "准予许可（默认）或不予许可",
}


class DecisionInput(serializers.Serializer[dict[str, Any]]):
    """A decision made outside the portal."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One text field for each field that an import knows."""
        return {
            name: serializers.CharField(
                required=False,
                allow_blank=True,
                allow_null=True,
                max_length=MOST_TEXT,
                label=words,
                help_text=f"{words}{'：' + HELP[name] if name in HELP else ''}",
            )
            for name, words in FIELDS.items()
        }


class TakenOutput(serializers.Serializer[Taken]):
    """What became of one decision."""

    index = serializers.IntegerField(help_text="在请求中的位置，从 0 起")
    status = serializers.ChoiceField(choices=["created", "routing", "same", "different", "invalid"])
    id = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()
    errors = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment] # declared fields leave the class
    doubts = serializers.DictField(child=serializers.CharField())


class ErrorOutput(serializers.Serializer[dict[str, Any]]):
    """A refusal."""

    message = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField(required=False)


class PushOutput(serializers.Serializer[Push]):
    """A push; `state` is what holds now, whether or not the automatic claim has been written down."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=PushState.choices)
    title = serializers.CharField()
    matter = serializers.CharField()
    document_number = serializers.CharField()
    sender = serializers.CharField()
    receiver = serializers.CharField()
    pushed_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True)


class PushPageOutput(serializers.Serializer[dict[str, Any]]):
    """A page of pushes; `next` is the number of the next page."""

    results = PushOutput(many=True)
    next = serializers.IntegerField(allow_null=True)


class DecisionOutput(serializers.Serializer[Decision]):
    """A decision as the portal keeps it; a natural person is masked."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    intake = serializers.CharField()
    document_number = serializers.CharField()
    item = serializers.CharField()
    party_name = serializers.CharField()
    party_code = serializers.CharField()
    decided_on = serializers.DateField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.CharField()
    certificate_number = serializers.CharField()
    content = serializers.CharField()
    organ = serializers.CharField()
    findings = serializers.ListField(child=serializers.DictField())
    pushes = PushOutput(many=True)


def moment(value: datetime | None) -> str | None:
    """An instant in Asia/Shanghai."""
    return clock.local(value).isoformat(timespec="seconds") if value else None


def push_row(push: Any) -> dict[str, Any]:
    """A push of a queryset `with_effective_state`."""
    return {
        "id": push.pk,
        "kind": push.kind,
        "state": push.effective_state,
        "title": push.title,
        "matter": push.matter,
        "document_number": push.document_number,
        "sender": push.sender.name,
        "receiver": push.receiver.name,
        "pushed_at": moment(push.pushed_at),
        "claimed_at": moment(push.effective_claimed_at),
    }


def decision_row(decision: Decision, pushes: list[Any]) -> dict[str, Any]:
    """A decision with its pushes."""
    return {
        "id": decision.pk,
        "state": decision.state,
        "intake": decision.intake,
        "document_number": decision.document_number,
        "item": item_name(decision),
        "party_name": shown_name(decision.party),
        "party_code": shown_code(decision.party),
        "decided_on": decision.decided_on.isoformat(),
        "valid_from": decision.valid_from.isoformat() if decision.valid_from else None,
        "valid_to": validity(decision.valid_to),
        "certificate_number": decision.certificate_number,
        "content": decision.content,
        "organ": decision.organ.name,
        "findings": decision.findings,
        "pushes": [push_row(push) for push in pushes],
    }
