"""The workbench: what an organ owes, nearest moment first, at every moment of a clock's life."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards import workbench
from foundation.common import clock
from foundation.deadlines import settling
from pushes.models import Push
from supervision.models import Task
from tests.approvals.world import World, moment


def groups(world: World, when: str) -> dict[str, int]:
    with clock.frozen(moment(when)):
        edges = workbench.bounds(county_id=world.county.pk, at=moment(when))
        return workbench.counted(workbench.owed_by(world.liaisons[0].actor, at=moment(when)), edges=edges)


@pytest.mark.parametrize(
    ("when", "group"),
    [
        ("2026-10-13 09:00", "ok"),
        ("2026-10-15 09:00", "soon"),
        ("2026-10-18 09:00", "soon"),
        ("2026-10-19 00:00", "today"),
        ("2026-10-19 23:59:59.999999", "today"),
    ],
)
def test_a_claim_changes_colour_at_midnight(world: World, when: str, group: str) -> None:
    world.issued()
    assert {name: n for name, n in groups(world, when).items() if n} == {group: 1}


def test_a_lapsed_claim_owes_nothing_and_shows_what_follows(world: World) -> None:
    """No screen shows a stale state, whether or not the sweep has been round."""
    world.issued()
    when = moment("2026-10-20 00:00:05")
    actor = world.liaisons[0].actor
    with clock.frozen(when):
        assert not sum(groups(world, "2026-10-20 00:00:05").values())
        before = workbench.following(actor, at=when)
        assert [one.push for one in before] == [world.push_to(world.departments[0])]
        settling.sweep(at=when + settling.GRACE)
        assert workbench.following(actor, at=when) == []
        task = Task.objects.get(push=before[0].push)
        [swept] = list(workbench.owed_by(actor, at=when).filter(subject_type__model="task", subject_id=task.pk))
    assert before[0].clock is not None
    assert (before[0].clock.day_zero, before[0].clock.last_day, before[0].clock.due_at) == (swept.day_zero, swept.last_day, swept.due_at)


def test_overdue_stands_first_and_longest_overdue_at_the_top(baokang: World) -> None:
    baokang.issued()
    baokang.issued(at=moment("2026-10-13 10:00"), document_number="保行审许〔2026〕0408号")
    when = moment("2026-10-20 09:00")
    with clock.frozen(when):
        edges = workbench.bounds(county_id=baokang.county.pk, at=when)
        rows = workbench.page_of(workbench.owed_by(baokang.liaisons[0].actor, at=when), edges=edges, actor=baokang.liaisons[0].actor)
    claims = [row for row in rows if row.clock.term.key == "claim"]
    assert [row.group for row in claims] == ["over", "over"]
    assert claims[0].clock.due_at < claims[1].clock.due_at


def test_the_sender_sees_what_others_owe(world: World) -> None:
    world.issued()
    rows = workbench.owed_to(world.issuer.actor, at=clock.now())
    assert {row.organ_id for row in rows.filter(term__key="claim")} == {organ.pk for organ in world.departments}


def test_the_page_shows_chip_reason_and_one_act(world: World) -> None:
    world.issued()
    page = world.liaisons[0].browser().get("/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "剩 5 个工作日" in words
    assert "10月19日（一）24:00" in words
    assert "第二十六条" in words
    assert "认领" in words


def test_the_page_needs_as_many_queries_for_many_rows_as_for_few(world: World) -> None:
    world.issued()
    browser = world.liaisons[0].browser()
    browser.get("/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/")
    for number in range(12):
        world.issued(document_number=f"石行审许〔2026〕07{number:02d}号")
    with CaptureQueriesContext(connection) as many:
        browser.get("/")
    assert len(many) == len(few)


def test_the_export_holds_what_the_page_holds(world: World) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    world.issued()
    answer = world.liaisons[0].browser().get("/workbench.xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 3, "a title line, the headings and one row"
    assert "2026年10月19日（一）24:00" in rows[2]
    assert Push.objects.filter(receiver=world.departments[0]).count() == 1


def test_a_leader_begins_at_the_overview(world: World) -> None:
    from tests.dashboards.conftest import overseer

    answer = overseer(world).browser().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/overview/")


def test_search_finds_by_substring_what_is_ours_and_nothing_else(world: World, baokang: World) -> None:
    world.issued()
    found = world.liaisons[0].browser().get("/search/", {"q": "赣江源"}).content.decode()
    assert "石行审许〔2026〕0407号" in found
    assert "石行审许" not in baokang.liaisons[0].browser().get("/search/", {"q": "赣江源"}).content.decode()
    assert "至少" in world.liaisons[0].browser().get("/search/", {"q": "源"}).content.decode()
