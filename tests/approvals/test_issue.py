"""Issuing a decision: four eyes, what blocks, and the pushes that leave in the same transaction."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from approvals import actions
from approvals.models import Decision
from approvals.statuses import DecisionState
from catalogue.models import Mapping, Power
from foundation.common import clock
from foundation.common.errors import Missing, NotYours, Refused
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from pushes.models import Push, PushVersion
from tests.approvals.world import AT, World, make_world, moment


@pytest.mark.provision("SC-26a")
def test_issue_pushes_at_once_to_every_mapped_organ_with_its_own_clock(world: World) -> None:
    decision = world.issued()
    pushes = list(Push.objects.filter(payload_id=decision.pk))
    assert {push.receiver_id for push in pushes} == {organ.pk for organ in world.departments}
    assert {push.pushed_at for push in pushes} == {AT} == {decision.issued_at}
    clocks = Deadline.objects.filter(subject_id__in=[push.pk for push in pushes], term__key="claim")
    assert {(row.organ_id, row.last_day) for row in clocks} == {(organ.pk, date(2026, 10, 19)) for organ in world.departments}
    assert Entry.objects.filter(verb="push.send").count() == 3
    assert Notice.objects.filter(kind="push_received").count() == 3


@pytest.mark.provision("BS-04a", "BA-19a")
def test_issue_in_baokang_pushes_at_once_with_three_working_days(db: None) -> None:
    baokang = make_world("420626")
    decision = baokang.issued(document_number="保行审许〔2026〕0407号")
    clocks = Deadline.objects.filter(subject_id__in=Push.objects.filter(payload_id=decision.pk).values("pk"), term__key="claim")
    assert {row.last_day for row in clocks} == {date(2026, 10, 15)}


@pytest.mark.provision("PL-03a")
def test_who_drafted_does_not_issue(world: World) -> None:
    decision = actions.draft(actor=world.issuer.actor, organ_id=world.bureau.pk, values=world.values())
    actions.submit(actor=world.issuer.actor, decision_id=decision.pk)
    with pytest.raises(NotYours, match="起草人不能签发自己起草的决定"):
        actions.issue(actor=world.issuer.actor, decision_id=decision.pk)
    assert Decision.objects.get().state == DecisionState.SUBMITTED and not Push.objects.exists()


def test_issue_needs_the_right_on_this_bureau(world: World, other_county: World) -> None:
    decision = world.submitted()
    for actor in (world.drafter.actor, other_county.issuer.actor, world.liaisons[0].actor):
        with pytest.raises(Missing):
            actions.issue(actor=actor, decision_id=decision.pk)
    assert not Push.objects.exists()


@pytest.mark.provision("PL-02a")
def test_power_is_judged_on_the_day_of_the_decision(world: World) -> None:
    Power.objects.update(valid_from=date(2026, 10, 12))
    with pytest.raises(Refused, match="没有“食品经营许可”的审批权") as refusal:
        world.submitted(decided_on=date(2026, 10, 11))
    assert refusal.value.field == "handling_item"
    assert world.issued(decided_on=date(2026, 10, 12)).state == DecisionState.ISSUED


def test_power_that_ended_after_the_decision_still_counts(world: World) -> None:
    Power.objects.update(valid_to=date(2026, 10, 9))
    assert world.issued(decided_on=date(2026, 10, 9)).state == DecisionState.ISSUED


@pytest.mark.provision("BA-19b")
@pytest.mark.parametrize("field", ["content", "document_number"])
def test_a_compulsory_field_that_is_missing_blocks(world: World, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        world.submitted(**{field: ""})
    assert refusal.value.field == field
    assert not Push.objects.exists()


@pytest.mark.provision("BA-19b")
def test_missing_contact_needs_its_reason_e31(world: World) -> None:
    world.party.contact = world.party.phone = ""
    world.party.save()
    with pytest.raises(Refused, match="缺少联系方式") as refusal:
        world.submitted(party_contact="")
    assert refusal.value.field == "party_contact"
    decision = world.issued(party_contact="", no_contact_reason="申请人未留电话，经公示地址送达")
    snapshot = PushVersion.objects.filter(push__payload_id=decision.pk).first()
    assert snapshot is not None and snapshot.snapshot["no_contact_reason"] == "申请人未留电话，经公示地址送达"


def test_a_decision_of_tomorrow_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="许可日期不能晚于今天"):
        world.submitted(decided_on=date(2026, 10, 13))


def test_nobody_supervises_the_item_refuses_and_rolls_everything_back(world: World) -> None:
    decision = world.submitted()
    Mapping.objects.all().delete()
    journal = Entry.objects.count()
    with pytest.raises(Refused, match="还没有哪个部门监管"):
        actions.issue(actor=world.issuer.actor, decision_id=decision.pk)
    decision.refresh_from_db()
    assert (decision.state, decision.issued_at) == (DecisionState.SUBMITTED, None)
    assert Entry.objects.count() == journal and not Notice.objects.exists()


def test_the_same_number_is_refused_the_second_time(world: World) -> None:
    world.issued()
    second = world.submitted()
    with pytest.raises(Refused, match="内容相同") as refusal:
        actions.issue(actor=world.issuer.actor, decision_id=second.pk)
    assert refusal.value.code == "same"


def test_send_back_gives_the_draft_to_its_drafter_with_the_reason(world: World) -> None:
    decision = world.submitted()
    with pytest.raises(Refused):
        actions.send_back(actor=world.issuer.actor, decision_id=decision.pk, reason="  ")
    actions.send_back(actor=world.issuer.actor, decision_id=decision.pk, reason="许可内容写得不全")
    changed = actions.amend_draft(actor=world.drafter.actor, decision_id=decision.pk, values={"content": "热食类食品制售"})
    assert changed.content == "热食类食品制售"
    assert Entry.objects.get(verb="decision.send_back").reason == "许可内容写得不全"


@pytest.mark.provision("SC-05")
def test_an_issued_decision_is_never_edited(world: World) -> None:
    decision = world.issued()
    with pytest.raises(Refused, match="只有起草中的决定可以修改"):
        actions.amend_draft(actor=world.drafter.actor, decision_id=decision.pk, values={"content": "别的"})


@pytest.mark.django_db(transaction=True)
def test_a_double_click_issues_once() -> None:
    with clock.frozen(AT):
        world = make_world()
        decision = world.submitted()
        both, answers = Barrier(2), []

        def click() -> None:
            try:
                both.wait()
                answers.append(actions.issue(actor=world.issuer.actor, decision_id=decision.pk).state)
            except Refused as refusal:
                answers.append(refusal.code)
            finally:
                connections.close_all()

        threads = [Thread(target=click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == ["already_issued", "issued"]
    assert Push.objects.count() == 3 and Entry.objects.filter(verb="decision.issue").count() == 1


def test_issue_long_before_keeps_its_own_rulebook(world: World) -> None:
    decision = world.issued(at=moment("2026-10-12 23:59"))
    assert decision.rulebook.key == "shicheng-2022"
