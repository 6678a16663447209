"""The corridor knows no direction: the bureau may return what a department pushed back, and the department answers."""

import pytest

from foundation.common import clock
from foundation.deadlines.models import Deadline
from foundation.organizations.roles import ROLE_RIGHTS
from foundation.organizations.statuses import Role
from pushes import actions, returns
from pushes.models import Push
from pushes.statuses import PushState
from supervision import actions as supervision
from supervision.models import Task
from tests.approvals.world import World, moment


def fed_back(world: World) -> Push:
    world.issued()
    push = world.push_to(world.departments[0])
    actions.claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    task = Task.objects.get(push=push)
    supervision.act(actor=world.liaisons[0].actor, task_id=task.pk, first_action="view")
    supervision.finish(actor=world.liaisons[0].actor, task_id=task.pk, finished_at=clock.now())
    supervision.feed_back(actor=world.liaisons[0].actor, task_id=task.pk, outcome="normal", result_text="核对许可材料，与现场一致。")
    return Push.objects.get(kind="result")


@pytest.mark.provision("BA-18")
@pytest.mark.provision("BA-20c")
def test_in_baokang_the_bureau_claims_what_comes_back_within_three_working_days(baokang: World) -> None:
    push = fed_back(baokang)
    assert (push.sender, push.receiver) == (baokang.departments[0], baokang.bureau)
    claim = Deadline.objects.get(subject_id=push.pk, subject_type__model="push", term__key="claim_back")
    assert (claim.organ, claim.due_at, claim.term.advisory) == (baokang.bureau, moment("2026-10-16 00:00"), False)
    with clock.frozen(moment("2026-10-15 23:59:59.999999")):
        actions.claim(actor=baokang.issuer.actor, push_ids=[push.pk])
    claim.refresh_from_db()
    assert claim.state == "met"
    assert claim.settled_at is not None
    assert claim.settled_at < claim.due_at


def test_what_the_bureau_returns_the_department_answers(baokang: World) -> None:
    push = fed_back(baokang)
    returns.give_back(actor=baokang.issuer.actor, push_id=push.pk, reason="incomplete", explanation="没有写明检查的日期和人员。")
    push.refresh_from_db()
    assert push.state == PushState.RETURNED
    owed = Deadline.objects.get(subject_id=push.pk, subject_type__model="push", term__key="return_answer")
    assert owed.organ == baokang.departments[0]
    for role in (Role.LIAISON, Role.LIAISON_LEADER, Role.DEPARTMENT_LEADER):
        assert "answer_return" in ROLE_RIGHTS[role].own
