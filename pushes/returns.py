"""Returns as misrouted (E-05): back to the sender, answered on the sender's own clock; until then the claim clock is held.

A second return parks the push for a duty ruling (SC-20e, PL-15d, BS-13a), so that nobody dodges a clock by sending things round.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import Missing, Refused
from foundation.deadlines import actions as deadlines
from foundation.deadlines.models import Deadline, Rulebook
from foundation.deadlines.queries import clocks_by_subject, term_of
from foundation.journal import actions as journal
from foundation.organizations.models import Organ
from pushes import notify
from pushes.actions import move, same_parcel, settled_push
from pushes.models import Push, PushReturn
from pushes.queries import CLAIM_KEYS
from pushes.sending import send
from pushes.statuses import PushState, ReturnAnswer, ReturnReason
from pushes.words import already

ANSWER_TERM = "return_answer"
RULING_TERM = "duty_ruling"
LEAST_EXPLANATION = 5


def give_back(*, actor: Actor, push_id: int, reason: str, explanation: str, suggested_id: int | None = None) -> PushReturn:
    """Return a push as misrouted, before it is claimed and before its claim clock has run out (E-05).

    The first return goes to the sender, the second one to whoever rules on duties in the county. Raises Refused with words for the
    clerk, Missing for a push of another organ.
    """
    at = clock.now()
    explanation = explanation.strip()
    if reason not in ReturnReason.values:
        raise Refused("请选择退回的理由。", field="reason")
    if len(explanation) < LEAST_EXPLANATION:
        raise Refused("请用一两句话说明为什么不属于本单位，发送单位要据此答复。", field="explanation")
    with transaction.atomic():
        push = settled_push(actor=actor, push_id=push_id, permission="claim_push", side="receiver", at=at)
        if push.state != PushState.WAITING:
            raise Refused(already(push))
        _refuse_late(push, at=at)
        suggested = _suggested(push, suggested_id)
        return _return(push, actor=actor, reason=reason, explanation=explanation, suggested=suggested, at=at)


def _refuse_late(push: Push, *, at: datetime) -> None:
    running = clocks_by_subject(Push, [push.pk], keys=CLAIM_KEYS).get(push.pk)
    if running and not running.term.advisory and running.due_at <= at:
        raise Refused("认领期限已过，不能再退回。请先认领；确实不属于本单位的，认领后发函商请改派。")


def _suggested(push: Push, organ_id: int | None) -> Organ | None:
    if organ_id is None:
        return None
    organ = Organ.objects.filter(pk=organ_id, county_id=push.county_id, closed_on=None).first()
    if organ is None or organ.pk == push.receiver_id:
        raise Refused("建议的单位不在本县的机关名录中，请重新选择。", field="suggested_id")
    return organ


def _return(push: Push, *, actor: Actor, reason: str, explanation: str, suggested: Organ | None, at: datetime) -> PushReturn:
    parks = push.returns >= 1
    move(push, PushState.PARKED if parks else PushState.RETURNED)
    push.returns += 1
    push.save(update_fields=["state", "returns"])
    row = PushReturn.objects.create(
        push=push,
        number=push.push_returns.count() + 1,
        reason=reason,
        explanation=explanation,
        suggested=suggested,
        returned_at=at,
        returned_by_id=actor.person,
        answer=ReturnAnswer.RULED if parks else ReturnAnswer.PENDING,
    )
    deadlines.hold(subject_model=Push, subject_id=push.pk, keys=CLAIM_KEYS, cause="退回，等候答复", at=at, actor=actor)
    obliged = ruling_organ(push) if parks else push.sender
    term = term_of(rulebook=push.rulebook, key=RULING_TERM if parks else ANSWER_TERM)
    if term:
        deadlines.start(term=term, subject_model=Push, subjects=[(push.pk, obliged.pk)], started_at=at)
    after = {"state": push.state, "reason": reason, "suggested": suggested.pk if suggested else None}
    journal.write(verb="push.return", actor=actor, subject=push, at=at, before={"state": "waiting"}, after=after, reason=explanation)
    notify.returned(push, row, to=obliged, at=at)
    return row


def ruling_organ(push: Push) -> Organ:
    """Who rules on a disputed duty: the first organ of the county's chain that exists (parameter `duty_ruling`), else the sender."""
    kinds = _ruling_kinds(push.rulebook)
    organs = {organ.kind: organ for organ in Organ.objects.filter(county_id=push.county_id, kind__in=kinds, closed_on=None)}
    return next((organs[kind] for kind in kinds if kind in organs), push.sender)


