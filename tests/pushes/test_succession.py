"""Organs are merged, split and abolished: what is not claimed goes on under the successor, what has ended stays under the old name."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.common import clock, hooks
from foundation.common.actors import Actor
from foundation.common.errors import Missing
from foundation.deadlines import settling
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from foundation.organizations import actions as organs
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import Organ
from pushes import actions, returns
from pushes.models import Push
from pushes.queries import visible_for
from pushes.reading import page, visible_push
from pushes.statuses import PushState
from pushes.succession import follow_succession
from tests.approvals.world import Person, World, moment, organ
from tests.factories import console

ON = date(2026, 10, 14)
WHY = "不在本单位的三定方案之内"


def heir(world: World) -> Organ:
    return organ(world.county, 31, "综合监管局")


def abolish(world: World, old: Organ, new: Organ, *, at: str = "2026-10-14 09:00", on: date = ON) -> int:
    """The console enters that `new` follows `old` from the day `on`."""
    with clock.frozen(moment(at)):
        return organs.abolish_organ(organ=old, successor=new, on=on, document="机构改革方案", actor=console(world.county))


def acting(who: Person, at_organ: Organ, on: date = ON) -> Actor:
    """The person acting for an organ with the rights the posts there give."""
    found = acting_for(user=who.user, organ_id=at_organ.pk, day=on)
    assert found is not None and found.organ == at_organ
    return actor_of(found)


def clock_of(push: Push, key: str = "claim") -> Deadline:
    return Deadline.objects.filter(subject_id=push.pk, subject_type__model="push", term__key=key).latest("id")


def test_an_unclaimed_push_and_its_clock_go_on_under_the_successor(world: World) -> None:
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    told, due = push.snapshot_hash, clock_of(push).due_at
    abolish(world, old, new)
    push.refresh_from_db()
    assert (push.receiver, push.state, push.snapshot_hash) == (new, PushState.WAITING, told)
    assert (clock_of(push).organ, clock_of(push).state, clock_of(push).due_at) == (new, "running", due)
    line = clock_of(push).adjustments.get(kind="transfer")
    assert (line.old_due_at, line.new_due_at) == (due, due) and "综合监管局承接（机构改革方案）" in line.cause
    row = Entry.objects.get(verb="push.transfer")
    assert row.before is not None and row.after is not None
    assert (row.before["receiver"], row.after["receiver"]) == (old.pk, new.pk)
    told_now = Notice.objects.filter(kind="work_handed_over", organ_id=new.pk).latest("id")
    assert (told_now.user, told_now.params["count"]) == (world.liaisons[0].user, 1)
    with clock.frozen(moment("2026-10-14 10:00")):
        assert actions.claim(actor=acting(world.liaisons[0], new), push_ids=[push.pk]).claimed == [push]


def test_a_claimed_push_stays_under_the_old_name(world: World) -> None:
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    abolish(world, old, new)
    push.refresh_from_db()
    assert (push.receiver, push.state) == (old, PushState.CLAIMED)
    assert not Entry.objects.filter(verb="push.transfer").exists()


def test_the_successors_people_read_the_history_and_nobody_else_does(world: World) -> None:
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    abolish(world, old, new)
    with clock.frozen(moment("2026-10-14 10:00")):
        assert visible_push(actor=acting(world.liaisons[0], new), pk=push.pk) == push
        with pytest.raises(Missing):
            visible_push(actor=acting(world.liaisons[1], world.departments[1]), pk=push.pk)
        assert push not in visible_for(acting(world.liaisons[1], world.departments[1]))


def test_the_life_of_a_push_names_who_received_it_then(world: World) -> None:
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    abolish(world, old, new)
    with clock.frozen(moment("2026-10-14 10:00")):
        actor = acting(world.liaisons[0], new)
        titles = [entry.title for entry in page(actor=actor, push=visible_push(actor=actor, pk=push.pk))["life"]]
    assert titles == ["由综合监管局承接", "推送给市场监督管理局"]


def test_what_had_lapsed_before_the_day_is_claimed_under_the_old_name(world: World) -> None:
    """The claim clock ended on 19 October; the succession of the 20th is entered a day later, before any sweep."""
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    abolish(world, old, new, at="2026-10-21 09:00", on=date(2026, 10, 20))
    push.refresh_from_db()
    assert (push.receiver, push.state, push.claimed_at) == (old, PushState.AUTO_CLAIMED, moment("2026-10-20 00:00"))
    assert push.liaison == world.liaisons[0].user


def test_what_lapses_after_the_day_is_claimed_by_the_successor(world: World) -> None:
    """The succession takes effect on the 19th and is entered on the 20th: the moment at 24:00 of the 19th is the successor's."""
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    abolish(world, old, new, at="2026-10-20 09:00", on=date(2026, 10, 19))
    with clock.frozen(moment("2026-10-20 09:05")):
        settling.sweep(at=moment("2026-10-20 09:05"))
    push.refresh_from_db()
    assert (push.receiver, push.state, push.liaison) == (new, PushState.AUTO_CLAIMED, world.liaisons[0].user)


