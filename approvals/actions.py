"""Drafting, issuing and reporting decisions. Issuing pushes in the same transaction (SC-26a, BS-04a, BA-19a)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from approvals.checks import findings_of, refuse_if_blocked
from approvals.models import Decision
from approvals.queries import lock_decision, same_key
from approvals.routing import place
from approvals.snapshot import content_hash, search_text
from approvals.statuses import MOVES, DecisionState, Intake, Origin
from approvals.texts import clean_text
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.common.hooks import Finding
from foundation.deadlines.queries import rulebook_on
from foundation.journal import actions as journal
from foundation.papers.numbers import normalise_number

TEXT_FIELDS = (
    "item_text",
    "party_contact",
    "no_contact_reason",
    "party_address",
    "title",
    "document_number",
    "certificate_name",
    "certificate_number",
    "content",
)
FIELDS = (*TEXT_FIELDS, "kind", "handling_item", "party", "commitment_mode", "decided_on", "valid_from", "valid_to")
"""What a caller may set on a draft; everything else follows from the act."""


def draft(*, actor: Actor, organ_id: int, values: Mapping[str, Any]) -> Decision:
    """Start a decision of the organ. `values` are fields named in FIELDS; `party` and `decided_on` are needed from the start."""
    actor.require("record_decision", organ_id)
    at = clock.now()
    with transaction.atomic():
        decision = _built(actor=actor, organ_id=organ_id, values=values, origin=Origin.ISSUED_HERE, at=at)
        decision.save()
        journal.write(verb="decision.draft", actor=actor, subject=decision, at=at, after={"document_number": decision.document_number})
    return decision


def amend_draft(*, actor: Actor, decision_id: int, values: Mapping[str, Any]) -> Decision:
    """Change a draft before it is submitted. An issued decision is never edited."""
    at = clock.now()
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="record_decision")
        if decision.state != DecisionState.DRAFT:
            raise Refused("只有起草中的决定可以修改。已提交的请先退回起草；已签发的只能变更、更正或作废。")
        fill(decision, values)
        decision.rulebook = rulebook_on(county_id=decision.county_id, day=decision.decided_on)
        decision.search_text = search_text(decision)
        decision.save()
        journal.write(verb="decision.amend_draft", actor=actor, subject=decision, at=at)
    return decision


def submit(*, actor: Actor, decision_id: int) -> Decision:
    """Hand a draft to the person who issues (PL-03a: four eyes). What would block the issue is refused here already."""
    at = clock.now()
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="record_decision")
        refuse_if_blocked(decision)
        _move(decision, DecisionState.SUBMITTED)
        decision.submitted_at = at
        decision.save(update_fields=["state", "submitted_at"])
        journal.write(verb="decision.submit", actor=actor, subject=decision, at=at)
    return decision


def send_back(*, actor: Actor, decision_id: int, reason: str) -> Decision:
    """Give a submitted draft back to its drafter, with the reason."""
    at = clock.now()
    if not reason.strip():
        raise Refused("请写明退回起草的理由。", field="reason")
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="issue_decision")
        _move(decision, DecisionState.DRAFT)
        decision.save(update_fields=["state"])
        journal.write(verb="decision.send_back", actor=actor, subject=decision, at=at, reason=reason.strip())
    return decision


def issue(*, actor: Actor, decision_id: int) -> Decision:
    """Issue a submitted decision and push it at once to every organ that the catalogue maps it to.

    Raises NotYours where the person issuing drafted it (four eyes, PL-03a) and Refused with words for what blocks; nothing is changed
    then. A double click issues once: the second finds it issued.
    """
    at = clock.now()
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="issue_decision")
        if decision.state == DecisionState.ISSUED:
            raise Refused(f"{decision.document_number} 已经签发并推送，不需要再办。", code="already_issued")
        if decision.drafted_by_id == actor.user_id:
            raise NotYours("起草人不能签发自己起草的决定，请交另一位有签发权的同事签发。")
        refuse_if_blocked(decision)
        _refuse_same_key(decision)
        _move(decision, DecisionState.ISSUED)
        decision.issued_at, decision.issued_by_id = at, actor.user_id
        decision.content_hash, decision.search_text = content_hash(decision), search_text(decision)
        place(decision, actor=actor, at=at, must_route=True)
    return decision


def report(*, actor: Actor, organ_id: int, values: Mapping[str, Any], intake: str = Intake.LIVE) -> Decision:
    """Record a decision that was made outside the portal (by hand, import or API) and push it, unless it is history.

    What would refuse an issue here is only noted on it (`findings`). Without route or compulsory fields it waits in the routing pen, on
    a clock of the bureau. Raises Refused where the same decision is recorded already.
    """
    actor.require("record_decision", organ_id)
    at = clock.now()
    with transaction.atomic():
        decision = _built(actor=actor, organ_id=organ_id, values=values, origin=Origin.REPORTED, at=at)
        decision.intake, decision.issued_at = intake, at
        refuse_unreportable(decision, at=at)
        _refuse_same_key(decision)
        decision.content_hash = content_hash(decision)
        decision.findings = as_rows(findings_of(decision))
        place(decision, actor=actor, at=at, must_route=False)
    return decision


def refuse_unreportable(decision: Decision, *, at: datetime) -> None:
    """Raise Refused for what no reported decision can do without, however it comes in."""
    if decision.decided_on > clock.civil_day(at):
        raise Refused("许可日期不能晚于今天。", field="decided_on")
    if not decision.document_number:
        raise Refused("缺少法律文书编号。", field="document_number")


def as_rows(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as a decision keeps them."""
    return [{"code": finding.code, "message": finding.message, "field": finding.field} for finding in findings]


def _built(*, actor: Actor, organ_id: int, values: Mapping[str, Any], origin: str, at: datetime) -> Decision:
    decision = Decision(
        county_id=actor.county_id,
        organ_id=organ_id,
        origin=origin,
        state=DecisionState.DRAFT,
        drafted_by_id=actor.user_id,
        drafted_at=at,
    )
    fill(decision, values)
    decision.rulebook = rulebook_on(county_id=actor.county_id, day=decision.decided_on)
    decision.search_text = search_text(decision)
    return decision


def _refuse_foreign(decision: Decision) -> None:
    """A county is a wall: neither party nor item may come from another one."""
    if decision.party_id is None or decision.party.county_id != decision.county_id:
        raise Refused("请选择或登记行政相对人。", field="party")
    item = decision.handling_item.item if decision.handling_item else None
    if item and item.county_id != decision.county_id:
        raise Refused("所选事项不在本县的事项目录中。", field="handling_item")


def fill(decision: Decision, values: Mapping[str, Any]) -> None:
    """Set what a caller may set. Raises Refused for a classification mark, and for a party or an item of another county."""
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"not fields of a draft: {sorted(unknown)}")
    for name, value in values.items():
        setattr(decision, name, _clean(name, value))
    decision.document_number = normalise_number(decision.document_number)
    if decision.valid_from and decision.valid_to and decision.valid_to < decision.valid_from:
        raise Refused("有效期止早于有效期起，请核对。", field="valid_to")
    if not decision.party_contact and decision.party_id:
        decision.party_contact = " ".join(part for part in (decision.party.contact, decision.party.phone) if part)
    if not decision.party_address and decision.party_id:
        decision.party_address = decision.party.address
    _refuse_foreign(decision)


def _clean(name: str, value: Any) -> Any:
    if name not in TEXT_FIELDS or isinstance(value, Model):
        return value
    return clean_text(name, str(value or ""))


def _refuse_same_key(decision: Decision) -> None:
    known = same_key(decision)
    if known is not None:
        same = known.content_hash == content_hash(decision)
        words = "内容相同，不需要重复登记" if same else "但内容不同，请到该决定的页面办理更正"
        code = "same" if same else "different"
        raise Refused(f"{decision.document_number} 已于此前入库，{words}。", field="document_number", code=code)


def _move(decision: Decision, state: str) -> None:
    if state not in MOVES[decision.state]:
        raise Refused(f"这份决定现在是“{decision.get_state_display()}”，不能这样办理。请刷新页面看最新情况。")
    decision.state = state