def _ruling_kinds(rulebook: Rulebook) -> Sequence[str]:
    value = rulebook.parameters.get("duty_ruling", {}).get("value", ())
    return [value] if isinstance(value, str) else [str(kind) for kind in value]


def answer_return(*, actor: Actor, push_id: int, answer: str, reason: str, receiver_id: int | None = None) -> Push:
    """The sender's answer to a return: maintain the push, or reassign it to another organ.

    A maintained push goes on with its old clock, not reset; a reassigned one is a new push with its own clock (E-05). Returns the push
    that now stands.
    """
    at = clock.now()
    with transaction.atomic():
        push = settled_push(actor=actor, push_id=push_id, permission="answer_return", side="sender", at=at)
        if push.state != PushState.RETURNED:
            raise Refused(already(push))
        return _settle_return(push, actor=actor, answer=answer, reason=reason, receiver_id=receiver_id, at=at)


def rule_on(*, actor: Actor, push_id: int, answer: str, reason: str, receiver_id: int | None = None) -> Push:
    """The duty ruling on a push that was returned twice (SC-20e): it binds, in the same two ways as a sender's answer."""
    at = clock.now()
    with transaction.atomic():
        push = Push.objects.select_for_update(no_key=True).filter(pk=push_id, county_id=actor.county_id).first()
        if push is None or not actor.may("rule_duty", push.receiver_id):
            raise Missing
        if push.state != PushState.PARKED:
            raise Refused(already(push))
        return _settle_return(push, actor=actor, answer=answer, reason=reason, receiver_id=receiver_id, at=at)


def _settle_return(push: Push, *, actor: Actor, answer: str, reason: str, receiver_id: int | None, at: datetime) -> Push:
    if not reason.strip():
        raise Refused("请写明答复的理由，对方单位会看到。", field="reason")
    if answer == ReturnAnswer.CONFIRMED:
        stands = _confirm(push, actor=actor, at=at)
    elif answer == ReturnAnswer.REASSIGNED:
        stands = _reassign(push, actor=actor, receiver_id=receiver_id, reason=reason, at=at)
    else:
        raise Refused("请选择维持原推送，或者改派给其他单位。", field="answer")
    row = push.push_returns.order_by("-number")[0]
    row.answer, row.answer_reason, row.answered_at, row.answered_by_id = answer, reason.strip(), at, actor.user_id
    row.new_push = stands if stands.pk != push.pk else None
    row.save(update_fields=["answer", "answer_reason", "answered_at", "answered_by", "new_push"])
    deadlines.meet(subject_model=Push, subject_ids=[push.pk], keys=[ANSWER_TERM, RULING_TERM], at=at)
    after = {"state": push.state, "new_push": row.new_push_id}
    journal.write(verb=f"push.{answer}", actor=actor, subject=push, at=at, after=after, reason=reason.strip())
    notify.answered(push, row, at=at)
    return stands


def _confirm(push: Push, *, actor: Actor, at: datetime) -> Push:
    move(push, PushState.WAITING)
    push.save(update_fields=["state"])
    deadlines.release(subject_model=Push, subject_id=push.pk, keys=CLAIM_KEYS, cause="发送单位维持原推送，期限恢复", at=at, actor=actor)
    return push


def _reassign(push: Push, *, actor: Actor, receiver_id: int | None, reason: str, at: datetime) -> Push:
    organ = Organ.objects.filter(pk=receiver_id, county_id=push.county_id, closed_on=None).first() if receiver_id else None
    if organ is None or organ.pk == push.receiver_id:
        raise Refused("请选择改派给哪个单位；不能改派给原单位。", field="receiver_id")
    move(push, PushState.REASSIGNED)
    push.save(update_fields=["state"])
    deadlines.cancel(
        subject_model=Push, subject_ids=[push.pk], keys=CLAIM_KEYS, cause=f"已改派{organ.short_name}，新期限另起", at=at, actor=actor
    )
    for handler in hooks.on_withdrawn.of(push.kind):
        handler(push_ids=[push.pk], at=at)
    return send(**same_parcel(push, receiver_id=organ.pk), actor=actor, at=at, previous=push)[0]


def open_answer_clock(push: Push) -> Deadline | None:
    """The clock on which the return (or the ruling) must be answered, where one was started."""
    return clocks_by_subject(Push, [push.pk], keys=[ANSWER_TERM, RULING_TERM]).get(push.pk)
