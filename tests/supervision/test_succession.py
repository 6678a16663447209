"""Open tasks follow an organ into its successor; what was fed back stays under the old name."""

from datetime import date

from foundation.common import clock
from foundation.deadlines.models import Deadline
from foundation.journal.models import Entry
from foundation.organizations import actions as organs
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import Organ
from pushes.actions import claim
from supervision import actions
from supervision.models import Task
from supervision.queries import visible_for
from tests.approvals.world import World, moment, organ, person
from tests.factories import console

ON = date(2026, 10, 14)


def claimed(world: World, **changes: object) -> Task:
    world.issued(**changes)  # type: ignore[arg-type]
    push = world.push_to(world.departments[0])
    claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    return Task.objects.get(push=push)


def abolish(world: World, old: Organ, new: Organ) -> None:
    with clock.frozen(moment("2026-10-14 09:00")):
        organs.abolish_organ(organ=old, successor=new, on=ON, document="机构改革方案", actor=console(world.county))


def test_an_open_task_and_its_clock_go_on_with_the_same_person(world: World) -> None:
    task, new = claimed(world), organ(world.county, 31, "综合监管局")
    before = Deadline.objects.get(subject_type__model="task", subject_id=task.pk)
    abolish(world, world.departments[0], new)
    task.refresh_from_db()
    after = Deadline.objects.get(pk=before.pk)
    assert (task.organ, task.assignee) == (new, world.liaisons[0].user)
    assert (after.organ, after.due_at, after.state) == (new, before.due_at, "running")
    assert after.adjustments.filter(kind="transfer").count() == 1
    row = Entry.objects.get(verb="task.transfer")
    assert row.after == {"organ": new.pk, "assignee": world.liaisons[0].user.pk}


def test_a_task_of_somebody_who_went_elsewhere_waits_to_be_assigned(world: World) -> None:
    task, new = claimed(world), organ(world.county, 31, "综合监管局")
    chief = person("chief", "赵局", world.departments[0], "department_leader", ("view_matter", "assign_task"))
    inspector = person("inspector", "钱进", world.departments[0], "inspector", ("view_matter", "work_task"))
    actions.assign(actor=chief.actor, task_id=task.pk, assignee_id=inspector.user.pk)
    with clock.frozen(moment("2026-10-14 09:00")):
        people = {inspector.user.pk: world.departments[1]}
        organs.split_organ(organ=world.departments[0], into=new, people=people, on=ON, actor=console(world.county))
    task.refresh_from_db()
    assert (task.organ, task.assignee, task.state) == (new, None, "open")


def test_a_result_stays_under_the_old_name_where_the_successor_reads_it(world: World) -> None:
    task, new = claimed(world), organ(world.county, 31, "综合监管局")
    actor = world.liaisons[0].actor
    actions.act(actor=actor, task_id=task.pk, first_action="view")
    actions.finish(actor=actor, task_id=task.pk, finished_at=clock.now())
    actions.feed_back(actor=actor, task_id=task.pk, outcome="normal", result_text="没有发现问题")
    abolish(world, world.departments[0], new)
    task.refresh_from_db()
    assert task.organ == world.departments[0]
    successor = acting_for(user=world.liaisons[0].user, organ_id=new.pk, day=ON)
    stranger = acting_for(user=world.liaisons[1].user, organ_id=world.departments[1].pk, day=ON)
    assert successor is not None and stranger is not None
    assert task in visible_for(actor_of(successor)) and task not in visible_for(actor_of(stranger))


def test_the_successor_finishes_and_the_result_reaches_who_stands_for_the_sender(world: World) -> None:
    task, new = claimed(world), organ(world.county, 31, "综合监管局")
    bureau = organ(world.county, 32, "政务服务局", kind="approval_bureau")
    abolish(world, world.departments[0], new)
    abolish(world, world.bureau, bureau)
    acting = acting_for(user=world.liaisons[0].user, organ_id=new.pk, day=ON)
    assert acting is not None
    with clock.frozen(moment("2026-10-14 11:00")):
        actor = actor_of(acting)
        actions.act(actor=actor, task_id=task.pk, first_action="view")
        actions.finish(actor=actor, task_id=task.pk, finished_at=clock.now())
        done = actions.feed_back(actor=actor, task_id=task.pk, outcome="normal", result_text="没有发现问题")
    assert done.result_push is not None
    assert (done.result_push.sender, done.result_push.receiver) == (new, bureau)


def test_a_result_needs_no_push_where_the_bureau_itself_took_the_task_over(world: World) -> None:
    task = claimed(world)
    abolish(world, world.departments[0], world.bureau)
    task.refresh_from_db()
    assert task.organ == world.bureau
    acting = acting_for(user=world.liaisons[0].user, organ_id=world.bureau.pk, day=ON)
    assert acting is not None
    with clock.frozen(moment("2026-10-14 11:00")):
        actor = actor_of(acting)
        actions.act(actor=actor, task_id=task.pk, first_action="view")
        actions.finish(actor=actor, task_id=task.pk, finished_at=clock.now())
        done = actions.feed_back(actor=actor, task_id=task.pk, outcome="normal", result_text="没有发现问题")
    assert (done.state, done.result_push) == ("fed_back", None)


def test_a_task_that_came_with_the_push_ends_with_a_doubled_push(baokang: World) -> None:
    """保康: the task opens with the push, so a push that has become one with another takes its task along."""
    baokang.issued(document_number="保行审许〔2026〕0407号")
    gone, stays = baokang.departments[0], baokang.departments[1]
    task = Task.objects.get(organ=gone)
    abolish(baokang, gone, stays)
    task.refresh_from_db()
    assert task.state == "withdrawn"
    assert Task.objects.filter(organ=stays, state="open").count() == 1
