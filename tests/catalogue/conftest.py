"""A county with a bureau and two departments, and somebody who keeps its catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from catalogue import actions
from catalogue.models import HandlingItem, Item
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.organizations.models import County, Organ
from foundation.organizations.validators import credit_check_digit

AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)
START = date(2021, 5, 1)


def credit_code(number: int, region: str = "640221") -> str:
    body = f"11{region}MB9Y{number:04d}0"
    return body + credit_check_digit(body)


def organ(county: County, number: int, name: str, kind: str = "department", **fields: object) -> Organ:
    return Organ.objects.create(
        county=county, kind=kind, name=county.name + name, short_name=name, uscc=credit_code(number, county.code), **fields
    )


@dataclass
class World:
    county: County
    bureau: Organ
    market: Organ
    health: Organ
    keeper: Actor

    def item(self, name: str = "食品经营许可", **fields: object) -> Item:
        return actions.add_item(actor=self.keeper, bureau=self.bureau, name=name, valid_from=START, at=AT, **fields)

    def handling(self, item: Item, name: str = "新办", **fields: object) -> HandlingItem:
        return actions.add_handling_item(actor=self.keeper, item=item, name=name, valid_from=START, at=AT, **fields)

    def supervise(
        self, *items: HandlingItem, by: Organ | None = None, name: str = "对食品经营者的监督检查", on: date = START, **more: object
    ) -> int:
        matter = actions.supervision_item_of(actor=self.keeper, organ_id=(by or self.market).pk, name=name, mode="K", at=AT)
        return actions.map_items(
            actor=self.keeper, handling_item_ids=[row.pk for row in items], supervision_item=matter, valid_from=on, at=AT, **more
        )


def make_world(code: str = "640221", name: str = "平罗县") -> World:
    county = County.objects.create(code=code, name=name)
    bureau = organ(county, 1, "审批服务管理局", kind="approval_bureau")
    keeper = Actor(
        county_id=county.pk, client="web", name="目录员", organ_id=bureau.pk, rights={"manage_catalogue": frozenset({bureau.pk})}
    )
    return World(county, bureau, organ(county, 7, "市场监督管理局"), organ(county, 11, "卫生健康局"), keeper)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def other_world(db: None) -> World:
    return make_world("360735", "石城县")


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield
