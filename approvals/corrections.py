"""更正 and 作废: setting right what was registered wrongly. Not a legal change; a second person decides, every receiver is told (E-43)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from approvals.models import Correction, Decision
from approvals.queries import lock_decision, pushes_of, same_key
from approvals.snapshot import content_hash, search_text, told_of
from approvals.statuses import CorrectionKind, CorrectionState, DecisionState
from approvals.texts import clean_text
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Missing, NotYours, Refused
from foundation.deadlines import actions as deadlines
from foundation.journal import actions as journal
from foundation.papers.numbers import normalise_number
from pushes import actions as pushes
from pushes.sending import LIVE
from pushes.snapshots import check_complete

AMENDABLE = ("title", "document_number", "certificate_name", "certificate_number", "content", "party_contact", "party_address")
"""What a registration error may lie in. Item, party and dates decide power and rulebook: there a wrong record is voided and made anew."""
MIN_REASON = 5


def propose(
    *, actor: Actor, decision_id: int, kind: str, reason: str, values: Mapping[str, str] | None = None, substance: bool = False
) -> Correction:
    """Ask for a correction or for voiding; nothing changes before a second person has approved it."""
    at = clock.now()
    if kind not in CorrectionKind.values:
        raise Refused("请选择更正还是作废。", field="kind")
    if len(reason.strip()) < MIN_REASON:
        raise Refused(f"请写明理由，不少于 {MIN_REASON} 个字，各监管部门会看到。", field="reason")
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=decision_id, permission="record_decision")
        if decision.state not in (DecisionState.ISSUED, DecisionState.UNROUTED):
            raise Refused("只有已签发或已入库的决定可以更正、作废；起草中的直接修改即可。")
        if decision.corrections.filter(state=CorrectionState.PROPOSED).exists():
            raise Refused("这份决定已有一项更正或作废在等复核，请先办完那一项。")
        changes = _changes(decision, values or {}) if kind == CorrectionKind.AMEND else {}
        row = Correction.objects.create(
            decision=decision,
            kind=kind,
            changes=changes,
            substance=substance,
            reason=reason.strip(),
            proposed_by_id=person_of(actor),
            proposed_at=at,
        )
        after = {"kind": kind, "fields": sorted(changes), "substance": substance}
        journal.write(verb="decision.propose_correction", actor=actor, subject=decision, at=at, after=after, reason=reason.strip())
    return row


def person_of(actor: Actor) -> int:
    """The person who acts. A correction is never the act of a rule or of an exchange without a person behind it."""
    if actor.user_id is None:
        raise NotYours("更正和作废须由具体人员提出。")
    return actor.user_id


def _changes(decision: Decision, values: Mapping[str, str]) -> dict[str, list[str]]:
    changes: dict[str, list[str]] = {}
    for name in AMENDABLE:
        old, new = getattr(decision, name), clean_text(name, str(values.get(name, getattr(decision, name))))
        new = normalise_number(new) if name == "document_number" else new
        if new != old:
            changes[name] = [old, new]
    if not changes:
        raise Refused("没有改动任何一项，不需要更正。", field="content")
    if "document_number" in changes and not changes["document_number"][1]:
        raise Refused("法律文书编号不能改成空白。", field="document_number")
    return changes


def decide(*, actor: Actor, correction_id: int, approve: bool, answer: str = "") -> Correction:
    """Approve a proposal, which carries it out at once and tells every receiver, or reject it with a reason.

    Raises NotYours for the person who proposed it (a second pair of eyes), Refused where it was decided before.
    """
    at = clock.now()
    known = Correction.objects.filter(pk=correction_id).values_list("decision_id", flat=True).first()
    if known is None:
        raise Missing
    with transaction.atomic():
        decision = lock_decision(actor=actor, decision_id=known, permission="issue_decision")
        row = Correction.objects.select_for_update(no_key=True).get(pk=correction_id)
        if row.state != CorrectionState.PROPOSED:
            raise Refused("这一项已经复核过了，请刷新页面看结果。")
        if row.proposed_by_id == actor.user_id:
            raise NotYours("提出人不能复核自己提出的更正或作废，请交另一位有签发权的同事。")
        if not approve and not answer.strip():
            raise Refused("不同意的，请写明理由。", field="answer")
        row.state = CorrectionState.APPROVED if approve else CorrectionState.REJECTED
        row.approved_by_id, row.decided_at, row.answer = actor.user_id, at, answer.strip()
        row.save(update_fields=["state", "approved_by", "decided_at", "answer"])
        verb = f"decision.{row.kind}" if approve else "decision.reject_correction"
        journal.write(
            verb=verb, actor=actor, subject=decision, at=at, after={"fields": sorted(row.changes)}, reason=answer.strip() or row.reason
        )
        if approve:
            carry_out = _amend if row.kind == CorrectionKind.AMEND else _void
            carry_out(decision, row, actor=actor, at=at)
    return row


def _amend(decision: Decision, row: Correction, *, actor: Actor, at: datetime) -> None:
    for name, (_, new) in row.changes.items():
        setattr(decision, name, new)
    if same_key(decision) is not None:
        raise Refused(f"{decision.document_number} 已有另一份入库的决定，不能更正成同一文号。", field="document_number")
    decision.content_hash, decision.search_text = content_hash(decision), search_text(decision)
    decision.save()
    snapshot = told_of(decision)
    live = _live(decision)
    if live:
        check_complete(snapshot=snapshot, rulebook=decision.rulebook)
    for push_id in live:
        pushes.correct(actor=actor, push_id=push_id, snapshot=snapshot, substance=row.substance, reason=row.reason)


def _void(decision: Decision, row: Correction, *, actor: Actor, at: datetime) -> None:
    decision.state = DecisionState.VOIDED
    decision.save(update_fields=["state"])
    cause = f"决定登记已作废：{row.reason}"[:300]
    deadlines.cancel(subject_model=Decision, subject_ids=[decision.pk], cause=cause, at=at, actor=actor)
    for push_id in _live(decision):
        pushes.withdraw(actor=actor, push_id=push_id, reason=f"决定登记已作废：{row.reason}")


def _live(decision: Decision) -> list[int]:
    """Ids of the pushes that still stand, in the order in which they are locked."""
    return sorted(pushes_of(decision).filter(state__in=LIVE).values_list("pk", flat=True))
