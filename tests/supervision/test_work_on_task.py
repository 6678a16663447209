"""Assigning, acting, finishing and feeding back."""

from datetime import date, datetime, timedelta

import pytest

from foundation.common import clock
from foundation.common.errors import Missing, Refused
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.notices.models import Notice
from pushes.actions import claim
from pushes.models import Push, PushVersion
from supervision import actions
from supervision.models import Task
from supervision.statuses import FirstAction, Outcome, TaskState
from tests.approvals.world import Person, World, moment, person


@pytest.fixture
def inspector(baokang: World) -> Person:
    return person("inspector", "赵磊", baokang.departments[0], "inspector", ("view_matter", "work_task"))


@pytest.fixture
def task(baokang: World) -> Task:
    baokang.issued(document_number="保行审许〔2026〕0407号")
    claim(actor=baokang.liaisons[0].actor, push_ids=[baokang.push_to(baokang.departments[0]).pk])
    return Task.objects.get(organ=baokang.departments[0])


def worked(world: World, task: Task, finished_at: datetime) -> Task:
    actor = world.liaisons[0].actor
    actions.act(actor=actor, task_id=task.pk, first_action=FirstAction.VIEW)
    return actions.finish(actor=actor, task_id=task.pk, finished_at=finished_at)


def fed_back(world: World, task: Task) -> Task:
    return actions.feed_back(
        actor=world.liaisons[0].actor, task_id=task.pk, outcome=Outcome.NORMAL, result_text="查看许可档案，经营项目与许可一致。"
    )


def entry_clock(task: Task) -> Deadline:
    return Deadline.objects.get(subject_id=task.pk, term__key="result_entry")


@pytest.mark.provision("PL-12b")
def test_a_task_goes_to_a_person_of_the_organ_only(baokang: World, task: Task, inspector: Person) -> None:
    lead = baokang.liaisons[0].actor
    assert actions.assign(actor=lead, task_id=task.pk, assignee_id=inspector.user.pk).state == TaskState.ASSIGNED
    assert Notice.objects.filter(kind="task_assigned", user=inspector.user).count() == 1
    with pytest.raises(Refused, match="本单位在任"):
        actions.assign(actor=lead, task_id=task.pk, assignee_id=baokang.liaisons[1].user.pk)
    with pytest.raises(Missing):
        actions.assign(actor=inspector.actor, task_id=task.pk, assignee_id=inspector.user.pk)


def test_assigning_again_later_does_not_turn_the_work_back(baokang: World, task: Task, inspector: Person) -> None:
    actions.act(actor=inspector.actor, task_id=task.pk, first_action=FirstAction.VIEW)
    again = actions.assign(actor=baokang.liaisons[0].actor, task_id=task.pk, assignee_id=baokang.liaisons[0].user.pk)
    assert again.state == TaskState.ACTING


@pytest.mark.provision("BS-09a")
def test_a_visit_on_site_needs_its_approval_and_a_plan_its_line_e16(baokang: World, task: Task) -> None:
    actor = baokang.liaisons[0].actor
    with pytest.raises(Refused) as visit:
        actions.act(actor=actor, task_id=task.pk, first_action=FirstAction.ON_SITE)
    with pytest.raises(Refused) as plan:
        actions.act(actor=actor, task_id=task.pk, first_action=FirstAction.PLAN)
    assert (visit.value.field, plan.value.field) == ("approval_note", "plan_line")
    done = actions.act(actor=actor, task_id=task.pk, first_action=FirstAction.ON_SITE, approval_note="分管局长 2026年检批12号")
    assert done.state == TaskState.ACTING


def test_every_step_is_taken_once(baokang: World, task: Task) -> None:
    worked(baokang, task, moment("2026-10-12 09:59") + timedelta(minutes=1))
    actor = baokang.liaisons[0].actor
    with pytest.raises(Refused, match="不能这样办理"):
        actions.act(actor=actor, task_id=task.pk, first_action=FirstAction.OFF_SITE)
    with pytest.raises(Refused, match="不能这样办理"):
        actions.finish(actor=actor, task_id=task.pk, finished_at=moment("2026-10-12 10:00"))
    fed_back(baokang, task)
    with pytest.raises(Refused, match="不能这样办理"):
        fed_back(baokang, task)
    assert Push.objects.filter(kind="result").count() == 1


