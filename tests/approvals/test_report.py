"""Decisions made outside the portal: live ones are pushed or wait in the pen, history opens nothing."""

from datetime import date

import pytest

from approvals import actions, routing
from approvals.models import Decision
from approvals.statuses import DecisionState, Intake
from catalogue.models import Mapping, Power
from foundation.common.errors import Refused
from foundation.deadlines.models import Deadline
from foundation.deadlines.statuses import ClockState
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from pushes.models import Push
from supervision.models import Task
from tests.approvals.world import World


def report(world: World, intake: str = Intake.LIVE, **changes: object) -> Decision:
    return actions.report(actor=world.drafter.actor, organ_id=world.bureau.pk, values=world.values(**changes), intake=intake)


@pytest.mark.provision("SC-26a", "PL-12a")
def test_a_live_report_is_pushed_at_once(world: World) -> None:
    assert report(world).state == DecisionState.ISSUED
    assert Push.objects.count() == 3


def test_what_would_refuse_an_issue_is_only_noted(world: World) -> None:
    Power.objects.update(valid_from=date(2026, 10, 13))
    decision = report(world)
    assert decision.state == DecisionState.ISSUED
    assert [finding["code"] for finding in decision.findings] == ["no_power"]


def test_without_an_item_it_waits_in_the_pen_on_a_clock_and_is_routed(world: World) -> None:
    decision = report(world, handling_item=None, item_text="食品许可（餐饮）")
    assert decision.state == DecisionState.UNROUTED and not Push.objects.exists()
    pen = Deadline.objects.get(term__key="routing")
    assert (pen.organ_id, pen.last_day) == (world.bureau.pk, date(2026, 10, 13))
    assert Notice.objects.filter(kind="routing_waiting").count() == 2
    routing.route_row(actor=world.drafter.actor, decision_id=decision.pk, handling_item=world.handling)
    pen.refresh_from_db()
    assert pen.state == ClockState.MET
    assert set(Push.objects.values_list("receiver_id", flat=True)) == {organ.pk for organ in world.departments}
    with pytest.raises(Refused, match="已经分派"):
        routing.route_row(actor=world.drafter.actor, decision_id=decision.pk, handling_item=world.handling)


def test_without_a_mapping_a_person_says_where_it_goes(world: World) -> None:
    Mapping.objects.all().delete()
    decision = report(world)
    assert decision.state == DecisionState.UNROUTED
    with pytest.raises(Refused, match="由哪些部门监管"):
        routing.route_row(actor=world.drafter.actor, decision_id=decision.pk)
    assert Decision.objects.get().state == DecisionState.UNROUTED
    routing.route_row(actor=world.drafter.actor, decision_id=decision.pk, organ_ids=[world.departments[1].pk])
    assert Push.objects.get().receiver_id == world.departments[1].pk


@pytest.mark.provision("BA-19b")
def test_without_a_compulsory_field_it_waits_and_is_completed(world: World) -> None:
    decision = report(world, content="")
    assert decision.state == DecisionState.UNROUTED
    with pytest.raises(Refused, match="许可内容"):
        routing.route_row(actor=world.drafter.actor, decision_id=decision.pk)
    routed = routing.route_row(actor=world.drafter.actor, decision_id=decision.pk, content="热食类食品制售")
    assert routed.state == DecisionState.ISSUED and Push.objects.count() == 3


def test_an_organ_of_another_county_is_refused_in_the_pen(world: World, other_county: World) -> None:
    decision = report(world, handling_item=None, item_text="不明")
    with pytest.raises(Refused, match="本县"):
        routing.route_row(
            actor=world.drafter.actor, decision_id=decision.pk, handling_item=world.handling, organ_ids=[other_county.departments[0].pk]
        )
    with pytest.raises(Refused, match="本县"):
        routing.route_row(actor=world.drafter.actor, decision_id=decision.pk, handling_item=other_county.handling)


def test_history_opens_no_clock_no_task_and_no_notice(world: World) -> None:
    decision = report(world, intake=Intake.HISTORY)
    assert decision.state == DecisionState.ISSUED
    assert not Push.objects.exists() and not Deadline.objects.exists() and not Task.objects.exists() and not Notice.objects.exists()
    assert Entry.objects.filter(verb="decision.report").count() == 1


def test_history_that_fits_no_item_waits_without_a_clock(world: World) -> None:
    decision = report(world, intake=Intake.HISTORY, handling_item=None, item_text="旧事项")
    assert decision.state == DecisionState.UNROUTED
    assert not Deadline.objects.exists() and not Notice.objects.exists()


def test_the_same_decision_is_recorded_once_and_a_different_one_says_so(world: World) -> None:
    report(world)
    with pytest.raises(Refused) as same:
        report(world)
    with pytest.raises(Refused) as different:
        report(world, content="冷食类食品制售")
    assert (same.value.code, different.value.code) == ("same", "different")
    assert Decision.objects.count() == 1


def test_an_item_or_a_party_of_another_county_is_refused(world: World, other_county: World) -> None:
    with pytest.raises(Refused) as item:
        report(world, handling_item=other_county.handling)
    with pytest.raises(Refused) as party:
        report(world, party=other_county.party)
    assert (item.value.field, party.value.field) == ("handling_item", "party")
