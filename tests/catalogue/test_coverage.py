"""The coverage page names every gap and the act that mends it."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import actions
from catalogue.coverage import coverage
from catalogue.hooks import unlisted_items
from catalogue.models import Power
from foundation.common import clock
from foundation.deadlines.models import Rulebook
from foundation.organizations.models import Liaison, Section, User

from .conftest import AT, START, World

DAY = date(2026, 10, 12)


def gaps(world: World, on: date = DAY):
    return coverage(county_id=world.county.pk, on=on)


@pytest.mark.provision("BS-01a")
@pytest.mark.provision("PL-05")
def test_unmapped_handling_items_are_named(world: World, other_world: World) -> None:
    item = world.item()
    mapped, bare = world.handling(item), world.handling(item, "变更")
    world.supervise(mapped)
    other_world.handling(other_world.item())
    found = gaps(world)
    assert (found.items, found.handling_items, found.mapped, found.percent) == (1, 2, 1, "50.0%")
    assert found.unmapped == [bare]
    assert found.by_organ == [("市场监督管理局", 1, 1)]


@pytest.mark.provision("BS-02c")
@pytest.mark.provision("BS-02a")
def test_a_post_check_item_must_be_linked(world: World) -> None:
    item = world.item()
    world.handling(item)
    post_check = world.handling(item, "新办（告知承诺）", commitment_mode="post_check")
    assert gaps(world).post_check == [post_check]
    world.supervise(post_check)
    assert gaps(world).post_check == []


def rulebook(world: World, **values: object) -> None:
    Rulebook.objects.create(
        key=f"rules-{world.county.code}",
        county=world.county,
        title="办法",
        short_title="办法",
        status="in_force",
        valid_from=START,
        parameters={key: {"value": value, "authority": "第二十一条"} for key, value in values.items()},
        sha256="0" * 64,
        loaded_at=datetime(2026, 1, 1, tzinfo=clock.ZONE),
    )


def liaison(world: World, name: str, until: date | None = None, section: Section | None = None) -> None:
    user = User.objects.create(username=name, full_name=name)
    Liaison.objects.create(
        organ=section.organ if section else world.market, section=section, user=user, kind="officer", valid_from=START, valid_to=until
    )


def test_an_organ_without_a_liaison_today_is_named(world: World) -> None:
    world.supervise(world.handling(world.item()))
    assert gaps(world).without_liaison == [world.market]
    liaison(world, "李慧", until=date(2026, 10, 11))
    assert gaps(world).without_liaison == [world.market]
    assert gaps(world, date(2026, 10, 11)).without_liaison == []


def test_numbers_of_liaisons_are_held_against_the_rulebook(world: World) -> None:
    world.supervise(world.handling(world.item()))
    section = Section.objects.create(organ=world.bureau, name="市场准入股")
    rulebook(world, liaisons_per_organ_min=1, liaisons_per_organ_max=1, liaisons_per_section_min=1)
    assert [gap.words for gap in gaps(world).liaison_gaps] == ["联络员 0 名，应不少于 1 名", "市场准入股有联络员 0 名，应不少于 1 名"]
    liaison(world, "李慧")
    liaison(world, "王敏", section=section)
    assert gaps(world).liaison_gaps == []
    liaison(world, "赵强")
    (gap,) = gaps(world).liaison_gaps
    assert (gap.organ, gap.words, gap.article) == (world.market, "联络员 2 名，应不多于 1 名", "第二十一条")


@pytest.mark.parametrize("until, shown", [(date(2026, 10, 26), True), (date(2026, 10, 27), False)])
def test_a_liaison_who_leaves_soon_is_named_unless_somebody_follows(world: World, until: date, shown: bool) -> None:
    """Ten working days from Monday 12 October end on the 26th."""
    world.supervise(world.handling(world.item()))
    rulebook(world)
    liaison(world, "李慧", until=until)
    words = [gap.words for gap in gaps(world).liaison_gaps]
    assert words == (["李慧的联络员任期到 2026-10-26 为止，此后没有人接续"] if shown else [])
    liaison(world, "王敏")
    assert gaps(world).liaison_gaps == []


@pytest.mark.provision("ZC-03")
def test_powers_that_overlap_or_leave_a_gap_are_named(world: World) -> None:
    fine, double, hole, none, ended = (world.item(name) for name in ("甲许可", "乙许可", "丙许可", "丁许可", "戊许可"))
    actions.grant_power(actor=world.keeper, organ_id=world.market.pk, item=double, verb="decide", valid_from=date(2026, 1, 1), at=AT)
    Power.objects.filter(item=hole, verb="decide").update(valid_to=date(2026, 5, 31))
    actions.grant_power(actor=world.keeper, organ_id=world.market.pk, item=hole, verb="decide", valid_from=date(2026, 7, 1), at=AT)
    Power.objects.filter(item=none, verb="decide").delete()
    Power.objects.filter(item=ended, verb="decide").update(valid_to=date(2026, 9, 30))
    found = {fault.item.name: fault.words for fault in gaps(world).power_faults}
    assert set(found) == {"乙许可", "丙许可", "丁许可", "戊许可"}
    assert "重叠" in found["乙许可"] and "2026-05-31" in found["丙许可"]
    assert "没有任何单位" in found["丁许可"] and "没有单位接续" in found["戊许可"]
    assert fine.name not in found


def test_an_item_transferred_without_a_break_is_no_fault(world: World) -> None:
    item = actions.add_item(actor=world.keeper, bureau=world.market, name="食品生产许可", valid_from=START, at=AT)
    actions.transfer_item(actor=world.keeper, item=item, to_organ_id=world.bureau.pk, on=date(2026, 11, 1), document="划转方案", at=AT)
    assert gaps(world).power_faults == []


@pytest.mark.provision("ZC-03")
def test_items_that_decisions_named_and_the_list_does_not_know(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlisted_items, "_handlers", {"tests": [lambda *, county_id: {"烟花爆竹经营许可": 2, "别的": 5}]})
    assert gaps(world).outside == [("别的", 5), ("烟花爆竹经营许可", 2)]


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    rulebook(world, liaisons_per_organ_min=1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            gaps(world)
        return len(captured)

    world.supervise(world.handling(world.item()))
    few = queries()
    for number in range(15):
        item = world.item(f"事项{number}")
        world.supervise(world.handling(item), by=world.health if number % 2 else world.market, name=f"监管{number}")
        world.handling(item, "变更")
    assert queries() == few
