"""Sending: the parcel, its immutable snapshot, its claim clock, its journal row and its notices, all in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from foundation.common import hooks
from foundation.common.actors import Actor
from foundation.common.errors import Refused
from foundation.deadlines import actions as deadlines
from foundation.deadlines.models import Rulebook
from foundation.deadlines.queries import term_of, type_of
from foundation.journal import actions as journal
from pushes import notify
from pushes.models import Push, PushVersion
from pushes.routes import Route
from pushes.snapshots import check_complete, digest, list_name
from pushes.statuses import CLAIM_TERMS, PushKind, PushState

LIVE = (PushState.WAITING, PushState.CLAIMED, PushState.AUTO_CLAIMED, PushState.RETURNED, PushState.PARKED)


@transaction.atomic(savepoint=False)
def send(
    *,
    payload: Model,
    kind: str,
    sender_id: int,
    receivers: Sequence[Route],
    snapshot: Mapping[str, Any],
    title: str,
    rulebook: Rulebook,
    actor: Actor,
    at: datetime,
    previous: Push | None = None,
) -> list[Push]:
    """Push `payload` from one organ to others: one push per receiving organ, each with its own clock (SC-26a, E-06).

    `at` is the instant of the push; its day is day 0 of the claim clocks. Raises Refused where a compulsory field is missing (BA-19b)
    or where a receiver has a live push of the same payload already.
    """
    if kind in (PushKind.DECISION, PushKind.COMMITMENT):
        check_complete(snapshot=snapshot, rulebook=rulebook)
    _refuse_doubles(payload=payload, kind=kind, receivers=receivers)
    pushes = _create(payload, kind, sender_id, receivers, snapshot, title, rulebook, actor, at, previous)
    term = term_of(rulebook=rulebook, key=CLAIM_TERMS[kind])
    if term:
        deadlines.start(term=term, subject_model=Push, subjects=[(push.pk, push.receiver_id) for push in pushes], started_at=at)
    journal.write_many(
        journal.entry(
            verb="push.send",
            actor=actor,
            subject=push,
            at=at,
            after={"kind": kind, "receiver": push.receiver_id, "sha256": push.snapshot_hash, "previous": push.previous_id},
        )
        for push in pushes
    )
    notify.received(pushes, at=at)
    for handler in hooks.on_sent.of(kind):
        handler(push_ids=[push.pk for push in pushes], at=at)
    return pushes


def _refuse_doubles(*, payload: Model, kind: str, receivers: Sequence[Route]) -> None:
    organs = [route.organ_id for route in receivers]
    if len(set(organs)) != len(organs):
        raise Refused("同一件不能向同一个单位推送两次，请合并后再推送。")
    doubled = (
        Push.objects.filter(payload_type=type_of(type(payload)), payload_id=payload.pk, kind=kind, receiver_id__in=organs, state__in=LIVE)
        .select_related("receiver")
        .first()
    )
    if doubled:
        raise Refused(f"这一件已经推送给{doubled.receiver.short_name}，不需要再推送。")


def _create(
    payload: Model,
    kind: str,
    sender_id: int,
    receivers: Sequence[Route],
    snapshot: Mapping[str, Any],
    title: str,
    rulebook: Rulebook,
    actor: Actor,
    at: datetime,
    previous: Push | None,
) -> list[Push]:
    sha256 = digest(snapshot)
    pushes = Push.objects.bulk_create(
        Push(
            county_id=actor.county_id,
            kind=kind,
            sender_id=sender_id,
            receiver_id=route.organ_id,
            payload_type=type_of(type(payload)),
            payload_id=payload.pk,
            rulebook=rulebook,
            title=title[:200],
            matter=route.matter[:200],
            mode=route.mode,
            party_name=list_name(snapshot)[:200],
            document_number=str(snapshot.get("document_number", ""))[:80],
            snapshot_hash=sha256,
            pushed_at=at,
            pushed_by_id=actor.user_id,
            liaison_id=route.liaison_id,
            returns=previous.returns if previous else 0,
            previous=previous,
        )
        for route in receivers
    )
    PushVersion.objects.bulk_create(PushVersion(push=push, number=1, snapshot=dict(snapshot), sha256=sha256, told_at=at) for push in pushes)
    return pushes
