"""The figures of leadership: on time, late, overdue and the clock's own acts, always equal to a full recount."""

from datetime import date

import pytest

from approvals import actions as approvals
from dashboards.figures import Cell, close_months, figures
from dashboards.models import ClosedMonth
from foundation.common import clock
from foundation.deadlines import settling
from foundation.deadlines.models import Deadline
from pushes import actions
from tests.approvals.world import World, moment
from tests.dashboards.conftest import overseer

NOW = moment("2026-12-15 09:00")


def count(world: World, *, closed: bool = True, keys: tuple[str, ...] = ("claim",)) -> dict[int, Cell]:
    organs = [world.bureau, *world.departments]
    found = figures(
        county_id=world.county.pk,
        organ_ids=[organ.pk for organ in organs],
        since=date(2026, 1, 1),
        until=date(2031, 1, 1),
        at=NOW,
        keys=keys,
        closed=closed,
    )
    return {organ.pk: found.of_organ(organ.pk) for organ in organs}


def work(world: World) -> None:
    """One department claims in time, one lets the clock claim, one (in 保康) is late."""
    world.issued()
    with clock.frozen(moment("2026-10-13 09:00")):
        actions.claim(actor=world.liaisons[0].actor, push_ids=[world.push_to(world.departments[0]).pk])
    with clock.frozen(moment("2026-10-23 09:00")):
        actions.claim(actor=world.liaisons[1].actor, push_ids=[world.push_to(world.departments[1]).pk])


@pytest.mark.provision("SC-26c")
def test_the_clocks_own_acts_are_neither_on_time_nor_late(world: World) -> None:
    """自动认领 has a column of its own and never enters 按期率 (E-29)."""
    work(world)
    cells = count(world)
    assert cells[world.departments[0].pk] == Cell(on_time=1)
    assert cells[world.departments[1].pk] == Cell(automatic=1)
    assert cells[world.departments[1].pk].rate is None
    assert cells[world.departments[2].pk] == Cell(automatic=1), "lapsed, though no sweep has written it down"


@pytest.mark.provision("BS-15b")
def test_late_and_overdue_count_against_the_rate(baokang: World) -> None:
    work(baokang)
    cells = count(baokang)
    assert cells[baokang.departments[1].pk] == Cell(late=1)
    assert cells[baokang.departments[2].pk] == Cell(overdue=1)
    assert cells[baokang.departments[0].pk].rate == 100.0
    assert cells[baokang.departments[2].pk].rate == 0.0


def test_closed_months_equal_a_full_recount(world: World) -> None:
    work(world)
    settling.sweep(at=NOW)
    assert close_months(county_id=world.county.pk, at=NOW) == []
    Deadline.objects.exclude(term__key="claim").update(state="cancelled", settled_at=NOW)
    closed = close_months(county_id=world.county.pk, at=NOW)
    assert date(2026, 10, 1) in closed
    assert ClosedMonth.objects.filter(month=date(2026, 10, 1)).exists()
    assert count(world) == count(world, closed=False)


def test_a_month_with_an_open_clock_stays_open(baokang: World) -> None:
    work(baokang)
    assert date(2026, 10, 1) not in close_months(county_id=baokang.county.pk, at=NOW)
    with clock.frozen(NOW):
        actions.claim(actor=baokang.liaisons[2].actor, push_ids=[baokang.push_to(baokang.departments[2]).pk])
    assert count(baokang)[baokang.departments[2].pk] == Cell(late=1), "a late act counts at once, whatever was closed"


def test_the_page_names_the_overdue_organ_and_whom_to_call(baokang: World) -> None:
    who = overseer(baokang)
    work(baokang)
    with clock.frozen(NOW):
        browser = who.browser()
        words = browser.get("/overview/").content.decode()
        rows = browser.get("/overview/rows/", {"bucket": "overdue", "organ": baokang.departments[2].pk}).content.decode()
    assert "按期率 = 按期办结" in words
    assert "联络员2" in rows
    assert "0797-5700001" in rows
    assert "第十九条" in rows


def test_every_number_leads_to_its_rows(baokang: World) -> None:
    who = overseer(baokang)
    work(baokang)
    with clock.frozen(NOW):
        for bucket, expected in (("on_time", 1), ("late", 1), ("overdue", 1)):
            page = who.browser().get("/overview/rows/", {"bucket": bucket, "term": "claim"})
            assert page.context["page"].paginator.count == expected, bucket


def test_nobody_else_reads_the_overview(world: World) -> None:
    assert world.liaisons[0].browser().get("/overview/").status_code == 403


def test_a_clock_that_starts_late_opens_its_month_again(baokang: World) -> None:
    """A decision reported months afterwards has clocks whose days lie in a month already counted."""
    work(baokang)
    with clock.frozen(NOW):
        actions.claim(actor=baokang.liaisons[2].actor, push_ids=[baokang.push_to(baokang.departments[2]).pk])
        Deadline.objects.filter(state="running").update(state="cancelled", settled_at=NOW)
        assert date(2026, 10, 1) in close_months(county_id=baokang.county.pk, at=NOW)
        values = baokang.values(document_number="保行审许〔2026〕0999号")
        approvals.report(actor=baokang.drafter.actor, organ_id=baokang.bureau.pk, values=values)
        late = Deadline.objects.filter(state="running", last_day__lt=date(2026, 11, 1))
        assert late.exists(), "the bureau's own duties ran from the day of the decision"
        late.update(state="met", settled_at=NOW)
    keys = tuple(late.model.objects.values_list("term__key", flat=True))
    assert count(baokang, keys=keys) == count(baokang, keys=keys, closed=False)
    assert not ClosedMonth.objects.filter(month=date(2026, 10, 1)).exists()
