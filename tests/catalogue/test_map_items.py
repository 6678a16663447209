"""Decisions go to the organs that the catalogue names on the day."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalogue import actions
from catalogue.models import Mapping
from catalogue.queries import routes_for, routes_for_many
from catalogue.succession import follow_succession
from foundation.common.actors import Actor
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry

from .conftest import AT, START, World, organ

DAY = date(2026, 10, 12)


@pytest.mark.provision("BS-01a")
@pytest.mark.provision("BS-01b")
@pytest.mark.provision("PL-06")
def test_a_mapped_handling_item_goes_to_its_organ_for_its_matter(world: World) -> None:
    row = world.handling(world.item())
    assert routes_for(handling_item_id=row.pk, on=DAY) == []
    assert world.supervise(row) == 1
    (route,) = routes_for(handling_item_id=row.pk, on=DAY)
    assert (route.organ_id, route.organ, route.matter, route.mode) == (world.market.pk, world.market.name, "对食品经营者的监督检查", "K")
    assert Entry.objects.filter(verb="mapping.add").count() == 1


def test_routes_of_many_handling_items_take_one_query(world: World) -> None:
    item = world.item()
    rows = [world.handling(item, f"办理项{number}") for number in range(20)]
    world.supervise(*rows)
    world.supervise(*rows[:5], by=world.health, name="对公共场所卫生的监督检查")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = routes_for_many(handling_item_ids=[row.pk for row in rows], on=DAY)
    assert len(queries) == 1
    assert [len(found[row.pk]) for row in rows] == [2] * 5 + [1] * 15


def test_mapping_twice_changes_nothing(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    before = Entry.objects.count()
    assert world.supervise(row) == 0
    assert Entry.objects.count() == before
    assert Mapping.objects.count() == 1


def test_the_old_row_ends_the_day_before_the_new_one_begins(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    world.supervise(row, name="对食品小作坊的监督检查", on=date(2026, 10, 1))
    assert [(one.matter) for one in routes_for(handling_item_id=row.pk, on=date(2026, 9, 30))] == ["对食品经营者的监督检查"]
    assert [(one.matter) for one in routes_for(handling_item_id=row.pk, on=date(2026, 10, 1))] == ["对食品小作坊的监督检查"]


def test_replacing_takes_the_item_from_other_organs(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    world.supervise(row, by=world.health, name="对公共场所卫生的监督检查", on=date(2026, 10, 1), replace=True)
    assert [one.organ_id for one in routes_for(handling_item_id=row.pk, on=date(2026, 9, 30))] == [world.market.pk]
    assert [one.organ_id for one in routes_for(handling_item_id=row.pk, on=date(2026, 10, 1))] == [world.health.pk]


def test_a_row_that_begins_later_stands_in_the_way_and_nothing_changes(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row, on=date(2027, 1, 1))
    with pytest.raises(Refused, match="2027-01-01"):
        world.supervise(row, name="对食品小作坊的监督检查", on=date(2026, 10, 1))
    assert Mapping.objects.get().valid_to is None


def test_the_database_refuses_two_rows_for_one_organ_on_one_day(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    one = Mapping.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mapping.objects.create(handling_item=row, organ=world.market, supervision_item=one.supervision_item, valid_from=DAY, valid_to=DAY)


def test_an_ended_row_no_longer_routes_and_keeps_its_history(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    one = Mapping.objects.get()
    actions.end_mappings(actor=world.keeper, mapping_ids=[one.pk], last_day=date(2026, 9, 30), reason="职责调整", at=AT)
    assert len(routes_for(handling_item_id=row.pk, on=date(2026, 9, 30))) == 1
    assert routes_for(handling_item_id=row.pk, on=date(2026, 10, 1)) == []


def test_only_the_keeper_of_this_county_maps(world: World, other_world: World) -> None:
    row = world.handling(world.item())
    clerk = Actor(county_id=world.county.pk, client="web", organ_id=world.bureau.pk)
    matter = actions.supervision_item_of(actor=world.keeper, organ_id=world.market.pk, name="对食品经营者的监督检查", mode="K", at=AT)
    for actor in (clerk, other_world.keeper):
        with pytest.raises(NotYours):
            actions.map_items(actor=actor, handling_item_ids=[row.pk], supervision_item=matter, valid_from=START, at=AT)
    foreign = other_world.handling(other_world.item())
    with pytest.raises(Refused, match="已不存在"):
        actions.map_items(actor=world.keeper, handling_item_ids=[foreign.pk], supervision_item=matter, valid_from=START, at=AT)
    assert not Mapping.objects.exists()


def test_what_an_organ_supervised_and_may_do_goes_to_its_successor(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    actions.grant_power(actor=world.keeper, organ_id=world.market.pk, item=row.item, verb="penalise", valid_from=START, at=AT)
    merged = organ(world.county, 21, "市场和质量监督局")
    moved = follow_succession(
        old_organ_ids=[world.market.pk], new=merged, on=date(2026, 10, 1), actor=world.keeper, at=AT, document="机构改革方案"
    )
    assert moved == 2
    assert [one.organ_id for one in routes_for(handling_item_id=row.pk, on=date(2026, 9, 30))] == [world.market.pk]
    assert [one.organ_id for one in routes_for(handling_item_id=row.pk, on=date(2026, 10, 1))] == [merged.pk]
    holders = list(row.item.powers.filter(verb="penalise").order_by("valid_from").values_list("organ_id", "valid_to"))
    assert holders == [(world.market.pk, date(2026, 9, 30)), (merged.pk, None)]


def test_a_closed_organ_is_followed_even_where_its_rows_were_not_moved(world: World) -> None:
    row = world.handling(world.item())
    world.supervise(row)
    merged = organ(world.county, 21, "市场和质量监督局")
    world.market.successor, world.market.closed_on = merged, date(2026, 10, 1)
    world.market.save()
    assert [one.organ for one in routes_for(handling_item_id=row.pk, on=DAY)] == [merged.name]
