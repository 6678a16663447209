"""The world of the approval tests, with the clock stopped."""

from collections.abc import Iterator

import pytest

from foundation.common import clock
from tests.approvals.world import AT, World, make_world


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def other_county(world: World) -> World:
    return make_world("420626")
