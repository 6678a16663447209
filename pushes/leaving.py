"""Pushes that name a leaver as their liaison: somebody else must be named before the post ends."""

from collections.abc import Iterable

from django.db.models import QuerySet

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.common.hooks import OpenWork
from foundation.journal import actions as journal
from pushes.models import Push
from pushes.statuses import PushState

OPEN = (PushState.WAITING, PushState.RETURNED, PushState.PARKED)
"""A push that is not claimed yet; what comes after the claim is the task's."""


def _named(user_id: int, organ_id: int) -> QuerySet[Push]:
    return Push.objects.filter(receiver_id=organ_id, liaison_id=user_id, state__in=OPEN).order_by("pk")


def open_work(*, user_id: int, organ_id: int) -> Iterable[OpenWork]:
    """The unclaimed pushes of an organ that name the person as liaison."""
    for push in _named(user_id, organ_id):
        yield OpenWork(kind="待认领推送", subject_id=push.pk, title=f"{push.title} {push.document_number}".strip())


def hand_over(*, user_id: int, organ_id: int, to_user_id: int, actor: Actor) -> int:
    """Name another liaison on a leaver's unclaimed pushes, inside the caller's transaction; returns how many."""
    at = clock.now()
    pushes = list(_named(user_id, organ_id).select_for_update(no_key=True))
    Push.objects.filter(pk__in=[push.pk for push in pushes]).update(liaison_id=to_user_id)
    before, after = {"liaison": user_id}, {"liaison": to_user_id}
    journal.write_many(
        journal.entry(verb="push.hand_over", actor=actor, subject=push, at=at, before=before, after=after) for push in pushes
    )
    return len(pushes)
