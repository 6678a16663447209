"""What people do with pushes. Every act: the moment first, then the lock, then what had run out, then the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines import actions as deadlines
from foundation.journal import actions as journal
from foundation.organizations import queries as organizations
from pushes import notify
from pushes.models import Push, PushVersion
from pushes.queries import CLAIM_KEYS, lock_push, lock_pushes
from pushes.sending import LIVE, send
from pushes.snapshots import canonical, digest, list_name
from pushes.statuses import MOVES, PushState
from pushes.words import already

__all__ = ["ClaimResult", "claim", "correct", "mark_read", "send", "withdraw"]


@dataclass(slots=True)
class ClaimResult:
    """Which pushes the claim took, and for each other one why not, in words."""

    claimed: list[Push] = field(default_factory=list)
    skipped: list[tuple[Push, str]] = field(default_factory=list)


def claim(*, actor: Actor, push_ids: Sequence[int]) -> ClaimResult:
    """Take responsibility for pushes the actor's organ received (SC-26b, BA-19a). A claim before the moment always wins.

    A push that had lapsed by the moment of the click is claimed by the clock first, whether or not a sweep has been round; it is then
    among the skipped ones. Raises Missing for a push of another organ; nothing is claimed then.
    """
    at = clock.now()
    result = ClaimResult()
    with transaction.atomic():
        pushes = _settled(lock_pushes(actor=actor, push_ids=push_ids, permission="claim_push", side="receiver"), at=at)
        for push in pushes:
            if push.state == PushState.WAITING:
                result.claimed.append(push)
            else:
                result.skipped.append((push, already(push)))
        if result.claimed:
            _claim(result.claimed, actor=actor, at=at)
    return result


def _claim(pushes: Sequence[Push], *, actor: Actor, at: datetime) -> None:
    ids = [push.pk for push in pushes]
    Push.objects.filter(pk__in=ids).update(
        state=PushState.CLAIMED, claimed_at=at, claimed_by_id=actor.user_id, liaison_id=actor.user_id, recorded_at=at
    )
    deadlines.meet(subject_model=Push, subject_ids=ids, keys=CLAIM_KEYS, at=at)
    journal.write_many(
        journal.entry(
            verb="push.claim", actor=actor, subject=push, at=at, before={"state": push.state}, after={"state": str(PushState.CLAIMED)}
        )
        for push in pushes
    )
    for push in pushes:
        push.state, push.claimed_at, push.claimed_by_id = PushState.CLAIMED, at, actor.user_id
    tell_claimed(pushes, at=at)


def tell_claimed(pushes: Sequence[Push], *, at: datetime) -> None:
    """Let the rooms above do what a claim brings about, one call per kind."""
    for kind in dict.fromkeys(push.kind for push in pushes):
        for handler in hooks.on_claimed.of(kind):
            handler(push_ids=[push.pk for push in pushes if push.kind == kind], at=at)


def _settled(pushes: list[Push], *, at: datetime) -> list[Push]:
    """The same locked rows after every effect that had happened by `at`."""
    if deadlines.settle(subject_model=Push, subject_ids=[push.pk for push in pushes], at=at):
        fresh = Push.objects.select_related("claimed_by").in_bulk([push.pk for push in pushes])
        return [fresh[push.pk] for push in pushes]
    return pushes


def settled_push(*, actor: Actor, push_id: int, permission: str, side: str, at: datetime) -> Push:
    """One push, locked, after every effect that had happened by `at`."""
    return _settled([lock_push(actor=actor, push_id=push_id, permission=permission, side=side)], at=at)[0]


def move(push: Push, state: PushState) -> None:
    """Set a new state after the table of moves; raises Refused with what has happened meanwhile."""
    if state not in MOVES[push.state]:
        raise Refused(already(push))
    push.state = state


def mark_read(*, actor: Actor, push_id: int) -> None:
    """Remember when the receiving organ first opened a push. Read by somebody else, it stays unread."""
    Push.objects.filter(pk=push_id, receiver_id__in=actor.organs("claim_push"), first_read_at=None).update(first_read_at=clock.now())


def withdraw(*, actor: Actor, push_id: int, reason: str) -> Push:
    """Take a push back (E-43): its clocks are cancelled, the receiver is told, and what it opened there ends."""
    at = clock.now()
    if not reason.strip():
        raise Refused("请写明撤回的理由，对方单位会看到。", field="reason")
    with transaction.atomic():
        push = settled_push(actor=actor, push_id=push_id, permission="answer_return", side="sender", at=at)
        before = push.state
        move(push, PushState.WITHDRAWN)
        push.save(update_fields=["state"])
        _end(push, cause=f"推送已撤回：{reason.strip()}", actor=actor, at=at)
        journal.write(
            verb="push.withdraw", actor=actor, subject=push, at=at, before={"state": before}, after={"state": push.state}, reason=reason
        )
        notify.withdrawn(push, reason=reason, at=at)
    return push


def _end(push: Push, *, cause: str, actor: Actor, at: datetime) -> None:
    deadlines.cancel(subject_model=Push, subject_ids=[push.pk], cause=cause, at=at, actor=actor)
    for handler in hooks.on_withdrawn.of(push.kind):
        handler(push_ids=[push.pk], at=at)


def correct(*, actor: Actor, push_id: int, snapshot: Mapping[str, Any], substance: bool, reason: str) -> Push:
    """Tell the receiver a corrected version (E-43). A slip of the pen leaves the clock running; a change of substance restarts it.

    With a change of substance the old push is superseded and a new one, with its own clock, takes its place. Returns the push that
    now stands.
    """
    at = clock.now()
    if not reason.strip():
        raise Refused("请写明更正的内容和理由，对方单位会看到。", field="reason")
    with transaction.atomic():
        push = settled_push(actor=actor, push_id=push_id, permission="answer_return", side="sender", at=at)
        if push.snapshot_hash == digest(snapshot):
            raise Refused("更正后的内容与已推送的完全相同，没有需要推送的变化。")
        return _restart(push, snapshot, actor, at, reason) if substance else _amend(push, snapshot, actor, at, reason)


def _amend(push: Push, snapshot: Mapping[str, Any], actor: Actor, at: datetime, reason: str) -> Push:
    before = push.snapshot_hash
    push.version += 1
    push.snapshot_hash = digest(snapshot)
    push.party_name = (list_name(snapshot) or push.party_name)[:200]
    push.document_number = str(snapshot.get("document_number", push.document_number))[:80]
    push.save(update_fields=["version", "snapshot_hash", "party_name", "document_number"])
    PushVersion.objects.create(
        push=push, number=push.version, snapshot=dict(snapshot), sha256=push.snapshot_hash, told_at=at, cause=reason.strip()[:200]
    )
    after = {"version": push.version, "sha256": push.snapshot_hash, "bytes": len(canonical(snapshot))}
    journal.write(verb="push.correct", actor=actor, subject=push, at=at, before={"sha256": before}, after=after, reason=reason)
    notify.corrected(push, reason=reason, at=at)
    return push


def _restart(push: Push, snapshot: Mapping[str, Any], actor: Actor, at: datetime, reason: str) -> Push:
    before = push.state
    move(push, PushState.SUPERSEDED)
    push.save(update_fields=["state"])
    _end(push, cause=f"内容有实质更正，新期限另起：{reason.strip()}", actor=actor, at=at)
    journal.write(
        verb="push.supersede", actor=actor, subject=push, at=at, before={"state": before}, after={"state": push.state}, reason=reason
    )
    parcel = same_parcel(push, snapshot=snapshot)
    if _stands_already(push, parcel):
        return push
    return send(**parcel, actor=actor, at=at, previous=push)[0]


def _stands_already(push: Push, parcel: Mapping[str, Any]) -> bool:
    """Whether organs have become one since, so that the receiver is the sender or has a live push of the same matter of its own."""
    receiver_id = parcel["receivers"][0].organ_id
    if receiver_id == push.receiver_id:
        return False
    same = Push.objects.filter(payload_type_id=push.payload_type_id, payload_id=push.payload_id, kind=push.kind)
    return bool(receiver_id == parcel["sender_id"] or same.filter(receiver_id=receiver_id, state__in=LIVE).exists())


def same_parcel(push: Push, *, snapshot: Mapping[str, Any] | None = None, receiver_id: int | None = None) -> dict[str, Any]:
    """The arguments with which the parcel of `push` is sent again, to the same receiver or to another; closed organs have successors."""
    from pushes.routes import Route

    told = snapshot if snapshot is not None else push.versions.get(number=push.version).snapshot
    route = Route(
        organ_id=receiver_id or organizations.standing_organ(push.receiver_id),
        matter=push.matter if receiver_id is None else "",
        mode=push.mode,
    )
    return {
        "payload": push.payload,
        "kind": push.kind,
        "sender_id": organizations.standing_organ(push.sender_id),
        "receivers": [route],
        "snapshot": told,
        "title": push.title,
        "rulebook": push.rulebook,
    }
