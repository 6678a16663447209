"""The life of a decision as a timeline: what the bureau did, what went through the corridor, and what other rooms add."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Model

from approvals.duties import moment_of
from approvals.listing import claim_words
from approvals.models import Correction, Decision, Fulfilment
from approvals.queries import pushes_of, visible_for
from approvals.snapshot import item_name
from approvals.statuses import CorrectionKind, CorrectionState, DecisionKind, DecisionState, DutyKind, Intake, Origin
from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.hooks import TimelineEntry
from foundation.deadlines.queries import clocks_by_subject, clocks_of
from pushes.models import Push, PushReturn
from pushes.queries import CLAIM_KEYS, with_effective_state
from pushes.sending import LIVE
from pushes.statuses import PushKind, PushState, ReturnAnswer

KIND_WORDS = {PushKind.DECISION: "推送许可结果", PushKind.COMMITMENT: "推送告知承诺许可", PushKind.CHANGE: "推送变更结果"}
FULFILLED = {DutyKind.DELIVERY: ("证件已送达", "mail-check"), DutyKind.PUBLICATION: ("决定已公示", "world-check")}
BLUE = 1
"""Weight of an event that creates or changes the licence: its dot is blue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry as the timeline prints it: an effect at midnight belongs to the day that ends, at 24:00; a day without an hour has none."""

    entry: TimelineEntry
    day: date
    hour: str


def life_of(decision: Decision, *, actor: Actor) -> list[Event]:
    """Everything that happened, latest first; of one moment, what its source told later comes first."""
    found: list[TimelineEntry] = []
    for source in hooks.timeline_of.of(Decision._meta.label_lower):
        found.extend(source(subject=decision, actor=actor))
    return [_event(entry) for _, entry in sorted(enumerate(found), key=lambda one: (one[1].effective_at, one[0]), reverse=True)]


def _event(entry: TimelineEntry) -> Event:
    moment = clock.local(entry.effective_at)
    if (entry.context or {}).get("whole_day"):
        return Event(entry=entry, day=moment.date(), hour="")
    if moment == clock.start_of(moment.date()):
        return Event(entry=entry, day=clock.day_of_effect(moment), hour="24:00")
    return Event(entry=entry, day=moment.date(), hour=f"{moment:%H:%M}")


def own_events(*, subject: Model, actor: Actor) -> Iterable[TimelineEntry]:
    """Drafting, submitting, issuing, pushing, returns and corrections of a decision."""
    if not isinstance(subject, Decision):
        raise TypeError(type(subject))
    at = clock.now()
    yield from _making(subject)
    pushes = list(with_effective_state(pushes_of(subject), at))
    yield from _pushing(pushes)
    yield from _returns([push.pk for push in pushes if push.returns])
    yield from _corrections(subject)
    yield from _fulfilled(subject)


def party_events(*, subject: Model, actor: Actor) -> Iterable[TimelineEntry]:
    """The decisions on a party that the actor may see."""
    rows = visible_for(actor).filter(party_id=subject.pk, state__in=(DecisionState.ISSUED, DecisionState.VOIDED))
    for row in rows.select_related("handling_item__item", "organ").order_by("-decided_on", "-id")[:200]:
        yield TimelineEntry(
            effective_at=clock.start_of(row.decided_on),
            title=item_name(row),
            icon="file-certificate",
            text=f"{row.organ.short_name}，{row.document_number}",
            tag="作废" if row.state == DecisionState.VOIDED else str(row.get_kind_display()),
            weight=BLUE,
            template="approvals/parts/open_link.html",
            context={"decision_id": row.pk},
        )


def _making(decision: Decision) -> Iterable[TimelineEntry]:
    if decision.origin == Origin.ISSUED_HERE:
        yield TimelineEntry(effective_at=decision.drafted_at, title="起草", icon="pencil", text=_name(decision.drafted_by))
    if decision.submitted_at and decision.state != DecisionState.DRAFT:
        yield TimelineEntry(effective_at=decision.submitted_at, title="提交签发", icon="send-2", text=_name(decision.drafted_by))
    if decision.issued_at is None:
        return
    here = decision.origin == Origin.ISSUED_HERE
    title = "准予许可决定" if decision.kind == DecisionKind.GRANT else "不予许可决定"
    yield TimelineEntry(
        effective_at=decision.issued_at,
        title=title if here else f"{title}登记入库",
        icon="file-certificate",
        text=f"{_name(decision.issued_by)}签发。" if here else f"系统外作出，{_name(decision.drafted_by)}登记。",
        tag="准予" if decision.kind == DecisionKind.GRANT else "不予",
        weight=BLUE,
        template="approvals/parts/life_decision.html",
        context={"decision": decision, "history": decision.intake == Intake.HISTORY},
    )


def _name(user: object) -> str:
    return str(user) if user else "数据接口"


def _pushing(pushes: Sequence[Push]) -> Iterable[TimelineEntry]:
    clocks = clocks_by_subject(Push, [push.pk for push in pushes], keys=CLAIM_KEYS)
    for (moment, kind), group in groupby(pushes, key=lambda push: (push.pushed_at, push.kind)):
        rows = list(group)
        states = [row.effective_state for row in rows if row.state in LIVE]  # type: ignore[attr-defined]
        words = claim_words(organs=len(states), claimed=states.count(PushState.CLAIMED), auto=states.count(PushState.AUTO_CLAIMED))
        title = KIND_WORDS.get(PushKind(kind), str(PushKind(kind).label))
        yield TimelineEntry(
            effective_at=moment,
            title=f"{title}，{words}" if words else title,
            icon="send",
            template="approvals/parts/life_pushes.html",
            context={"rows": [{"push": row, "clock": clocks.get(row.pk)} for row in rows]},
        )


def _returns(push_ids: Sequence[int]) -> Iterable[TimelineEntry]:
    rows = PushReturn.objects.filter(push_id__in=push_ids).select_related("push__receiver", "returned_by", "answered_by", "suggested")
    for row in rows.order_by("returned_at"):
        advice = f"，建议改由{row.suggested.short_name}监管" if row.suggested else ""
        yield TimelineEntry(
            effective_at=row.returned_at,
            title=f"{row.push.receiver.short_name}退回推送",
            icon="arrow-back-up",
            text=f"{row.get_reason_display()}：{row.explanation}{advice}（{row.returned_by.full_name}）",
        )
        if row.answered_at and row.answer != ReturnAnswer.PENDING:
            yield TimelineEntry(
                effective_at=row.answered_at,
                title=f"答复退回：{row.get_answer_display()}",
                icon="message-reply",
                text=f"{row.answer_reason}（{_name(row.answered_by)}）",
            )


def _corrections(decision: Decision) -> Iterable[TimelineEntry]:
    for row in Correction.objects.filter(decision=decision).select_related("proposed_by", "approved_by"):
        words = CorrectionKind(row.kind).label
        yield TimelineEntry(
            effective_at=row.proposed_at, title=f"提出{words}", icon="edit", text=f"{row.reason}（{row.proposed_by.full_name}）"
        )
        if row.decided_at is None:
            continue
        approved = row.state == CorrectionState.APPROVED
        yield TimelineEntry(
            effective_at=row.decided_at,
            title=f"{words}{'已办理，已告知各监管部门' if approved else '未同意'}",
            icon="circle-check" if approved else "circle-x",
            text=f"{row.answer or '同意'}（{_name(row.approved_by)}）",
            template="approvals/parts/life_changes.html" if approved and row.changes else "",
            context={"changes": row.change_words()},
        )


def _fulfilled(decision: Decision) -> Iterable[TimelineEntry]:
    """What the bureau did after the decision, under the day stated for it; entered later is said."""
    rows = list(Fulfilment.objects.filter(decision=decision).select_related("recorded_by"))
    clocks = {row.term.key: row for row in clocks_of(decision).filter(term__key__in=DutyKind.values)} if rows else {}
    for row in rows:
        title, icon = FULFILLED[DutyKind(row.kind)]
        later = row.done_on != clock.civil_day(row.recorded_at)
        yield TimelineEntry(
            effective_at=moment_of(row.done_on, told_at=row.recorded_at),
            title=title,
            icon=icon,
            template="approvals/parts/life_duty.html",
            context={"row": row, "by": _name(row.recorded_by), "clock": clocks.get(row.kind), "whole_day": later},
        )