def test_a_returned_push_is_answered_and_goes_on_under_the_successor(world: World) -> None:
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    returns.give_back(actor=world.liaisons[0].actor, push_id=push.pk, reason="not_our_duty", explanation=WHY)
    abolish(world, old, new)
    push.refresh_from_db()
    assert (push.receiver, push.state, clock_of(push).organ, clock_of(push).state) == (new, PushState.RETURNED, new, "held")
    assert clock_of(push, "return_answer").organ == world.bureau, "the sender owes the answer as before"
    with clock.frozen(moment("2026-10-14 10:00")):
        returns.answer_return(actor=world.issuer.actor, push_id=push.pk, answer="confirmed", reason="目录已经确认。")
    push.refresh_from_db()
    assert (push.receiver, push.state) == (new, PushState.WAITING)


def test_a_sender_that_ends_owes_its_answers_through_its_successor(world: World) -> None:
    world.issued()
    new = organ(world.county, 31, "政务服务局", kind="approval_bureau")
    push = world.push_to(world.departments[0])
    returns.give_back(actor=world.liaisons[0].actor, push_id=push.pk, reason="not_our_duty", explanation=WHY)
    abolish(world, world.bureau, new)
    push.refresh_from_db()
    assert (push.sender, clock_of(push, "return_answer").organ) == (new, new)
    with clock.frozen(moment("2026-10-14 10:00")):
        returns.answer_return(actor=acting(world.issuer, new), push_id=push.pk, answer="confirmed", reason="目录已经确认。")
    push.refresh_from_db()
    assert push.state == PushState.WAITING


def test_two_pushes_of_one_matter_become_one(world: World) -> None:
    world.issued()
    gone, stays = world.departments[0], world.departments[1]
    push, kept = world.push_to(gone), world.push_to(stays)
    abolish(world, gone, stays)
    push.refresh_from_db()
    kept.refresh_from_db()
    assert (push.state, push.receiver, kept.state, kept.receiver) == (PushState.REASSIGNED, gone, PushState.WAITING, stays)
    assert clock_of(push).state == "cancelled" and clock_of(kept).state == "running"
    assert "已有同一件推送" in clock_of(push).adjustments.get(kind="cancelled").cause
    assert Entry.objects.get(verb="push.merge", subject_id=push.pk).after == {"state": "reassigned", "new_push": kept.pk}


def test_two_organs_merged_into_a_third_keep_one_push_and_close_the_return(world: World) -> None:
    world.issued()
    first, second, new = world.departments[0], world.departments[1], heir(world)
    kept, push = sorted((world.push_to(first), world.push_to(second)), key=lambda one: one.pk)
    liaison = world.liaisons[1] if push.receiver == second else world.liaisons[0]
    row = returns.give_back(actor=liaison.actor, push_id=push.pk, reason="not_our_duty", explanation=WHY)
    with clock.frozen(moment("2026-10-14 09:00")):
        organs.merge_organs(organs=[first, second], into=new, on=ON, actor=console(world.county))
    row.refresh_from_db()
    push.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.receiver, kept.state, push.state) == (new, PushState.WAITING, PushState.REASSIGNED)
    assert (row.answer, row.new_push) == ("reassigned", kept)
    assert not Deadline.objects.filter(subject_type__model="push", subject_id=push.pk, state__in=["running", "held"]).exists()


def test_a_push_that_would_reach_its_own_sender_ends(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    abolish(world, world.departments[0], world.bureau)
    push.refresh_from_db()
    assert (push.state, clock_of(push).state) == (PushState.REASSIGNED, "cancelled")


def test_a_correction_of_substance_goes_to_who_stands_for_a_closed_receiver(world: World) -> None:
    world.issued()
    old, new = world.departments[0], heir(world)
    push = world.push_to(old)
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    abolish(world, old, new)
    told = push.versions.get().snapshot | {"content": "热食类食品制售"}
    with clock.frozen(moment("2026-10-15 09:00")):
        again = actions.correct(actor=world.issuer.actor, push_id=push.pk, snapshot=told, substance=True, reason="登记有误")
    assert (again.receiver, again.previous, again.state) == (new, push, PushState.WAITING)


def test_moving_costs_the_same_however_many(world: World) -> None:
    def cost(old: Organ, new: Organ) -> int:
        with CaptureQueriesContext(connection) as queries:
            follow_succession(old_organ_ids=[old.pk], new=new, on=ON, actor=console(world.county), at=moment("2026-10-14 09:00"))
        return len(queries)

    world.issued()
    one = cost(world.departments[0], heir(world))
    for number in range(6):
        world.issued(document_number=f"石行审许〔2026〕05{number:02d}号")
    new = organ(world.county, 32, "大监管局")
    assert cost(world.departments[1], new) == one
    assert Push.objects.filter(receiver=new).count() == 7


def test_a_leavers_unclaimed_pushes_name_another_liaison(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    leaver, other = world.liaisons[0], world.liaisons[1]
    Push.objects.filter(pk=push.pk).update(liaison=leaver.user)
    organ_id = world.departments[0].pk
    work = [one for source in hooks.open_work_of.of("pushes") for one in source(user_id=leaver.user.pk, organ_id=organ_id)]
    assert [(one.kind, one.subject_id) for one in work] == [("待认领推送", push.pk)]
    (mover,) = hooks.hand_over_work.of("pushes")
    assert mover(user_id=leaver.user.pk, organ_id=organ_id, to_user_id=other.user.pk, actor=leaver.actor) == 1
    push.refresh_from_db()
    assert push.liaison == other.user
    assert Entry.objects.get(verb="push.hand_over").actor_id == leaver.user.pk
