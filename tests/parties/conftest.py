"""A county, a bureau, and a clerk of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from foundation.common import clock
from foundation.common.actors import Actor
from foundation.organizations.models import County, Organ
from foundation.organizations.validators import credit_check_digit
from parties.merging import organs_with_matter

AT = datetime(2026, 10, 12, 10, 0, tzinfo=clock.ZONE)
COMPANY = "91640221MAYY00010F"
OTHER_COMPANY = "91640221MAYY00020G"
COLLECTIVE = "N2640221MFYY000109"
PERSON = "640221190001010019"
OTHER_PERSON = "640221190001010027"


@dataclass
class World:
    county: County
    bureau: Organ
    clerk: Actor


def make_world(code: str = "640221", name: str = "平罗县") -> World:
    county = County.objects.create(code=code, name=name)
    body = f"11{code}MB9Y00010"
    bureau = Organ.objects.create(
        county=county,
        kind="approval_bureau",
        name=name + "审批服务管理局",
        short_name="审批服务管理局",
        uscc=body + credit_check_digit(body),
    )
    rights = {"record_decision": frozenset({bureau.pk}), "reveal_person": frozenset({bureau.pk})}
    return World(county, bureau, Actor(county_id=county.pk, client="web", name="王敏", organ_id=bureau.pk, rights=rights))


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


@pytest.fixture
def matters(monkeypatch: pytest.MonkeyPatch) -> dict[int, set[int]]:
    """Which organs have a matter with which party, as an upper room would report it."""
    known: dict[int, set[int]] = {}
    monkeypatch.setattr(organs_with_matter, "_handlers", {"tests": [lambda *, party_id: known.get(party_id, set())]})
    return known
