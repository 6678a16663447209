"""Who may decide, and what follows when an item changes hands."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from catalogue import actions
from catalogue.models import Power
from catalogue.queries import may, power_index
from catalogue.statuses import ItemStatus
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry

from .conftest import AT, START, World, organ


def decides(world: World, organ_id: int, item_id: int, on: date, area: str = "") -> bool:
    return may(organ_id=organ_id, item_id=item_id, verb="decide", on=on, area=area)


@pytest.mark.provision("ZC-03")
def test_nobody_decides_outside_the_list(world: World) -> None:
    item = world.item()
    assert decides(world, world.bureau.pk, item.pk, START)
    assert not decides(world, world.bureau.pk, item.pk, date(2021, 4, 30))
    assert not decides(world, world.market.pk, item.pk, START)
    assert not may(organ_id=world.bureau.pk, item_id=item.pk, verb="penalise", on=START)
    assert not may(organ_id=world.bureau.pk, item_id=item.pk, verb="rescind", on=START)


@pytest.mark.provision("PT-01")
@pytest.mark.provision("SC-31b")
def test_from_the_transfer_date_the_bureau_alone_decides(world: World) -> None:
    item = actions.add_item(actor=world.keeper, bureau=world.market, name="食品生产许可", valid_from=START, at=AT)
    actions.transfer_item(actor=world.keeper, item=item, to_organ_id=world.bureau.pk, on=date(2026, 11, 1), document="划转方案", at=AT)
    assert decides(world, world.market.pk, item.pk, date(2026, 10, 31))
    assert not decides(world, world.bureau.pk, item.pk, date(2026, 10, 31))
    assert not decides(world, world.market.pk, item.pk, date(2026, 11, 1))
    assert decides(world, world.bureau.pk, item.pk, date(2026, 11, 1))
    item.refresh_from_db()
    assert (item.bureau_id, item.competent_id, item.transfer_date) == (world.bureau.pk, world.market.pk, date(2026, 11, 1))
    entry = Entry.objects.get(verb="item.transfer")
    assert entry.before["bureau"] == world.market.pk and entry.after["powers_ended_of"] == [world.market.pk]


@pytest.mark.provision("PL-05")
@pytest.mark.provision("ZC-02")
def test_supervision_stays_with_the_department_after_the_transfer(world: World) -> None:
    item = actions.add_item(actor=world.keeper, bureau=world.market, name="食品生产许可", valid_from=START, at=AT)
    actions.grant_power(actor=world.keeper, organ_id=world.market.pk, item=item, verb="penalise", valid_from=START, at=AT)
    actions.transfer_item(actor=world.keeper, item=item, to_organ_id=world.bureau.pk, on=date(2026, 11, 1), document="划转方案", at=AT)
    assert may(organ_id=world.market.pk, item_id=item.pk, verb="penalise", on=date(2027, 1, 1))


def test_a_second_transfer_to_the_same_organ_is_refused(world: World) -> None:
    item = world.item()
    with pytest.raises(Refused, match="不必再次划转"):
        actions.transfer_item(actor=world.keeper, item=item, to_organ_id=world.bureau.pk, on=date(2026, 11, 1), document="划转方案", at=AT)


@pytest.mark.provision("BA-22b")
def test_an_item_that_became_a_filing_goes_back_to_the_department(world: World) -> None:
    item = world.item()
    actions.convert_item(actor=world.keeper, item=item, to_organ_id=world.market.pk, on=date(2026, 11, 1), document="取消许可的决定", at=AT)
    item.refresh_from_db()
    assert item.status == ItemStatus.CONVERTED
    assert decides(world, world.market.pk, item.pk, date(2026, 11, 1))
    assert not decides(world, world.bureau.pk, item.pk, date(2026, 11, 1))


@pytest.mark.provision("PT-21a")
def test_in_the_park_the_committee_decides_and_elsewhere_the_bureau(world: World) -> None:
    item = world.item()
    park = organ(world.county, 30, "工业园区管委会", kind="park_committee")
    actions.grant_power(actor=world.keeper, organ_id=park.pk, item=item, verb="decide", area="平罗工业园区", valid_from=START, at=AT)
    assert decides(world, park.pk, item.pk, START, area="平罗工业园区")
    assert not decides(world, world.bureau.pk, item.pk, START, area="平罗工业园区")
    assert decides(world, world.bureau.pk, item.pk, START, area="城关镇")
    assert not decides(world, park.pk, item.pk, START)
    assert power_index(county_id=world.county.pk).holders(item_id=item.pk, verb="decide", on=START, area="平罗工业园区") == [park.pk]


def test_a_successor_decides_and_the_superior_may_revoke(world: World) -> None:
    item = world.item()
    government = organ(world.county, 40, "人民政府", kind="government")
    new = organ(world.county, 41, "行政审批局", kind="approval_bureau")
    world.bureau.successor, world.bureau.closed_on, world.bureau.superior = new, date(2026, 10, 1), government
    world.bureau.save()
    assert not decides(world, new.pk, item.pk, date(2026, 9, 30))
    assert decides(world, new.pk, item.pk, date(2026, 10, 1))
    assert may(organ_id=government.pk, item_id=item.pk, verb="revoke", on=date(2026, 9, 1))
    assert not decides(world, government.pk, item.pk, date(2026, 9, 1))


def test_a_power_ends_and_may_not_overlap(world: World) -> None:
    item = world.item()
    with pytest.raises(Refused, match="日期重叠"):
        actions.grant_power(actor=world.keeper, organ_id=world.bureau.pk, item=item, verb="decide", valid_from=date(2026, 1, 1), at=AT)
    power = Power.objects.get(item=item, verb="decide")
    with pytest.raises(IntegrityError), transaction.atomic():
        Power.objects.create(organ=world.bureau, item=item, verb="decide", valid_from=date(2026, 1, 1))
    actions.end_power(actor=world.keeper, power=power, last_day=date(2026, 9, 30), reason="停止授权", at=AT)
    assert decides(world, world.bureau.pk, item.pk, date(2026, 9, 30))
    assert not decides(world, world.bureau.pk, item.pk, date(2026, 10, 1))
    actions.grant_power(actor=world.keeper, organ_id=world.bureau.pk, item=item, verb="decide", valid_from=date(2026, 10, 1), at=AT)


def test_no_power_crosses_a_county(world: World, other_world: World) -> None:
    item = world.item()
    assert not decides(world, other_world.bureau.pk, item.pk, START)
    with pytest.raises(Refused, match="不在本县区"):
        actions.grant_power(actor=world.keeper, organ_id=other_world.bureau.pk, item=item, verb="decide", valid_from=START, at=AT)
    with pytest.raises(NotYours):
        actions.grant_power(actor=other_world.keeper, organ_id=other_world.bureau.pk, item=item, verb="decide", valid_from=START, at=AT)
