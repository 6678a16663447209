"""One push as its page shows it: the fields that were told, its papers, its clock, its returns and its life."""

from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import Missing
from foundation.common.hooks import TimelineEntry
from foundation.deadlines import words
from foundation.deadlines.asides import attach_asides
from foundation.deadlines.queries import clocks_by_subject
from foundation.journal.models import Entry
from foundation.organizations.models import Organ
from foundation.papers.queries import of_subject
from pushes.models import Push, PushReturn, PushVersion
from pushes.presenting import MODES
from pushes.queries import CLAIM_KEYS, visible_for, with_effective_state
from pushes.returns import open_answer_clock
from pushes.snapshots import FIELD_WORDS, readable
from pushes.statuses import PushKind, PushState, ReturnAnswer

DATES = ("decided_on", "valid_from", "valid_to")
MORE = {"party_code": "信用代码", "certificate_name": "证照名称", "certificate_number": "证照编号", "commitment_mode": "告知承诺"}


def visible_push(*, actor: Actor, pk: int) -> Push:
    """The push with its effective state, if one of the actor's organs sent or received it; raises Missing otherwise."""
    rows = visible_for(actor).filter(pk=pk).select_related("sender", "receiver", "rulebook", "payload_type", "claimed_by", "liaison")
    push = with_effective_state(rows, clock.now()).first()
    if push is None:
        raise Missing
    return push


def page(*, actor: Actor, push: Push) -> dict[str, Any]:
    """Everything the page and the preview show, in a fixed number of queries."""
    clocks = clocks_by_subject(Push, [push.pk], keys=CLAIM_KEYS)
    attach_asides(clocks.values())
    versions = list(push.versions.all())
    returns = list(push.push_returns.select_related("returned_by", "answered_by", "suggested"))
    state = push.effective_state  # type: ignore[attr-defined]
    deadline = clocks.get(push.pk)
    told = readable(versions[-1].snapshot if versions else {}, ends=at_the_ends(actor, push))
    return {
        "push": push,
        "state": state,
        "state_words": PushState(state).label,
        "clock": deadline,
        "facts": facts(push, told),
        "party_name": told.get("party_name") or push.party_name,
        "mode": MODES.get(push.mode, ""),
        "papers": _papers(push),
        "versions": versions,
        "life": life(push, versions, returns, actor=actor),
        "returned": returns[-1] if returns else None,
        "answer_clock": open_answer_clock(push) if state in (PushState.RETURNED, PushState.PARKED) else None,
        "siblings": _siblings(push),
        "life_url": _life_url(push),
        "may_claim": actor.may("claim_push", push.receiver_id) and state == PushState.WAITING,
        "may_answer": actor.may("answer_return", push.sender_id) and state == PushState.RETURNED,
        "may_rule": actor.may("rule_duty", push.receiver_id) and state == PushState.PARKED,
        "may_withdraw": actor.may("answer_return", push.sender_id) and state not in GONE,
    }


GONE = (PushState.WITHDRAWN, PushState.SUPERSEDED, PushState.REASSIGNED)


def at_the_ends(actor: Actor, push: Push) -> bool:
    """Whether the person works for the sending or the receiving organ (and does not only look on)."""
    ends = (push.sender_id, push.receiver_id)
    return actor.organ_id in ends or any(actor.may(right, pk) for right in ("claim_push", "answer_return", "work_task") for pk in ends)


def facts(push: Push, snapshot: dict[str, Any]) -> list[tuple[str, str]]:
    """The eight fields in their fixed order (BA-19b), then what else helps and was told. Nothing here is newer than the snapshot."""
    rows = [(words_, _shown(key, snapshot)) for key, words_ in FIELD_WORDS.items()]
    rows += [(words_, str(snapshot[key])) for key, words_ in MORE.items() if snapshot.get(key)]
    if push.kind == PushKind.RESULT:  # a result tells what was found; the eight fields are the decision's
        rows = [("监管情况" if name == FIELD_WORDS["content"] else name, value) for name, value in rows if value]
    return [*rows, ("监管事项", push.matter)] if push.matter else rows


def _shown(key: str, snapshot: dict[str, Any]) -> str:
    value = str(snapshot.get(key) or "")
    if key == "party_contact" and not value and snapshot.get("no_contact_reason"):
        return f"没有：{snapshot['no_contact_reason']}"
    if key in DATES and value:
        try:
            day = words.cn_date(date.fromisoformat(value), year=0)
        except ValueError:
            return value
        return f"至 {day}" if key == "valid_to" else day
    return value


def _papers(push: Push) -> list[Any]:
    return list(of_subject(push.payload)) if push.payload is not None else []


