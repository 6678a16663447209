"""A natural person's name stands in full where the duty is done, and masked in every list (personal information law)."""

import pytest

from foundation.common.hooks import present
from foundation.organizations.models import OrganGrant
from parties.models import Party
from pushes.actions import claim
from pushes.models import Push
from supervision import actions as supervision
from supervision.models import Task
from tests.approvals.world import World, organ, person

FULL, MASKED = "欧阳建国", "欧*"


@pytest.fixture
def push(world: World) -> Push:
    party = Party.objects.create(
        county=world.county, kind="natural", name=FULL, id_number="36073519900101001X", address="琴江镇西华南路 18 号"
    )
    world.issued(party=party)
    return world.push_to(world.departments[0])


def test_the_list_name_is_masked_and_the_snapshot_complete(push: Push) -> None:
    told = push.versions.get().snapshot
    assert (push.party_name, told["party_name"], told["party_list_name"]) == (MASKED, FULL, MASKED)


def test_inbox_and_sheet_show_the_masked_name_and_the_page_the_full_one(world: World, push: Push) -> None:
    browser = world.liaisons[0].browser()
    row = browser.get("/pushes/").content.decode().split("ld-table", 1)[1].split("</table>", 1)[0]
    assert MASKED in row and FULL not in row
    assert FULL in browser.get(f"/pushes/{push.pk}/").content.decode()


def test_whoever_only_looks_on_reads_the_masked_name(world: World, push: Push) -> None:
    office = organ(world.county, 31, "政府督查室", kind="oversight_office")
    onlooker = person("watcher", "孙督查", office, "oversight", ("view_matter",))
    group = onlooker.user.memberships.get().group

    right = OrganGrant.objects.get(group=group).permission
    OrganGrant.objects.create(group=group, permission=right, content_object=world.departments[0])
    claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    for address in (f"/pushes/{push.pk}/", f"/tasks/{Task.objects.get(push=push).pk}/"):
        page = onlooker.browser().get(address)
        text = page.content.decode()
        assert page.status_code == 200 and MASKED in text
        assert FULL not in text and "温某 19000000011" not in text and "西华南路" not in text


def test_workbench_and_task_list_show_the_masked_name_the_task_the_full_one(world: World, push: Push) -> None:
    claim(actor=world.liaisons[0].actor, push_ids=[push.pk])
    task = Task.objects.get(push=push)
    browser = world.liaisons[0].browser()
    assert FULL not in browser.get("/tasks/").content.decode()
    assert FULL in browser.get(f"/tasks/{task.pk}/").content.decode()
    (presenter,) = present.of("supervision.task")
    assert presenter(wanted=[(task.pk, "first_action")], actor=world.liaisons[0].actor)[task.pk, "first_action"].party == MASKED


def test_the_result_tells_the_full_name_and_lists_the_masked_one(world: World, push: Push) -> None:
    actor = world.liaisons[0].actor
    claim(actor=actor, push_ids=[push.pk])
    task = Task.objects.get(push=push)
    supervision.act(actor=actor, task_id=task.pk, first_action="view")
    supervision.finish(actor=actor, task_id=task.pk, finished_at=task.opened_at)
    result = supervision.feed_back(actor=actor, task_id=task.pk, outcome="normal", result_text="没有发现问题").result_push
    assert result is not None
    assert (result.party_name, result.versions.get().snapshot["party_name"]) == (MASKED, FULL)


def test_an_organisation_is_named_in_full_everywhere(world: World) -> None:
    world.issued()
    push = world.push_to(world.departments[0])
    assert push.party_name == world.party.name and "party_list_name" not in push.versions.get().snapshot
