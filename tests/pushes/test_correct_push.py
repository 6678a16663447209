"""A sender takes a push back or corrects it (E-43)."""

import pytest

from foundation.common import clock
from foundation.common.errors import Missing, Refused
from foundation.deadlines.models import Deadline
from foundation.notices.models import Notice
from pushes import actions
from pushes.models import Push, PushVersion
from pushes.statuses import PushState
from supervision.models import Task
from tests.approvals.world import World, moment


@pytest.fixture
def push(world: World) -> Push:
    world.issued()
    return world.push_to(world.departments[0])


def snapshot(push: Push, **changes: str) -> dict[str, object]:
    return dict(push.versions.get(number=push.version).snapshot) | changes


def clock_of(push: Push) -> Deadline:
    return Deadline.objects.get(subject_id=push.pk, subject_type__model="push", term__key="claim")


def test_a_slip_of_the_pen_leaves_the_clock_running(world: World, push: Push) -> None:
    due = clock_of(push).due_at
    with clock.frozen(moment("2026-10-14 10:00")):
        told = snapshot(push, party_address="琴江镇西华南路 28 号")
        actions.correct(actor=world.issuer.actor, push_id=push.pk, snapshot=told, substance=False, reason="门牌号写错。")
    push.refresh_from_db()
    assert (push.version, push.state, clock_of(push).due_at) == (2, PushState.WAITING, due)
    assert [version.snapshot["party_address"] for version in push.versions.all()] != [push.versions.first().snapshot["party_address"]] * 2  # type: ignore[union-attr]
    assert Notice.objects.filter(kind="push_corrected", subject_id=push.pk).exists()


def test_a_change_of_substance_starts_a_new_clock(world: World, push: Push) -> None:
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    with clock.frozen(moment("2026-10-14 10:00")):
        told = snapshot(push, content="预包装食品销售")
        new = actions.correct(actor=world.issuer.actor, push_id=push.pk, snapshot=told, substance=True, reason="许可范围写错。")
    push.refresh_from_db()
    assert (push.state, new.state, new.previous) == (PushState.SUPERSEDED, PushState.WAITING, push)
    assert clock_of(new).due_at == moment("2026-10-22 00:00")
    assert Task.objects.get(push=push).state == "withdrawn"


def test_a_correction_that_changes_nothing_is_refused(world: World, push: Push) -> None:
    with pytest.raises(Refused, match="完全相同"):
        actions.correct(actor=world.issuer.actor, push_id=push.pk, snapshot=snapshot(push), substance=False, reason="再推一次。")


def test_a_withdrawn_push_owes_nothing(world: World, push: Push) -> None:
    actions.withdraw(actor=world.issuer.actor, push_id=push.pk, reason="决定作废。")
    push.refresh_from_db()
    assert (push.state, clock_of(push).state) == (PushState.WITHDRAWN, "cancelled")
    result = actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    assert "撤回" in result.skipped[0][1]


def test_the_receiver_cannot_withdraw(world: World, push: Push) -> None:
    with pytest.raises(Missing):
        actions.withdraw(actor=world.liaisons[0].actor, push_id=push.pk, reason="不想要。")


def test_what_was_told_cannot_be_rewritten(push: Push) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PushVersion.objects.filter(push=push).update(cause="改写")
