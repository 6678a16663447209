"""The world of the push tests: two counties, the clock stopped on a Monday."""

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
    """石城: five working days, then claimed by the clock."""
    return make_world("360735")


@pytest.fixture
def baokang(db: None) -> World:
    """保康: three working days, no automatic claim."""
    return make_world("420626")
