"""Items and handling items over time."""

from datetime import date

import pytest

from catalogue import actions
from catalogue.models import HandlingItem, Item, Mapping
from catalogue.queries import match_item, may, routes_for
from catalogue.statuses import ItemStatus
from foundation.common.errors import NotYours, Refused
from foundation.journal.models import Entry

from .conftest import AT, START, World


@pytest.mark.parametrize(
    "words", ["食品经营许可·新办", "食品经营许可（新办）", "食品经营许可 新办", "食品经营许可(新办)", "　食品经营许可—新办 "]
)
def test_one_handling_item_under_many_ways_of_writing(world: World, words: str) -> None:
    item = world.item()
    row = world.handling(item)
    world.handling(item, "变更")
    assert match_item(county_id=world.county.pk, text=words, on=START) == row


def test_codes_go_before_words_and_nothing_is_guessed(world: World) -> None:
    item = world.item(implementation_code="11640221MB9Y00010P4990122039000")
    row = world.handling(item, code="11640221MB9Y00010P499012203900001")
    other = world.handling(item, "变更", code="11640221MB9Y00010P499012203900002")
    county = world.county.pk
    assert match_item(county_id=county, code=other.code, text="食品经营许可·新办", on=START) == other
    assert match_item(county_id=county, code=item.implementation_code, text="新办", on=START) == row
    assert match_item(county_id=county, code=item.implementation_code, on=START) is None
    assert match_item(county_id=county, text="食品经营许可", on=START) is None
    assert match_item(county_id=county, text="食品经营", on=START) is None
    assert match_item(county_id=county, text="食品经营许可·新办", on=date(2021, 4, 30)) is None


def test_the_only_handling_item_answers_to_the_name_of_its_item(world: World) -> None:
    row = world.handling(world.item("临时用地审批"), "临时用地审批")
    assert match_item(county_id=world.county.pk, text="临时用地审批", on=START) == row
    assert row.full_name == "临时用地审批"


def test_matching_stays_inside_the_county(world: World, other_world: World) -> None:
    world.handling(world.item())
    assert match_item(county_id=other_world.county.pk, text="食品经营许可·新办", on=START) is None


@pytest.mark.provision("PL-03b")
@pytest.mark.provision("SC-07")
def test_an_alteration_leaves_old_and_new_in_the_journal(world: World) -> None:
    item = world.item()
    actions.alter_item(actor=world.keeper, item=item, changes={"promised_limit_days": 3}, reason="压缩时限的决定", at=AT)
    entry = Entry.objects.get(verb="item.alter")
    assert (entry.before, entry.after, entry.reason) == ({"promised_limit_days": 5}, {"promised_limit_days": 3}, "压缩时限的决定")
    with pytest.raises(Refused, match="不能长于法定时限"):
        actions.alter_item(actor=world.keeper, item=item, changes={"promised_limit_days": 30}, reason="误填", at=AT)
    with pytest.raises(Refused, match="不能在这里修改"):
        actions.alter_item(actor=world.keeper, item=item, changes={"bureau_id": world.market.pk}, reason="改审批单位", at=AT)


@pytest.mark.provision("BS-02b")
@pytest.mark.provision("ZC-01")
def test_kinds_of_items_and_of_commitment_are_recorded(world: World) -> None:
    item = world.item(kind="related")
    row = world.handling(item, commitment_mode="post_check")
    changed = actions.alter_handling_item(
        actor=world.keeper, handling_item=row, changes={"commitment_mode": "verified_material"}, reason="情形调整", at=AT
    )
    assert changed.get_commitment_mode_display() == "材料核验"
    assert Item.objects.get().get_kind_display() == "关联事项"


def test_names_and_codes_are_used_once(world: World) -> None:
    item = world.item(implementation_code="A1")
    world.handling(item, code="A101")
    with pytest.raises(Refused, match="已有事项"):
        world.item()
    with pytest.raises(Refused, match="实施编码 A1"):
        world.item("别的许可", implementation_code="A1")
    with pytest.raises(Refused, match="已有办理项"):
        world.handling(item)
    with pytest.raises(Refused, match="A101"):
        world.handling(item, "变更", code="A101")


def test_ending_an_item_ends_what_hangs_on_it(world: World) -> None:
    item = world.item()
    row = world.handling(item)
    world.supervise(row)
    actions.end_item(actor=world.keeper, item=item, last_day=date(2026, 9, 30), reason="国务院取消", at=AT)
    assert not may(organ_id=world.bureau.pk, item_id=item.pk, verb="decide", on=date(2026, 10, 1))
    assert may(organ_id=world.bureau.pk, item_id=item.pk, verb="decide", on=date(2026, 9, 30))
    assert routes_for(handling_item_id=row.pk, on=date(2026, 10, 1)) == []
    assert HandlingItem.objects.get().valid_to == Mapping.objects.get().valid_to == date(2026, 9, 30)
    world.item()


@pytest.mark.provision("BA-22a")
def test_an_approval_is_abolished_and_supervision_goes_on(world: World) -> None:
    item = world.item()
    row = world.handling(item)
    world.supervise(row)
    actions.end_item(actor=world.keeper, item=item, last_day=date(2026, 9, 30), reason="国务院取消", at=AT, still_supervised=True)
    assert Item.objects.get().status == ItemStatus.CANCELLED_STILL_SUPERVISED
    assert not may(organ_id=world.bureau.pk, item_id=item.pk, verb="decide", on=date(2026, 10, 1))
    assert len(routes_for(handling_item_id=row.pk, on=date(2026, 10, 1))) == 1


@pytest.mark.provision("PT-04")
@pytest.mark.provision("BA-22c")
def test_a_stationed_item_stays_with_its_department(world: World) -> None:
    item = actions.add_item(
        actor=world.keeper, bureau=world.market, name="药品零售许可", valid_from=START, at=AT, status=ItemStatus.STATIONED, in_hall=True
    )
    assert may(organ_id=world.market.pk, item_id=item.pk, verb="decide", on=START)
    assert not may(organ_id=world.bureau.pk, item_id=item.pk, verb="decide", on=START)


def test_another_county_keeps_out(world: World, other_world: World) -> None:
    item = world.item()
    with pytest.raises(NotYours):
        actions.alter_item(actor=other_world.keeper, item=item, changes={"key_field": True}, reason="越县", at=AT)
    with pytest.raises(NotYours):
        actions.add_item(actor=other_world.keeper, bureau=world.bureau, name="越县事项", valid_from=START, at=AT)
