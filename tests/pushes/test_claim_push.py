"""A liaison officer claims: in time, at the moment, too late, twice, for somebody else, several at once."""

from datetime import timedelta

import pytest

from foundation.common import clock
from foundation.common.errors import Missing
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from pushes import actions
from pushes.models import Push
from pushes.queries import with_effective_state
from pushes.statuses import PushState
from supervision.models import Task
from tests.approvals.world import World, moment

DUE = moment("2026-10-20 00:00")
"""24:00 of 19 October: the fifth working day after 12 October."""


def clock_of(push: Push) -> Deadline:
    return Deadline.objects.get(subject_id=push.pk, subject_type__model="push", term__key="claim")


@pytest.mark.provision("SC-26b")
def test_a_claim_ends_the_clock_and_opens_a_task(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    with clock.frozen(moment("2026-10-13 09:30")):
        result = actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    push.refresh_from_db()
    assert [one.pk for one in result.claimed] == [push.pk]
    assert (push.state, push.claimed_at, push.claimed_by) == (PushState.CLAIMED, moment("2026-10-13 09:30"), world.liaisons[0].user)
    assert (clock_of(push).state, clock_of(push).settled_at) == ("met", moment("2026-10-13 09:30"))
    assert Task.objects.get(push=push).opened_at == moment("2026-10-13 09:30")
    assert Entry.objects.filter(subject_type="pushes.push", subject_id=push.pk, verb="push.claim").count() == 1


@pytest.mark.provision("SC-26c")
@pytest.mark.parametrize(
    ("when", "state"),
    [(-timedelta(microseconds=1), "claimed"), (timedelta(0), "auto_claimed"), (timedelta(microseconds=1), "auto_claimed")],
)
def test_the_moment_divides_claims_to_the_microsecond(world: World, when: timedelta, state: str) -> None:
    """23:59:59.999999 is in time; 24:00 is the clock's, even if no sweep has been round (E-02, E-04, E-42)."""
    world.issued()
    push = world.push_to(world.departments[0])
    with clock.frozen(DUE + when):
        result = actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    push.refresh_from_db()
    assert push.state == state
    assert push.claimed_at == (DUE + when if state == "claimed" else DUE)
    assert bool(result.claimed) == (state == "claimed")
    if state == "auto_claimed":
        assert "10月19日 24:00" in result.skipped[0][1]


@pytest.mark.provision("BA-19a")
def test_a_late_claim_in_baokang_is_possible_and_stays_late(baokang: World) -> None:
    baokang.issued()
    push = baokang.push_to(baokang.departments[0])
    assert clock_of(push).due_at == moment("2026-10-16 00:00")
    with clock.frozen(moment("2026-10-16 08:30")):
        actions.claim(actor=baokang.liaisons[0].actor, push_ids=[push.pk])
    ended = clock_of(push)
    assert ended.state == "met"
    assert ended.settled_at is not None
    assert ended.settled_at > ended.due_at


def test_a_double_click_claims_once(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    again = actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    assert not again.claimed
    assert "已于" in again.skipped[0][1]
    assert Entry.objects.filter(verb="push.claim", subject_id=push.pk).count() == 1
    assert Task.objects.filter(push=push).count() == 1


def test_a_push_of_another_organ_is_not_there(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    with pytest.raises(Missing):
        actions.claim(actor=world.liaisons[1].actor, push_ids=[push.pk])
    push.refresh_from_db()
    assert push.state == PushState.WAITING


def test_another_county_is_a_wall(world: World, baokang: World) -> None:
    world.issued()
    with pytest.raises(Missing):
        actions.claim(actor=baokang.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])


def test_one_foreign_push_in_a_batch_claims_nothing(world: World) -> None:
    world.issued()
    mine, other = world.push_to(world.departments[0]), world.push_to(world.departments[1])
    with pytest.raises(Missing):
        actions.claim(actor=world.liaisons[0].actor, push_ids=[mine.pk, other.pk])
    mine.refresh_from_db()
    assert mine.state == PushState.WAITING


def test_a_batch_takes_what_it_can_and_says_what_it_could_not(world: World) -> None:
    world.issued()
    first = world.push_to(world.departments[0])
    world.issued(at=moment("2026-10-15 10:00"), document_number="石行审许〔2026〕0408号")
    second = world.push_to(world.departments[0])
    with clock.frozen(DUE):
        result = actions.claim(actor=world.liaisons[0].actor, push_ids=[second.pk, first.pk])
    assert [push.pk for push in result.claimed] == [second.pk]
    assert [push.pk for push, _ in result.skipped] == [first.pk]


@pytest.mark.provision("SC-26c")
def test_lists_show_a_lapse_before_anybody_has_written_it_down(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    just_before = with_effective_state(Push.objects.filter(pk=push.pk), DUE - timedelta(microseconds=1)).get()
    at_the_moment = with_effective_state(Push.objects.filter(pk=push.pk), DUE).get()
    assert (just_before.effective_state, just_before.effective_claimed_at) == ("waiting", None)
    assert (at_the_moment.effective_state, at_the_moment.effective_claimed_at) == ("auto_claimed", DUE)
    assert at_the_moment.state == PushState.WAITING