def _siblings(push: Push) -> list[Push]:
    """The pushes of the same matter to other organs, with their effective states."""
    rows = Push.objects.filter(payload_type=push.payload_type, payload_id=push.payload_id, kind=push.kind).exclude(pk=push.pk)
    rows = rows.exclude(state__in=(PushState.WITHDRAWN, PushState.SUPERSEDED)).select_related("receiver")
    found = list(with_effective_state(rows, clock.now()).order_by("pk"))
    for one in found:
        one.state_words = PushState(one.effective_state).label  # type: ignore[attr-defined]
    return found


def _life_url(push: Push) -> str:
    """Where the whole life of the matter is told, if its room has such a page."""
    try:
        return reverse(f"{push.payload_type.model}_page", args=[push.payload_id])
    except NoReverseMatch:
        return ""


class Receivers:
    """Who received a push, and since an organ followed another, who receives it now: the journal knows, in one query or two."""

    def __init__(self, push: Push) -> None:
        rows = Entry.objects.filter(subject_type=Push._meta.label_lower, subject_id=push.pk, verb="push.transfer").order_by("pk")
        self._rows = [row for row in rows if row.before and row.after and row.before["receiver"] != row.after["receiver"]]
        ids = {row.before["receiver"] for row in self._rows if row.before} | {row.after["receiver"] for row in self._rows if row.after}
        self._names = dict(Organ.objects.filter(pk__in=ids).values_list("pk", "short_name")) if ids else {}
        self._now = push.receiver.short_name

    def at(self, moment: datetime) -> str:
        """The receiver's name at a moment."""
        later = next((row for row in self._rows if row.effective_at > moment), None)
        return self._names.get(later.before["receiver"], self._now) if later and later.before else self._now

    def events(self) -> list[TimelineEntry]:
        """Each change of the receiver, with its cause."""
        return [
            TimelineEntry(
                effective_at=row.effective_at,
                title=f"由{self._names.get(row.after['receiver'], '')}承接" if row.after else "",
                icon="transfer",
                text=row.reason,
            )
            for row in self._rows
        ]


def life(push: Push, versions: list[PushVersion], returns: list[PushReturn], *, actor: Actor) -> list[TimelineEntry]:
    """What has happened to the push, newest first: told, returned, answered, claimed, and what the rooms above add."""
    receivers = Receivers(push)
    entries = [
        TimelineEntry(
            effective_at=one.told_at,
            title=f"推送给{receivers.at(one.told_at)}" if one.number == 1 else f"更正推送内容，第 {one.number} 版",
            icon="send",
            text=one.cause,
        )
        for one in versions
    ]
    for row in returns:
        entries += _return_entries(receivers.at(row.returned_at), row)
    entries += receivers.events()
    if claimed := _claimed(push):
        entries.append(claimed)
    for source in hooks.timeline_of.of("pushes.push"):
        entries += source(subject=push, actor=actor)
    return sorted(entries, key=lambda entry: entry.effective_at, reverse=True)


def _return_entries(receiver: str, row: PushReturn) -> list[TimelineEntry]:
    suggested = f"，建议由{row.suggested.short_name}监管" if row.suggested else ""
    told = f"{row.get_reason_display()}：{row.explanation}{suggested}"
    entries = [
        TimelineEntry(
            effective_at=row.returned_at,
            title=f"{receiver}退回（{row.returned_by.full_name}）",
            icon="arrow-back-up",
            text=told,
        )
    ]
    if row.answered_at and row.answer != ReturnAnswer.PENDING:
        who = row.answered_by.full_name if row.answered_by else ""
        entries.append(
            TimelineEntry(
                effective_at=row.answered_at,
                title=f"答复退回：{row.get_answer_display()}（{who}）",
                icon="message-reply",
                text=row.answer_reason,
            )
        )
    return entries


def _claimed(push: Push) -> TimelineEntry | None:
    at = push.effective_claimed_at  # type: ignore[attr-defined]
    if at is None:
        return None
    if push.effective_state == PushState.AUTO_CLAIMED:  # type: ignore[attr-defined]
        return TimelineEntry(
            effective_at=at,
            recorded_at=push.recorded_at,
            title="系统自动认领",
            icon="clock-cog",
            text=f"{words.cn_end(at, year=clock.now().year)}届满，按规则由{push.receiver.short_name}承担监管责任。",
        )
    who = push.claimed_by.full_name if push.claimed_by else push.receiver.short_name
    return TimelineEntry(effective_at=at, title=f"{push.receiver.short_name}认领（{who}）", icon="circle-check")