@pytest.mark.provision("BS-09b")
@pytest.mark.parametrize(
    ("entered", "late"), [("2026-10-14 23:59:59.999", False), ("2026-10-15 00:00", True), ("2026-10-15 00:00:00.001", True)]
)
def test_the_result_is_owed_the_same_day_until_midnight_e13(baokang: World, task: Task, entered: str, late: bool) -> None:
    with clock.frozen(moment("2026-10-14 16:30")):
        worked(baokang, task, moment("2026-10-14 16:30"))
    assert entry_clock(task).due_at == moment("2026-10-15 00:00")
    with clock.frozen(moment(entered)):
        fed_back(baokang, task)
    row = entry_clock(task)
    assert row.settled_at is not None and (row.settled_at >= row.due_at) is late


@pytest.mark.provision("BS-09b")
def test_work_on_a_rest_day_owes_its_result_that_very_day(baokang: World, task: Task) -> None:
    with clock.frozen(moment("2026-10-17 11:00")):
        worked(baokang, task, moment("2026-10-17 10:00"))
    assert entry_clock(task).last_day == date(2026, 10, 17)


def test_a_back_dated_finish_is_taken_and_marked_and_a_future_one_refused_e13(baokang: World, task: Task) -> None:
    with clock.frozen(moment("2026-10-15 09:00")):
        with pytest.raises(Refused, match="不能晚于现在"):
            worked(baokang, task, moment("2026-10-15 09:00:01"))
        with pytest.raises(Refused, match="不能早于"):
            actions.finish(actor=baokang.liaisons[0].actor, task_id=task.pk, finished_at=moment("2026-10-12 09:00"))
        actions.finish(actor=baokang.liaisons[0].actor, task_id=task.pk, finished_at=moment("2026-10-14 15:00"))
    assert entry_clock(task).due_at == moment("2026-10-15 00:00")
    entry = Entry.objects.get(verb="task.finish")
    assert entry.after is not None and entry.after["entered_later"] is True


@pytest.mark.provision("BS-04c", "BS-08b", "SC-26d")
def test_the_result_goes_back_to_the_bureau_and_ends_the_clocks(baokang: World, task: Task) -> None:
    with clock.frozen(moment("2026-10-14 16:30")):
        worked(baokang, task, moment("2026-10-14 16:30"))
        assert Deadline.objects.get(subject_id=task.pk, term__key="first_action").state == "running"
        done = fed_back(baokang, task)
    push = Push.objects.get(kind="result")
    assert (push.sender_id, push.receiver_id) == (baokang.departments[0].pk, baokang.bureau.pk)
    assert done.result_push_id == push.pk
    assert PushVersion.objects.get(push=push).snapshot["outcome"] == "未发现问题"
    assert set(
        Deadline.objects.filter(subject_id=task.pk, term__key__in=["first_action", "result_entry"]).values_list("state", flat=True)
    ) == {"met"}
    assert Deadline.objects.get(subject_id=push.pk, term__key="claim_back").organ_id == baokang.bureau.pk


def test_in_shicheng_the_first_act_meets_the_advised_term_and_no_same_day_clock_runs(world: World) -> None:
    world.issued()
    claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    task = Task.objects.get()
    worked(world, task, moment("2026-10-12 10:00"))
    states = dict(Deadline.objects.filter(subject_type__model="task").values_list("term__key", "state"))
    assert states == {"first_action": "met", "result_feedback": "running"}


def test_without_words_there_is_no_result_and_nothing_is_sent(baokang: World, task: Task) -> None:
    worked(baokang, task, moment("2026-10-12 10:00"))
    with pytest.raises(Refused, match="请用一两句话"):
        actions.feed_back(actor=baokang.liaisons[0].actor, task_id=task.pk, outcome=Outcome.NORMAL, result_text=" ")
    assert not Push.objects.filter(kind="result").exists()


def test_a_task_of_another_organ_is_not_there(baokang: World, task: Task) -> None:
    for actor in (baokang.liaisons[1].actor, baokang.drafter.actor):
        with pytest.raises(Missing):
            actions.act(actor=actor, task_id=task.pk, first_action=FirstAction.VIEW)
