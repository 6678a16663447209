"""What the bureau itself owes after a live decision: delivering the certificate of a grant, publishing every decision.

Both come from higher law (许可法第四十四条, 发改办财金〔2018〕424号) and run from the day of the decision, so a decision reported late may
open a clock that is past already. The day stated for the act is what counts, not the day on which it is entered.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from approvals.models import Decision, Fulfilment
from approvals.queries import lock_decisions
from approvals.statuses import DecisionKind, DecisionState, DeliveryMeans, DutyKind, Intake
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.errors import Missing, Refused
from foundation.common.secrets import refuse_secret_marks
from foundation.deadlines import actions as deadlines
from foundation.deadlines.models import Term
from foundation.journal import actions as journal

VERBS = {DutyKind.DELIVERY: "decision.deliver", DutyKind.PUBLICATION: "decision.publish"}
DONE = {DutyKind.DELIVERY: "送达", DutyKind.PUBLICATION: "公示"}
MAX_HOW, MAX_NOTE = 100, 200


def duties_of(decision: Decision) -> tuple[DutyKind, ...]:
    """What is owed after the decision: nothing after history, no certificate after a refusal."""
    if decision.intake == Intake.HISTORY:
        return ()
    return tuple(DutyKind) if decision.kind == DecisionKind.GRANT else (DutyKind.PUBLICATION,)


def open_duties(decisions: Sequence[Decision], *, at: datetime) -> None:
    """Start the clocks of decisions of one county that were issued or reported at the instant `at`, all in one statement."""
    owing = [decision for decision in decisions if duties_of(decision)]
    books = {decision.rulebook_id for decision in owing}
    rows = Term.objects.filter(rulebook_id__in=books, key__in=DutyKind.values).select_related("rulebook__county") if books else ()
    terms = {(term.rulebook_id, term.key): term for term in rows}
    deadlines.start_each(
        subject_model=Decision,
        openings=[
            deadlines.Opening(
                term=terms[decision.rulebook_id, kind],
                subject_id=decision.pk,
                organ_id=decision.organ_id,
                started_at=moment_of(decision.decided_on, told_at=at),
            )
            for decision in owing
            for kind in duties_of(decision)
            if (decision.rulebook_id, kind) in terms
        ],
        told_at=at,
    )


def moment_of(day: date, *, told_at: datetime) -> datetime:
    """The instant that stands for a day without an hour: the moment of telling on that very day, else the day's last instant."""
    return min(clock.end_of(day) - timedelta(microseconds=1), told_at)


def record_delivery(*, actor: Actor, decision_id: int, delivered_on: date, how: str, note: str = "") -> Fulfilment:
    """Record that the certificate was delivered on a day, which meets its clock as of that day.

    Recording the same again returns what is recorded. Raises Missing for a decision of another organ, Refused for a day before the
    decision or after today, and where another delivery is recorded.
    """
    if how not in DeliveryMeans.values:
        raise Refused("请选择送达方式。", field="how")
    return _record(actor=actor, decision_ids=[decision_id], kind=DutyKind.DELIVERY, done_on=delivered_on, how=how, note=note)[0]


def record_publication(*, actor: Actor, decision_id: int, published_on: date, where: str) -> Fulfilment:
    """Record that the decision was published on a day; otherwise as `record_delivery`."""
    return record_publications(actor=actor, decision_ids=[decision_id], published_on=published_on, where=where)[0]


def record_publications(*, actor: Actor, decision_ids: Sequence[int], published_on: date, where: str) -> list[Fulfilment]:
    """Record that several decisions were published together, or none of them where one is refused."""
    if not decision_ids:
        raise Refused("请先勾选要登记公示的决定。")
    place = _text("where", where, longest=MAX_HOW)
    if not place:
        raise Refused("请写明在哪里公示。", field="where")
    return _record(actor=actor, decision_ids=decision_ids, kind=DutyKind.PUBLICATION, done_on=published_on, how=place)


def _text(name: str, value: str, *, longest: int) -> str:
    text = value.strip()
    refuse_secret_marks(text, field=name)
    if len(text) > longest:
        raise Refused(f"这一栏最多 {longest} 个字，请写短一些。", field=name)
    return text


def _record(*, actor: Actor, decision_ids: Sequence[int], kind: DutyKind, done_on: date, how: str, note: str = "") -> list[Fulfilment]:
    at = clock.now()
    note = _text("note", note, longest=MAX_NOTE)
    with transaction.atomic():
        decisions = lock_decisions(actor=actor, decision_ids=decision_ids, permission="record_decision")
        if len(decisions) != len(set(decision_ids)):
            raise Missing
        known = {row.decision_id: row for row in Fulfilment.objects.filter(decision__in=decisions, kind=kind)}
        new = [decision for decision in decisions if decision.pk not in known]
        for row in known.values():
            _refuse_other(row, done_on=done_on, how=how)
        for decision in new:
            _refuse_undue(decision, kind=kind, done_on=done_on, at=at)
        made = Fulfilment.objects.bulk_create(
            Fulfilment(decision=decision, kind=kind, done_on=done_on, how=how, note=note, recorded_by_id=actor.user_id, recorded_at=at)
            for decision in new
        )
        moment = moment_of(done_on, told_at=at)
        deadlines.meet(subject_model=Decision, subject_ids=[decision.pk for decision in new], keys=[kind], at=moment)
        after = {"on": done_on.isoformat(), "how": how}
        journal.write_many(
            journal.entry(verb=VERBS[kind], actor=actor, subject=decision, at=moment, after=after, reason=note) for decision in new
        )
    return [*known.values(), *made]


def _refuse_other(row: Fulfilment, *, done_on: date, how: str) -> None:
    """A double click says the same twice; anything else is a contradiction that a person must look at."""
    if (row.done_on, row.how) != (done_on, how):
        words = f"{row.done_on.month}月{row.done_on.day}日{DONE[DutyKind(row.kind)]}"
        raise Refused(f"{row.decision} 已登记：{words}，{row.how_words}，不能再登记成别的。", code="already_recorded")


def _refuse_undue(decision: Decision, *, kind: DutyKind, done_on: date, at: datetime) -> None:
    if decision.state not in (DecisionState.ISSUED, DecisionState.UNROUTED):
        raise Refused(f"{decision} 现在是“{decision.get_state_display()}”，不能登记{DONE[kind]}。")
    if kind not in duties_of(decision):
        why = "是历史补录，不计期限" if decision.intake == Intake.HISTORY else "是不予许可决定，没有证件"
        raise Refused(f"{decision} {why}，不需要登记{DONE[kind]}。")
    if done_on > clock.civil_day(at):
        raise Refused(f"{DONE[kind]}日期不能晚于今天。", field="done_on")
    if done_on < decision.decided_on:
        raise Refused(f"{decision} 的许可日期是 {decision.decided_on:%Y-%m-%d}，{DONE[kind]}日期不能早于它。", field="done_on")
