"""Taking checked rows in: parties, decisions and pushes of a chunk together, and what became of each row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from approvals.bulk import Reported, report_many
from approvals.statuses import DecisionState
from exchange.checking import PARTY_FIELDS, Checked
from exchange.statuses import RowState
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.organizations.models import Organ
from parties.actions import register_many
from pushes.snapshots import FIELD_WORDS

OTHER_WORDS = {
    "decision": "决定",
    "party_code": "统一社会信用代码",
    "certificate_name": "证照名称",
    "certificate_number": "证照编号",
    "valid_from": "有效期自",
    "deciding_organ": "许可机关",
    "no_contact_reason": "无联系方式的理由",
    "commitment_mode": "告知承诺",
}
DECISION_FIELDS = {"party": "party_name", "handling_item": "item", "item_text": "item"}
"""Field of a decision → field of a row, where they differ."""


@dataclass(slots=True, kw_only=True)
class Taken:
    """What became of a row: `state` is None where it simply went in."""

    state: RowState | None = None
    decision_id: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_in(self) -> bool:
        """Whether the row is a decision now that was none before."""
        return self.state in (None, RowState.PENNED)


def take(*, actor: Actor, organ: Organ, rows: Sequence[Checked], intake: str, at: datetime) -> list[Taken]:
    """Record the rows that have no error, in the caller's transaction; one answer a row in the same order."""
    taken = [Taken(state=RowState.BAD, errors=dict(row.errors)) if row.errors or row.party is None else Taken() for row in rows]
    good = [position for position, one in enumerate(taken) if one.state is None]
    data = [told for position in good if (told := rows[position].party) is not None]
    parties = register_many(county_id=organ.county_id, rows=data, actor=actor, at=at)
    fit: list[int] = []
    for position, party in zip(good, parties, strict=True):
        if isinstance(party, Refused):
            taken[position] = _bad(party)
        else:
            rows[position].values["party"] = party
            fit.append(position)
    reported = report_many(actor=actor, organ=organ, rows=[rows[position].values for position in fit], intake=intake, at=at)
    for position, one in zip(fit, reported, strict=True):
        taken[position] = _outcome(one)
    return taken


def _outcome(one: Reported) -> Taken:
    if one.decision is None:
        return _bad(one.refusal or Refused("不能入库。"))
    if one.is_new:
        penned = one.decision.state == DecisionState.UNROUTED
        return Taken(state=RowState.PENNED if penned else None, decision_id=one.decision.pk)
    if not one.differences:
        return Taken(state=RowState.SKIPPED, decision_id=one.decision.pk)
    words = {
        (FIELD_WORDS | OTHER_WORDS).get(key, key): f"已入库的是“{old or '（空）'}”，文件中是“{new or '（空）'}”"
        for key, (old, new) in one.differences.items()
    }
    return Taken(state=RowState.DIFFERENT, decision_id=one.decision.pk, errors=words)


def _bad(refusal: Refused) -> Taken:
    name = PARTY_FIELDS.get(refusal.field) or DECISION_FIELDS.get(refusal.field) or refusal.field or "document_number"
    return Taken(state=RowState.BAD, errors={name: refusal.message.rstrip("。")})
