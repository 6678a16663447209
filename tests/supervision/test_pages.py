"""The pages of tasks as inspectors, leads and the waiting bureau get them."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from foundation.common import clock, hooks
from foundation.deadlines import settling
from foundation.journal.models import Entry
from pushes.actions import claim
from pushes.models import Push
from supervision.models import Task
from supervision.statuses import TaskState
from tests.approvals.world import World, make_world, moment, person


def text_of(client: Client, name: str, *args: int, **params: str) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200
    return answer.content.decode()


def claimed(world: World) -> Task:
    world.issued()
    claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    return Task.objects.get()


@pytest.mark.provision("SC-26c", "SC-13")
def test_the_list_shows_what_a_clock_opened_before_the_sweep_and_takes_it_up(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    lead = world.liaisons[0]
    with clock.frozen(moment("2026-10-21 08:00")):
        before = text_of(lead.browser(), "task_list")
        assert "石行审许〔2026〕0407号" in before and "10月19日（一）24:00" in before and "联络员0" in before
        assert "石行审许〔2026〕0407号" in text_of(lead.browser(), "task_list", scope="mine")
        answer = lead.browser().post(reverse("task_take_up", args=[push.pk]))
        task = Task.objects.get()
        assert answer["Location"] == reverse("task_page", args=[task.pk]) and task.opened_at == moment("2026-10-20 00:00")
        assert world.liaisons[1].browser().post(reverse("task_take_up", args=[push.pk])).status_code == 404


def test_counts_and_export_are_the_same_with_the_sweep_off_and_on(world: World) -> None:
    claimed(world)
    later = moment("2026-11-03 08:00")

    def shown() -> tuple[str, list[tuple[object, ...]]]:
        client = world.drafter.browser()
        listed = text_of(client, "task_list")
        answer = client.get(reverse("task_export"))
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        assert sheet is not None
        counts = listed[listed.index("ld-counts") : listed.index("</nav>", listed.index("ld-counts"))]
        return counts, [row[:8] for row in sheet.iter_rows(min_row=3, values_only=True)]

    with clock.frozen(later):
        off = shown()
        settling.sweep(at=later)
        assert off == shown()
    assert "<b>3</b><span>待分派" in off[0] and "<b>3</b><span>领了不管" in off[0] and len(off[1]) == 3


def test_a_push_that_is_not_claimed_has_no_task_to_take_up(world: World) -> None:
    world.issued()
    world.liaisons[0].browser().post(reverse("task_take_up", args=[world.push_to(world.departments[0]).pk]))
    assert not Task.objects.exists()


def test_the_whole_work_on_the_page(world: World) -> None:
    task = claimed(world)
    client = world.liaisons[0].browser()
    assert "下一步：首次处置" in text_of(client, "task_page", task.pk)
    refused = client.post(reverse("task_do", args=[task.pk, "act"]), {"first_action": "on_site"})
    assert refused.status_code == 200 and "现场检查要先经批准" in refused.content.decode()
    client.post(reverse("task_do", args=[task.pk, "act"]), {"first_action": "view"})
    assert "下一步：办结" in text_of(client, "task_page", task.pk)
    assert "请填写监管工作完成" in client.post(reverse("task_do", args=[task.pk, "finish"]), {"finished_at": ""}).content.decode()
    client.post(reverse("task_do", args=[task.pk, "finish"]), {"finished_at": "2026-10-12T10:00"})
    assert "下一步：录入结果" in text_of(client, "task_page", task.pk)
    client.post(reverse("task_do", args=[task.pk, "feed-back"]), {"outcome": "normal", "result_text": "经营项目与许可一致。"})
    task.refresh_from_db()
    assert task.state == TaskState.FED_BACK
    assert Push.objects.get(kind="result").receiver_id == world.bureau.pk
    life = text_of(world.drafter.browser(), "decision_page", task.push.payload_id)
    assert "市场监督管理局反馈监管结果：未发现问题" in life and "下一步" not in text_of(client, "task_page", task.pk)


def test_the_bureau_reads_but_does_not_act(world: World) -> None:
    task = claimed(world)
    client = world.drafter.browser()
    assert "下一步" not in text_of(client, "task_page", task.pk)
    for step in ("act", "finish", "feed-back", "assign"):
        data = {"first_action": "view", "finished_at": "2026-10-12T10:00", "outcome": "normal", "result_text": "好", "assignee_id": "1"}
        assert client.post(reverse("task_do", args=[task.pk, step]), data).status_code == 404
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_another_organ_and_another_county_get_404(world: World) -> None:
    task = claimed(world)
    stranger = make_world("420626")
    for who in (world.liaisons[1], stranger.liaisons[0], stranger.drafter):
        client = who.browser()
        assert client.get(reverse("task_page", args=[task.pk])).status_code == 404
        assert client.post(reverse("task_do", args=[task.pk, "act"]), {"first_action": "view"}).status_code == 404
        assert "石行审许〔2026〕0407号" not in text_of(client, "task_list", scope="organ")


def test_an_inspector_has_no_assignment_on_the_page(world: World) -> None:
    task = claimed(world)
    inspector = person("inspector", "赵磊", world.departments[0], "inspector", ("view_matter", "work_task"))
    assert "交给谁办" not in text_of(inspector.browser(), "task_page", task.pk)
    assert "交给谁办" in text_of(world.liaisons[0].browser(), "task_page", task.pk)


def test_the_list_costs_the_same_for_one_and_for_many(world: World) -> None:
    claimed(world)
    client = world.liaisons[0].browser()
    text_of(client, "task_list")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(client, "task_list")
        return len(queries)

    one = cost()
    for number in range(6):
        world.issued(document_number=f"石行审许〔2026〕05{number:02d}号")
        claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    assert cost() == one


def test_a_leavers_open_tasks_are_handed_over_e18(world: World) -> None:
    task = claimed(world)
    leaver, heir = world.liaisons[0].user, person("heir", "钱进", world.departments[0], "inspector", ("view_matter", "work_task")).user
    organ_id = world.departments[0].pk
    work = [one for source in hooks.open_work_of.of("supervision") for one in source(user_id=leaver.pk, organ_id=organ_id)]
    assert [one.subject_id for one in work] == [task.pk]
    (mover,) = hooks.hand_over_work.of("supervision")
    chief = person("chief", "赵局", world.departments[0], "department_leader", ("view_matter", "assign_task")).actor
    assert mover(user_id=leaver.pk, organ_id=organ_id, to_user_id=heir.pk, actor=chief) == 1
    task.refresh_from_db()
    assert task.assignee_id == heir.pk
    assert Entry.objects.get(verb="task.hand_over").actor_id == chief.user_id, "the journal names who ended the post"
    assert mover(user_id=leaver.pk, organ_id=organ_id, to_user_id=heir.pk, actor=chief) == 0
