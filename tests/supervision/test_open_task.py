"""When a task opens, and from which day its clock counts."""

from datetime import date

import pytest

from foundation.common import clock
from foundation.deadlines import settling
from foundation.deadlines.models import Deadline
from foundation.organizations.models import Liaison
from pushes.actions import claim, withdraw
from pushes.returns import answer_return, give_back
from supervision import pending
from supervision.models import Task
from supervision.statuses import TaskState
from tests.approvals.world import World, moment, organ


def first_action_of(task: Task) -> Deadline:
    return Deadline.objects.get(subject_id=task.pk, term__key="first_action")


@pytest.mark.provision("BS-08a", "BS-08b")
def test_in_baokang_the_task_opens_with_the_push_and_thirty_working_days_run_from_it_e17(baokang: World) -> None:
    baokang.issued(document_number="保行审许〔2026〕0407号")
    tasks = list(Task.objects.order_by("organ_id"))
    assert [task.organ_id for task in tasks] == sorted(organ.pk for organ in baokang.departments)
    assert {task.opened_at for task in tasks} == {moment("2026-10-12 10:00")}
    assert first_action_of(tasks[0]).last_day == date(2026, 11, 23)
    with clock.frozen(moment("2026-10-14 09:00")):
        claim(actor=baokang.liaisons[0].actor, push_ids=[tasks[0].push_id])
    task = Task.objects.get(organ=baokang.departments[0])
    assert first_action_of(task).last_day == date(2026, 11, 23)
    assert task.assignee_id == baokang.liaisons[0].user.pk


@pytest.mark.provision("SC-13", "PL-12b", "SC-26b")
def test_in_shicheng_the_task_opens_at_the_claim(world: World) -> None:
    world.issued()
    assert not Task.objects.exists()
    with clock.frozen(moment("2026-10-14 09:00")):
        claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    task = Task.objects.get()
    assert task.opened_at == moment("2026-10-14 09:00") and task.assignee_id == world.liaisons[0].user.pk
    assert first_action_of(task).last_day == date(2026, 11, 25)


@pytest.mark.provision("SC-26c")
def test_an_automatic_claim_opens_the_task_at_its_legal_moment(world: World) -> None:
    world.issued()
    settling.sweep(at=moment("2026-10-25 08:00"))
    tasks = list(Task.objects.all())
    assert len(tasks) == 3 and {task.opened_at for task in tasks} == {moment("2026-10-20 00:00")}
    assert first_action_of(tasks[0]).day_zero == date(2026, 10, 19)


def test_a_withdrawn_push_ends_its_task_and_the_clock(baokang: World) -> None:
    baokang.issued(document_number="保行审许〔2026〕0407号")
    push = baokang.push_to(baokang.departments[0])
    withdraw(actor=baokang.drafter.actor, push_id=push.pk, reason="推送有误")
    task = Task.objects.get(push=push)
    assert task.state == TaskState.WITHDRAWN
    assert first_action_of(task).state == "cancelled"


def test_a_reassigned_push_ends_the_task_of_the_first_organ(baokang: World) -> None:
    baokang.issued(document_number="保行审许〔2026〕0407号")
    push = baokang.push_to(baokang.departments[0])
    extra = make_extra(baokang)
    give_back(
        actor=baokang.liaisons[0].actor,
        push_id=push.pk,
        reason="not_our_duty",
        explanation="经营场所在医院内，属卫生监督范围",
        suggested_id=None,
    )
    answer_return(actor=baokang.drafter.actor, push_id=push.pk, answer="reassigned", reason="同意改派", receiver_id=extra)
    assert Task.objects.get(push=push).state == TaskState.WITHDRAWN
    assert Task.objects.get(organ_id=extra).state == TaskState.OPEN


def make_extra(world: World) -> int:
    return organ(world.county, 21, "教育局").pk


def test_a_list_is_the_same_with_the_sweep_off_and_on(world: World) -> None:
    world.issued()
    claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    Liaison.objects.filter(organ=world.departments[2]).update(valid_to=date(2026, 10, 16))
    later = moment("2026-10-21 08:00")

    def shown() -> list[tuple[int, str, object, int | None]]:
        keys = pending.with_pending(tasks=Task.objects.all(), pushes=pending.pending(at=later))
        return [(row.push.pk, row.state, row.opened_at, row.assignee_id) for row in pending.rows_of(list(keys[:50]))]

    off = shown()
    with clock.frozen(later):
        settling.sweep(at=later)
    assert off == shown() and len(off) == 3
    assert [row[3] for row in off].count(None) == 1
