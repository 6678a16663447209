"""What nobody claims is claimed by the clock: at its legal moment, whenever the machine gets round to it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from foundation.common import clock, hooks
from foundation.deadlines import settling
from foundation.deadlines.models import Alarm, Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from foundation.organizations.models import Liaison
from pushes.models import Push
from pushes.statuses import PushState
from supervision.models import Task
from tests.approvals.world import World, moment

DUE = moment("2026-10-20 00:00")
WEEK_LATER = moment("2026-10-27 03:00")


def sweep_at(when: object) -> int:
    with clock.frozen(when):  # type: ignore[arg-type]
        return settling.sweep(at=when)  # type: ignore[arg-type]


@pytest.mark.provision("SC-26c")
def test_a_week_of_standstill_changes_nothing_but_the_record(world: World) -> None:
    """Down over the moment, then up: every row is what it would have been but for `recorded_at` (E-41)."""
    world.issued()
    assert sweep_at(WEEK_LATER) == 3
    for push in Push.objects.all():
        assert (push.state, push.claimed_at, push.recorded_at) == (PushState.AUTO_CLAIMED, DUE, WEEK_LATER)
        assert push.claimed_by is None
    for task in Task.objects.all():
        assert task.opened_at == DUE
        assert task.assignee is not None
        first = Deadline.objects.get(subject_type__model="task", subject_id=task.pk)
        assert first.day_zero.isoformat() == "2026-10-19", "24:00 belongs to the day that ends"
    rows = Entry.objects.filter(verb="push.auto_claim")
    assert {(row.rule, row.article, row.effective_at) for row in rows} == {("shicheng-2022", "第二十六条", DUE)}
    assert rows.count() == 3


def test_a_lapse_and_a_claim_on_the_last_day_give_the_same_follow_up_date(world: World) -> None:
    from pushes import actions

    world.issued()
    claimed = world.push_to(world.departments[0])
    with clock.frozen(moment("2026-10-19 16:00")):
        actions.claim(actor=world.liaisons[0].actor, push_ids=[claimed.pk])
    sweep_at(WEEK_LATER)
    dates = set(Deadline.objects.filter(subject_type__model="task").values_list("day_zero", "last_day"))
    assert len(dates) == 1


def test_the_grace_leaves_alone_what_was_just_due(world: World) -> None:
    world.issued()
    assert sweep_at(DUE + settling.GRACE - timedelta(microseconds=1)) == 0
    assert sweep_at(DUE + settling.GRACE) == 3
    assert set(Push.objects.values_list("claimed_at", flat=True)) == {DUE}


def test_sweeping_twice_changes_nothing(world: World) -> None:
    world.issued()
    sweep_at(WEEK_LATER)
    before = (Entry.objects.count(), Task.objects.count(), Notice.objects.count(), Deadline.objects.count())
    assert sweep_at(WEEK_LATER + timedelta(hours=1)) == 0
    assert before == (Entry.objects.count(), Task.objects.count(), Notice.objects.count(), Deadline.objects.count())


@pytest.mark.provision("BA-19a")
def test_baokang_knows_no_automatic_claim(baokang: World) -> None:
    baokang.issued()
    assert sweep_at(WEEK_LATER) == 0
    assert set(Push.objects.values_list("state", flat=True)) == {PushState.WAITING}
    assert not settling.left_to_sweep(at=WEEK_LATER)


def test_a_provisional_date_triggers_nothing(world: World) -> None:
    """No irreversible act on a date that may still move (E-14)."""
    world.issued()
    Deadline.objects.update(provisional=True)
    assert sweep_at(WEEK_LATER) == 0
    assert set(Push.objects.values_list("state", flat=True)) == {PushState.WAITING}


def test_without_an_officer_the_lead_takes_it(world: World) -> None:
    """A duty cannot hang in the air (E-18); the liaisons of the legal moment count, not those of the sweep."""
    lead = world.liaisons[0].user
    Liaison.objects.filter(user=lead).update(kind="lead")
    Liaison.objects.filter(user=world.liaisons[1].user).update(valid_to=moment("2026-10-19 00:00").date())
    Liaison.objects.filter(user=world.liaisons[2].user).update(valid_to=moment("2026-10-16 00:00").date())
    world.issued()
    sweep_at(WEEK_LATER)
    found = dict(Push.objects.values_list("receiver_id", "liaison_id"))
    assert found[world.departments[0].pk] == lead.pk
    assert found[world.departments[1].pk] == world.liaisons[1].user.pk, "in office until the last day of the term"
    assert found[world.departments[2].pk] is None
    assert Alarm.objects.filter(kind=f"no_liaison:{world.departments[2].pk}", cleared_at=None).count() == 1


@pytest.fixture
def poison() -> Iterator[set[int]]:
    """A room that cannot bear what some pushes bring about: it fails for the ids in this set."""
    ids: set[int] = set()

    def handler(*, push_ids: Sequence[int], at: datetime) -> None:
        if ids & set(push_ids):
            raise RuntimeError("this room cannot take the push")

    hooks.on_claimed.register("decision", handler)
    yield ids
    hooks.on_claimed._handlers["decision"].remove(handler)


def test_a_poisoned_clock_is_parked_and_the_rest_settle(world: World, poison: set[int]) -> None:
    for number in range(3):
        world.issued(document_number=f"石行审许〔2026〕05{number:02d}号")
    poisoned = Push.objects.order_by("pk")[4]
    poison.add(poisoned.pk)
    assert sweep_at(WEEK_LATER) == 8
    poisoned.refresh_from_db()
    assert poisoned.state == PushState.WAITING
    assert not Task.objects.filter(push=poisoned).exists(), "the failed effect left nothing behind"
    alarm = Alarm.objects.get(kind="parked")
    assert alarm.deadline is not None
    assert alarm.deadline.subject_id == poisoned.pk
    assert sweep_at(WEEK_LATER + timedelta(minutes=30)) == 0, "a parked clock rests"
    poison.clear()
    assert sweep_at(WEEK_LATER + timedelta(hours=2)) == 1, "and is tried again later on"
    poisoned.refresh_from_db()
    assert poisoned.claimed_at == DUE


def test_small_batches_give_the_same_rows(world: World) -> None:
    for number in range(3):
        world.issued(document_number=f"石行审许〔2026〕06{number:02d}号")
    with clock.frozen(WEEK_LATER):
        assert settling.sweep(at=WEEK_LATER, batch=2) == 9
    assert Task.objects.count() == 9
    assert set(Push.objects.values_list("state", "claimed_at")) == {("auto_claimed", DUE)}


@pytest.mark.provision("SC-26c")
def test_liaison_and_lead_are_told_with_the_article(world: World) -> None:
    Liaison.objects.create(
        organ=world.departments[0], user=world.liaisons[1].user, kind="lead", valid_from=moment("2021-01-01 00:00").date()
    )
    world.issued()
    sweep_at(WEEK_LATER)
    told = Notice.objects.filter(kind="push_auto_claimed", organ=world.departments[0])
    assert set(told.values_list("user_id", flat=True)) == {world.liaisons[0].user.pk, world.liaisons[1].user.pk}
    assert {notice.params["article"] for notice in told} == {"第二十六条"}


def test_only_one_room_answers_for_an_effect() -> None:
    with pytest.raises(ValueError, match="auto_claim"):
        hooks.on_expired.register("auto_claim", hooks.Expiry(subject=Push, handler=lambda **_: None))  # type: ignore[arg-type]
