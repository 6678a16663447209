"""When an organ follows another, what was not yet claimed goes on under the successor; what has ended stays under the old name.

The snapshot stays as it was told. Clocks run on with their dates; their ledger says who owes them now and why.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.deadlines import actions as deadlines
from foundation.journal import actions as journal
from foundation.organizations.models import Organ
from foundation.organizations.succession import cause_of
from pushes import notify
from pushes.leaving import OPEN
from pushes.models import Push, PushReturn
from pushes.sending import LIVE
from pushes.statuses import PushState, ReturnAnswer

Key = tuple[int, int, str]


def follow_succession(*, old_organ_ids: Iterable[int], new: Organ, on: date, actor: Actor, at: datetime, document: str = "") -> int:
    """Move the unclaimed pushes of organs that end the day before `on`, and the clocks they owe on pushes, to the organ that follows them.

    What had lapsed by the end of the old organ is claimed under the old name first. A push that would meet another one of the same
    matter at the successor, or that would leave and reach one and the same organ, ends as reassigned. Returns how many moved or ended.
    """
    old = sorted(set(old_organ_ids) - {new.pk})
    cause = cause_of(old_organ_ids=old, new=new, on=on, document=document)
    _settle_the_past(old, on)
    owed = deadlines.subjects_owed_by(subject_model=Push, organ_ids=old)
    rows = _locked(Q(receiver_id__in=old) | Q(sender_id__in=old) | Q(pk__in=owed))
    moving = [push for push in rows if push.receiver_id in old or push.sender_id in old]
    staying = _doubled(moving, old, new)
    ended = [push for push in moving if push.pk in staying]
    _end(ended, staying, cause=cause, actor=actor, at=at)
    moved = [push for push in moving if push.pk not in staying]
    _move(moved, old, new, cause=cause, actor=actor, at=at)
    deadlines.transfer(
        subject_model=Push, subject_ids=[push.pk for push in rows], from_ids=old, to_id=new.pk, cause=cause, at=at, actor=actor
    )
    notify.succeeded(new, count=sum(push.receiver_id in old for push in moved), cause=cause, at=at)
    return len(moving)


def _locked(wanted: Q) -> list[Push]:
    return list(Push.objects.select_for_update(no_key=True).filter(wanted, state__in=OPEN).order_by("pk"))


def _settle_the_past(old: Sequence[int], on: date) -> None:
    """An effect that fell by 24:00 of the old organ's last day is the old organ's, whenever the succession is entered."""
    ids = [push.pk for push in _locked(Q(receiver_id__in=old))]
    deadlines.settle(subject_model=Push, subject_ids=ids, at=clock.start_of(on))


def _doubled(moving: Sequence[Push], old: Sequence[int], new: Organ) -> dict[int, int | None]:
    """Which of these cannot move, and which live push of the successor stands for it (None: the successor sent it itself)."""
    payloads = {push.payload_id for push in moving}
    live = Push.objects.filter(receiver=new, payload_id__in=payloads, state__in=LIVE).exclude(sender_id__in=old)
    standing: dict[Key, int] = {_key(push): push.pk for push in live}
    found: dict[int, int | None] = {}
    for push in moving:
        sender = new.pk if push.sender_id in old else push.sender_id
        receiver = new.pk if push.receiver_id in old else push.receiver_id
        if sender == receiver:
            found[push.pk] = None
        elif push.receiver_id in old and standing.setdefault(_key(push), push.pk) != push.pk:
            found[push.pk] = standing[_key(push)]
    return found


def _key(push: Push) -> Key:
    return push.payload_type_id, push.payload_id, push.kind


def _end(ended: Sequence[Push], staying: dict[int, int | None], *, cause: str, actor: Actor, at: datetime) -> None:
    if not ended:
        return
    ids = [push.pk for push in ended]
    why = f"{cause}，该单位已有同一件推送"
    Push.objects.filter(pk__in=ids).update(state=PushState.REASSIGNED)
    pending = list(PushReturn.objects.filter(push_id__in=ids, answer=ReturnAnswer.PENDING).order_by("pk"))
    for row in pending:
        row.answer, row.answer_reason, row.answered_at, row.answered_by_id = ReturnAnswer.REASSIGNED, why, at, actor.user_id
        row.new_push_id = staying[row.push_id]
    PushReturn.objects.bulk_update(pending, ["answer", "answer_reason", "answered_at", "answered_by", "new_push"])
    deadlines.cancel(subject_model=Push, subject_ids=ids, cause=why, at=at, actor=actor)
    for kind in dict.fromkeys(push.kind for push in ended):
        for handler in hooks.on_withdrawn.of(kind):
            handler(push_ids=[push.pk for push in ended if push.kind == kind], at=at)
    journal.write_many(
        journal.entry(
            verb="push.merge",
            actor=actor,
            subject=push,
            at=at,
            before={"state": push.state},
            after={"state": str(PushState.REASSIGNED), "new_push": staying[push.pk]},
            reason=why,
        )
        for push in ended
    )


def _move(moved: Sequence[Push], old: Sequence[int], new: Organ, *, cause: str, actor: Actor, at: datetime) -> None:
    received = [push.pk for push in moved if push.receiver_id in old]
    sent = [push.pk for push in moved if push.sender_id in old]
    Push.objects.filter(pk__in=received).update(receiver=new)
    Push.objects.filter(pk__in=sent).update(sender=new)
    journal.write_many(
        journal.entry(
            verb="push.transfer",
            actor=actor,
            subject=push,
            at=at,
            before={"sender": push.sender_id, "receiver": push.receiver_id},
            after={
                "sender": new.pk if push.sender_id in old else push.sender_id,
                "receiver": new.pk if push.receiver_id in old else push.receiver_id,
            },
            reason=cause,
        )
        for push in moved
    )
