"""更正 and 作废: reason, second person, every receiver told."""

from datetime import date

import pytest

from approvals import corrections
from approvals.models import Correction, Decision
from approvals.statuses import CorrectionKind, DecisionState
from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.deadlines.models import Deadline
from foundation.notices.models import Notice
from pushes.actions import claim
from pushes.models import Push, PushVersion
from supervision.models import Task
from tests.approvals.world import World, moment

REASON = "登记时许可内容抄错一项"


def propose(world: World, decision: Decision, kind: str = CorrectionKind.AMEND, **more: object) -> Correction:
    values = {} if kind == CorrectionKind.VOID else {"content": "热食类食品制售"}
    return corrections.propose(
        actor=world.drafter.actor,
        decision_id=decision.pk,
        kind=kind,
        reason=REASON,
        values=values,
        **more,  # type: ignore[arg-type]
    )


def test_a_slip_is_told_to_every_receiver_and_the_clock_goes_on_e43(world: World) -> None:
    decision = world.issued()
    row = propose(world, decision)
    assert Decision.objects.get().content == "热食类食品制售；自制饮品制售"
    with clock.frozen(moment("2026-10-13 09:00")):
        corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)
    assert Decision.objects.get().content == "热食类食品制售"
    assert set(Push.objects.values_list("version", flat=True)) == {2} and PushVersion.objects.count() == 6
    assert set(Deadline.objects.filter(term__key="claim").values_list("state", "last_day")) == {("running", date(2026, 10, 19))}
    assert Notice.objects.filter(kind="push_corrected").count() == 3


def test_a_change_of_substance_restarts_every_clock_e43(world: World) -> None:
    decision = world.issued()
    row = propose(world, decision, substance=True)
    with clock.frozen(moment("2026-10-14 09:00")):
        corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)
    assert sorted(Push.objects.values_list("state", flat=True)) == ["superseded"] * 3 + ["waiting"] * 3
    assert set(Deadline.objects.filter(term__key="claim", state="running").values_list("last_day", flat=True)) == {date(2026, 10, 21)}


def test_voiding_takes_back_pushes_clocks_and_tasks_e43(world: World) -> None:
    decision = world.issued()
    claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    row = propose(world, decision, kind=CorrectionKind.VOID)
    corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)
    assert Decision.objects.get().state == DecisionState.VOIDED
    assert set(Push.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert Task.objects.get().state == "withdrawn"
    assert not Deadline.objects.filter(state__in=["running", "held"]).exists()
    assert Notice.objects.filter(kind="push_withdrawn").count() == 3
    assert world.issued().state == DecisionState.ISSUED  # the number is free again


def test_a_second_person_decides(world: World, other_county: World) -> None:
    decision = world.issued()
    row = corrections.propose(actor=world.issuer.actor, decision_id=decision.pk, kind=CorrectionKind.VOID, reason="重复登记的决定")
    with pytest.raises(NotYours, match="不能复核自己"):
        corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)
    for actor in (world.drafter.actor, other_county.issuer.actor):
        with pytest.raises(Missing):
            corrections.decide(actor=actor, correction_id=row.pk, approve=True)
    assert Decision.objects.get().state == DecisionState.ISSUED


def test_rejecting_needs_words_and_changes_nothing(world: World) -> None:
    decision = world.issued()
    row = propose(world, decision)
    with pytest.raises(Refused, match="请写明理由"):
        corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=False)
    corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=False, answer="原件就是这样写的")
    assert Decision.objects.get().content == "热食类食品制售；自制饮品制售" and PushVersion.objects.count() == 3
    with pytest.raises(Refused, match="已经复核过"):
        corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)


def test_one_open_proposal_a_reason_and_a_real_change_are_needed(world: World) -> None:
    decision = world.issued()
    with pytest.raises(Refused, match="不少于 5 个字"):
        corrections.propose(actor=world.drafter.actor, decision_id=decision.pk, kind=CorrectionKind.VOID, reason="错了")
    with pytest.raises(Refused, match="没有改动任何一项"):
        corrections.propose(actor=world.drafter.actor, decision_id=decision.pk, kind=CorrectionKind.AMEND, reason=REASON)
    propose(world, decision)
    with pytest.raises(Refused, match="在等复核"):
        propose(world, decision)


def test_a_correction_to_a_number_that_is_taken_rolls_back(world: World) -> None:
    world.issued()
    second = world.issued(document_number="石行审许〔2026〕0408号")
    row = corrections.propose(
        actor=world.drafter.actor,
        decision_id=second.pk,
        kind=CorrectionKind.AMEND,
        reason=REASON,
        values={"document_number": "石行审许〔2026〕0407号"},
    )
    with pytest.raises(Refused, match="已有另一份"):
        corrections.decide(actor=world.issuer.actor, correction_id=row.pk, approve=True)
    second.refresh_from_db()
    row.refresh_from_db()
    assert second.document_number == "石行审许〔2026〕0408号" and row.state == "proposed"
